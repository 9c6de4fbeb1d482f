"""Sentences of the errors of conflicts."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "conflict_decided": (
        "这一回避事项已有决定（{status}），不能再次决定。",
        "This conflict of interest was decided ({status}) and cannot be decided again.",
    ),
    "conflict_not_found": (
        "没有这一回避事项（{value}）。",
        "There is no such conflict of interest ({value}).",
    ),
}
