"""Sentences of the errors of kept filters and bulk acts."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "filter_name_taken": (
        "已经有名为“{value}”的筛选。请换一个名称，或先停用原来的。",
        "There is a filter called {value} already. Choose another name, or end that one first.",
    ),
    "class_not_shown": (
        "您的角色看不到信用风险分类，不能按它筛选。请去掉表达式里的分类条件。",
        "Your role does not see the credit-risk class and cannot filter by it. Take that part out of the filter.",
    ),
    "unknown_bulk_act": (
        "没有这种批量操作，或它不能取“{value}”。请从列表中选择操作，并填写所需的内容。",
        "There is no such bulk act, or it cannot say {value}. Choose one from the list and fill in what it needs.",
    ),
    "too_many_subjects": (
        "筛选结果超过 {most} 户，一次批量操作不能处理。请缩小范围，分几次办理。",
        "The filter finds more than {most} subjects, too many for one act. Narrow it and act in several parts.",
    ),
    "preview_outdated": (
        "预览之后筛选结果有了变化，没有作任何改动。请核对下面的新预览，再确认一次。",
        "The result changed after the preview, so nothing was done. Look at the new preview below and confirm again.",
    ),
}
