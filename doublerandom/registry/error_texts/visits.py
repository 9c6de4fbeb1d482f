"""Sentences of the errors of visits."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "invalid_visit": (
        "检查记录的“{field}”不对：{reason}。请改正后再提交。",
        "The visit's {field_en} is wrong: {reason_en}. Mend it and submit again.",
    ),
    "invalid_visits": (
        "报送的检查记录有 {count} 处错误，整批未收。请按所列逐条改正后重新报送。",
        "The visits sent hold {count} errors and none was taken. Mend each one listed and send them again.",
    ),
    "visit_superseded": (
        "这条检查记录已被更正过。请更正现行的那一条（{current}）。",
        "This visit was corrected before. Correct the one that stands in its place ({current}).",
    ),
    "visit_not_found": (
        "没有这条检查记录（{value}），或者它不在您的可见范围内。",
        "There is no such visit ({value}), or it is out of your sight.",
    ),
}
