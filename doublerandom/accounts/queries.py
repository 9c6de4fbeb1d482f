"""All that is read of bodies, regions and people, always ordered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from doublerandom.accounts.core import Sight, region_subtree_prefix
from doublerandom.accounts.errors import UnknownBodyError, UnknownPersonError
from doublerandom.accounts.models import Body, Region, Role, SignInFailure, User

__all__ = [
    "Body",
    "Region",
    "Sight",
    "User",
    "bodies",
    "body",
    "body_by_id",
    "body_names",
    "failures_since",
    "people_of",
    "person_names",
    "region_name",
    "region_names",
    "region_path",
    "region_subtree_prefix",
    "roles_by_name",
    "sight",
    "user_by_person",
    "user_by_username",
]


def body(session: Session, token: str) -> Body:
    """The body of that token; raises UnknownBodyError."""
    found = session.scalars(select(Body).where(col(Body.token) == token)).one_or_none()
    if found is None:
        raise UnknownBodyError(token=token)
    return found


def body_by_id(session: Session, body_id: int) -> Body:
    """The body of that row; raises UnknownBodyError."""
    found = session.get(Body, body_id)
    if found is None:
        raise UnknownBodyError(token=str(body_id))
    return found


def bodies(session: Session, *, below: str = "") -> Sequence[Body]:
    """All bodies (or those at and below the path `below`), each after the one above it."""
    query = select(Body).order_by(col(Body.path))
    if below:
        query = query.where(col(Body.path).startswith(below, autoescape=True))
    return session.scalars(query).all()


def body_names(session: Session) -> dict[int, str]:
    """Names of all bodies by their row."""
    rows = session.execute(select(col(Body.id), col(Body.name)).order_by(col(Body.id)))
    return {row_id: name for row_id, name in rows if row_id is not None}


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


def region_name(session: Session, code: str) -> str:
    """The region's own name; a code that is not in the table stands for itself."""
    region = session.get(Region, code)
    return region.name if region else code


def region_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names by code, of those among `codes` that are in the table."""
    named = select(col(Region.code), col(Region.name)).where(col(Region.code).in_(sorted(set(codes))))
    query = named.order_by(col(Region.code))
    return {row.code: row.name for row in session.execute(query)}


def region_path(session: Session, code: str) -> str:
    """The region's name with those above it: `浙江省杭州市上城区`."""
    names: list[str] = []
    while region := session.get(Region, code):
        names.insert(0, region.name)
        code = region.parent
    return "".join(names) or code


def failures_since(session: Session, username: str, since: datetime) -> int:
    """How many sign-ins under that user name have failed since."""
    query = select(func.count()).where(col(SignInFailure.username) == username, col(SignInFailure.at) > since)
    return session.scalar(query) or 0
