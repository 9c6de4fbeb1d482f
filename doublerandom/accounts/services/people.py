"""Commands on accounts."""

import re
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from doublerandom.accounts import acts, queries
from doublerandom.accounts.core import NEEDS_SECOND, ROLES, can_be_combined, two_persons
from doublerandom.accounts.errors import (
    AccountExistsError,
    MalformedUsernameError,
    NotOneselfError,
    RolesDoNotCombineError,
    SecondPersonNeededError,
    UnknownRoleError,
)
from doublerandom.accounts.models import Body, Role, RoleGrant, User
from doublerandom.accounts.passwords import check_password, hash_password
from doublerandom.db import transaction
from doublerandom.dr1.canon import check_token
from doublerandom.ledger.trail import put_on_record

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


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
    second: str = "",
) -> User:
    """
    Open an account at a body with a password and its roles. The user name is kept in lower case.

    `system` founds an installation; anybody else needs a `second` person for roles that sign, decide, audit.

    Raises:
        MalformedUsernameError, WeakPasswordError, CommonPasswordError, UnknownRoleError,
        RolesDoNotCombineError, UnknownBodyError, AccountExistsError, SecondPersonNeededError,
        SamePersonTwiceError, NotOneselfError, ProtocolError (`person` is no token).
    """
    username = username.strip().lower()
    check_account(username, person, roles)
    check_password(password, username=username, names=(name, person))
    if not roles:
        raise RolesDoNotCombineError(roles=roles)
    needing = sorted(NEEDS_SECOND.intersection(roles))
    if needing and by != "system":
        check_second(by, second, person=person, roles=needing)
    hashed = hash_password(password)
    with transaction(session):
        user = open_account(
            session,
            username=username,
            name=name,
            person=person,
            body_token=body_token,
            certificate=certificate,
            at=at,
        )
        user.password, user.confirmed_at = hashed, at
        held = sorted(set(roles))
        user.roles = [role_row(session, role) for role in held]
        session.add(user)
        session.flush()
        assert user.id is not None
        for role in held:
            both = role in NEEDS_SECOND and by != "system"
            session.add(
                RoleGrant(
                    user_id=user.id,
                    role=role,
                    alone=not both,
                    requested_by=by,
                    at=at,
                    decided_by=second if both else by,
                    decided_at=at,
                    granted=True,
                )
            )
        act = acts.UserCreated(person=person, username=username, body=body_token, roles=held)
        put_on_record(session, act, by=by, at=at)
        if needing and by != "system":
            for role in needing:
                put_on_record(session, acts.RoleGranted(person, role, requested_by=by), by=second, at=at)
    return user


def open_account(
    session: Session,
    *,
    username: str,
    name: str,
    person: str,
    body_token: str,
    certificate: str,
    at: datetime,
) -> User:
    """
    An account without roles and password, inside a command.

    Raises:
        UnknownBodyError, AccountExistsError.
    """
    body = queries.body(session, body_token)
    taken = select(User).where((col(User.username) == username) | (col(User.person) == person))
    if session.scalars(taken).unique().first():
        raise AccountExistsError(username=username, person=person)
    return User(
        username=username,
        email=f"{username}@accounts.invalid",
        fs_uniquifier=secrets.token_hex(16),
        person=person,
        name=name,
        body_id=_stored(body),
        certificate=certificate,
        created_at=at,
    )


def check_account(username: str, person: str, roles: list[str]) -> None:
    """Refuse an account that the rules do not allow, whatever the database holds."""
    check_token(person, "person")
    if not USERNAME.fullmatch(username):
        raise MalformedUsernameError(username=username)
    for role in roles:
        if role not in ROLES:
            raise UnknownRoleError(role=role)
    if not can_be_combined(roles):
        raise RolesDoNotCombineError(roles=roles)


def check_second(by: str, second: str, *, person: str, roles: list[str]) -> None:
    """
    Refuse roles that need two persons where they are not two, or one of them is who gets the role.

    Raises:
        SecondPersonNeededError, SamePersonTwiceError, NotOneselfError.
    """
    if not second:
        raise SecondPersonNeededError(roles=roles)
    check_token(by, "by")
    check_token(second, "second")
    two_persons(by, second)
    if person in {by, second}:
        raise NotOneselfError(person=person)


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
