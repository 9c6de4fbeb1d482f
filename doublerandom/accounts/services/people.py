"""Commands on accounts."""

import re
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from doublerandom.accounts import acts, queries
from doublerandom.accounts.core import ROLES, can_be_combined
from doublerandom.accounts.errors import (
    AccountExistsError,
    MalformedUsernameError,
    RolesDoNotCombineError,
    UnknownRoleError,
    WeakPasswordError,
)
from doublerandom.accounts.models import Body, Role, User
from doublerandom.accounts.passwords import LONGEST, SHORTEST, hash_password
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
