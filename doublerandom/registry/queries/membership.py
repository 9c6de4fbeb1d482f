"""Who is in a body's pool, and who left it, why, by whom."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, true
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body, Sight, region_subtree_prefix
from doublerandom.registry import filters
from doublerandom.registry.errors import SubjectNotFoundError
from doublerandom.registry.membership import JOINED
from doublerandom.registry.models import (
    RegistrationStatus,
    Subject,
    SubjectChange,
    SubjectStanding,
)
from doublerandom.registry.queries.bodies import within_region

MANY = 500


class PoolChange(NamedTuple):
    """One word on membership or exclusion, or a registration ended by hand; `by` is a person token."""

    id: int
    kind: str
    value: str
    code: str
    name: str
    body_id: int | None
    day: date
    reason: str
    by: str
    at: datetime | None


class PoolChangeCount(NamedTuple):
    """How often a person took subjects out for a reason."""

    by: str
    kind: str
    value: str
    number: int


def in_pool(session: Session, *, body: Body, on: date) -> ColumnElement[bool]:
    """
    The condition on `Subject`: in this body's pool on that day.

    A `region` body's pool is all of its region but those whose newest word of membership says that they
    left; a `listed` body's only those whose newest word says `in`. Withdrawn rows are in no pool.
    """
    assert body.id is not None
    kept = col(Subject.status) != RegistrationStatus.WITHDRAWN.value
    if body.pool == "listed":
        return and_(kept, col(Subject.id).in_(_with_newest_word(body.id, on, joined=True)))
    here = and_(kept, within_region(col(Subject.region), body.region))
    said = filters.standing_in_force("member", bodies=[body.id], on=on)
    first = select(SubjectStanding.id).where(said, col(SubjectStanding.value) != JOINED)
    if session.exec(first.order_by(col(SubjectStanding.id)).limit(1)).first() is None:
        return here
    return and_(here, col(Subject.id).not_in(_with_newest_word(body.id, on, joined=False)))


def _with_newest_word(body_id: int, on: date, *, joined: bool) -> Any:
    """Ids of the subjects whose newest word of membership by this body, valid on that day, is so."""
    newest = (
        sa_select(
            col(SubjectStanding.subject_id).label("subject_id"),
            col(SubjectStanding.value).label("value"),
            func.row_number()
            .over(
                partition_by=col(SubjectStanding.subject_id),
                order_by=(col(SubjectStanding.valid_from).desc(), col(SubjectStanding.id).desc()),
            )
            .label("place"),
        )
        .where(filters.standing_in_force("member", bodies=[body_id], on=on))
        .subquery()
    )
    said = newest.c.value == JOINED if joined else newest.c.value != JOINED
    return sa_select(newest.c.subject_id).where(newest.c.place == 1, said)


def codes_in_pool(session: Session, codes: Collection[str], *, body: Body, on: date) -> set[str]:
    """Those of the codes whose subjects are in the body's pool on that day."""
    wanted = sorted(set(codes))
    found: set[str] = set()
    condition = in_pool(session, body=body, on=on)
    for start in range(0, len(wanted), MANY):
        some = col(Subject.code).in_(wanted[start : start + MANY])
        found.update(session.exec(select(Subject.code).where(some, condition).order_by(Subject.code)))
    return found


def codes_outside(session: Session, codes: Collection[str], *, region: str) -> list[str]:
    """Those of the codes whose subjects are outside this region, in order."""
    wanted = sorted(set(codes))
    found: list[str] = []
    outside = ~within_region(col(Subject.region), region)
    for start in range(0, len(wanted), MANY):
        some = col(Subject.code).in_(wanted[start : start + MANY])
        found += session.exec(select(Subject.code).where(some, outside).order_by(Subject.code))
    return sorted(found)


def in_sight(*, sight: Sight) -> ColumnElement[bool]:
    """The condition on `Subject`: in the sight's region, or in the listed pool of a body in sight."""
    members = (
        sa_select(col(SubjectStanding.subject_id))
        .join(Body, col(Body.id) == col(SubjectStanding.body_id))
        .where(
            col(SubjectStanding.kind) == "member",
            col(SubjectStanding.value) == JOINED,
            col(Body.path).startswith(sight.body_path, autoescape=True),
        )
    )
    here = filters.begins(col(Subject.region), sight.region_prefix)
    return here | col(Subject.id).in_(members)


def subject_in_sight(session: Session, code: str, *, sight: Sight) -> Subject:
    """The subject of this code, or SubjectNotFoundError if there is none in sight."""
    statement = select(Subject).where(Subject.code == code.strip().upper(), in_sight(sight=sight))
    found = session.exec(statement).first()
    if found is None:
        raise SubjectNotFoundError(value=code)
    return found


