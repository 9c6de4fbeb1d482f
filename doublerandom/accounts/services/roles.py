"""Commands on roles and accounts: asked for, confirmed by a second person, withdrawn; closed, opened."""

from datetime import date, datetime

from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import acts, queries
from doublerandom.accounts.core import CONFIRMING, NEEDS_SECOND, ROLES, can_be_combined, two_persons
from doublerandom.accounts.errors import (
    AccountClosedError,
    AccountOpenError,
    GrantDecidedError,
    NotOneselfError,
    RoleHeldError,
    RoleNotHeldError,
    RolesDoNotCombineError,
    StandsInForOtherSideError,
    UnknownGrantError,
    UnknownRoleError,
)
from doublerandom.accounts.models import RoleGrant, StandIn, User
from doublerandom.accounts.services.people import role_row
from doublerandom.accounts.services.sessions import end_sessions
from doublerandom.accounts.services.signing_keys import end_all_keys
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record


def request_role(
    session: Session, person: str, role: str, *, reason: str, by: str, at: datetime
) -> RoleGrant:
    """
    Ask for a role for a person; one that needs no second person is granted at once.

    Raises:
        UnknownRoleError, RolesDoNotCombineError, RoleHeldError, AccountClosedError, UnknownPersonError.
        NotOneselfError: Nobody grants to oneself.
    """
    if role not in ROLES:
        raise UnknownRoleError(role=role)
    with transaction(session):
        user = queries.user_by_person(session, person)
        _check_grant(user, role, by, at)
        if queries.waiting_grant(session, user.id, role):
            raise RoleHeldError(person=person, role=role)
        alone = role not in NEEDS_SECOND
        assert user.id is not None
        grant = RoleGrant(user_id=user.id, role=role, reason=reason, alone=alone, requested_by=by, at=at)
        session.add(grant)
        if alone:
            _grant(session, grant, user, by=by, at=at)
        else:
            put_on_record(session, acts.RoleRequested(person, role, reason), by=by, at=at, after=grant)
    return grant


def _check_grant(user: User, role: str, by: str, at: datetime) -> None:
    """Refuse what may not be granted; what stand-ins lend, now or later, counts as held."""
    today = clock.local(at).date()
    lent = {
        name for row in user.stands_in if row.ended_at is None and row.last_day >= today for name in row.roles
    }
    if user.person == by:
        raise NotOneselfError(person=by)
    if not user.active:
        raise AccountClosedError(person=user.person)
    if role in user.own_roles:
        raise RoleHeldError(person=user.person, role=role)
    if not can_be_combined(user.own_roles | lent | {role}):
        raise RolesDoNotCombineError(roles=sorted(user.own_roles | lent | {role}))


def ask_again(session: Session, user: User, *, reason: str, by: str, at: datetime) -> None:
    """
    Roles that need two persons wait for the second one again, inside a command.

    Whoever can reset an account alone could otherwise take the place of its owner, and be the second person.
    """
    for role in sorted(user.own_roles & NEEDS_SECOND):
        withdraw_role(session, user.person, role, reason=reason, by=by, at=at)
        session.flush()
        request_role(session, user.person, role, reason=reason, by=by, at=at)


def decide_role(session: Session, grant_id: int, *, grant: bool, by: str, at: datetime) -> RoleGrant:
    """
    Confirm or refuse a request, as the second person.

    Raises:
        UnknownGrantError, GrantDecidedError, RoleHeldError, RolesDoNotCombineError, AccountClosedError.
        SamePersonTwiceError: Who asked does not confirm.
        StandsInForOtherSideError: Who decides does so only in the place of who asked.
        NotOneselfError: Nobody confirms for oneself.
    """
    with transaction(session):
        row = session.get(RoleGrant, grant_id, with_for_update=True)
        if row is None:
            raise UnknownGrantError(grant=grant_id)
        if row.decided_at is not None:
            raise GrantDecidedError(grant=grant_id)
        user = session.get(User, row.user_id)
        assert user is not None
        sides = {"first_roles": ("administrator",), "second_roles": CONFIRMING}
        check_two_persons(session, row.requested_by, by, **sides, at=at, first_at=row.at)
        if grant:
            _check_grant(user, row.role, by, at)
            _grant(session, row, user, by=by, at=at)
        else:
            if by == user.person:
                raise NotOneselfError(person=by)
            row.decided_by, row.decided_at = by, at
            session.add(row)
            put_on_record(session, acts.RoleRefused(user.person, row.role, row.requested_by), by=by, at=at)
    return row


def _grant(session: Session, row: RoleGrant, user: User, *, by: str, at: datetime) -> None:
    row.decided_by, row.decided_at, row.granted = by, at, True
    user.roles = [*user.roles, role_row(session, row.role)]
    session.add_all([row, user])
    act = acts.RoleGranted(user.person, row.role, requested_by=row.requested_by)
    put_on_record(session, act, by=by, at=at, after=row)


