"""Commands on base fields: they change by the registration source only, and every change stays on record."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import industries, queries
from doublerandom.registry.acts import SubjectChanged, SubjectsChanged
from doublerandom.registry.errors import (
    InvalidRecordError,
    OperatorNeededError,
    SourceNeededError,
)
from doublerandom.registry.models import RegistrationStatus, Subject, SubjectChange, SubjectKind
from doublerandom.registry.queries.subject_history import BASE_FIELDS, DAYS
from doublerandom.registry.texts import check_text

CODED: Final = (
    SubjectKind.ENTERPRISE,
    SubjectKind.SELF_EMPLOYED,
    SubjectKind.COOPERATIVE,
    SubjectKind.INSTITUTION,
)
"""Kinds that have a 统一社会信用代码 of their own; the others get an issued code and name their operator."""

LENGTHS: Final = {
    "name": 255,
    "address": 512,
    "authority": 128,
    "managing_office": 128,
    "category": 64,
    "capital": 64,
    "business": 100_000,
}
MANY: Final = 500
Values = Mapping[str, str | date | None]


def change_subject(
    session: Session,
    code: str,
    changes: Values,
    *,
    source: str,
    by: str,
    at: datetime,
    reason: str = "",
    batch_id: int | None = None,
) -> list[SubjectChange]:
    """
    Change base fields of a subject; what is the same already is left out.

    Args:
        session: The session of the command.
        code: Its code, which never changes.
        changes: Values by field (`queries.BASE_FIELDS`); `operator` is a code, days are dates or None.
        source: Registration source or document; needed.
        by: Person token.
        at: Now.
        reason: Why, for the reader.
        batch_id: The import it came with.

    Returns:
        The changes that are now on record.

    Raises:
        SourceNeededError: No source is named.
        InvalidRecordError: A field holds what it cannot hold.
        OperatorNeededError: The operator is no enterprise of the registry, or the kind has none.
    """
    if not source.strip():
        raise SourceNeededError
    check_text("source", source, longest=255)
    check_text("reason", reason, longest=255)
    with transaction(session):
        subject = queries.subject(session, code)
        check_base_fields(session, {**_kept(session, subject), **changes})
        rows = _differences(session, subject, changes)
        if not rows:
            return []
        assert subject.id is not None
        before = fingerprint(subject)
        facts: dict[str, Any] = {"source": source, "reason": reason, "batch_id": batch_id, "by": by, "at": at}
        made = [
            SubjectChange(subject_id=subject.id, field=field, was=was, now=now, day=local(at).date(), **facts)
            for field, was, now in rows
        ]
        for field, _was, now in rows:
            setattr(subject, *_stored(session, field, now))
        session.add(subject)
        session.add_all(made)
        act = SubjectChanged(
            on_id=subject.code, fields=tuple(field for field, *_ in rows), source=source, reason=reason
        )
        put_on_record(session, act, by=by, at=at, before=before, after=subject)
    return made


def change_subjects(
    session: Session,
    changes: Mapping[str, Values],
    *,
    source: str,
    batch_id: int,
    by: str,
    at: datetime,
    reason: str = "",
) -> int:
    """
    Change base fields of many subjects as an import found and checked them, in bulk.

    Args:
        session: The session of the command.
        changes: By code the fields that may differ (not `operator`); unknown codes are passed over.
        source: The registration source, e.g. the file.
        batch_id: The import.
        by: Person token.
        at: Now.
        reason: Why, for the reader.

    Returns:
        How many subjects changed.
    """
    codes = sorted(changes)
    changed = 0
    with transaction(session):
        shared = {
            "day": local(at).date(),
            "source": source[:255],
            "reason": reason,
            "batch_id": batch_id,
            "by": by,
            "at": at,
        }
        for start in range(0, len(codes), MANY):
            changed += _change_some(
                session, {code: changes[code] for code in codes[start : start + MANY]}, shared
            )
        if changed:
            act = SubjectsChanged(on_id=str(batch_id), source=source[:255], count=changed)
            put_on_record(session, act, by=by, at=at)
    session.expire_all()
    return changed


def _change_some(session: Session, changes: Mapping[str, Values], shared: Mapping[str, Any]) -> int:
    fields = sorted({field for values in changes.values() for field in values})
    columns = [col(getattr(Subject, field)) for field in ("id", "code", *fields)]
    statement = sa_select(*columns).where(col(Subject.code).in_(sorted(changes))).order_by(col(Subject.code))
    rows: list[dict[str, Any]] = []
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in session.execute(statement).mappings():
        given = changes[row["code"]]
        new = {field: value for field, value in given.items() if text_of(value) != text_of(row[field])}
        rows += [
            {
                "subject_id": row["id"],
                "field": field,
                "was": text_of(row[field]),
                "now": text_of(value),
                **shared,
            }
            for field, value in new.items()
        ]
        if new:
            values = {f"new_{field}": value for field, value in new.items()}
            updates.setdefault(tuple(sorted(new)), []).append({"row": row["id"], **values})
    if rows:
        session.execute(insert(SubjectChange), rows)
    for names, changed in updates.items():
        table = Subject.__table__  # type: ignore[attr-defined]
        change = update(table).where(table.c.id == bindparam("row"))
        session.connection().execute(
            change.values({name: bindparam(f"new_{name}") for name in names}), changed
        )
    return sum(len(values) for values in updates.values())


def check_base_fields(session: Session, values: Values) -> None:
    """
    Refuse values that base fields cannot hold; `kind` and `operator` are judged together.

    Raises:
        InvalidRecordError, OperatorNeededError: Which field, and why.
    """
    for field in values:
        if field not in BASE_FIELDS:
            raise InvalidRecordError(
                field=field, value="", reason=f"expected one of {', '.join(BASE_FIELDS)}"
            )
    for field, known in (("kind", list(SubjectKind)), ("status", list(RegistrationStatus))):
        if values.get(field, known[0]) not in known:
            raise InvalidRecordError(field=field, value=values[field], reason="unknown")
    if values.get("credit_class", "") not in {"", "A", "B", "C", "D"}:
        raise InvalidRecordError(
            field="credit_class", value=values["credit_class"], reason="expected A, B, C or D"
        )
    for field, longest in LENGTHS.items():
        check_text(
            field, text_of(values.get(field, "")), longest=longest, needed=field == "name" and field in values
        )
    industry = text_of(values.get("industry", ""))
    if industry and len(industries.chain(industry)) == 1 and len(industry) > 1:
        raise InvalidRecordError(field="industry", value=industry, reason="not in GB/T 4754-2017")
    region = text_of(values.get("region", ""))
    if region and not (region.isascii() and region.isdigit() and len(region) in {6, 9, 12}):
        raise InvalidRecordError(
            field="region", value=region, reason="expected 6, 9 or 12 digits (GB/T 2260)"
        )
    _check_operator(session, text_of(values.get("kind", "")), text_of(values.get("operator", "")))


def _check_operator(session: Session, kind: str, operator: str) -> None:
    """Whether the operator fits the kind: coded kinds have none, the others an enterprise that is there."""
    if kind in CODED or not kind:
        if operator:
            raise OperatorNeededError(value=operator)
        return
    found = queries.subject_or_none(session, operator) if operator else None
    if found is None or found.kind not in CODED:
        raise OperatorNeededError(value=operator or "—")


def _kept(session: Session, subject: Subject) -> dict[str, str | date | None]:
    """What stands now of the fields that are judged together."""
    operator = queries.subject_by_id(session, subject.operator_id).code if subject.operator_id else ""
    return {"kind": subject.kind, "operator": operator}


def _differences(session: Session, subject: Subject, changes: Values) -> list[tuple[str, str, str]]:
    """(field, was, now) of what differs, in the order of BASE_FIELDS."""
    operator = _kept(session, subject)["operator"]
    found = []
    for field in BASE_FIELDS:
        if field not in changes:
            continue
        was = text_of(operator if field == "operator" else getattr(subject, field))
        now = text_of(changes[field])
        if field == "operator":
            now = now.strip().upper()
        if was != now:
            found.append((field, was, now))
    return found


def _stored(session: Session, field: str, now: str) -> tuple[str, Any]:
    """The column and what it holds for a changed field."""
    if field == "operator":
        return "operator_id", queries.subject(session, now).id if now else None
    if field in DAYS:
        return field, date.fromisoformat(now) if now else None
    return field, now


def text_of(value: str | date | None) -> str:
    """A base field as changes keep it: days as YYYY-MM-DD, nothing as the empty text."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value
