"""Rows of annual plans: lines of the body's draft of a year; free texts of quantity and time stay texts."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.dr1.canon import is_token
from doublerandom.errors import DoubleRandomError
from doublerandom.registry import filters, queries, structuring
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.lists import Reading
from doublerandom.registry.models import AnnualPlan, AnnualPlanStatus, PlanLine
from doublerandom.registry.services.plans import add_annual_plan

_YEAR: Final = re.compile(r"^(\d{4})\b")
_MONTHS: Final = re.compile(
    r"(?:\d{4}年)?(?P<first>\d{1,2})月?\s*(?:[—－\-~～至到]+)\s*(?:\d{4}年)?(?P<last>\d{1,2})月?(?:底|末)?"
)
_COUNT: Final = re.compile(r"^(?:预计|约)?(\d{1,7})\s*(?:户|家|个|批次|次)?$")
_BASE: Final = re.compile(r"^基数[:：]\s*(\d{1,9})$")
_DIRECTED: Final = {"定向", "是", "定向抽查", "yes", "true", "1"}
_CLASSES: Final = ("A", "B", "C", "D")


class PlanRows(Reading):
    """
    Lines of the draft of a body's plan for a year; without a draft one is begun.

    Numbers become tokens under the prefix (`2026-` by default): `3` is `2026-003`; a number that comes again
    with another task gets `.2`, `.3`, … in the order of the file.
    """

    def __init__(
        self, session: Session, columns: Columns, *, body: Body | None, prefix: str, by: str, at: datetime
    ) -> None:
        super().__init__(columns)
        self._session = session
        self._body = body
        said = _YEAR.match(prefix)
        self._year = int(said[1]) if said else local(at).year
        self._prefix = prefix or f"{self._year}-"
        self._by, self._at = by, at
        self._plan: AnnualPlan | None = None
        self._named: dict[str, list[tuple[str, str]]] = {}

    def record(self, line: int, values: Mapping[str, str]) -> PlanLine:
        """See Rows; raises PlanOpenError, WrongPlanStateError where the year has no draft to add to."""
        if self._body is None:
            raise self.refuse(line, "body_missing", "")
        if not values["name"]:
            raise self.refuse(line, "name_missing", "", "name")
        fields = self._fields(line, values)
        self.fits(line, PlanLine, fields)
        number = self._number(line, values)
        plan = self._draft(self._body)
        assert plan.id is not None
        return PlanLine(plan_id=plan.id, number=number, **fields)

    def key(self, record: PlanLine) -> str:
        """See Rows."""
        return record.number

    def kept(self, record: PlanLine) -> PlanLine | None:
        """See Rows."""
        found = queries.line_by_number(self._session, record.plan_id, record.number)
        return None if found is None or found.dropped else found

    def _draft(self, body: Body) -> AnnualPlan:
        if self._plan is None:
            assert body.id is not None
            versions = queries.plan_versions(self._session, body_id=body.id, year=self._year)
            if versions and versions[0].status is AnnualPlanStatus.DRAFT:
                self._plan = versions[0]
            else:
                title = f"{body.name}{self._year}年度抽查工作计划"
                self._plan = add_annual_plan(
                    self._session, body=body, year=self._year, title=title, lines=[], by=self._by, at=self._at
                )
        return self._plan

    def _fields(self, line: int, values: Mapping[str, str]) -> dict[str, Any]:
        texts = ("name", "scope", "ratio", "frequency", "methods", "period", "level", "partner_text")
        fields: dict[str, Any] = {name: _one_line(values.get(name, "")) for name in texts}
        fields |= self._quantities(values)
        first, last = _months(fields["period"])
        start, complete_by = self.day(line, values, "start"), self.day(line, values, "complete_by")
        if start and complete_by and complete_by < start:
            raise self.refuse(line, "days_out_of_order", values["complete_by"], "complete_by")
        assert self._body is not None
        return fields | {
            "items": self._items(line, values),
            "filter": self._filter(line, values),
            "domain": next(iter(self.tokens(line, values, "domain")), ""),
            "directed": values.get("directed", "") in _DIRECTED,
            "quota": structuring.quota_of(fields["ratio"]),
            "class_ratios": self._class_ratios(values) or None,
            "first_month": start.month if start else first,
            "last_month": complete_by.month if complete_by else last,
            "start": self._in_year(line, start, "start"),
            "complete_by": self._in_year(line, complete_by, "complete_by"),
            "lead": self._body.token,
            "lead_text": _one_line(values.get("lead", "")),
        }

    def _in_year(self, line: int, day: date | None, field: str) -> date | None:
        if day is not None and day.year != self._year:
            raise self.refuse(line, "day_of_another_year", day.isoformat(), field, year=self._year)
        return day

    def _quantities(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Estimate and base where a cell says a plain number; any other words go into the note."""
        note = [values.get("note", "")]
        found: dict[str, Any] = {"estimated": 0, "base": None}
        for field, reading in (("estimated", _COUNT), ("base", _COUNT)):
            text = values.get(field, "").strip()
            if based := _BASE.match(text):
                found["base"] = int(based[1])
            elif counted := reading.match(text):
                found[field] = int(counted[1])
            elif text:
                note.append(text)
        return found | {"note": _one_line("；".join(part for part in note if part))}

    def _items(self, line: int, values: Mapping[str, str]) -> list[str]:
        """The codes that the row names; else the item whose name is the task's, where there is one alone."""
        codes = self.tokens(line, values, "items")
        if codes:
            known = queries.item_names(self._session, codes)
            for code in codes:
                if code not in known:
                    raise self.refuse(line, "item_unknown", code, "items")
            return codes
        return queries.item_codes_named(self._session, values["name"])

    def _filter(self, line: int, values: Mapping[str, str]) -> str:
        text = values.get("filter", "")
        try:
            return filters.canonical(text)
        except DoubleRandomError:
            raise self.refuse(line, "scope_unreadable", text, "filter") from None

    def _class_ratios(self, values: Mapping[str, str]) -> dict[str, str]:
        said = {name: _one_line(values.get(f"class_{name.lower()}", "")) for name in _CLASSES}
        return {name: text for name, text in said.items() if text}

    def _number(self, line: int, values: Mapping[str, str]) -> str:
        text = values["number"].rstrip(".．、")
        if not text:
            raise self.refuse(line, "number_missing", values["number"], "number")
        whole = text if text.startswith(self._prefix) else self._prefix + text.zfill(3)
        stem = whole if text.isdigit() or text.startswith(self._prefix) else self._prefix + text
        named = self._named.setdefault(stem, [])
        name = (values["name"], values.get("scope", ""))
        if name not in named:
            named.append(name)
        place = named.index(name) + 1
        number = stem if place == 1 else f"{stem}.{place}"
        if not is_token(number):
            raise self.refuse(line, "not_a_token", number, "number")
        return number


def _months(text: str) -> tuple[int, int]:
    """The months that a text says plainly (`3月—12月`, `2026年9月至11`); else the whole year."""
    found = _MONTHS.fullmatch(text.strip())
    if found and 1 <= int(found["first"]) <= int(found["last"]) <= 12:
        return int(found["first"]), int(found["last"])
    return 1, 12


def _one_line(text: str) -> str:
    return " ".join(text.split())
