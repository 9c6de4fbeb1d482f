"""People: their accounts, names, roles and sight, always ordered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from doublerandom.accounts.core import Sight, region_subtree_prefix
from doublerandom.accounts.errors import UnknownPersonError
from doublerandom.accounts.models import Body, Role, SignInFailure, User


def user_by_username(session: Session, username: str) -> User | None:
    """The account of that user name, if there is one."""
    return session.scalars(select(User).where(col(User.username) == username)).one_or_none()


def user_by_person(session: Session, person: str) -> User:
    """The account of that person; raises UnknownPersonError."""
    found = session.scalars(select(User).where(col(User.person) == person)).one_or_none()
    if found is None:
        raise UnknownPersonError(person=person)
    return found


def person_names(session: Session, people: Iterable[str]) -> dict[str, str]:
    """Names by person token, of those among `people` who have an account; for timelines and trails."""
    named = select(col(User.person), col(User.name)).where(col(User.person).in_(sorted(set(people))))
    query = named.order_by(col(User.person))
    return {row.person: row.name for row in session.execute(query)}


def people_of(session: Session, path: str, *, after: str = "", limit: int = 100) -> Sequence[User]:
    """Accounts of the bodies at and below a path, by user name, those that follow `after`."""
    query = select(User).join(Body, col(Body.id) == col(User.body_id))
    query = query.where(col(Body.path).startswith(path, autoescape=True), col(User.username) > after)
    return session.scalars(query.order_by(col(User.username)).limit(limit)).unique().all()


def roles_by_name(session: Session) -> dict[str, Role]:
    """The roles that have a row."""
    return {role.name: role for role in session.scalars(select(Role).order_by(col(Role.name)))}


def sight(user: Any) -> Sight:
    """What a person may see, by the body the account belongs to."""
    assert user.body is not None
    return Sight(
        body_id=user.body_id,
        body_path=user.body.path,
        region_prefix=region_subtree_prefix(user.body.region),
        roles=frozenset(role.name for role in user.roles),
    )


def failures_since(session: Session, username: str, since: datetime) -> int:
    """How many sign-ins under that user name have failed since."""
    query = select(func.count()).where(col(SignInFailure.username) == username, col(SignInFailure.at) > since)
    return session.scalar(query) or 0
