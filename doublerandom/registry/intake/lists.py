"""Rows of the short lists, one by one: inspectors, items, conflicts of interest."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Protocol

from sqlmodel import Session, SQLModel

from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Body
from doublerandom.dr1.canon import is_id, is_token
from doublerandom.registry import queries
from doublerandom.registry.intake.cells import NOTHING, day_of
from doublerandom.registry.intake.codes import read_code
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.findings import REFUSED, Finding, finding
from doublerandom.registry.intake.subject_rows import region_of
from doublerandom.registry.models import Certificate, Conflict, Inspector, Item, Subject

_BETWEEN: Final = re.compile(r"[、，,;；/|\s]+")
_KEY: Final = re.compile(r"^★|[（(]重点[）)]")
_YES: Final = {"是", "yes", "true", "1", "专家"}
GROUNDS: Final = {
    "近亲属": "relative", "亲属": "relative", "曾任职": "former-employee",
    "曾在该单位任职": "former-employee",
    "经济利益": "financial-interest", "持股": "financial-interest", "利害关系": "financial-interest",
    "纠纷": "dispute",
    "争议": "dispute", "其他": "other",
}  # fmt: skip


class RefusedRow(Exception):  # noqa: N818 - it is a way out of a row's rules, not an error of the house
    """A row is refused; `finding` says why."""

    def __init__(self, found: Finding) -> None:
        self.finding = found
        super().__init__(found.code)


class Rows(Protocol):
    """The rules of one kind of list."""

    def record(self, line: int, values: Mapping[str, str]) -> SQLModel:
        """The record that a row's clean texts make, not yet in the session; or raise RefusedRow."""

    def key(self, record: Any) -> str:
        """What makes the record the same as another."""

    def kept(self, record: Any) -> SQLModel | None:
        """The record with this key that is in the registry already."""


