"""
Free texts of ratios and frequencies as data: what a text says wholly and without choice, else nothing.

A proposal for a person to confirm, never more: "或按专项计划确定", ranges, and ratios that differ by level or
class are left to the person. No number of a rule stands here.
"""

import re
import unicodedata
from fractions import Fraction
from typing import Any, Final

from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.quotas import parse_rate
from doublerandom.registry.errors import InvalidRecordError

QUOTA_KINDS: Final = ("rate", "at_most", "fixed", "all")
PERIODS: Final = ("year", "half", "quarter", "month", "week", "day", "plan", "validity")
BOUNDS: Final = ("exactly", "at_least", "at_most")
WHOM: Final = ("batch", "subject")

_PERIOD_WORDS: Final = {
    "每年度": "year", "每年": "year", "一年": "year", "年": "year", "同一年度内": "year", "年度": "year",
    "每半年": "half", "半年": "half",
    "每季度": "quarter", "每季": "quarter", "季度": "quarter", "季": "quarter",
    "每月": "month", "月": "month", "每周": "week", "周": "week",
    "每天": "day", "每日": "day", "日": "day", "天": "day",
}  # fmt: skip
_BOUND_WORDS: Final = {
    "不少于": "at_least", "不低于": "at_least", "至少": "at_least", ">=": "at_least", "≥": "at_least",
    "不超过": "at_most", "不高于": "at_most", "不多于": "at_most", "至多": "at_most", "最多": "at_most",
    "<=": "at_most", "≤": "at_most", "": "exactly",
}  # fmt: skip
_NUMBERS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "十二": 12, "十": 10}
_BOUND: Final = "|".join(re.escape(word) for word in sorted(_BOUND_WORDS, key=len, reverse=True) if word)
_NUMBER: Final = r"\d{1,4}|十二|[一二两三四五六十]"
_HEDGES: Final = re.compile(
    r"^(?:根据(?:实际)?(?:工作)?需要|按比例抽查|一般|抽查|检查|比例|总数的|原则上|为|[,，:：])+"
)
_RATIO: Final = re.compile(
    rf"(?:每年)?(?P<bound>{_BOUND})?(?:总数的)?(?P<number>\d{{1,4}}(?:\.\d{{1,4}})?)(?P<mark>[%‰])(?:/年|每年)?"
)
_FIXED: Final = re.compile(r"(?P<number>\d{1,6})(?:户|家|个|批次)")
_SUBJECT: Final = re.compile(
    r"^对?(?:同一个?|一个)[^0-9,，。;；]{0,40}?(?:单位|机构|企业|对象)(?:的?(?:检查|抽查))?[,，]?"
)
_VALIDITY: Final = re.compile(r"^在(?:许可|备案)有效期内")
_PER_TIMES: Final = re.compile(
    rf"(?P<period>每年度|每年|同一年度内|每半年|半年|每季度|每季|每月|每周|每天|每日|每(?P<every>{_NUMBER})年)"
    rf"(?:组织|抽查|检查|开展)*(?P<bound>{_BOUND})?(?P<times>{_NUMBER})次"
)
_TIMES_PER: Final = re.compile(
    rf"(?P<bound>{_BOUND})?(?P<times>{_NUMBER})次/(?P<period>半年|年度|年|季度|季|月|周|日|天)"
)
_TIMES: Final = re.compile(rf"(?P<bound>{_BOUND})?(?P<times>{_NUMBER})次")


def quota_of(text: str) -> dict[str, Any] | None:
    """
    The quota that a ratio's text says wholly: a least or plain ratio is `rate`, a greatest one `at_most`.

    >>> quota_of("抽查比例不少于2‰")
    {'kind': 'rate', 'rate': '1/500'}
    >>> quota_of("根据实际需要，一般不超过 10%/年。")
    {'kind': 'at_most', 'rate': '1/10'}
    >>> quota_of("100%"), quota_of("3户"), quota_of("不低于3%或按专项计划确定")
    ({'kind': 'all'}, {'kind': 'fixed', 'number': 3}, None)
    """
    plain = _HEDGES.sub("", _plain(text))
    if plain in {"全部", "全覆盖", "全部检查"}:
        return {"kind": "all"}
    if found := _FIXED.fullmatch(plain):
        return {"kind": "fixed", "number": int(found["number"])}
    found = _RATIO.fullmatch(plain)
    if not found:
        return None
    rate = Fraction(found["number"]) / (100 if found["mark"] == "%" else 1000)
    most = _BOUND_WORDS[found["bound"] or ""] == "at_most"
    if not 0 < rate <= 1:
        return None
    if rate == 1:
        return None if most else {"kind": "all"}
    return {"kind": "at_most" if most else "rate", "rate": f"{rate.numerator}/{rate.denominator}"}


