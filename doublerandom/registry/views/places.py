"""Regions and industries in words: former names of abolished regions, industries with those above them."""

from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom.accounts import queries as accounts_queries
from doublerandom.registry import queries
from doublerandom.registry.former_regions import former_region


def region_words(session: Session, code: str) -> str:
    """A region by its name with those above it, an abolished one by its last, an unknown one by its code."""
    if not code:
        return ""
    if accounts_queries.region_names(session, [code]):
        return f"{accounts_queries.region_path(session, code)} {code}"
    former = former_region(code)
    if former is None:
        return code
    above = accounts_queries.region_path(session, f"{code[:2]}0000")
    where = "" if above == f"{code[:2]}0000" else above
    words: str = _(
        "%(name)s %(code)s（已撤销的区划，%(first)s—%(last)s 年使用）",
        name=where + former.name,
        code=code,
        first=former.first_year,
        last=former.last_year,
    )
    return words


def industry_words(session: Session, code: str) -> str:
    """An industry with those above it, section first: `住宿和餐饮业 › 餐饮业 › 正餐服务 6210`."""
    if not code:
        return ""
    names = [name for _code, name in queries.industry_chain(session, code) if name]
    return f"{' › '.join(dict.fromkeys(names))} {code}".strip()
