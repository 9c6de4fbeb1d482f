"""Sentences of the errors of subjects."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "subject_not_found": (
        "名录库中没有代码为 {value} 的检查对象。请核对代码。",
        "No subject has the code {value}. Check the code.",
    ),
}
