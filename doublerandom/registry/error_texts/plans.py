"""Sentences of the errors of plans."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "wrong_plan_state": (
        "年度抽查工作计划的状态是“{status}”，不能这样做。",
        "The annual plan is {status}; this cannot be done with it now.",
    ),
    "plan_line_not_found": (
        "年度抽查工作计划中没有编号为 {value} 的一项。请核对编号。",
        "No annual plan has a line {value}. Check the number.",
    ),
}
