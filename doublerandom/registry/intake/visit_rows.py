"""Rows of visits: inspections that any body made, from its own files."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Body
from doublerandom.registry import queries
from doublerandom.registry.intake.areas import Area
from doublerandom.registry.intake.codes import read_code
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.lists import Reading
from doublerandom.registry.models import Subject, Visit
from doublerandom.registry.visit_checks import VisitFacts, problems_of
from doublerandom.registry.visit_kinds import EXEMPT_GROUNDS, KINDS

LEVELS: Final = {
    "省": "province", "省级": "province", "市": "city", "市级": "city", "县": "county", "县级": "county",
}  # fmt: skip
_KINDS: Final = {
    "": "routine", "双随机": "random", "抽查": "random", "双随机抽查": "random", "联合抽查": "joint",
    "专项": "special", "专项检查": "special", "日常": "routine", "日常检查": "routine", "投诉": "complaint",
    "投诉举报": "complaint", "投诉举报核查": "complaint", "交办": "assigned", "上级交办": "assigned",
    "许可核查": "licence-check", "许可现场核查": "licence-check", "复查": "re-check", "整改复查": "re-check",
    "案件": "case", "案件调查": "case", "应急": "emergency", "应急检查": "emergency", "其他": "other",
}  # fmt: skip
_EXEMPT: Final = {
    "投诉举报": "complaint", "投诉": "complaint", "上级交办": "assigned", "配合上级检查": "co-operation",
    "配合上级": "co-operation", "审计": "audit", "审计监督": "audit", "线索移送": "clue", "异地线索": "clue",
    "媒体曝光": "media", "复查": "re-check", "整改复查": "re-check", "企业申请": "own-request",
    "企业主动申请": "own-request", "许可现场核查": "licence-check", "应急": "emergency",
    "应急处置": "emergency",
}  # fmt: skip
_FOUND: Final = {
    "是": True, "有": True, "发现问题": True, "否": False, "无": False, "未发现问题": False, "未发现": False,
}  # fmt: skip
_NOT_COUNTED: Final = {"否", "不计入", "no", "false", "0"}
_NAMES: Final = re.compile(r"[、，,;；|\n]+")
_BETWEEN: Final = re.compile(r"[、，,;；/|\s]+")


class VisitRows(Reading):
    """Visits: a code, a day; the body, if it has no row here, stands by its name."""

    def __init__(
        self,
        session: Session,
        columns: Columns,
        *,
        body: Body | None,
        by: str,
        at: datetime,
        area: Area = Area(),  # noqa: B008 - frozen
    ) -> None:
        super().__init__(columns)
        self._session = session
        self._body = body
        self._area = area
        self._facts: dict[str, Any] = {"by": by, "at": at}
        self._today = clock.local(at).date()
        known = accounts.bodies(session)
        self._bodies = {row.name: row for row in known} | {row.token: row for row in known}

    def record(self, line: int, values: Mapping[str, str]) -> Visit:
        """See Rows."""
        subject = self._subject(line, values)
        day = self.day(line, values, "visited_on")
        if day is None:
            raise self.refuse(line, "date_unreadable", "", "visited_on")
        told = VisitFacts(
            visited_on=day,
            time=values.get("time", ""),
            items=_parts(values, "items", _NAMES),
            inspectors=_parts(values, "inspectors", _BETWEEN),
            kind=self._token(values, "kind", KINDS, _KINDS),
            exempt=self._token(values, "exempt", EXEMPT_GROUNDS, {"": "", **_EXEMPT}),
            evidence=values.get("evidence", ""),
            counts=values.get("counts", "").lower() not in _NOT_COUNTED,
            found=_FOUND.get(values.get("found", "")),
            **self._who(line, values),
        )
        self._check(line, values, told)
        return self._row(subject, told)

    def key(self, record: Visit) -> str:
        """See Rows."""
        return record.source

    def kept(self, record: Visit) -> Visit | None:
        """See Rows."""
        return queries.visit_by_source(self._session, record.source)

    def _row(self, subject: Subject, told: VisitFacts) -> Visit:
        """The row; its source is the hash of what makes the visit the same as another."""
        assert subject.id is not None
        same = (subject.code, told.visited_on, told.body_id, told.outside, told.kind, *told.items)
        digest = hashlib.sha256("\n".join(map(str, same)).encode()).hexdigest()
        return Visit(
            subject_id=subject.id,
            answerable_id=subject.operator_id or subject.id,
            source=f"file:{digest[:40]}",
            **self._facts,
            **told.columns(),
        )

    def _subject(self, line: int, values: Mapping[str, str]) -> Subject:
        subject = queries.subject_or_none(self._session, read_code(values["code"]).code)
        if subject is None:
            raise self.refuse(line, "subject_unknown", values["code"], "code")
        if not self._area.holds_subject(self._session, subject, on=self._today):
            raise self.refuse(line, "subject_elsewhere", subject.code, "code")
        return subject

    def _who(self, line: int, values: Mapping[str, str]) -> dict[str, Any]:
        name = values.get("body", "")
        known = self._bodies.get(name) if name else self._body
        if known is not None:
            if not known.path.startswith(self._area.path):
                raise self.refuse(line, "body_elsewhere", name, "body")
            return {"body_id": known.id}
        if not name:
            raise self.refuse(line, "body_missing", name, "body")
        level = values.get("level", "")
        return {"outside": name, "level": LEVELS.get(level, level), "line": values.get("line", "")}

    def _token(
        self, values: Mapping[str, str], field: str, tokens: Mapping[str, Any], words: Mapping[str, str]
    ) -> str:
        """A token as it stands, or by its Chinese word; what is neither is left for the check to refuse."""
        text = values.get(field, "")
        return text if text in tokens else words.get(text, text)

    def _check(self, line: int, values: Mapping[str, str], told: VisitFacts) -> None:
        for problem in problems_of(told, today=self._today):
            field = "body" if problem.field == "outside" else problem.field
            facts = {"name": problem.name, "name_en": problem.name_en}
            facts |= {"why_zh": problem.reason, "why_en": problem.reason_en}
            raise self.refuse(line, "visit_wrong", values.get(field, ""), field, **facts)


def _parts(values: Mapping[str, str], field: str, between: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in between.split(values.get(field, "")) if part.strip()))
