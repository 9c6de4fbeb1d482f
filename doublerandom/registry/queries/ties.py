"""Facts of which rules make conflicts: ties of inspectors, identifiers that subjects and inspectors share."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body, Sight
from doublerandom.registry.errors.conflicts import TieNotFoundError
from doublerandom.registry.grounds import ground_of_tie
from doublerandom.registry.models import Inspector, Link, Subject, Tie
from doublerandom.registry.queries.subjects import chunks

Owner = tuple[int, int]  # inspector, subject


class TieGround(NamedTuple):
    """What a tie makes on a day: `subject` None where the company is not in the pool."""

    inspector: int
    subject: int | None
    code: str
    ground: str


def tie(session: Session, tie_id: int) -> Tie:
    """One tie, or TieNotFoundError."""
    found = session.get(Tie, tie_id)
    if found is None:
        raise TieNotFoundError(value=tie_id)
    return found


def same_tie(session: Session, wanted: Tie) -> Tie | None:
    """The tie on record of the same inspector, company, relation and first day, unless it was withdrawn."""
    statement = select(Tie).where(
        Tie.inspector_id == wanted.inspector_id,
        Tie.code == wanted.code,
        Tie.relation == wanted.relation,
        Tie.first_day == wanted.first_day
        if wanted.first_day is not None
        else col(Tie.first_day).is_(None),
        col(Tie.withdrawn_at).is_(None),
    )
    return session.exec(statement.order_by(col(Tie.id).desc())).first()


def link_of(session: Session, owner: str, kind: str, value: str) -> Link | None:
    """The link of this owner with this value, if it is on record."""
    statement = select(Link).where(Link.owner == owner, Link.kind == kind, Link.value == value)
    return session.exec(statement).first()


def ties_listed(
    session: Session, *, sight: Sight, after: int | None = None, limit: int | None = 51
) -> list[tuple[Tie, Inspector, Subject | None]]:
    """Ties of the inspectors of bodies in sight, newest first, those before the number `after`."""
    statement: Select[Tie, Inspector, Subject] = (
        sa_select(Tie, Inspector, Subject)
        .join(Inspector, col(Inspector.id) == col(Tie.inspector_id))
        .join(Body, col(Body.id) == col(Inspector.body_id))
        .join(Subject, col(Subject.id) == col(Tie.subject_id), isouter=True)
        .where(col(Body.path).startswith(sight.body_path, autoescape=True))
    )
    if after is not None:
        statement = statement.where(col(Tie.id) < after)
    rows = session.execute(statement.order_by(col(Tie.id).desc()).limit(limit))
    return [(found, inspector, subject) for found, inspector, subject in rows]


def tie_grounds(
    session: Session, inspectors: Collection[int], *, on: date, former_years: int
) -> list[TieGround]:
    """What the ties of these inspectors make on a day, by number; a company counts once it is in the pool."""
    statement = (
        sa_select(Tie, col(Subject.id))
        .join(Subject, col(Subject.code) == col(Tie.code), isouter=True)
        .where(col(Tie.withdrawn_at).is_(None), or_(col(Tie.first_day).is_(None), col(Tie.first_day) <= on))
        .order_by(col(Tie.id))
    )
    found = []
    for row, subject in session.execute(statement):
        ground = ground_of_tie(row.relation, last_day=row.last_day, on=on, former_years=former_years)
        if ground and row.inspector_id in inspectors:
            found.append(TieGround(row.inspector_id, subject, row.code, ground))
    return found


def related_subjects(session: Session, codes: Collection[str]) -> dict[str, set[int]]:
    """
    For the code of a subject or company, the subjects that share an identifier with it, itself left out.

    Shared are a person, a telephone number, an address or a parent; subsidiaries are related to their parent.
    """
    ids = _ids_of(session, codes)
    keys: dict[tuple[str, str], set[str]] = {("parent", code): {code} for code in codes}
    codes_of = {number: code for code, number in ids.items()}
    for number, kind, value in _links_of_subjects(session, sorted(codes_of)):
        keys.setdefault((kind, value), set()).add(codes_of[number])
    found: dict[str, set[int]] = {}
    for (kind, value), owners in _owners_of(session, keys).items():
        for code in keys[kind, value]:
            found.setdefault(code, set()).update(owners - {ids.get(code)})
    for code, parents in _parents_of(keys).items():
        found.setdefault(code, set()).update(_ids_of(session, parents).values())
    return {code: others for code, others in found.items() if others}


def subjects_of_inspectors(session: Session, inspectors: Collection[int]) -> Iterator[Owner]:
    """Inspectors with the subjects with which they or their relatives share an identifier."""
    own, other = Link.__table__.alias("own"), Link.__table__.alias("other")  # type: ignore[attr-defined]
    statement = (
        sa_select(own.c.inspector_id, other.c.subject_id)
        .join(other, (own.c.kind == other.c.kind) & (own.c.value == other.c.value))
        .where(own.c.inspector_id.is_not(None), other.c.subject_id.is_not(None))
        .order_by(own.c.inspector_id, other.c.subject_id)
    )
    for inspector, subject in session.execute(statement):
        if inspector in inspectors:
            yield inspector, subject


def _parents_of(keys: Mapping[tuple[str, str], set[str]]) -> dict[str, set[str]]:
    """The parent codes that the links of a code name."""
    parents: dict[str, set[str]] = {}
    for (kind, value), codes in keys.items():
        if kind == "parent":
            for code in codes - {value}:
                parents.setdefault(code, set()).add(value)
    return parents


def _ids_of(session: Session, codes: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(sorted(codes)):
        rows = session.execute(
            sa_select(col(Subject.code), col(Subject.id)).where(col(Subject.code).in_(some))
        )
        found.update((code, number) for code, number in rows)
    return found


def _links_of_subjects(session: Session, numbers: list[int]) -> Iterator[tuple[int, str, str]]:
    for some in chunks(numbers):
        statement = sa_select(col(Link.subject_id), col(Link.kind), col(Link.value))
        rows = session.execute(statement.where(col(Link.subject_id).in_(some)).order_by(col(Link.id)))
        yield from ((number, kind, value) for number, kind, value in rows)


def _owners_of(
    session: Session, keys: Collection[tuple[str, str]]
) -> dict[tuple[str, str], set[int]]:
    """The subjects that have each of these identifiers."""
    found: dict[tuple[str, str], set[int]] = {}
    for some in chunks(sorted({value for _, value in keys})):
        statement = sa_select(col(Link.kind), col(Link.value), col(Link.subject_id)).where(
            col(Link.value).in_(some), col(Link.subject_id).is_not(None)
        )
        for kind, value, subject in session.execute(statement.order_by(col(Link.id))):
            if (kind, value) in keys:
                found.setdefault((kind, value), set()).add(subject)
    return found
