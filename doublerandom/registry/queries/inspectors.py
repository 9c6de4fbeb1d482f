"""The pool of inspectors: who may inspect, and who stays with a reason."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from doublerandom.accounts.queries import Body
from doublerandom.registry.errors import InspectorNotFoundError
from doublerandom.registry.models import (
    Absence,
    Inspector,
)
from doublerandom.registry.queries.bodies import within_region


class InspectorRow(NamedTuple):
    """An inspector as a draw sees them; `excluded` is a reason code (token), or empty."""

    id: int
    certificate: str
    name: str
    body_id: int
    department: str
    regions: list[str]
    skills: list[str]
    excluded: str


def inspector(session: Session, certificate: str) -> Inspector:
    """The inspector with this certificate number, or InspectorNotFoundError."""
    found = inspector_or_none(session, certificate)
    if found is None:
        raise InspectorNotFoundError(value=certificate)
    return found


def inspector_or_none(session: Session, certificate: str) -> Inspector | None:
    """The inspector with this certificate number, if there is one; compared in upper case."""
    return session.exec(select(Inspector).where(Inspector.certificate == certificate.strip().upper())).first()


def inspector_by_id(session: Session, inspector_id: int) -> Inspector:
    """The inspector of this row, or InspectorNotFoundError."""
    found = session.get(Inspector, inspector_id)
    if found is None:
        raise InspectorNotFoundError(value=inspector_id)
    return found


def inspectors(session: Session, *, body_id: int | None = None) -> list[Inspector]:
    """All inspectors, or those of one body, by certificate bytes."""
    statement = select(Inspector)
    if body_id is not None:
        statement = statement.where(Inspector.body_id == body_id)
    found = session.exec(statement.order_by(col(Inspector.certificate))).all()
    return sorted(found, key=lambda row: row.certificate.encode())


def inspectors_count(session: Session) -> int:
    """How many inspectors there are."""
    return session.exec(select(func.count()).select_from(Inspector)).one()


def inspectors_for(session: Session, *, lines: Collection[str], region: str, on: date) -> list[InspectorRow]:
    """
    The pool of inspectors of bodies in this region and below, in these lines of work, by certificate bytes.

    Nobody is filtered out in the dark: who cannot inspect stays with a reason — `inactive`, `expert` (never
    one of the two), `certificate-expired`, `leave`, `training`.

    Args:
        session: Where to read.
        lines: Departments (tokens); empty: all.
        region: GB/T 2260 code of the drawing body.
        on: The day of the draw: certificates and absences are looked up for it.
    """
    statement = sa_select(Inspector).join(Body, col(Body.id) == col(Inspector.body_id))
    statement = statement.where(within_region(col(Body.region), region))
    if lines:
        statement = statement.where(col(Inspector.department).in_(sorted(set(lines))))
    away = dict(
        session.execute(
            sa_select(col(Absence.inspector_id), col(Absence.kind))
            .where(col(Absence.first_day) <= on, col(Absence.last_day) >= on)
            .order_by(col(Absence.id).desc())
        ).all()
    )
    found = session.scalars(statement.order_by(col(Inspector.certificate))).all()
    rows = [_inspector_row(row, away.get(row.id, ""), on) for row in found]
    return sorted(rows, key=lambda row: row.certificate.encode())


def _inspector_row(row: Inspector, away: str, on: date) -> InspectorRow:
    assert row.id is not None
    if not row.active:
        excluded = "inactive"
    elif row.expert:
        excluded = "expert"
    elif row.certificate_until is not None and row.certificate_until < on:
        excluded = "certificate-expired"
    else:
        excluded = away
    return InspectorRow(
        row.id,
        row.certificate,
        row.name,
        row.body_id,
        row.department,
        list(row.regions),
        list(row.skills),
        excluded,
    )
