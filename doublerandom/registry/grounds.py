"""Grounds of conflicts as tokens with their names, kinds of ties and links, what rules make of them: pure."""

import hmac
import re
import unicodedata
from datetime import date
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from doublerandom.registry.rules import REGULAR_SUPERVISOR, ROTATION

FORMER: Final = "former-employee"
RELATED: Final = "related"
NOTHING_FOUND: Final = "nothing-found-repeatedly"
APPLIED: Final = "applied"

DECLARED_GROUNDS: Final[dict[str, Any]] = {
    "relative": _l("本人或近亲属在该单位任职、持股或为其代表"),
    FORMER: _l("曾在该单位工作"),
    "financial-interest": _l("与该单位有经济利益关系"),
    "dispute": _l("与该单位有纠纷"),
    "declared": _l("其他可能影响公正的关系"),
}
"""What a person may declare; the others are made by rules or applied for."""

GROUND_NAMES: Final[dict[str, Any]] = {
    **DECLARED_GROUNDS,
    "other": _l("其他"),
    APPLIED: _l("检查对象申请回避"),
    ROTATION: _l("上次检查过该单位"),
    REGULAR_SUPERVISOR: _l("该单位的日常监管人员"),
    RELATED: _l("与有回避关系的单位或人员相关联"),
    NOTHING_FOUND: _l("多次检查同一单位未发现问题"),
}
SOURCE_NAMES: Final[dict[str, Any]] = {
    "declared": _l("本人申报"),
    "hr": _l("人事登记"),
    "subject": _l("检查对象申请"),
    "rule": _l("规则生成"),
}
RELATIONS: Final[dict[str, Any]] = {
    "employed": _l("本人任职"),
    "owns": _l("本人持股"),
    "represents": _l("本人代表该单位"),
    "relative-works": _l("近亲属任职"),
    "relative-owns": _l("近亲属持股或为其代表"),
}
LINK_KINDS: Final[dict[str, Any]] = {
    "person": _l("人员证件号码"),
    "phone": _l("联系电话"),
    "address": _l("地址"),
    "parent": _l("上级公司代码"),
}


def ground_of_tie(relation: str, *, last_day: date | None, on: date, former_years: int) -> str:
    """
    The ground that a tie makes on a day: an interest while it lasts, a former employment for some years.

    Args:
        relation: One of RELATIONS.
        last_day: Last day of the tie; None: it goes on.
        on: The day of the draw.
        former_years: For how many years a former employment counts, by the rules; 0: it does not.

    Returns:
        A ground (token), or the empty text where the tie makes no conflict.
    """
    if last_day is None or last_day >= on:
        return "relative"
    if relation == "employed" and on <= last_of_years(last_day, former_years):
        return FORMER
    return ""


def last_of_years(day: date, years: int) -> date:
    """The last day of so many years after a day; the day itself for none."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)


def link_value(kind: str, text: str, *, key: bytes) -> str:
    """
    An identifier as a link keeps it: hashed under the key, once blanks and punctuation are out of it.

    Two writings of one telephone number or address give the same value; a parent's code stays readable; what
    holds no letter or digit gives the empty text.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = re.sub(r"\D" if kind == "phone" else r"[\W_]", "", plain)
    if kind == "parent" or not plain:
        return plain
    return hmac.digest(key, f"dr-link|{kind}|{plain}".encode(), "sha256").hex()
