"""Commands by which people come in: invited with a link, passwords set, changed and reset."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from doublerandom.accounts import acts, queries
from doublerandom.accounts.errors import (
    AccountClosedError,
    InvitationEndedError,
    NotOneselfError,
    SamePasswordError,
    WrongPasswordError,
)
from doublerandom.accounts.models import Invitation, User
from doublerandom.accounts.passwords import LONGEST, check_password, hash_password, password_fits
from doublerandom.accounts.services.people import check_account, open_account
from doublerandom.accounts.services.roles import ask_again, request_role
from doublerandom.accounts.services.sessions import end_sessions
from doublerandom.accounts.services.signing_in import count_failure, forget_failures, refuse_locked
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H
from doublerandom.ledger.trail import put_on_record


def invite(
    session: Session,
    *,
    username: str,
    name: str,
    person: str,
    body_token: str,
    roles: list[str],
    settings: Settings,
    by: str,
    at: datetime,
    certificate: str = "",
    reason: str = "",
) -> tuple[User, str]:
    """
    Open an account without a password, and make the link by which its person sets one.

    Roles that need a second person are asked for and wait; the others are granted at once.

    Returns:
        The account and the link's secret, which is shown once.

    Raises:
        MalformedUsernameError, UnknownRoleError, RolesDoNotCombineError, UnknownBodyError,
        AccountExistsError, NotOneselfError, ProtocolError (`person` is no token).
    """
    username = username.strip().lower()
    check_account(username, person, roles)
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
        session.add(user)
        act = acts.UserCreated(person=person, username=username, body=body_token, roles=[])
        put_on_record(session, act, by=by, at=at)
        for role in sorted(set(roles)):
            request_role(session, person, role, reason=reason, by=by, at=at)
        link = issue_link(session, person, settings=settings, by=by, at=at)
    return user, link


def issue_link(session: Session, person: str, *, settings: Settings, by: str, at: datetime) -> str:
    """
    Make a link by which a person sets the password; links before it end. Gives its secret, shown once.

    Where it replaces a password, roles that need two persons wait for the second one again.

    Raises:
        NotOneselfError: The own password is changed, not reset by oneself.
        AccountClosedError, UnknownPersonError.
    """
    secret = secrets.token_urlsafe(32)
    until = at + timedelta(hours=settings.invitation_hours)
    with transaction(session):
        user = queries.user_by_person(session, person)
        if by == person:
            raise NotOneselfError(person=person)
        if not user.active:
            raise AccountClosedError(person=person)
        end_links(session, user, at=at)
        assert user.id is not None
        session.add(Invitation(user_id=user.id, digest=link_digest(secret), by=by, at=at, until=until))
        put_on_record(session, acts.LinkIssued(person, until=until.isoformat()), by=by, at=at)
        if user.password is not None:
            ask_again(session, user, reason="password reset", by=by, at=at)
    return secret


def accept_link(session: Session, secret: str, password: str, *, at: datetime) -> User:
    """
    Set the password by the link; it serves once, and every sign-in of before ends.

    Raises:
        InvitationEndedError: The link is unknown, used, replaced or too old, or the account is closed.
        WeakPasswordError, CommonPasswordError.
    """
    with transaction(session):
        found = queries.open_invitation(session, link_digest(secret), at=at)
        if found is None or not found[1].active:
            raise InvitationEndedError
        link, user = found
        check_password(password, username=user.username, names=(user.name, user.person))
        user.password, user.confirmed_at = hash_password(password), at
        link.used_at = at
        session.add_all([user, link])
        put_on_record(session, acts.LinkUsed(user.person), by=user.person, at=at)
        forget_failures(session, user.username)
        end_sessions(session, user, reason="password set", by=user.person, at=at)
    return user


def change_password(
    session: Session,
    person: str,
    *,
    present: str,
    new: str,
    settings: Settings,
    at: datetime,
    keep: str = "",
) -> None:
    """
    Change the own password; every other sign-in ends.

    Raises:
        WrongPasswordError: The present one is not `present`; counted like a failed sign-in.
        SignInLockedError, SamePasswordError, WeakPasswordError, CommonPasswordError.
    """
    user = queries.user_by_person(session, person)
    refuse_locked(session, user.username, settings=settings, at=at)
    if not password_fits(present[: LONGEST + 1], user.password):
        count_failure(session, user.username, user, settings=settings, at=at)
        raise WrongPasswordError
    if new == present:
        raise SamePasswordError
    check_password(new, username=user.username, names=(user.name, person))
    hashed = hash_password(new)
    with transaction(session):
        user = queries.user_by_person(session, person)
        user.password = hashed
        session.add(user)
        put_on_record(session, acts.PasswordChanged(person), by=person, at=at)
        end_links(session, user, at=at)
        end_sessions(session, user, reason="password changed", keep=keep, by=person, at=at)


def end_links(session: Session, user: User, *, at: datetime) -> None:
    """Links of a person that are still good end, inside a command."""
    for row in queries.open_invitations_of(session, user.id):
        row.ended_at = at
        session.add(row)


def link_digest(secret: str) -> str:
    """What is kept of a link."""
    return H(f"invitation|{secret}")
