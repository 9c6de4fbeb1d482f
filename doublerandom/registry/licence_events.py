"""An event of a licence as approval bureaus deliver it, and all that can be wrong with it by itself."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from doublerandom.dr1.canon import BARRED, is_id, is_token
from doublerandom.registry import uscc

EVENTS: Final = ("granted", "changed", "revoked")
CODED: Final = ("enterprise", "self_employed", "cooperative", "institution")
KINDS: Final = (*CODED, "product", "project", "site", "activity")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_REGION: Final = re.compile(r"\d{6}")
_INDUSTRY: Final = re.compile(r"[A-T]?\d{0,4}")


class Problem(NamedTuple):
    """What is wrong with one field: its path, what stands there, and why in both languages."""

    field: str
    value: str
    zh: str
    en: str


class LicensedSubject(BaseModel):
    """Who or what is licensed."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    code: str = Field(default="", description="统一社会信用代码, or the issued code of what is no enterprise")
    name: str = Field(default="", description="名称", max_length=4096)
    kind: str = Field(default="enterprise", description=f"one of {', '.join(KINDS)}")
    region: str = Field(default="", description="six digits of GB/T 2260")
    address: str = Field(default="", description="住所（经营场所）")
    industry: str = Field(default="", description="code of GB/T 4754, if known")
    operator: str = Field(default="", description="code of the enterprise answerable for a project or site")


class LicenceEvent(BaseModel):
    """A licence that was granted, changed or revoked."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    event: str = Field(default="", description="granted, changed or revoked")
    number: str = Field(default="", description="许可证编号")
    kind: str = Field(default="", description="kind of licence, a token such as food-business")
    kind_name: str = Field(default="", description="许可事项名称")
    authority: str = Field(default="", description="name of the approving authority")
    approver: str = Field(
        default="", description="token of the approving body, where it supervises what it approves"
    )
    occurred_on: str = Field(default="", description="day of the event, YYYY-MM-DD")
    valid_until: str = Field(default="", description="last day of the licence, YYYY-MM-DD; empty: no end")
    subject: LicensedSubject = Field(default_factory=LicensedSubject)

    def plain(self) -> dict[str, Any]:
        """The event as values that have a canonical form; what is empty is left out."""
        values = self.model_dump(exclude_defaults=True)
        return values if "subject" in values else {**values, "subject": {}}


def day_of(text: str) -> date | None:
    """The day that a text says, or None."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def problems_of(event: LicenceEvent) -> list[Problem]:
    """Everything that is wrong with an event as it stands, by field; what the registry holds is not asked."""
    return [*_licence_problems(event), *_subject_problems(event.subject)]


def _licence_problems(event: LicenceEvent) -> Iterator[Problem]:
    yield from _unknown("", event)
    if event.event not in EVENTS:
        yield _one_of("event", event.event, EVENTS)
    yield from _text("number", event.number, 64)
    yield from _text("authority", event.authority, 128)
    yield from _text("kind_name", event.kind_name, 128, needed=False)
    if not is_token(event.kind):
        yield Problem("kind", event.kind, "应为字母、数字组成的许可种类代号", "expected a token")
    if event.approver and not is_token(event.approver):
        yield Problem("approver", event.approver, "应为机关代号", "expected a body's token")
    happened, until = day_of(event.occurred_on), day_of(event.valid_until)
    if happened is None:
        yield Problem("occurred_on", event.occurred_on, "应为日期，如 2026-03-02", "expected YYYY-MM-DD")
    if event.valid_until and until is None:
        yield Problem("valid_until", event.valid_until, "应为日期，如 2026-03-02", "expected YYYY-MM-DD")
    if happened and until and until < happened and event.event != "revoked":
        yield Problem("valid_until", event.valid_until, "早于事件日期", "before the day of the event")


def _subject_problems(subject: LicensedSubject) -> Iterator[Problem]:
    yield from _unknown("subject.", subject)
    if subject.kind not in KINDS:
        yield _one_of("subject.kind", subject.kind, KINDS)
    elif subject.kind in CODED and not uscc.is_valid(subject.code):
        yield Problem(
            "subject.code", subject.code, "不是有效的统一社会信用代码", "no valid unified social credit code"
        )
    elif not is_id(subject.code) or subject.code != subject.code.upper():
        yield Problem("subject.code", subject.code, "应为大写的编号", "expected an id in upper case")
    yield from _text("subject.name", subject.name, 255)
    yield from _text("subject.address", subject.address, 512, needed=False)
    if not _REGION.fullmatch(subject.region):
        yield Problem("subject.region", subject.region, "应为六位行政区划代码", "expected six digits")
    if subject.kind in KINDS and subject.kind not in CODED and not subject.operator.strip():
        yield Problem(
            "subject.operator", "", "产品、项目、场所、活动应写明责任单位", "who answers for it is needed"
        )
    if not _INDUSTRY.fullmatch(subject.industry):
        yield Problem(
            "subject.industry", subject.industry, "应为国民经济行业代码", "expected a code of GB/T 4754"
        )


def _text(field: str, value: str, longest: int, *, needed: bool = True) -> Iterator[Problem]:
    if needed and not value.strip():
        yield Problem(field, value, "不能为空", "must not be empty")
    elif len(value) > longest:
        yield Problem(field, value[:40], f"不能超过 {longest} 个字", f"longer than {longest} characters")
    elif BARRED.search(value):
        yield Problem(field, ascii(value[:40]), "含有不可用的字符", "holds characters that are not allowed")


def _one_of(field: str, value: str, known: tuple[str, ...]) -> Problem:
    words = ", ".join(known)
    return Problem(field, value, f"应为 {words} 之一", f"expected one of {words}")


def _unknown(where: str, values: BaseModel) -> Iterator[Problem]:
    for name in sorted(values.model_extra or {}):
        yield Problem(f"{where}{name}", "", "没有这一字段", "there is no such field")
