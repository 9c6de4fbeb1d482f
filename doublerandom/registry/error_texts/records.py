"""Sentences of the errors of records."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "invalid_record": (
        "“{field}”不能是“{value}”：{reason}。请改正后再提交。",
        "{field} cannot be {value}: {reason}. Mend it and submit again.",
    ),
    "invalid_code": (
        "“{value}”不是有效的统一社会信用代码：{reason}。请对照营业执照核对。",
        "{value} is no valid unified social credit code: {reason}. Compare it with the business licence.",
    ),
    "already_there": (
        "“{value}”已经在库中。请改用已有的记录，或换一个编号。",
        "{value} is there already. Use the existing record, or another number.",
    ),
    "own_decision": (
        "不能决定或批准本人提出的事项（{what}）。请由另一位有权的人办理。",
        "Nobody decides or approves the own act ({what}). Ask another person who has the right.",
    ),
    "record_not_found": (
        "没有这一记录（{value}）。",
        "There is no such record ({value}).",
    ),
}
