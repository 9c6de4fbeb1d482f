"""What a visit may say of itself, checked alike for the desk, files and other bodies' systems; pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from doublerandom.dr1.canon import BARRED
from doublerandom.registry.visit_kinds import EXEMPT_GROUNDS, KINDS, LEVELS

_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_LONGEST: Final = {"outside": 128, "line": 64, "evidence": 2000}
_TEXTS: Final = {
    "outside": ("检查机关", "body"),
    "line": ("执法领域", "line of work"),
    "evidence": ("豁免依据", "evidence"),
}
_LISTS: Final = (("items", ("检查事项", "items"), 64), ("inspectors", ("检查人员", "inspectors"), 31))


class Problem(NamedTuple):
    """What is wrong with one field, in words for a person, Chinese and English."""

    field: str
    name: str
    name_en: str
    reason: str
    reason_en: str


@dataclass(frozen=True)
class VisitFacts:
    """What is told of a visit beside whom it was made to; the fields are those of the table."""

    visited_on: date
    body_id: int | None = None
    outside: str = ""
    level: str = ""
    line: str = ""
    time: str = ""
    items: tuple[str, ...] = ()
    inspectors: tuple[str, ...] = ()
    kind: str = "random"
    counts: bool = True
    exempt: str = ""
    evidence: str = ""
    evidence_file: str = ""
    found: bool | None = None

    def columns(self) -> dict[str, Any]:
        """As the columns of a row."""
        return {**asdict(self), "items": list(self.items), "inspectors": list(self.inspectors)}

    def told_by(self, row: Any) -> bool:
        """Whether a row says the same."""
        return all(getattr(row, name) == value for name, value in self.columns().items())


def problems_of(facts: VisitFacts, *, today: date) -> list[Problem]:
    """Everything that is wrong with a visit as it was told; nothing for one that can be recorded."""
    return [*_when(facts, today), *_what(facts), *_who(facts), *_texts(facts)]


def _when(facts: VisitFacts, today: date) -> Iterator[Problem]:
    if facts.visited_on > today:
        day = facts.visited_on.isoformat()
        yield Problem("visited_on", "检查日期", "date", f"{day} 还没有到", f"{day} is in the future")
    if facts.time and not _TIME.fullmatch(facts.time):
        yield Problem("time", "检查时间", "time", "应写成 14:05 的样子", "write it like 14:05")


def _what(facts: VisitFacts) -> Iterator[Problem]:
    if facts.kind not in KINDS:
        known = "、".join(KINDS)
        yield Problem("kind", "检查类型", "kind", f"只能是：{known}", f"it can be {', '.join(KINDS)}")
    if facts.exempt and facts.exempt not in EXEMPT_GROUNDS:
        known = "、".join(EXEMPT_GROUNDS)
        yield Problem("exempt", "豁免事由", "ground of exemption", f"只能是：{known}", f"it can be {known}")
    elif facts.exempt and not (facts.evidence.strip() or facts.evidence_file):
        yield Problem(
            "evidence", "豁免依据", "evidence", "不计入频次的检查要写明依据", "an exempt visit needs it"
        )


def _who(facts: VisitFacts) -> Iterator[Problem]:
    if facts.body_id is None and not facts.outside.strip():
        yield Problem("outside", "检查机关", "body", "没有填写", "it is missing")
    if facts.level and facts.level not in LEVELS:
        words = "只能是 province、city、county", "it can be province, city or county"
        yield Problem("level", "机关层级", "level", *words)
    for field, names, longest in _LISTS:
        if any(not 0 < len(each) <= longest or _barred(each) for each in getattr(facts, field)):
            words = f"每一项应为 1 至 {longest} 个字符", f"each one has 1 to {longest} characters"
            yield Problem(field, *names, *words)


def _texts(facts: VisitFacts) -> Iterator[Problem]:
    for field, names in _TEXTS.items():
        text: str = getattr(facts, field)
        if len(text) > _LONGEST[field]:
            words = f"超过 {_LONGEST[field]} 个字符", f"longer than {_LONGEST[field]} characters"
            yield Problem(field, *names, *words)
        elif _barred(text):
            yield Problem(field, *names, "含有不能使用的字符", "it holds characters that are not allowed")


def _barred(text: str) -> bool:
    plain = text.replace("\n", "").replace("\r", "").replace("\t", "")
    return bool(BARRED.search(plain)) or not unicodedata.is_normalized("NFC", text)
