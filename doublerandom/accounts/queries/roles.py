"""Roles over time: requests that wait, the history of a person's roles, stand-ins; always ordered."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from doublerandom.accounts.core import Sight
from doublerandom.accounts.errors import UnknownGrantError, UnknownPersonError, UnknownStandInError
from doublerandom.accounts.models import Body, Role, RoleGrant, StandIn, User, user_roles


def person_in_sight(session: Session, sight: Sight, person: str) -> User:
    """The account of that person at a body in sight; raises UnknownPersonError."""
    query = select(User).join(Body, col(Body.id) == col(User.body_id))
    query = query.where(
        col(User.person) == person, col(Body.path).startswith(sight.body_path, autoescape=True)
    )
    found = session.scalars(query).unique().one_or_none()
    if found is None:
        raise UnknownPersonError(person=person)
    return found


def holders_of_role(session: Session, role: str) -> Sequence[User]:
    """Accounts that are open and hold the role."""
    query = select(User).join(user_roles, user_roles.c.user_id == col(User.id))
    query = query.join(Role, user_roles.c.role_id == col(Role.id))
    query = query.where(col(Role.name) == role, col(User.active).is_(True))
    return session.scalars(query.order_by(col(User.username))).unique().all()


def grants_of(session: Session, user_id: int | None) -> Sequence[RoleGrant]:
    """The history of a person's roles, the newest first."""
    query = select(RoleGrant).where(col(RoleGrant.user_id) == user_id)
    return session.scalars(query.order_by(col(RoleGrant.id).desc())).all()


def undecided_grants(session: Session, sight: Sight) -> Sequence[tuple[RoleGrant, User]]:
    """Requests for people of bodies in sight that wait for a second person, the oldest first."""
    query = select(RoleGrant, User).join(User, col(User.id) == col(RoleGrant.user_id))
    query = query.join(Body, col(Body.id) == col(User.body_id))
    query = query.where(
        col(RoleGrant.decided_at).is_(None), col(Body.path).startswith(sight.body_path, autoescape=True)
    )
    rows = session.execute(query.order_by(col(RoleGrant.id))).unique().all()
    return [(row[0], row[1]) for row in rows]


def undecided_grant(session: Session, sight: Sight, grant_id: int) -> tuple[RoleGrant, User]:
    """One request in sight that waits; raises UnknownGrantError."""
    for grant, user in undecided_grants(session, sight):
        if grant.id == grant_id:
            return grant, user
    raise UnknownGrantError(grant=grant_id)


def waiting_grant(session: Session, user_id: int | None, role: str) -> RoleGrant | None:
    """The request for that role that waits, if there is one."""
    query = select(RoleGrant).where(
        col(RoleGrant.user_id) == user_id, col(RoleGrant.role) == role, col(RoleGrant.decided_at).is_(None)
    )
    return session.scalars(query.order_by(col(RoleGrant.id))).first()


def grant_in_force(session: Session, user_id: int | None, role: str) -> RoleGrant | None:
    """The row by which the person holds the role, if it was put down."""
    query = select(RoleGrant).where(
        col(RoleGrant.user_id) == user_id,
        col(RoleGrant.role) == role,
        col(RoleGrant.granted).is_(True),
        col(RoleGrant.ended_at).is_(None),
    )
    return session.scalars(query.order_by(col(RoleGrant.id).desc())).first()


def stand_in(session: Session, sight: Sight, stand_in_id: int) -> StandIn:
    """A stand-in at a body in sight that has not ended; raises UnknownStandInError."""
    for row, _a, _b in stand_ins(session, sight.body_path):
        if row.id == stand_in_id:
            return row
    raise UnknownStandInError(stand_in=stand_in_id)


def stand_ins(
    session: Session, path: str, *, person_id: int | None = None, on: date | None = None
) -> Sequence[tuple[StandIn, User, User]]:
    """
    Stand-ins that have not ended at the bodies at and below a path, with A and B, by their first day.

    Args:
        session: Reads only.
        path: Of the body.
        person_id: Only those in which this account is A or B.
        on: Only those whose last day is not before this day.
    """
    query = select(StandIn).join(User, col(User.id) == col(StandIn.principal_id))
    query = query.join(Body, col(Body.id) == col(User.body_id))
    query = query.where(col(StandIn.ended_at).is_(None), col(Body.path).startswith(path, autoescape=True))
    if person_id is not None:
        query = query.where((col(StandIn.principal_id) == person_id) | (col(StandIn.user_id) == person_id))
    if on is not None:
        query = query.where(col(StandIn.last_day) >= on)
    rows = session.scalars(query.order_by(col(StandIn.first_day), col(StandIn.id))).all()
    return [(row, _user(session, row.principal_id), _user(session, row.user_id)) for row in rows]


def _user(session: Session, user_id: int) -> User:
    found = session.get(User, user_id)
    assert found is not None
    return found


def people_of_body(session: Session, body_id: int) -> Sequence[User]:
    """Open accounts of one body, by name."""
    query = select(User).where(col(User.body_id) == body_id, col(User.active).is_(True))
    return session.scalars(query.order_by(col(User.name), col(User.person))).unique().all()
