"""Commands on inspectors: who is in the pool, and what their record says."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.canon import is_id, is_token
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import InspectorAdded, InspectorChanged
from doublerandom.registry.errors import (
    AlreadyThereError,
    InvalidRecordError,
)
from doublerandom.registry.models import Certificate, Inspector
from doublerandom.registry.texts import check_text


@dataclass(frozen=True)
class InspectorIn:
    """What the record of an inspector says, its certificates aside; lists of tokens or codes."""

    name: str
    body_id: int
    department: str
    regions: Sequence[str] = ()
    skills: Sequence[str] = ()
    position: str = ""
    items: Sequence[str] = ()
    expert: bool = False
    expert_types: Sequence[str] = ()
    active: bool = True


def add_inspector(
    session: Session,
    certificate: str,
    *,
    name: str,
    body_id: int,
    department: str,
    by: str,
    at: datetime,
    regions: Sequence[str] = (),
    skills: Sequence[str] = (),
    position: str = "",
    certificate_from: date | None = None,
    certificate_until: date | None = None,
    authority: str = "",
    expert: bool = False,
    expert_types: Sequence[str] = (),
    items: Sequence[str] = (),
) -> Inspector:
    """
    Add an inspector to the pool of a body, with the certificate whose number is the pool id.

    Raises:
        InvalidRecordError: The certificate number is no id, or a region, skill or department is no token.
        AlreadyThereError: The certificate number is in a pool already, or names a standing team.
    """
    certificate = certificate.strip().upper()
    if not is_id(certificate):
        raise InvalidRecordError(
            field="certificate", value=certificate, reason="expected an id of at most 31 characters"
        )
    values = _checked(
        InspectorIn(
            name, body_id, department, regions, skills, position, items, expert, expert_types
        )
    )  # fmt: skip
    check_text("authority", authority, longest=128)
    with transaction(session):
        if queries.inspector_or_none(session, certificate) or queries.team_or_none(session, certificate):
            raise AlreadyThereError(value=certificate)
        paper = Certificate(
            number=certificate,
            authority=authority,
            valid_from=certificate_from,
            valid_to=certificate_until,
            by=by,
            at=at,
        )
        inspector = Inspector(
            certificate=certificate, certificate_until=certificate_until, certificates=[paper], **values
        )
        session.add(inspector)
        act = InspectorAdded(on_id=certificate, body_id=body_id, department=department)
        put_on_record(session, act, by=by, at=at, after=inspector)
    return inspector


def change_inspector(
    session: Session, certificate: str, what: InspectorIn, *, reason: str = "", by: str, at: datetime
) -> Inspector:
    """
    Let the record of an inspector say this from now on; what was said before stands in the act.

    Nothing changed is no act. Who leaves the pool (`active` false) stays in it with the reason `inactive`.

    Raises:
        InspectorNotFoundError, InvalidRecordError: See `add_inspector`.
    """
    values = _checked(what)
    check_text("reason", reason, longest=255)
    with transaction(session):
        inspector = queries.inspector(session, certificate)
        changes = tuple(
            (name, _shown(getattr(inspector, name)), _shown(value))
            for name, value in values.items()
            if getattr(inspector, name) != value
        )
        if changes:
            before = fingerprint(inspector)
            inspector.sqlmodel_update(values)
            act = InspectorChanged(on_id=inspector.certificate, changes=changes, reason=reason)
            put_on_record(session, act, by=by, at=at, before=before, after=inspector)
    return inspector


def _shown(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _checked(what: InspectorIn) -> dict[str, Any]:
    """The record's columns, once every text and token is one."""
    check_text("name", what.name, longest=64, needed=True)
    check_text("position", what.position, longest=64)
    for one in what.items:
        check_text("items", one, longest=64, needed=True)
    tokens = {
        "department": [what.department],
        "regions": what.regions,
        "skills": what.skills,
        "expert_types": what.expert_types,
    }
    for field, found in tokens.items():
        for value in found:
            if not is_token(value):
                raise InvalidRecordError(field=field, value=value, reason="expected a token")
    values = {field.name: getattr(what, field.name) for field in fields(what)}
    for field in ("regions", "skills", "items", "expert_types"):
        values[field] = sorted(set(values[field]))
    return {**values, "name": what.name.strip()}
