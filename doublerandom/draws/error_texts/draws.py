"""The sentences of draws' errors, in both languages, with the way out."""

TEXTS: dict[str, tuple[str, str]] = {
    "draw_not_found": (
        "没有编号为 {number} 的抽取。请核对编号，或从抽取公告列表中选择。",
        "There is no draw {number}. Check the number, or choose one from the list of draws.",
    ),
    "task_not_found": (
        "没有这项检查任务，或者现在还不能查看。",
        "There is no such task, or it is not yet to be seen.",
    ),
    "record_not_in_pool": (
        "抽取 {draw} 的名录库中没有代码 {subject}。请核对统一社会信用代码。",
        "The pool of draw {draw} holds no code {subject}. Check the unified social credit code.",
    ),
    "wrong_draw_state": (
        "抽取 {draw} 目前的状态是“{status:zh}”，不能进行这一步。请刷新页面查看现状。",
        "Draw {draw} is now “{status:en}”; this step is not possible. Reload the page to see where it stands.",
    ),
    "plan_line_not_published": (
        "任务 {plan_line} 不在本机关已公布的年度抽查计划中。请先公布计划（或其修订），再准备抽取。",
        "Line {plan_line} stands in no published annual plan of this body. Publish the plan, or an amendment, first.",
    ),
    "item_not_in_force": (
        "抽查事项 {items} 目前未生效，不能据此检查。请先使该事项生效，或修订年度计划。",
        "Items {items} are not in force, so nothing may be inspected under them. Put them in force, or amend the plan.",
    ),
    "empty_pool": (
        "按条件“{filter}”没有任何检查对象。请放宽条件，或先导入名录库。",
        "The condition “{filter}” holds no subject. Widen it, or import the pool first.",
    ),
    "nothing_to_draw": (
        "按现行细则，本次抽取的数量为零。请检查范围和比例。",
        "By the rule set in force this draw would take nobody. Check scope and ratios.",
    ),
    "thin_pool": (
        "有 {subjects} 户检查对象的合格检查人员少于席位数 {seats}（区域：{regions}）。请增加人员、技能或区域，或减少席位。",
        (
            "{subjects} subjects have fewer eligible inspectors than the {seats} seats (regions: {regions}). "
            "Add people, skills or regions, or take seats away."
        ),
    ),
    "draw_number_taken": (
        "抽取编号 {number} 已经用过，编号永不重复使用。请换一个编号。",
        "Draw number {number} was used before and is never used again. Choose another.",
    ),
    "live_plan": (
        "任务 {annual_item} 已有一次已承诺而未完成的抽取 {draw}。请等它结束，或先作废它。",
        "Draw {draw} for {annual_item} is committed and not finished. Wait for it, or void it first.",
    ),
    "must_supersede": (
        "任务 {annual_item} 的抽取 {draw} 已作废或失败，其名单不因此免检。请另行准备一次替代它的抽取。",
        (
            "Draw {draw} for {annual_item} was voided or failed, and that frees nobody: prepare a draw that "
            "supersedes it."
        ),
    ),
    "plan_refused": (
        "抽取方案不合规定：{rule:zh}（{detail}）。请改正后重新准备。",
        "The plan breaks a rule: {rule:en} ({detail}). Mend it and prepare again.",
    ),
    "cannot_supersede": (
        "抽取 {draw} 不能被替代（{why:zh}）。只有本机关已作废或已失败、且结果已经明确的抽取才能被替代一次。",
        (
            "Draw {draw} cannot be superseded ({why:en}): only a voided or failed draw of this body whose would-be "
            "outcome is settled, and only once."
        ),
    ),
    "signature_lapsed": (
        "第一个签名之后，本机关又有一份方案进入日志，或时间已不足。原签名失效，请经办人重新签名。",
        (
            "Since the first signature another plan of this body was logged, or its hour ran out. The signature "
            "has lapsed: the operator signs again."
        ),
    ),
    "signer_role": (
        "签名人目前没有相应的角色：经办人须为计划员，监督人须为监督员。请联系本机关的系统管理员。",
        "Whoever signs lacks the role now: a planner signs as operator, a supervisor as supervisor. Ask the administrator.",
    ),
    "same_person": (
        "两个签名（或申请与确认、随机数的两次录入）必须来自两个不同的人。请另一位负责人办理。",
        (
            "The two signatures (or request and confirmation, or the two entries of dice or numbers) come from two persons. "
            "Ask another one."
        ),
    ),
    "too_late_to_sign": (
        "离随机数时间 {due} 不足一小时或已经过了。请作废这份准备，重新选择时间。",
        "The randomness is due at {due}, in less than an hour or already past. Prepare anew with a later time.",
    ),
    "signature_missing": (
        "还缺少签名：{missing}。先由经办人签名，再由监督人签名；C 级随机数需各方先签名。",
        (
            "Still missing: the signature of {missing}. The operator signs first, then the supervisor; at level C every "
            "party before them."
        ),
    ),
    "party_missing": (
        "{party} 不是本次抽取的秘密提供方，或承诺值不符。请核对名单。",
        "{party} is no party of this draw, or the commitment is not theirs. Check the list.",
    ),
    "observation_refused": (
        "这个随机数值不被接受（{rule:zh}）：它与方案中的来源不符。该次提交已记入审计记录。请核对后重新提交。",
        (
            "The value was refused ({rule:en}): it does not fit the plan's source. The attempt is on record. "
            "Check it and enter it again."
        ),
    ),
    "second_value": (
        "这个来源已有值，每个来源只接受一次。该次提交已记入审计记录。",
        "This source has its value already, and each source counts once. The attempt is on record.",
    ),
    "dice_differ": (
        "两人录入的随机数不一致，两次录入均已作废并记入审计记录。请对照骰子或开奖公告，由两人重新各录一次。",
        (
            "Two persons typed differently. Both entries are void, and that is on record. "
            "Look at the dice or the announcement, and each type again."
        ),
    ),
    "wrong_time": (
        "现在不能提交这个来源的值：须在 {after:zh} 之后、{before:zh} 之前。该次提交已记入审计记录。",
        "The value of this source is taken after {after:en} and before {before:en}. The attempt is on record.",
    ),
    "not_the_party": (
        "{party} 的秘密只能由本人提交。请由其本人登录后提交。",
        "The secret of {party} is handed in by that party alone. Ask them to sign in and hand it in.",
    ),
    "secret_refused": (
        "{party} 的秘密不被接受（{why:zh}）。请核对文件，并在方案进入日志后提交。",
        "The secret of {party} was refused ({why:en}). Check the file, and hand it in once the plan is logged.",
    ),
    "not_due": (
        "抽取 {draw} 要到 {due:zh} 才执行。到时系统会自动执行。",
        "Draw {draw} runs at {due:en}, by itself. Come back then.",
    ),
    "randomness_missing": (
        "抽取 {draw} 还缺少：{missing}。请录入随机数或提交秘密。",
        "Draw {draw} still lacks {missing}. Enter the value, or hand in the secret.",
    ),
    "too_late_to_draw": (
        "抽取 {draw} 的结果已经超过期限 {limit}，本次抽取失败并将公开。请另行准备一次替代抽取。",
        "A result of draw {draw} would come after {limit}: the draw has failed, in public. Prepare one that supersedes it.",
    ),
    "not_yet_to_reveal": (
        "抽取 {draw} 要到 {reveal_by}，或全部检查完成后才公开。",
        "Draw {draw} opens at {reveal_by}, or when every visit is done.",
    ),
    "visited": (
        "抽取 {draw} 已有检查对象被检查，不能作废。如有错误，请用更正或替换。",
        "Draw {draw} already has a visit and cannot be voided. Use a correction or a replacement.",
    ),
    "visit_stated": (
        "抽取 {draw} 有任务已过组长填写的检查时间，不能作废。没有去的，请组长先在任务页面写明没有检查。",
        (
            "The time set for a visit of draw {draw} has passed, so it cannot be voided. If nobody went, the lead says "
            "so on the task's page first."
        ),
    ),
    "void_requested": (
        "抽取 {draw} 已有一份作废申请在等待确认。请由另一人确认，或先撤回该申请。",
        "A request to void draw {draw} waits already. Have another person confirm it, or withdraw it first.",
    ),
    "no_void_request": (
        "抽取 {draw} 没有等待确认的作废申请。请先提出申请。",
        "No request to void draw {draw} waits for confirmation. Ask first.",
    ),
    "unknown_reason": (
        "理由“{reason}”不在规定的清单中。请选择：{reasons}。",
        "Reason “{reason}” is not on the list. Choose one of: {reasons}.",
    ),
    "touched_refused": (
        "不能按理由“{reason}”列出涉及的检查对象（{codes}）：该理由不涉及个别对象，或代码有误、重复。请改正后重新申请。",
        (
            "Subjects ({codes}) cannot be named for the reason “{reason}”: it concerns no particular ones, or a code is "
            "wrong or repeated. Mend it and ask again."
        ),
    ),
    "storage_damaged": (
        "抽取 {draw} 所存的“{pool}”与承诺或存证日志不符。请从备份恢复；在此之前不会计算。",
        (
            "What is stored of draw {draw} as “{pool}” is not what was committed to or logged. Restore it from a "
            "backup; nothing is computed until then."
        ),
    ),
}
