"""Commands on stand-ins (A/B 角): set by who is stood in for or by the head, on record."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import acts, queries
from doublerandom.accounts.core import LENDABLE, NEEDS_SECOND, can_be_combined
from doublerandom.accounts.errors import (
    AccountClosedError,
    NotLendableError,
    RolesDoNotCombineError,
    StandInElsewhereError,
    StandInNotYoursError,
    StandInPeriodError,
    StandInSelfError,
    UnknownStandInError,
)
from doublerandom.accounts.models import StandIn, User
from doublerandom.accounts.services.roles import end
from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record

LONGEST = timedelta(days=366)


def set_stand_in(
    session: Session,
    principal: str,
    person: str,
    *,
    roles: list[str],
    first_day: date,
    last_day: date,
    reason: str,
    by: str,
    at: datetime,
) -> StandIn:
    """
    Let `person` (B) hold roles of `principal` (A) for some days; B acts under B's own name.

    Args:
        session: The session of the command.
        principal: Who is stood in for.
        person: Who stands in, of the same body.
        roles: Desk roles that A holds; an inspector's, auditor's and administrator's are never lent.
        first_day: From when.
        last_day: Until when, that day included; at most a year.
        reason: Why.
        by: A, or a head of the body.
        at: Now.

    Raises:
        StandInSelfError, StandInElsewhereError, NotLendableError, RolesDoNotCombineError, StandInPeriodError,
        AccountClosedError, UnknownPersonError; StandInNotYoursError: `by` is neither A nor a head.
    """
    today = clock.local(at).date()
    if not today <= last_day or not first_day <= last_day <= first_day + LONGEST:
        raise StandInPeriodError(first=first_day.isoformat(), last=last_day.isoformat())
    with transaction(session):
        a, b = queries.user_by_person(session, principal), queries.user_by_person(session, person)
        _check_pair(a, b, roles)
        _check_who_sets(session, a, b, roles, by)
        assert a.id is not None
        assert b.id is not None
        row = StandIn(
            principal_id=a.id,
            principal=principal,
            user_id=b.id,
            roles=sorted(set(roles)),
            first_day=first_day,
            last_day=last_day,
            reason=reason,
            by=by,
            at=at,
        )
        session.add(row)
        act = acts.StandInSet(
            person, principal, sorted(set(roles)), first_day.isoformat(), last_day.isoformat(), reason
        )
        put_on_record(session, act, by=by, at=at, after=row)
        session.expire(b, ["stands_in"])
    return row


def _check_pair(a: User, b: User, roles: list[str]) -> None:
    if a.id == b.id:
        raise StandInSelfError(person=a.person)
    if a.body_id != b.body_id:
        raise StandInElsewhereError(person=b.person)
    for user in (a, b):
        if not user.active:
            raise AccountClosedError(person=user.person)
    if not roles or not set(roles) <= a.own_roles & LENDABLE:
        raise NotLendableError(roles=roles)
    if not can_be_combined(b.own_roles | set(roles)):
        raise RolesDoNotCombineError(roles=sorted(b.own_roles | set(roles)))


def _check_who_sets(session: Session, a: User, b: User, roles: list[str], by: str) -> None:
    """
    A lends the own roles, or a head of the same body or one above sets it.

    Nobody gets a role by the own word, nor one that needs two persons without A's.
    """
    if by == a.person:
        return
    if by == b.person or NEEDS_SECOND.intersection(roles):
        raise StandInNotYoursError(person=by)
    who = queries.user_by_person(session, by)
    assert a.body is not None
    if "head" not in who.own_roles or not queries.sight(who).sees_body(a.body.path):
        raise StandInNotYoursError(person=by)


def end_stand_in(session: Session, stand_in_id: int, *, by: str, at: datetime) -> None:
    """
    End a stand-in before its last day.

    Raises:
        UnknownStandInError: There is none, or it ended.
        StandInNotYoursError: `by` is neither A, B nor a head.
    """
    with transaction(session):
        row = session.get(StandIn, stand_in_id)
        if row is None or row.ended_at is not None:
            raise UnknownStandInError(stand_in=stand_in_id)
        a, b = session.get(User, row.principal_id), session.get(User, row.user_id)
        assert a is not None
        assert b is not None
        if by != b.person:
            _check_who_sets(session, a, b, [], by)
        end(session, row, by=by, at=at)
