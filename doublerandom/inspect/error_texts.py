"""Sentences of the errors of inspect: Chinese, English."""

TEXTS = {
    "task_not_yours": (
        "本任务未派给您，只有检查组成员可以查看和录入。请从“我的任务”进入。",
        "This task was not dealt to you; only its team may see and record it. Start from 'My tasks'.",
    ),
    "inspection_not_found": (
        "没有这项检查，或不在您的管辖范围内。",
        "There is no such inspection, or it is outside your sight.",
    ),
    "task_not_open": (
        "任务{subject}目前不能录入结果：结果已提交审核，或本次抽取已作废。如需更正，请由审核人退回。",
        "The result of {subject} cannot be recorded now: it is with the reviewer, or the draw is void. To mend it, have the reviewer return it.",
    ),
    "not_for_review": (
        "该检查结果当前不在待审核状态。请刷新后再看。",
        "This inspection is not waiting for a review. Reload the page.",
    ),
    "own_inspection": (
        "不得审核本人参加的检查。请由其他审核人办理。",
        "Nobody reviews an inspection of their own. Another reviewer must do it.",
    ),
    "unknown_category": (
        "事项{item}的检查结果“{value}”为空、重复或当日无效。请从列表中选择。",
        "The result '{value}' of item {item} is empty, repeated or not in force on that day. Choose from the list.",
    ),
    "unknown_method": (
        "检查方式“{value}”不在列表中。请从列表中选择。",
        "The method '{value}' is not in the list. Choose from the list.",
    ),
    "unknown_measure": (
        "事项{item}的后续处理“{value}”不在列表中。请从列表中选择。",
        "The follow-up '{value}' of item {item} is not in the list. Choose from the list.",
    ),
    "not_exclusive": (
        "事项{item}：“未发现问题”不能与其他结果并列。请只保留一种。",
        "Item {item}: 'nothing found' cannot stand beside another result. Keep one of them.",
    ),
    "follow_up_missing": (
        "事项{item}须填写后续处理；责令改正的，须填写不早于检查日的改正期限。",
        "Item {item} needs a follow-up; an order to correct needs a date not before the visit.",
    ),
    "finding_missing": (
        "事项{item}须写明发现的情况。请用一句话说明。",
        "Item {item} needs words on what was found. One sentence will do.",
    ),
    "foreign_item": (
        "事项{item}不属于本次抽查。请按任务所列事项填写。",
        "Item {item} is not part of this draw. Fill in the listed items.",
    ),
    "items_incomplete": (
        "事项{item}缺少结果或重复。请每项填写一次。",
        "Item {item} has no result, or two. Fill in each item once.",
    ),
    "visit_date": (
        "检查日期{value}应在抽取日{first}与今天{last}之间。请改正日期。",
        "The visit on {value} must lie between the draw ({first}) and today ({last}). Correct the date.",
    ),
    "task_hidden": (
        "这项检查不预先通知，检查对象还没有对检查组显示，不能录入。请由组长填写检查时间，到时再看。",
        "This visit is unannounced and its subject is not shown yet, so nothing is recorded. The lead sets the time of the visit; look again then.",
    ),
    "too_few_inspectors": (
        "检查组现有执法人员 {count} 人，少于规定的 {least} 人，不能开始检查。请先申请补足检查组（更换或直接指派）。",
        "The team has {count} inspectors, fewer than the {least} that the law asks for, so no visit begins. Ask for a replacement or a direct assignment first.",
    ),
}
