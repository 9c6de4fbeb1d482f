"""Conflicts of interest: who must not inspect whom."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, true
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body, Sight, certificates_by_person
from doublerandom.registry.errors import ConflictNotFoundError
from doublerandom.registry.filters import begins
from doublerandom.registry.grounds import NOTHING_FOUND, RELATED, last_of_years
from doublerandom.registry.models import (
    Conflict,
    ConflictStatus,
    Inspector,
    Subject,
    SubjectStanding,
    Visit,
)
from doublerandom.registry.queries.subjects import chunks
from doublerandom.registry.queries.ties import related_subjects, subjects_of_inspectors, tie_grounds
from doublerandom.registry.queries.visits import last_inspections
from doublerandom.registry.rules import REGULAR_SUPERVISOR, ROTATION, Pair, is_hard

MANY = 500
ConflictRow = tuple[Conflict, Inspector, Subject]


@dataclass(frozen=True)
class ConflictFilter:
    """Which conflicts a list shows; empty asks for nothing; `holds_on`: those that hold that day."""

    source: str = ""
    status: str = ""
    ground: str = ""
    inspector: str = ""
    subject: str = ""
    holds_on: date | None = None


def conflict(session: Session, conflict_id: int) -> Conflict:
    """One conflict of interest, or ConflictNotFoundError."""
    found = session.get(Conflict, conflict_id)
    if found is None:
        raise ConflictNotFoundError(value=conflict_id)
    return found


def conflict_in_sight(
    session: Session, conflict_id: int, *, sight: Sight, shown_at: datetime | None = None
) -> ConflictRow:
    """
    One conflict of an inspector of a body in sight, with both sides; or ConflictNotFoundError.

    With `shown_at` only if it is not withheld any more at that moment.
    """
    statement = _in_sight(sight).where(col(Conflict.id) == conflict_id, _shown(shown_at))
    row = session.execute(statement).first()
    if row is None:
        raise ConflictNotFoundError(value=conflict_id)
    return row[0], row[1], row[2]


def conflicts_listed(
    session: Session,
    wanted: ConflictFilter,
    *,
    sight: Sight,
    shown_at: datetime | None = None,
    after: int | None = None,
    limit: int | None = 51,
) -> list[ConflictRow]:
    """
    Conflicts of the inspectors of bodies in sight, newest first, those before the number `after`.

    With `shown_at` without those that are withheld at that moment.
    """
    statement = _in_sight(sight).where(_shown(shown_at))
    conditions = [
        (wanted.source, col(Conflict.source) == wanted.source),
        (wanted.status, col(Conflict.status) == wanted.status),
        (wanted.ground, col(Conflict.ground) == wanted.ground),
        (wanted.inspector, _named(col(Inspector.certificate), col(Inspector.name), wanted.inspector)),
        (wanted.subject, _named(col(Subject.code), col(Subject.name), wanted.subject)),
    ]
    statement = statement.where(*(condition for asked, condition in conditions if asked))
    if wanted.holds_on is not None:
        statement = statement.where(_holding(wanted.holds_on))
    if after is not None:
        statement = statement.where(col(Conflict.id) < after)
    rows = session.execute(statement.order_by(col(Conflict.id).desc()).limit(limit))
    return [(found, inspector, subject) for found, inspector, subject in rows]


def undecided_in_sight(session: Session, *, sight: Sight) -> list[ConflictRow]:
    """Conflicts that wait for a decision in the bodies in sight: personnel lists last, oldest first."""
    statement = _in_sight(sight).where(col(Conflict.status) == ConflictStatus.DECLARED)
    rows = session.execute(
        statement.order_by(col(Conflict.source) == "hr", col(Conflict.at), col(Conflict.id))
    )
    return [(found, inspector, subject) for found, inspector, subject in rows]


def _in_sight(sight: Sight) -> Select[Conflict, Inspector, Subject]:
    statement: Select[Conflict, Inspector, Subject] = sa_select(Conflict, Inspector, Subject)
    return (
        statement.join(Inspector, col(Inspector.id) == col(Conflict.inspector_id))
        .join(Subject, col(Subject.id) == col(Conflict.subject_id))
        .join(Body, col(Body.id) == col(Inspector.body_id))
        .where(col(Body.path).startswith(sight.body_path, autoescape=True))
    )


def _shown(at: datetime | None) -> ColumnElement[bool]:
    """The condition on `Conflict`: it is not withheld at a moment; None: whether it is does not matter."""
    if at is None:
        return true()
    return or_(col(Conflict.withheld_until).is_(None), col(Conflict.withheld_until) <= at)


def _named(number: Any, name: Any, words: str) -> ColumnElement[bool]:
    """Whether a number begins with the words, or a name holds them."""
    return or_(begins(number, words.upper()), func.replace(name, words, "") != name)


def holds_on(row: Conflict, day: date) -> bool:
    """Whether a conflict keeps its pair apart on a day (`_holding`, in words of Python)."""
    stands = row.status is ConflictStatus.UPHELD or (
        row.status is ConflictStatus.DECLARED and row.source != "subject"
    )
    within = row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
    return stands and within and (row.ended_on is None or day < row.ended_on)


def _holding(day: date) -> ColumnElement[bool]:
    """The condition on `Conflict`: it holds on a day; what a subject applied for once it is granted."""
    return and_(
        or_(
            col(Conflict.status) == ConflictStatus.UPHELD,
            and_(col(Conflict.status) == ConflictStatus.DECLARED, col(Conflict.source) != "subject"),
        ),
        col(Conflict.valid_from) <= day,
        or_(col(Conflict.valid_to).is_(None), col(Conflict.valid_to) >= day),
        or_(col(Conflict.ended_on).is_(None), col(Conflict.ended_on) > day),
    )


def undecided_conflicts(session: Session, *, body_id: int | None = None) -> list[Conflict]:
    """Declared conflicts that wait for a decision, of all inspectors or those of one body, oldest first."""
    statement = select(Conflict).where(Conflict.status == ConflictStatus.DECLARED)
    if body_id is not None:
        of_body = select(Inspector.id).where(Inspector.body_id == body_id)
        statement = statement.where(col(Conflict.inspector_id).in_(of_body))
    return list(session.exec(statement.order_by(col(Conflict.at), col(Conflict.id))))


def conflicts_of_inspector(
    session: Session, inspector_id: int, *, shown_at: datetime | None = None
) -> list[Conflict]:
    """The conflicts of one inspector, newest first; with `shown_at` without those that are withheld then."""
    statement = select(Conflict).where(Conflict.inspector_id == inspector_id, _shown(shown_at))
    return list(session.exec(statement.order_by(col(Conflict.at).desc(), col(Conflict.id).desc())))


def conflict_options(rules: Mapping[str, Any]) -> dict[str, Any]:
    """What a complete rule set asks of `conflict_pairs`, as its keyword arguments."""
    asked = rules["conflicts"]
    return {
        "rotation": asked["rotation"],
        "supervisor": asked.get("supervisor", True),
        "related": asked.get("related", False),
        "former_years": asked["former_years"],
        "no_finding_limit": rules["caps"].get("no_finding_limit", 0),
    }


def conflict_pairs(
    session: Session,
    *,
    subject_ids: Collection[int] | None,
    inspector_ids: Collection[int],
    on: date,
    rotation: bool = False,
    supervisor: bool = True,
    related: bool = False,
    former_years: int = 0,
    no_finding_limit: int = 0,
    shown_at: datetime | None = None,
) -> list[Pair]:
    """
    Every pair that must stay apart on that day, one for each ground, by inspector, subject and ground.

    Conflicts that hold, and what the rules make: of ties (an interest that lasts, a former employment), of
    the regular supervisor that a body named, of the last inspection, of visits on which
    nothing was ever found; with `related` what shares an identifier with one side of a conflict or tie. What
    holds for an enterprise holds for the products, projects and sites it is answerable for. `hard` is what
    the declaration says; rotation, supervisor and related are soft: `rules.is_hard` and `rules.kept_pairs`
    settle what stands.

    Args:
        session: Where to read.
        subject_ids: Only these subjects; None: any.
        inspector_ids: Only these inspectors.
        on: The day of the draw.
        rotation: Whether the rules part a subject from its last inspectors.
        supervisor: Whether they part it from its regular supervisor.
        related: Whether a conflict extends to related persons and companies.
        former_years: For how many years a former employment counts; 0: not at all.
        no_finding_limit: An inspector who found nothing at one enterprise so many times in a year stays away;
            0: never for that.
        shown_at: For people to read: without what is withheld at that moment; None: for a draw.
    """
    certificates = _certificates(session, inspector_ids)
    interests = set(_declared(session, certificates, on, shown_at))
    ties = tie_grounds(session, certificates.keys(), on=on, former_years=former_years)
    interests |= {
        (certificates[each.inspector], each.subject, each.ground, True)
        for each in ties
        if each.subject is not None
    }
    interests = _answerable(session, interests)
    pairs = set(interests)
    if related:
        outside = [(certificates[each.inspector], each.code) for each in ties if each.subject is None]
        pairs |= _related(session, certificates, interests, outside)
    if supervisor:
        pairs |= _answerable(session, set(_supervised(session, certificates, on)))
    if rotation:
        last = set(_inspected_last(session, certificates, subject_ids, on))
        pairs |= _answerable(session, last)
    if no_finding_limit:
        pairs |= set(_nothing_found(session, certificates, on, no_finding_limit))
    codes = _codes(session, {subject for _, subject, _, _ in pairs}, subject_ids)
    return sorted(
        Pair(certificate, codes[subject], ground, hard)
        for certificate, subject, ground, hard in pairs
        if subject in codes
    )


def hard_pairs_of(
    session: Session, codes: Collection[str], rules: Mapping[str, Any], *, on: date
) -> list[Pair]:
    """
    The pairs of some subjects that stand on a day however few inspectors are left, by hard grounds alone.

    Args:
        session: Where to read.
        codes: Of the subjects.
        rules: A complete rule set object: it says which grounds are hard.
        on: The day.
    """
    people = session.scalars(sa_select(col(Inspector.id)).order_by(col(Inspector.id))).all()
    wanted = sa_select(col(Subject.id)).where(col(Subject.code).in_(sorted(set(codes))))
    pairs = conflict_pairs(
        session,
        subject_ids=[one for one in session.scalars(wanted.order_by(col(Subject.id))) if one is not None],
        inspector_ids=[number for number in people if number is not None],
        on=on,
        **conflict_options(rules),
    )
    return [pair for pair in pairs if is_hard(rules, pair.ground, declared_hard=pair.hard)]


def granted_conflicts(session: Session, *, on: date) -> list[tuple[Conflict, str, str]]:
    """The hard conflicts that a head upheld and that hold on a day, with certificate and code."""
    statement = (
        sa_select(Conflict, col(Inspector.certificate), col(Subject.code))
        .join(Inspector, col(Inspector.id) == col(Conflict.inspector_id))
        .join(Subject, col(Subject.id) == col(Conflict.subject_id))
        .where(_holding(on), col(Conflict.status) == ConflictStatus.UPHELD, col(Conflict.hard))
        .order_by(col(Conflict.id))
    )
    return [(row, certificate, code) for row, certificate, code in session.execute(statement).all()]


def conflicts_between(
    session: Session, certificates: Collection[str], codes: Collection[str], *, on: date
) -> list[tuple[Conflict, str, str]]:
    """The conflicts that hold on a day between these inspectors and subjects, with certificate and code."""
    statement = (
        sa_select(Conflict, col(Inspector.certificate), col(Subject.code))
        .join(Inspector, col(Inspector.id) == col(Conflict.inspector_id))
        .join(Subject, col(Subject.id) == col(Conflict.subject_id))
        .where(_holding(on), col(Inspector.certificate).in_(sorted(set(certificates))))
        .order_by(col(Conflict.id))
    )
    wanted = set(codes)
    rows = session.execute(statement).all()
    return [(row, certificate, code) for row, certificate, code in rows if code in wanted]


_RawPair = tuple[str, int, str, bool]


def _declared(
    session: Session, certificates: dict[int, str], on: date, shown_at: datetime | None
) -> Iterator[_RawPair]:
    columns = (col(Conflict.inspector_id), col(Conflict.subject_id), col(Conflict.ground), col(Conflict.hard))
    for number, subject, ground, hard in session.execute(
        sa_select(*columns).where(_holding(on), _shown(shown_at)).order_by(col(Conflict.id))
    ):
        if number in certificates:
            yield certificates[number], subject, ground, hard


def _supervised(session: Session, certificates: dict[int, str], on: date) -> Iterator[_RawPair]:
    """Regular supervisors; a body names them by certificate number or by person token."""
    valid = and_(
        col(SubjectStanding.kind) == "supervisor",
        col(SubjectStanding.valid_from) <= on,
        or_(col(SubjectStanding.valid_to).is_(None), col(SubjectStanding.valid_to) >= on),
    )
    statement = sa_select(col(SubjectStanding.value), col(SubjectStanding.subject_id)).where(valid)
    known, people = set(certificates.values()), certificates_by_person(session)
    for named, subject in session.execute(statement.order_by(col(SubjectStanding.id))):
        certificate = people.get(named, named)
        if certificate in known:
            yield certificate, subject, REGULAR_SUPERVISOR, False


def _inspected_last(
    session: Session, certificates: dict[int, str], subject_ids: Collection[int] | None, on: date
) -> Iterator[_RawPair]:
    known = set(certificates.values())
    for visit in last_inspections(session, on=on, subject_ids=subject_ids):
        for certificate in visit.inspectors:
            if certificate in known:
                yield certificate, visit.answerable_id or visit.subject_id, ROTATION, False


def _answerable(session: Session, interests: set[_RawPair]) -> set[_RawPair]:
    """The same pairs for the enterprise answerable and for all that it is answerable for."""
    beside: dict[int, set[int]] = {}
    for some in chunks(sorted({subject for _, subject, _, _ in interests})):
        statement = sa_select(col(Subject.id), col(Subject.operator_id)).where(
            col(Subject.operator_id).is_not(None),
            or_(col(Subject.id).in_(some), col(Subject.operator_id).in_(some)),
        )
        for number, operator in session.execute(statement.order_by(col(Subject.id))):
            beside.setdefault(number, set()).add(operator)
            beside.setdefault(operator, set()).add(number)
    return interests | {
        (inspector, other, ground, hard)
        for inspector, subject, ground, hard in interests
        for other in beside.get(subject, ())
    }


def _related(
    session: Session,
    certificates: dict[int, str],
    interests: set[_RawPair],
    outside: Collection[tuple[str, str]],
) -> set[_RawPair]:
    """The pairs that interests extend to, and those of inspectors who share an identifier with a subject."""
    codes = _codes(session, {subject for _, subject, _, _ in interests}, None)
    held = {(certificate, codes[subject]) for certificate, subject, _, _ in interests} | set(outside)
    others = related_subjects(session, {code for _, code in held})
    found = {
        (certificate, subject, RELATED, False)
        for certificate, code in held
        for subject in others.get(code, ())
    }
    return found | {
        (certificates[inspector], subject, RELATED, False)
        for inspector, subject in subjects_of_inspectors(session, certificates.keys())
    }


def _nothing_found(
    session: Session, certificates: dict[int, str], on: date, limit: int
) -> Iterator[_RawPair]:
    """Inspectors who found nothing at one enterprise so many times in the year up to that day."""
    in_year = and_(
        col(Visit.found).is_(False),
        ~col(Visit.superseded),
        col(Visit.visited_on) <= on,
        col(Visit.visited_on) > last_of_years(on, -1),
    )
    often = (
        sa_select(col(Visit.answerable_id))
        .where(in_year)
        .group_by(col(Visit.answerable_id))
        .having(func.count() >= limit)
    )
    statement = sa_select(col(Visit.answerable_id), col(Visit.inspectors)).where(
        in_year, col(Visit.answerable_id).in_(often)
    )
    times: dict[tuple[str, int], int] = {}
    known = set(certificates.values())
    for subject, inspectors in session.execute(statement.order_by(col(Visit.id))):
        for certificate in known.intersection(inspectors):
            times[certificate, subject] = times.get((certificate, subject), 0) + 1
    for (certificate, subject), number in times.items():
        if number >= limit:
            yield certificate, subject, NOTHING_FOUND, True


def _certificates(session: Session, inspector_ids: Collection[int]) -> dict[int, str]:
    statement = sa_select(col(Inspector.id), col(Inspector.certificate)).order_by(col(Inspector.id))
    wanted = set(inspector_ids)
    return {number: certificate for number, certificate in session.execute(statement) if number in wanted}


def _codes(session: Session, wanted: set[int], allowed: Collection[int] | None) -> dict[int, str]:
    numbers = sorted(wanted if allowed is None else wanted & set(allowed))
    codes: dict[int, Any] = {}
    for start in range(0, len(numbers), MANY):
        some = numbers[start : start + MANY]
        codes.update(
            session.execute(
                sa_select(col(Subject.id), col(Subject.code)).where(col(Subject.id).in_(some))
            ).all()
        )
    return codes
