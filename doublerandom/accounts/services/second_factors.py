"""Commands on second factors: enrolled by their owner, removed by another, with recovery codes."""

import base64
import secrets
from datetime import datetime

from sqlmodel import Session

from doublerandom.accounts import acts, queries, totp
from doublerandom.accounts.errors import FirstCodeRefusedError, NoSecondFactorError, NotOneselfError
from doublerandom.accounts.models import RecoveryCode, SecondFactor, User
from doublerandom.accounts.services.roles import ask_again
from doublerandom.accounts.services.sessions import end_sessions
from doublerandom.accounts.services.signing_in import recovery_digest, secret_context
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger.trail import put_on_record
from doublerandom.ledger.vault import Vault

RECOVERY_CODES = 10
_CODE_BYTES = 10  # 80 bits: far beyond guessing, so a plain digest keeps it


def enrol_second_factor(
    session: Session,
    person: str,
    secret: str,
    code: str,
    *,
    settings: Settings,
    at: datetime,
    keep: str = "",
) -> list[str]:
    """
    Keep an authenticator's secret once its first code shows that it works; the one before it ends.

    Args:
        session: The session of the command.
        person: Whose it is.
        secret: Base32, as it stood on the enrolment page.
        code: The first code.
        settings: Where the vault's key lies.
        at: Now.
        keep: The digest of the sign-in that goes on; all others of the person end.

    Returns:
        New recovery codes, shown once.

    Raises:
        FirstCodeRefusedError: The code is not the secret's.
    """
    step = totp.step_that_fits(secret, code, at=at, after=0)
    if step is None:
        raise FirstCodeRefusedError
    with transaction(session):
        user = queries.user_by_person(session, person)
        _end_factor(session, user, by=person, at=at)
        sealed = Vault(settings).seal(secret.encode(), secret_context(person))
        assert user.id is not None
        session.add(SecondFactor(user_id=user.id, sealed=sealed, at=at, last_step=step))
        put_on_record(session, acts.SecondFactorEnrolled(person), by=person, at=at)
        end_sessions(session, user, reason="second factor enrolled", keep=keep, by=person, at=at)
        return make_recovery_codes(session, person, at=at)


def make_recovery_codes(session: Session, person: str, *, at: datetime) -> list[str]:
    """
    Make ten recovery codes; those before them end. Each serves once in place of the authenticator.

    Raises:
        NoSecondFactorError: There is nothing they could stand for.
    """
    with transaction(session):
        user = queries.user_by_person(session, person)
        if queries.second_factor(session, user.id) is None:
            raise NoSecondFactorError(person=person)
        _end_recovery_codes(session, user, at=at)
        codes = [base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode() for _ in range(RECOVERY_CODES)]
        assert user.id is not None
        owner = user.id
        digests = [recovery_digest(person, code) for code in codes]
        session.add_all(RecoveryCode(user_id=owner, digest=digest, at=at) for digest in digests)
        put_on_record(session, acts.RecoveryCodesMade(person, count=len(codes)), by=person, at=at)
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def remove_second_factor(session: Session, person: str, *, reason: str, by: str, at: datetime) -> None:
    """
    End a person's second factor and recovery codes, and every sign-in; the owner enrols anew.

    Roles that need two persons wait for the second one again.

    Raises:
        NotOneselfError: Another person removes it, never its owner.
        NoSecondFactorError, UnknownPersonError.
    """
    with transaction(session):
        user = queries.user_by_person(session, person)
        if by == person:
            raise NotOneselfError(person=person)
        if not _end_factor(session, user, by=by, at=at):
            raise NoSecondFactorError(person=person)
        _end_recovery_codes(session, user, at=at)
        put_on_record(session, acts.SecondFactorRemoved(person, reason=reason), by=by, at=at)
        end_sessions(session, user, reason="second factor removed", by=by, at=at)
        ask_again(session, user, reason="second factor removed", by=by, at=at)


def _end_factor(session: Session, user: User, *, by: str, at: datetime) -> bool:
    factor = queries.second_factor_to_use(session, user.id)
    if factor is None:
        return False
    factor.ended_at, factor.ended_by = at, by
    session.add(factor)
    return True


def _end_recovery_codes(session: Session, user: User, *, at: datetime) -> None:
    for row in queries.recovery_codes_left(session, user.id):
        row.ended_at = at
        session.add(row)
