"""Sentences of the errors of filters."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "bad_filter": (
        "范围表达式第 {at} 个字符处无法读懂：{reason_zh}。请按“字段 = 值 and 字段 in (值, 值)”的写法修改。",
        "The filter cannot be read at character {at}: {reason}. Write it like: region = 330102.",
    ),
    "unknown_filter_field": (
        "范围表达式第 {at} 个字符处：没有“{field}”，或它不能取“{value}”。可用的有：{known}。",
        "At character {at} of the filter: there is no {field}, or it cannot be {value}. There are: {known}.",
    ),
}
