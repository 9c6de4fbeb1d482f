"""Bodies in their tree and regions, always ordered."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from doublerandom.accounts.errors import UnknownBodyError
from doublerandom.accounts.models import Body, Region


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


def regions_below(session: Session, prefix: str, *, deep: bool = False) -> list[tuple[str, str]]:
    """
    Code and name of the divisions whose code begins so, by code.

    Args:
        session: The session.
        prefix: See `region_subtree_prefix`; empty: the whole country.
        deep: Counties too where the whole country is asked for; else provinces and cities.
    """
    query = select(col(Region.code), col(Region.name)).order_by(col(Region.code))
    if prefix:
        query = query.where(col(Region.code).startswith(prefix, autoescape=True))
    elif not deep:
        query = query.where(col(Region.level) != "county")
    return [(row.code, row.name) for row in session.execute(query)]