class Reading:
    """Reads the fields of rows and refuses them."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def refuse(self, line: int, code: str, value: str, field: str = "", **facts: Any) -> RefusedRow:
        """What to raise for a row: the reason code, the value and the heading it stands under."""
        heading = self.columns.heading(field) if field in self.columns.places else field
        return RefusedRow(finding(line, REFUSED, code, value, heading=heading, **facts))

    def day(self, line: int, values: Mapping[str, str], field: str) -> date | None:
        """The day in a cell, None where it says nothing."""
        text = values.get(field, "")
        day = day_of(text)
        if day is None:
            raise self.refuse(line, "date_unreadable", text, field)
        return date.fromisoformat(day) if day else None

    def tokens(self, line: int, values: Mapping[str, str], field: str) -> list[str]:
        """The tokens in a cell, ascending."""
        tokens = sorted({one for one in _BETWEEN.split(values.get(field, "")) if one not in NOTHING})
        for one in tokens:
            if not is_token(one):
                raise self.refuse(line, "not_a_token", one, field)
        return tokens

    def fits(self, line: int, model: type[SQLModel], fields: Mapping[str, Any]) -> None:
        """Refuse a text that is longer than its column."""
        for field, text in fields.items():
            longest = getattr(model.__table__.columns[field].type, "length", None)  # type: ignore[attr-defined]
            if isinstance(text, str) and longest is not None and len(text) > longest:
                raise self.refuse(line, "too_long", text, field, longest=longest)


class InspectorRows(Reading):
    """Inspectors: a certificate number, a name, a body; all else may be empty."""

    def __init__(self, session: Session, columns: Columns, *, body: Body | None, within: str = "") -> None:
        super().__init__(columns)
        self._session = session
        self._body = body
        self._within = within
        found = accounts.bodies(session)
        self._bodies = {row.name: row for row in found} | {row.token: row for row in found}

    def record(self, line: int, values: Mapping[str, str]) -> Inspector:
        """See Rows."""
        certificate = values["certificate"].upper()
        if not is_id(certificate) or queries.team_or_none(self._session, certificate):
            code = "certificate_not_an_id" if certificate else "certificate_missing"
            raise self.refuse(line, code, certificate, "certificate")
        if not values["name"]:
            raise self.refuse(line, "name_missing", "", "name")
        body = self._body_of(line, values)
        assert body.id is not None
        departments = self.tokens(line, values, "department") or [body.line]
        fields: dict[str, Any] = {
            "name": values["name"], "department": departments[0], "position": values.get("position", ""),
        }  # fmt: skip
        self.fits(line, Inspector, fields)
        first, until = self.day(line, values, "certificate_from"), self.day(line, values, "certificate_until")
        if first and until and until < first:
            raise self.refuse(line, "days_out_of_order", until.isoformat(), "certificate_until")
        paper: dict[str, Any] = {"number": certificate, "authority": values.get("authority", "")}
        self.fits(line, Certificate, paper)
        return Inspector(
            certificate=certificate,
            body_id=body.id,
            regions=self._regions(line, values),
            skills=self.tokens(line, values, "skills"),
            certificate_until=until,
            expert=values.get("expert", "").lower() in _YES,
            expert_types=self.tokens(line, values, "expert_types"),
            items=sorted({one for one in _BETWEEN.split(values.get("items", "")) if one not in NOTHING}),
            certificates=[Certificate(**paper, valid_from=first, valid_to=until)],
            **fields,
        )

    def key(self, record: Inspector) -> str:
        """See Rows."""
        return record.certificate

    def kept(self, record: Inspector) -> Inspector | None:
        """See Rows."""
        return queries.inspector_or_none(self._session, record.certificate)

    def _body_of(self, line: int, values: Mapping[str, str]) -> Body:
        name = values.get("body", "")
        if name and name not in self._bodies:
            raise self.refuse(line, "body_unknown", name, "body")
        body = self._bodies.get(name) or self._body
        if body is None:
            raise self.refuse(line, "body_missing", name, "body")
        if not body.path.startswith(self._within):
            raise self.refuse(line, "body_elsewhere", name, "body")
        return body

    def _regions(self, line: int, values: Mapping[str, str]) -> list[str]:
        codes = []
        for one in _BETWEEN.split(values.get("regions", "")):
            code = region_of(one)
            if code is None:
                raise self.refuse(line, "region_not_a_code", one, "regions")
            codes.append(code)
        return sorted({code for code in codes if code})


class ItemRows(Reading):
    """
    Items: drafts, whatever they lack; free texts stay texts.

    Real lists give several sub-items one number: those get `.2`, `.3`, … in the order of the file.
    """

    def __init__(self, session: Session, columns: Columns, *, body: Body | None, prefix: str = "") -> None:
        super().__init__(columns)
        self._session = session
        self._body = body
        self._prefix = prefix
        self._named: dict[str, list[tuple[str, ...]]] = {}

    def record(self, line: int, values: Mapping[str, str]) -> Item:
        """See Rows."""
        if not values["name"]:
            raise self.refuse(line, "name_missing", "", "name")
        partners = values.get("partners", "")
        unit = values.get("unit", "")
        texts = (
            "category",
            "name",
            "sub_item",
            "basis",
            "level",
            "scope",
            "methods",
            "ratio",
            "frequency",
            "requirement",
        )
        fields: dict[str, Any] = {field: values.get(field, "") for field in texts}
        fields["points"] = _points(values.get("points", "")) or None
        fields["unit"] = f"{unit}（配合：{partners}）" if partners else unit
        self.fits(line, Item, fields)
        return Item(
            code=self._code(line, values),
            key="重点" in values.get("key", ""),
            joint=bool(partners),
            body_id=self._body.id if self._body else None,
            **fields,
        )

    def key(self, record: Item) -> str:
        """See Rows."""
        return record.code

    def kept(self, record: Item) -> Item | None:
        """See Rows."""
        found = queries.item_versions(self._session, record.code)
        return found[0] if found else None

    def _code(self, line: int, values: Mapping[str, str]) -> str:
        number = values["number"].rstrip(".．、")
        if not number:
            raise self.refuse(line, "number_missing", values["number"], "number")
        stem = self._prefix + "-".join(part for part in (values.get("list", ""), number) if part)
        named = self._named.setdefault(stem, [])
        name = (values["name"], values.get("sub_item", ""), values.get("scope", ""))
        if name not in named:
            named.append(name)
        place = named.index(name) + 1
        code = stem if place == 1 else f"{stem}.{place}"
        if not is_token(code):
            raise self.refuse(line, "not_a_token", code, "number")
        return code


def _points(text: str) -> list[dict[str, Any]]:
    """Check points, one a line or between semicolons; （重点） or ★ marks those of key items."""
    parts = [part.strip() for part in re.split(r"[\n；;]", text)]
    named = [(_KEY.sub("", part).strip()[:500], bool(_KEY.search(part))) for part in parts]
    return [{"name": name, "key": key} for name, key in named if name]


class ConflictRows(Reading):
    """Conflicts from the personnel office: declared, they keep the pair apart until they are refused."""

    def __init__(
        self, session: Session, columns: Columns, *, by: str, at: Any, on: date, within: str = ""
    ) -> None:
        super().__init__(columns)
        self._within = {body.id for body in accounts.bodies(session, below=within)}
        self._session = session
        self._facts: dict[str, Any] = {"by": by, "at": at, "source": "hr"}
        self._on = on

    def record(self, line: int, values: Mapping[str, str]) -> Conflict:
        """See Rows."""
        inspector = queries.inspector_or_none(self._session, values["certificate"])
        if inspector is None:
            raise self.refuse(line, "inspector_unknown", values["certificate"], "certificate")
        if inspector.body_id not in self._within:
            raise self.refuse(line, "body_elsewhere", values["certificate"], "certificate")
        subject = self._subject(line, values)
        ground = GROUNDS.get(values["ground"], values["ground"])
        if not is_token(ground):
            raise self.refuse(line, "ground_unknown", ground, "ground")
        first, last = self.day(line, values, "valid_from") or self._on, self.day(line, values, "valid_to")
        if last is not None and last < first:
            raise self.refuse(line, "days_out_of_order", last.isoformat(), "valid_to")
        assert inspector.id is not None
        assert subject.id is not None
        return Conflict(
            inspector_id=inspector.id,
            subject_id=subject.id,
            ground=ground,
            statement=values.get("statement", ""),
            valid_from=first,
            valid_to=last,
            **self._facts,
        )

    def key(self, record: Conflict) -> str:
        """See Rows."""
        return f"{record.inspector_id}:{record.subject_id}:{record.ground}"

    def kept(self, record: Conflict) -> Conflict | None:
        """See Rows."""
        known = queries.conflicts_of_inspector(self._session, record.inspector_id)
        return next((row for row in known if self.key(row) == self.key(record)), None)

    def _subject(self, line: int, values: Mapping[str, str]) -> Subject:
        subject = queries.subject_or_none(self._session, read_code(values["code"]).code)
        if subject is None:
            raise self.refuse(line, "subject_unknown", values["code"], "code")
        return subject
