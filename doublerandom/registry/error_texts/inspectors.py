"""Sentences of the errors of inspectors."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "inspector_not_found": (
        "名录库中没有证号为 {value} 的执法检查人员。请核对证号。",
        "No inspector has the certificate number {value}. Check the number.",
    ),
}
