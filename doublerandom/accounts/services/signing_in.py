"""Commands of signing in: password, second factor, proving it again; failures that lock."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from doublerandom.accounts import acts, queries, totp
from doublerandom.accounts.errors import (
    NoAccountForSignOnError,
    SecondFactorRefusedError,
    SignInLockedError,
    SignInRefusedError,
    WrongPasswordError,
)
from doublerandom.accounts.models import SecondFactor, SignInFailure, User
from doublerandom.accounts.passwords import LONGEST, password_fits
from doublerandom.accounts.services.people import USERNAME
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H
from doublerandom.ledger.trail import put_on_record
from doublerandom.ledger.vault import Vault


def sign_in(session: Session, username: str, password: str, *, settings: Settings, at: datetime) -> User:
    """
    Check who it is by the password; who has no second factor is then signed in, on record.

    A failure is counted under the user name, whether or not there is such an account; after
    `settings.sign_in_attempts` failures within the window no password is looked at until it has passed.

    Raises:
        SignInRefusedError: User name or password is wrong, or the account is closed.
        SignInLockedError: Too many failures.
    """
    username = username.strip().lower()
    if not USERNAME.fullmatch(username) or len(password) > LONGEST:
        raise SignInRefusedError
    refuse_locked(session, username, settings=settings, at=at)
    user = queries.user_by_username(session, username)
    if not password_fits(password, user.password if user else None) or user is None or not user.active:
        count_failure(session, username, user, settings=settings, at=at)
        raise SignInRefusedError
    with transaction(session):
        forget_failures(session, username)
        if queries.second_factor(session, user.id) is None:
            put_on_record(session, acts.SignedIn(user.person, ways=["password"]), by=user.person, at=at)
    return user


def sign_in_with_code(
    session: Session, person: str, code: str, *, first: str, settings: Settings, at: datetime
) -> User:
    """
    Sign in with the second factor, after the first (`password` or `oidc`) held.

    Raises:
        SecondFactorRefusedError, SignInLockedError; SignInRefusedError: The account was closed meanwhile.
    """
    user = queries.user_by_person(session, person)
    if not user.active:
        raise SignInRefusedError
    way = prove_second_factor(session, user, code, settings=settings, at=at)
    with transaction(session):
        put_on_record(session, acts.SignedIn(person, ways=[first, way]), by=person, at=at)
    return user


def sign_in_by_claim(session: Session, claim: str, *, second_factor: bool, at: datetime) -> User:
    """
    Find the account that an identity provider vouches for; none is ever made.

    Args:
        session: The session of the command.
        claim: What the configured claim holds: a user name.
        second_factor: Whether the provider showed a second factor that settings trust.
        at: Now.

    Raises:
        NoAccountForSignOnError: Nobody has that user name, or the account is closed.
    """
    user = queries.user_by_username(session, claim.strip().lower())
    if user is None or not user.active:
        raise NoAccountForSignOnError
    if second_factor or queries.second_factor(session, user.id) is None:
        with transaction(session):
            ways = ["oidc", "mfa"] if second_factor else ["oidc"]
            put_on_record(session, acts.SignedIn(user.person, ways=ways), by=user.person, at=at)
    return user


def prove_again(
    session: Session, person: str, password: str, code: str, *, settings: Settings, at: datetime
) -> None:
    """
    Let somebody who is signed in prove again who it is: by password, and by code where there is a factor.

    Raises:
        WrongPasswordError, SecondFactorRefusedError, SignInLockedError.
    """
    user = queries.user_by_person(session, person)
    name = f"again:{user.username}"[:64]  # strangers cannot lock out who is signed in
    refuse_locked(session, name, settings=settings, at=at)
    if not password_fits(password[: LONGEST + 1], user.password):
        count_failure(session, name, user, settings=settings, at=at)
        raise WrongPasswordError
    if queries.second_factor(session, user.id) is not None:
        prove_second_factor(session, user, code, settings=settings, at=at)
    with transaction(session):
        forget_failures(session, name)
        put_on_record(session, acts.ProvedAgain(person), by=person, at=at)


def prove_second_factor(session: Session, user: User, code: str, *, settings: Settings, at: datetime) -> str:
    """
    Check a code of the authenticator or a recovery code; each serves once. Gives `totp` or `recovery`.

    Failures are counted like those of passwords, apart from them. In a demonstration, where the code stands
    on the page, a code may serve again.

    Raises:
        SecondFactorRefusedError, SignInLockedError.
    """
    name = f"code:{user.person}"[:64]
    refuse_locked(session, name, settings=settings, at=at)
    with transaction(session):
        way = _use_code(session, user, code, settings=settings, at=at)
        if way:
            forget_failures(session, name)
    if not way:
        count_failure(session, name, user, settings=settings, at=at)
        raise SecondFactorRefusedError
    return way


def _use_code(session: Session, user: User, code: str, *, settings: Settings, at: datetime) -> str:
    """Use up what was typed; empty where it is nothing."""
    factor = queries.second_factor_to_use(session, user.id)
    if factor is None:
        return ""
    after = 0 if settings.demo else factor.last_step
    step = totp.step_that_fits(secret_of(factor, user, settings=settings), code, at=at, after=after)
    if step is not None:
        factor.last_step = max(step, factor.last_step)
        session.add(factor)
        return "totp"
    digest = recovery_digest(user.person, code)
    left = queries.recovery_codes_left(session, user.id)
    for row in left:
        if row.digest == digest:
            row.used_at = at
            session.add(row)
            act = acts.RecoveryCodeUsed(user.person, left=len(left) - 1)
            put_on_record(session, act, by=user.person, at=at)
            return "recovery"
    return ""


def secret_of(factor: SecondFactor, user: User, *, settings: Settings) -> str:
    """The authenticator's secret in base32, out of the vault."""
    return Vault(settings).open(factor.sealed, secret_context(user.person)).decode()


def secret_context(person: str) -> str:
    """What a person's sealed secret is bound to."""
    return f"second-factor|{person}"


def recovery_digest(person: str, code: str) -> str:
    """What is kept of a recovery code."""
    return H(f"recovery|{person}|{totp.plain_code(code)}")


def refuse_locked(session: Session, name: str, *, settings: Settings, at: datetime) -> None:
    """Stop where too many failures were counted under that name; raises SignInLockedError."""
    since = at - timedelta(minutes=settings.sign_in_window_minutes)
    if queries.failures_since(session, name, since) >= settings.sign_in_attempts:
        raise SignInLockedError(minutes=settings.sign_in_window_minutes)


def forget_failures(session: Session, name: str) -> None:
    """What was counted under that name goes, inside a command."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.username) == name))


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
