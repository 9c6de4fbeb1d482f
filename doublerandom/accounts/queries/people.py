"""People: their accounts, names, roles and sight, always ordered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from doublerandom.accounts.core import Sight, region_subtree_prefix
from doublerandom.accounts.errors import UnknownPersonError
from doublerandom.accounts.models import Body, Role, SignInFailure, User, user_roles


def user_by_username(session: Session, username: str) -> User | None:
    """The account of that user name, if there is one."""
    return session.scalars(select(User).where(col(User.username) == username)).one_or_none()


def user_by_person(session: Session, person: str) -> User:
    """The account of that person; raises UnknownPersonError."""
    found = session.scalars(select(User).where(col(User.person) == person)).one_or_none()
    if found is None:
        raise UnknownPersonError(person=person)
    return found


def user_or_none(session: Session, person: str) -> User | None:
    """The account of that person, if there is one."""
    return session.scalars(select(User).where(col(User.person) == person)).one_or_none()


def person_names(session: Session, people: Iterable[str]) -> dict[str, str]:
    """Names by person token, of those among `people` who have an account; for timelines and trails."""
    named = select(col(User.person), col(User.name)).where(col(User.person).in_(sorted(set(people))))
    query = named.order_by(col(User.person))
    return {row.person: row.name for row in session.execute(query)}


def certificates_by_person(session: Session) -> dict[str, str]:
    """Inspectors' certificate numbers by person token, of those whose account names one."""
    query = select(col(User.person), col(User.certificate)).where(col(User.certificate) != "")
    return {row.person: row.certificate for row in session.execute(query.order_by(col(User.person)))}


def people_by_certificate(session: Session, certificate: str) -> Sequence[str]:
    """Person tokens of the accounts that name this certificate number, in order."""
    query = select(col(User.person)).where(col(User.certificate) == certificate)
    return session.scalars(query.order_by(col(User.person))).all()


def people_of(
    session: Session,
    path: str,
    *,
    after: str = "",
    limit: int | None = 100,
    text: str = "",
    role: str = "",
    active: bool | None = None,
) -> Sequence[User]:
    """
    Accounts of the bodies at and below a path, by user name, those that follow `after`.

    Args:
        session: Reads only.
        path: Of the body.
        after: User name after which to begin.
        limit: How many at most; None: all.
        text: Part of user name, name or person token.
        role: Only holders of that role.
        active: Only open accounts (True) or closed ones (False).
    """
    query = select(User).join(Body, col(Body.id) == col(User.body_id))
    query = query.where(col(Body.path).startswith(path, autoescape=True), col(User.username) > after)
    if text:
        places = (col(User.username), col(User.name), col(User.person))
        query = query.where(or_(*(place.contains(text, autoescape=True) for place in places)))
    if role:
        held = select(user_roles.c.user_id).join(Role, user_roles.c.role_id == col(Role.id))
        query = query.where(col(User.id).in_(held.where(col(Role.name) == role)))
    if active is not None:
        query = query.where(col(User.active).is_(active))
    return session.scalars(query.order_by(col(User.username)).limit(limit)).unique().all()


def roles_by_name(session: Session) -> dict[str, Role]:
    """The roles that have a row."""
    return {role.name: role for role in session.scalars(select(Role).order_by(col(Role.name)))}


def sight(user: Any) -> Sight:
    """What a person may see, by the body of the account; roles lent today count."""
    assert user.body is not None
    return Sight(
        body_id=user.body_id,
        body_path=user.body.path,
        region_prefix=region_subtree_prefix(user.body.region),
        roles=user.acting_roles,
    )


def failures_since(session: Session, username: str, since: datetime) -> int:
    """How many sign-ins under that user name have failed since."""
    query = select(func.count()).where(col(SignInFailure.username) == username, col(SignInFailure.at) > since)
    return session.scalar(query) or 0
