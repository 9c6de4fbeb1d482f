"""The sentences of errors after a draw, in both languages, with the way out."""

TEXTS: dict[str, tuple[str, str]] = {
    "replacement_not_found": (
        "没有这份更换申请，或不在您的管辖范围内。请从抽取的更换页面进入。",
        "There is no such request, or it is outside your sight. Start from the draw's page of replacements.",
    ),
    "not_replaceable": (
        "这项任务不能更换：{why:zh}。已检查的任务如有错误，请更正结果。",
        "This task cannot be replaced: {why:en}. What is wrong with a visit that was made is corrected in its result.",
    ),
    "replacement_waits": (
        "这个位置已有一份更换申请在等待办理。请先办理或撤回它。",
        "A request for this place waits already. Have it decided, or withdraw it first.",
    ),
    "replacement_not_waiting": (
        "这份更换申请已经办理过。请刷新页面查看现状。",
        "This request was decided before. Reload the page to see where it stands.",
    ),
    "replacement_reason": (
        "更换理由“{reason}”不在规定的清单中。请从列表中选择。",
        "The reason “{reason}” is not on the closed list. Choose one of the list.",
    ),
    "replacement_evidence_missing": (
        "这项理由要有证明材料。请上传 PDF、JPEG 或 PNG 文件。",
        "This reason is proved by a document. Upload a PDF, JPEG or PNG file.",
    ),
    "subject_named": (
        "说明里写了检查对象的名称或代码，揭示之前除检查组外无人可以知道。请改为不指名的说法。",
        "The statement names the subject, which nobody but the team may know before the reveal. Say it without the name.",
    ),
    "code_named": (
        "文字里写了像代码的字符（{text}）。揭示之前不要写任何检查对象的代码，不论是否抽中；请改为不指名的说法。",
        (
            "The text holds what looks like a code ({text}). Before the reveal no subject's code stands in it, drawn "
            "or not. Say it without."
        ),
    ),
    "no_such_seat": (
        "这项任务没有这个席位，或席位上没有人。请刷新页面后重新选择。",
        "The task has no such seat, or nobody sits on it. Reload the page and choose again.",
    ),
    "no_open_place": (
        "证号为 {certificate} 的检查人员在抽取 {draw} 中没有待检查的任务。请核对证号。",
        "The inspector {certificate} has no task of draw {draw} that waits for its visit. Check the number.",
    ),
    "reserve_used_up": (
        "该层的候补对象已经用完，不能再更换。请另行准备一次抽取，或在检查结果中如实记录。",
        (
            "The reserve of this stratum is used up. Prepare another draw, or record at the visit what was found "
            "instead."
        ),
    ),
    "somebody_eligible": (
        "这个席位还有按次序可派的人，不能直接指派。请申请按次序更换。",
        "Somebody is next in order for this seat, so nobody is assigned directly. Ask for a replacement in order.",
    ),
    "nobody_next": (
        "这个席位空缺，按次序也没有可派的人。请经负责人批准直接指派。",
        "The seat is empty, and nobody is next in order. Ask for a direct assignment, which the head approves.",
    ),
    "direct_refused": (
        "不能指派证号为 {certificate} 的人员：{why:zh}。请另选一人。",
        "{certificate} cannot be assigned: {why:en}. Choose somebody else.",
    ),
    "head_missing": (
        "直接指派须先由机关负责人批准。请负责人先办理。",
        "A direct assignment is approved by the head first. Ask the head to decide.",
    ),
    "concerned_in_replacement": (
        "更换前后的检查组成员不得办理这份申请。请由其他监督员或负责人办理。",
        "Members of the team, before or after, do not decide on its replacement. Another supervisor or head must.",
    ),
    "not_the_lead": (
        "检查时间由组长确定。请组长登录后填写。",
        "The lead of the team says when the visit is to be. Ask the lead to enter it.",
    ),
    "visit_time": (
        "检查时间须至少在 {minutes} 分钟以后，且任务尚未检查。请改正后重新提交。",
        "A visit is set at least {minutes} minutes ahead, while the task still waits for it. Correct the time.",
    ),
    "visit_passed": (
        "原定检查时间已过。去了的，请录入结果；没有去的，请先在任务页面写明没有检查，再填写新的时间。",
        (
            "The time of the visit has passed. Record its result; if nobody went, say so on the task's page before "
            "setting another time."
        ),
    ),
    "visit_shown": (
        "检查对象已经显示给检查组，检查时间不能再推迟。实际检查晚于原定时间的，以录入的检查日期为准。",
        (
            "The team has seen the subject, so the visit cannot be put off any more. If you go later nevertheless, the "
            "result says on which day."
        ),
    ),
    "no_visit": (
        "现在不能写明没有检查：还没有填写检查时间、时间未到，或结果已经录入。请刷新页面查看现状。",
        (
            "There is no visit to deny: no time was set, it has not come, or the result is recorded. Reload the page "
            "to see where the task stands."
        ),
    ),
}
