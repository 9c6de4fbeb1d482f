"""What stands of inspectors beside their rows: certificates, absences, qualifications; in a few queries."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from doublerandom.registry.errors import (
    AbsenceNotFoundError,
    CalendarYearMissingError,
    CertificateNotFoundError,
    QualificationNotFoundError,
)
from doublerandom.registry.models import (
    Absence,
    CalendarDay,
    Certificate,
    CertificateStatus,
    Inspector,
    Qualification,
)
from doublerandom.registry.queries.items import items_in_force
from doublerandom.registry.readiness import Away, Facts, Held, Paper, Window

MANY = 500
_Later = aliased(Absence)
_LaterHeld = aliased(Qualification)


@dataclass(frozen=True)
class CertificateView:
    """A certificate with its dated statuses; without `row` only the inspector's own row tells of it."""

    paper: Paper
    row: Certificate | None
    steps: tuple[CertificateStatus, ...] = ()

    @property
    def row_id(self) -> int:
        """The number of its row; 0 where there is none."""
        return (self.row and self.row.id) or 0


def stands() -> ColumnElement[bool]:
    """An absence that no later row replaced and that takes none back."""
    later = exists().where(col(_Later.supersedes_id) == col(Absence.id))
    return col(Absence.withdrawn).is_(False) & ~later


def facts_of(session: Session, rows: Collection[Inspector]) -> dict[int, Facts]:
    """The facts of these inspectors by their row, in a fixed number of queries for every 500 of them."""
    numbers = [row.id for row in rows if row.id is not None]
    papers = papers_of(session, rows)
    away: dict[int, list[Away]] = {}
    held: dict[int, list[Held]] = {}
    for some in _some(numbers):
        for one in session.exec(_absences(some)):
            away.setdefault(one.inspector_id, []).append(Away(one.kind, one.first_day, one.last_day))
        for each in session.exec(_qualifications(some)):
            held.setdefault(each.inspector_id, []).append(Held(each.skill, each.valid_from, each.valid_to))
    return {
        number: Facts(
            tuple(view.paper for view in papers[number]),
            tuple(away.get(number, ())),
            tuple(held.get(number, ())),
        )
        for number in numbers
    }


def papers_of(session: Session, rows: Collection[Inspector]) -> dict[int, list[CertificateView]]:
    """
    The certificates of these inspectors by their row, oldest first.

    Where none is kept under the number that is the pool id, the inspector's own row tells its last day. One
    without any days yields to one of the same number with days.
    """
    numbers = [row.id for row in rows if row.id is not None]
    kept: dict[int, list[Certificate]] = {}
    steps: dict[int, list[CertificateStatus]] = {}
    for some in _some(numbers):
        of_some = select(Certificate).where(col(Certificate.inspector_id).in_(some))
        for row in session.exec(of_some.order_by(col(Certificate.valid_to), col(Certificate.id))):
            assert row.inspector_id is not None
            kept.setdefault(row.inspector_id, []).append(row)
        numbered = sa_select(col(Certificate.id)).where(col(Certificate.inspector_id).in_(some))
        of_them = select(CertificateStatus).where(col(CertificateStatus.certificate_id).in_(numbered))
        order = (col(CertificateStatus.valid_from), col(CertificateStatus.id))
        for step in session.exec(of_them.order_by(*order)):
            steps.setdefault(step.certificate_id, []).append(step)
    return {row.id: _views(row, kept.get(row.id, []), steps) for row in rows if row.id is not None}


def _views(
    inspector: Inspector, kept: Sequence[Certificate], steps: Mapping[int, list[CertificateStatus]]
) -> list[CertificateView]:
    dated = {row.number for row in kept if row.valid_from or row.valid_to}
    found = [
        _view(row, tuple(steps.get(row.id or 0, ())))
        for row in kept
        if row.valid_from or row.valid_to or row.number not in dated
    ]
    if not any(row.number == inspector.certificate for row in kept):
        own = Paper(inspector.certificate, None, inspector.certificate_until)
        found.insert(0, CertificateView(own, None))
    return found


def _view(row: Certificate, steps: tuple[CertificateStatus, ...]) -> CertificateView:
    dated = tuple((step.valid_from, step.status) for step in steps)
    return CertificateView(Paper(row.number, row.valid_from, row.valid_to, dated), row, steps)


def _absences(numbers: Sequence[int]) -> Any:
    found = select(Absence).where(col(Absence.inspector_id).in_(numbers), stands())
    return found.order_by(col(Absence.inspector_id), col(Absence.first_day), col(Absence.id))


def _qualifications(numbers: Sequence[int]) -> Any:
    later = exists().where(col(_LaterHeld.supersedes_id) == col(Qualification.id))
    found = select(Qualification).where(col(Qualification.inspector_id).in_(numbers), ~later)
    return found.order_by(col(Qualification.inspector_id), col(Qualification.skill), col(Qualification.id))


def _some(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), MANY):
        yield values[start : start + MANY]


def absences_of(
    session: Session, inspector_id: int, *, since: date | None = None, all_rows: bool = False
) -> list[Absence]:
    """The absences that stand (or every row), latest first; `since`: those not over by then."""
    statement = select(Absence).where(Absence.inspector_id == inspector_id)
    if not all_rows:
        statement = statement.where(stands())
    if since is not None:
        statement = statement.where(col(Absence.last_day) >= since)
    return list(session.exec(statement.order_by(col(Absence.first_day).desc(), col(Absence.id).desc())))