def memberships(
    session: Session, subject: Subject, *, bodies: Collection[Body], on: date
) -> list[tuple[Body, bool]]:
    """Which of the bodies have or had the subject in their pools, and whether it is there on that day."""
    assert subject.id is not None
    said = {
        row.body_id
        for row in session.exec(
            select(SubjectStanding)
            .where(SubjectStanding.subject_id == subject.id, SubjectStanding.kind == "member")
            .order_by(col(SubjectStanding.id))
        )
    }
    found = []
    for body in bodies:
        concerned = body.id in said or (body.pool == "region" and within(subject.region, body.region))
        if concerned:
            found.append((body, bool(codes_in_pool(session, [subject.code], body=body, on=on))))
    return found


def within(region: str, of: str) -> bool:
    """Whether a region code lies in this division or below it."""
    return region.startswith(region_subtree_prefix(of))


def pool_changes(
    session: Session,
    *,
    sight: Sight,
    since: date,
    until: date,
    kind: str = "member",
    value: str = "",
    person: str = "",
    before: int = 0,
    limit: int | None = None,
) -> list[PoolChange]:
    """
    Who left the pools of the bodies in sight, or was excluded from draws there; newest word first.

    Args:
        session: Where to read.
        sight: Whose; only words of bodies in sight.
        since: First day on which it took effect.
        until: Last day.
        kind: member (left the pool), excluded (stays in it but is not drawn) or status (registration ended).
        value: Reason code; empty: any.
        person: Who did it; empty: anybody.
        before: Only those with a lower number, for the next page.
        limit: At most so many.
    """
    if kind == "status":
        return _registrations_ended(session, sight, since, until, value, person, before, limit)
    statement = (
        sa_select(SubjectStanding, col(Subject.code), col(Subject.name))
        .join(Subject, col(Subject.id) == col(SubjectStanding.subject_id))
        .where(_taken_out(sight, since, until), col(SubjectStanding.kind) == kind)
        .order_by(col(SubjectStanding.id).desc())
        .limit(limit)
    )
    if value:
        statement = statement.where(col(SubjectStanding.value) == value)
    if person:
        statement = statement.where(col(SubjectStanding.by) == person)
    if before:
        statement = statement.where(col(SubjectStanding.id) < before)
    return [
        PoolChange(
            row.id or 0,
            row.kind,
            row.value,
            code,
            name,
            row.body_id,
            row.valid_from,
            row.reason,
            row.by,
            row.at,
        )
        for row, code, name in session.execute(statement)
    ]


def pool_change_counts(session: Session, *, sight: Sight, since: date, until: date) -> list[PoolChangeCount]:
    """How many subjects each person took out, per kind and reason, by person; bodies in sight only."""
    number = func.count()
    word = (col(SubjectStanding.by), col(SubjectStanding.kind), col(SubjectStanding.value))
    said = sa_select(*word, number).where(_taken_out(sight, since, until)).group_by(*word).order_by(*word)
    ended = (col(SubjectChange.by), col(SubjectChange.now))
    changed = (
        sa_select(*ended, number)
        .join(Subject, col(Subject.id) == col(SubjectChange.subject_id))
        .where(_ended_by_hand(sight, since, until))
        .group_by(*ended)
        .order_by(*ended)
    )
    counts = [PoolChangeCount(*row) for row in session.execute(said)]
    counts += [PoolChangeCount(by, "status", now, n) for by, now, n in session.execute(changed)]
    return sorted(counts)


def _taken_out(sight: Sight, since: date, until: date) -> ColumnElement[bool]:
    bodies = sa_select(col(Body.id)).where(col(Body.path).startswith(sight.body_path, autoescape=True))
    return and_(
        col(SubjectStanding.kind).in_(("member", "excluded")),
        col(SubjectStanding.value) != JOINED,
        col(SubjectStanding.body_id).in_(bodies),
        col(SubjectStanding.valid_from).between(since, until),
    )


def _ended_by_hand(sight: Sight, since: date, until: date) -> ColumnElement[bool]:
    """Registrations that a person, not a file, said had ended."""
    return and_(
        col(SubjectChange.field) == "status",
        col(SubjectChange.now) != RegistrationStatus.ACTIVE.value,
        col(SubjectChange.batch_id).is_(None),
        col(SubjectChange.day).between(since, until),
        filters.begins(col(Subject.region), sight.region_prefix) if sight.region_prefix else true(),
    )


def _registrations_ended(  # noqa: PLR0917 - the arguments of `pool_changes`
    session: Session,
    sight: Sight,
    since: date,
    until: date,
    value: str,
    person: str,
    before: int,
    limit: int | None,
) -> list[PoolChange]:
    statement = (
        sa_select(SubjectChange, col(Subject.code), col(Subject.name))
        .join(Subject, col(Subject.id) == col(SubjectChange.subject_id))
        .where(_ended_by_hand(sight, since, until))
        .order_by(col(SubjectChange.id).desc())
        .limit(limit)
    )
    if value:
        statement = statement.where(col(SubjectChange.now) == value)
    if person:
        statement = statement.where(col(SubjectChange.by) == person)
    if before:
        statement = statement.where(col(SubjectChange.id) < before)
    return [
        PoolChange(
            row.id or 0,
            "status",
            row.now,
            code,
            name,
            None,
            row.day,
            row.reason or row.source,
            row.by,
            row.at,
        )
        for row, code, name in session.execute(statement)
    ]