def times_of(text: str) -> dict[str, Any] | None:
    """
    The frequency that a text says wholly: how often, in what period, exactly or at least or at most.

    `of` is `batch` where the text says how often the item is organised, `subject` where it says how often one
    subject may be visited; `every` counts periods where it is not one.

    >>> times_of("每年不少于1次")
    {'per': 'year', 'times': 1, 'bound': 'at_least', 'of': 'batch'}
    >>> times_of("对同一单位每2年抽查不超过1次")
    {'per': 'year', 'times': 1, 'bound': 'at_most', 'of': 'subject', 'every': 2}
    >>> times_of("1—2次/年") is None
    True
    """
    plain = _HEDGES.sub("", _plain(text))
    period = ""
    if found := _VALIDITY.match(plain):
        plain, period = plain[found.end() :], "validity"
    whom = _SUBJECT.match(plain)
    plain = _HEDGES.sub("", plain[whom.end() :] if whom else plain)
    of = "subject" if whom else "batch"
    if period:
        return _times(_TIMES.fullmatch(plain), of, period=period)
    return _times(_PER_TIMES.fullmatch(plain) or _TIMES_PER.fullmatch(plain), of)


def _times(found: re.Match[str] | None, of: str, *, period: str = "") -> dict[str, Any] | None:
    if found is None:
        return None
    said = found.groupdict()
    every = _number(said["every"]) if said.get("every") else 1
    times: dict[str, Any] = {
        "per": period or ("year" if said.get("every") else _PERIOD_WORDS[said["period"]]),
        "times": _number(said["times"]),
        "bound": _BOUND_WORDS[said["bound"] or ""],
        "of": of,
    }
    return times | ({"every": every} if every > 1 else {})


def check_quota(quota: dict[str, Any] | None, field: str = "quota") -> None:
    """Refuse what is no quota; raises InvalidRecordError."""
    if quota is None:
        return
    members = {"rate": {"kind", "rate"}, "at_most": {"kind", "rate"}, "fixed": {"kind", "number"}}
    kind = quota.get("kind")
    if kind not in QUOTA_KINDS or quota.keys() != members.get(kind, {"kind"}):
        raise InvalidRecordError(field=field, value=str(quota), reason="expected a quota")
    if "number" in quota and (type(quota["number"]) is not int or quota["number"] < 0):
        raise InvalidRecordError(field=field, value=str(quota["number"]), reason="expected a whole number")
    if "rate" in quota:
        try:
            parse_rate(quota["rate"])
        except ProtocolError as error:
            raise InvalidRecordError(field=field, value=str(quota["rate"]), reason=str(error)) from error


def check_times(times: dict[str, Any] | None, field: str = "times") -> None:
    """Refuse what is no frequency; raises InvalidRecordError."""
    if times is None:
        return
    known = {"per": PERIODS, "bound": BOUNDS, "of": WHOM}
    wrong = [name for name, values in known.items() if times.get(name) not in values]
    wrong += [
        name for name in ("times", "every") if type(times.get(name, 1)) is not int or times.get(name, 1) < 1
    ]
    needed = {"per", "times", "bound", "of"}
    if wrong or not needed <= times.keys() <= needed | {"every"}:
        raise InvalidRecordError(field=field, value=str(times), reason="expected a frequency")


def rate_of(text: str) -> str | None:
    """A ratio as a person types it (5%, 2‰, 1/20) as a rate of the rules; None for what is none."""
    plain = _plain(text)
    try:
        if plain.endswith(("%", "‰")):
            value = Fraction(plain[:-1]) / (100 if plain[-1] == "%" else 1000)
        else:
            value = Fraction(plain)
    except (ValueError, ZeroDivisionError):
        return None
    return f"{value.numerator}/{value.denominator}" if 0 < value <= 1 else None


def rate_text(rate: str) -> str:
    """A rate as people write it: `1/20` is 5%, `1/500` 2‰, `1/3` stays as it is."""
    value = Fraction(rate)
    for mark, whole in (("%", 100), ("‰", 1000)):
        share = value * whole
        if share.denominator == 1:
            return f"{share.numerator}{mark}"
    return rate


def _plain(text: str) -> str:
    """The text without blanks and its closing full stop, in half-width forms."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).rstrip("。.;；")


def _number(text: str) -> int:
    return _NUMBERS[text] if text in _NUMBERS else int(text)