def absences_between(
    session: Session, inspector_ids: Collection[int], *, first: date, last: date
) -> dict[int, list[Absence]]:
    """Those that stand and touch these days, by inspector, in the order of their days."""
    found: dict[int, list[Absence]] = {}
    for some in _some(sorted(set(inspector_ids))):
        statement = _absences(some).where(col(Absence.first_day) <= last, col(Absence.last_day) >= first)
        for row in session.exec(statement):
            found.setdefault(row.inspector_id, []).append(row)
    return found


def absence(session: Session, absence_id: int) -> Absence:
    """One absence, or AbsenceNotFoundError."""
    found = session.get(Absence, absence_id)
    if found is None:
        raise AbsenceNotFoundError
    return found


def superseded(session: Session, absence_id: int) -> bool:
    """Whether a later row has replaced this absence."""
    statement = select(Absence.id).where(Absence.supersedes_id == absence_id).order_by(col(Absence.id))
    return session.exec(statement).first() is not None


def certificate_row(session: Session, certificate_id: int) -> Certificate:
    """One certificate, or CertificateNotFoundError."""
    found = session.get(Certificate, certificate_id)
    if found is None:
        raise CertificateNotFoundError
    return found


def qualification(session: Session, qualification_id: int) -> Qualification:
    """One qualification, or QualificationNotFoundError."""
    found = session.get(Qualification, qualification_id)
    if found is None:
        raise QualificationNotFoundError
    return found


def qualifications_of(session: Session, inspector_id: int) -> list[Qualification]:
    """The qualifications of an inspector that stand, by skill."""
    return list(session.exec(_qualifications([inspector_id])))


def qualification_superseded(session: Session, qualification_id: int) -> bool:
    """Whether a later row has replaced this qualification."""
    statement = select(Qualification.id).where(Qualification.supersedes_id == qualification_id)
    return session.exec(statement.order_by(col(Qualification.id))).first() is not None


def last_day() -> Any:
    """The last day of an inspector's newest certificate, as SQL beside `Inspector`; null: without end."""
    of_them = col(Certificate.inspector_id) == col(Inspector.id)
    newest = sa_select(func.max(func.coalesce(col(Certificate.valid_to), date.max))).where(of_them)
    return func.coalesce(newest.correlate(Inspector).scalar_subquery(), col(Inspector.certificate_until))


def away(on: date) -> ColumnElement[bool]:
    """Whether an inspector is away on that day, as SQL beside `Inspector`."""
    of_them = exists().where(
        col(Absence.inspector_id) == col(Inspector.id),
        col(Absence.first_day) <= on,
        col(Absence.last_day) >= on,
        stands(),
    )
    return of_them.correlate(Inspector)


def visit_window(session: Session, *, on: date, until: date, needed: int) -> Window:
    """
    The working days from `on` to `until`, both counted, of which somebody needs so many.

    Raises:
        CalendarYearMissingError: The calendar does not know one of the days.
    """
    known = working_days(session, on, until)
    day = on
    while day <= until:
        if day not in known:
            raise CalendarYearMissingError(year=day.year)
        day += timedelta(days=1)
    return Window(tuple(day for day, working in known.items() if working), needed)


def working_days(session: Session, first: date, last: date) -> dict[date, bool]:
    """Whether each day is worked, of those that the calendar knows, in their order."""
    statement = select(CalendarDay).where(col(CalendarDay.day) >= first, col(CalendarDay.day) <= last)
    return {row.day: row.working for row in session.exec(statement.order_by(col(CalendarDay.day)))}


def range_of(session: Session, codes: Collection[str], *, on: date) -> dict[str, str]:
    """The categories of these items in force on that day, by code."""
    wanted = set(codes)
    return {row.code: row.category for row in items_in_force(session, on=on) if row.code in wanted}


def certificates_of(session: Session, inspector: Inspector) -> list[CertificateView]:
    """The certificates of one inspector, oldest first."""
    assert inspector.id is not None
    return papers_of(session, [inspector])[inspector.id]


def certified(on: date) -> ColumnElement[bool]:
    """Whether an inspector has a valid certificate on that day, as SQL beside `Inspector`."""
    step, later = aliased(CertificateStatus), aliased(CertificateStatus)
    follows = or_(
        col(later.valid_from) > col(step.valid_from),
        and_(col(later.valid_from) == col(step.valid_from), col(later.id) > col(step.id)),
    )
    overtaken = exists().where(
        col(later.certificate_id) == col(step.certificate_id), col(later.valid_from) <= on, follows
    )
    blocked = exists().where(
        col(step.certificate_id) == col(Certificate.id),
        col(step.valid_from) <= on,
        col(step.status) != "restored",
        ~overtaken,
    )
    of_them = col(Certificate.inspector_id) == col(Inspector.id)
    kept = exists().where(
        of_them,
        func.coalesce(col(Certificate.valid_from), on) <= on,
        func.coalesce(col(Certificate.valid_to), on) >= on,
        ~blocked,
    )
    own = exists().where(of_them, col(Certificate.number) == col(Inspector.certificate))
    lasts = func.coalesce(col(Inspector.certificate_until), on) >= on
    return or_(kept.correlate(Inspector), and_(~own.correlate(Inspector), lasts))