def withdraw_role(session: Session, person: str, role: str, *, reason: str, by: str, at: datetime) -> None:
    """
    Take a role from a person, or a request that waits; stand-ins in that role end with it.

    Raises:
        RoleNotHeldError, UnknownPersonError.
    """
    with transaction(session):
        user = queries.user_by_person(session, person)
        waiting = queries.waiting_grant(session, user.id, role)
        if role not in user.own_roles and waiting is None:
            raise RoleNotHeldError(person=person, role=role)
        if waiting is not None:
            waiting.decided_by, waiting.decided_at, waiting.alone = by, at, True
            session.add(waiting)
        if row := queries.grant_in_force(session, user.id, role):
            row.ended_at, row.ended_by, row.end_reason = at, by, reason
            session.add(row)
        user.roles = [held for held in user.roles if held.name != role]
        session.add(user)
        put_on_record(session, acts.RoleWithdrawn(person, role, reason), by=by, at=at)
        today = clock.local(at).date()
        for stand_in in _stand_ins(session, user, today):
            if role in stand_in.roles and stand_in.principal_id == user.id:
                end(session, stand_in, by=by, at=at)


def deactivate(
    session: Session, person: str, *, reason: str, settings: Settings, by: str, at: datetime
) -> None:
    """
    Close an account: nothing is deleted; every sign-in, link and stand-in ends, keys sign no more.

    Raises:
        NotOneselfError, AccountClosedError, UnknownPersonError.
    """
    from doublerandom.accounts.services.invitations import end_links  # noqa: PLC0415 - it invites with roles

    with transaction(session):
        user = queries.user_by_person(session, person)
        if by == person:
            raise NotOneselfError(person=person)
        if not user.active:
            raise AccountClosedError(person=person)
        user.active = False
        session.add(user)
        put_on_record(session, acts.AccountDeactivated(person, reason=reason), by=by, at=at)
        end_sessions(session, user, reason="account closed", by=by, at=at)
        end_links(session, user, at=at)
        end_all_keys(session, user, settings=settings, by=by, at=at)
        for stand_in in _stand_ins(session, user, clock.local(at).date()):
            end(session, stand_in, by=by, at=at)


def reactivate(session: Session, person: str, *, reason: str, by: str, at: datetime) -> None:
    """
    Open a closed account again; roles that need two persons wait for the second one, keys are made anew.

    Raises:
        NotOneselfError, AccountOpenError, UnknownPersonError.
    """
    with transaction(session):
        user = queries.user_by_person(session, person)
        if by == person:
            raise NotOneselfError(person=person)
        if user.active:
            raise AccountOpenError(person=person)
        user.active = True
        session.add(user)
        put_on_record(session, acts.AccountReactivated(person, reason=reason), by=by, at=at)
        ask_again(session, user, reason=reason, by=by, at=at)


def end(session: Session, stand_in: StandIn, *, by: str, at: datetime) -> None:
    """End a stand-in, inside a command."""
    stand_in.ended_at, stand_in.ended_by = at, by
    session.add(stand_in)
    user = session.get(User, stand_in.user_id)
    assert user is not None
    act = acts.StandInEnded(user.person, principal=stand_in.principal, roles=list(stand_in.roles))
    put_on_record(session, act, by=by, at=at)
    session.expire(user, ["stands_in"])


def _stand_ins(session: Session, user: User, today: date) -> list[StandIn]:
    return [row for row, _a, _b in queries.stand_ins(session, "", person_id=user.id, on=today)]


def check_two_persons(
    session: Session,
    first: str,
    second: str,
    *,
    first_roles: tuple[str, ...],
    second_roles: tuple[str, ...],
    at: datetime,
    first_at: datetime | None = None,
) -> None:
    """
    Refuse an act that needs two persons where they are one, or one holds the part only in the other's place.

    Args:
        session: Reads only.
        first: Who acted first.
        second: Who acts now.
        first_roles: The roles in which the first may act so.
        second_roles: The roles in which the second may; a lent one counts only where no own one does.
        at: When; stand-ins count by their day.
        first_at: When the first acted, where that was another day: a stand-in of either day counts.

    Raises:
        SamePersonTwiceError, StandsInForOtherSideError.
    """
    two_persons(first, second)
    moments = {at, first_at or at}
    for one, other, roles in ((first, second, first_roles), (second, first, second_roles)):
        user = queries.user_or_none(session, one)
        if user is None or user.own_roles.intersection(roles):
            continue
        if any(other in _stood_in_for(user, roles, moment) for moment in moments):
            raise StandsInForOtherSideError(person=one, principal=other)


def _stood_in_for(user: User, roles: tuple[str, ...], moment: datetime) -> set[str]:
    """In whose place a person held any of these roles then, also where that has ended since."""
    day = clock.local(moment).date()
    return {
        each.principal
        for each in user.stands_in
        if each.first_day <= day <= each.last_day
        and (each.ended_at is None or each.ended_at > moment)
        and not set(roles).isdisjoint(each.roles)
    }
