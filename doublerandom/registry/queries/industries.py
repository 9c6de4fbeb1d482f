"""Industries of the seed table: names by code, and those below one."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from doublerandom.registry import industries as standard
from doublerandom.registry.models import Industry


def industry_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names by code, of those among `codes` that are in the table."""
    statement = select(Industry).where(col(Industry.code).in_(sorted(set(codes))))
    return {row.code: row.name for row in session.exec(statement.order_by(col(Industry.code)))}


def industry_chain(session: Session, code: str) -> list[tuple[str, str]]:
    """The industry with those above it, section first, as (code, name); an unknown code has no name."""
    codes = [each for each in standard.chain(code) if each]
    names = industry_names(session, codes)
    return [(each, names.get(each, "")) for each in codes]


def industries_below(session: Session, parent: str = "") -> list[Industry]:
    """The industries right below one, by code; the sections below none."""
    statement = select(Industry).where(Industry.parent == parent)
    return list(session.exec(statement.order_by(col(Industry.code))))


def all_industry_names(session: Session) -> dict[str, str]:
    """All names by code, for long lists."""
    return {row.code: row.name for row in session.exec(select(Industry).order_by(col(Industry.code)))}
