"""Commands on subjects without a credit code of their own: products, projects, sites, activities."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import CodeIssued
from doublerandom.registry.errors import InvalidRecordError, SourceNeededError
from doublerandom.registry.models import IssuedNumber, Subject
from doublerandom.registry.services.subject_changes import Values, check_base_fields, text_of
from doublerandom.registry.services.subjects import SubjectIn, add_subjects

PREFIXES: Final[Mapping[str, str]] = {"product": "CP", "project": "XM", "site": "CS", "activity": "HD"}


def issue_code(session: Session, *, kind: str, region: str, at: datetime) -> str:
    """
    The next code of a kind in a region and year, like `XM-330106-2026-00017`; never given twice.

    The number is raised in the database in one statement: commands at the same moment get different ones.

    Raises:
        InvalidRecordError: The kind has a code of its own, or the region is no code.
    """
    if kind not in PREFIXES:
        raise InvalidRecordError(field="kind", value=kind, reason=f"expected one of {', '.join(PREFIXES)}")
    if not (region.isascii() and region.isdigit() and len(region) in {6, 9, 12}):
        raise InvalidRecordError(
            field="region", value=region, reason="expected 6, 9 or 12 digits (GB/T 2260)"
        )
    year = local(at).year
    with transaction(session):
        first = _insert(session).values(kind=kind, region=region, year=year, last=1)
        raised = first.on_conflict_do_update(
            index_elements=["kind", "region", "year"], set_={"last": col(IssuedNumber.last) + 1}
        )
        number: int = session.execute(raised.returning(col(IssuedNumber.last))).scalar_one()
    return f"{PREFIXES[kind]}-{region}-{year}-{number:05d}"


def _insert(session: Session) -> Any:
    name = session.get_bind().dialect.name
    return postgresql.insert(IssuedNumber) if name == "postgresql" else sqlite.insert(IssuedNumber)


def add_subject(
    session: Session, values: Values, *, code: str = "", source: str, by: str, at: datetime
) -> Subject:
    """
    Add one subject by hand; a product, project, site or activity without a code gets one.

    Args:
        session: The session of the command.
        values: Base fields by name; `operator` is the code of the enterprise answerable.
        code: 统一社会信用代码; may stay empty for kinds that get an issued code.
        source: Registration source or document; needed.
        by: Person token.
        at: Now.

    Raises:
        SourceNeededError, InvalidRecordError, InvalidCodeError, OperatorNeededError, AlreadyThereError: See
            `add_subjects` and `change_subject`.
    """
    if not source.strip():
        raise SourceNeededError
    with transaction(session):
        kind = text_of(values.get("kind", "enterprise"))
        check_base_fields(session, {"kind": kind, "name": "", "region": "", **values})
        issued = not code.strip() and kind in PREFIXES
        code = issue_code(session, kind=kind, region=text_of(values.get("region")), at=at) if issued else code
        code = code.strip().upper()
        operator = text_of(values.get("operator"))
        fields: dict[str, Any] = {
            field: value for field, value in values.items() if field not in {"operator", "kind"}
        }
        new = SubjectIn(
            code=code,
            kind=kind,
            operator_id=queries.subject(session, operator).id if operator else None,
            **fields,
        )
        add_subjects(session, [new], source=source, by=by, at=at)
        if issued:
            put_on_record(session, CodeIssued(on_id=code, kind=kind), by=by, at=at)
        return queries.subject(session, code)
