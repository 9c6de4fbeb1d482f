"""Keys by which systems of other authorities call the API: scoped, ending, shown once, kept as a digest."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from sqlmodel import Session, col, select

from doublerandom.accounts import queries
from doublerandom.accounts.errors import ApiKeyRefusedError, IdempotencyKeyReusedError, UnknownApiKeyError
from doublerandom.accounts.models import ApiCall, ApiKey
from doublerandom.db import transaction
from doublerandom.dr1.canon import H, canon
from doublerandom.errors import InvalidInputError
from doublerandom.ledger.trail import Fact, put_on_record

SCOPES: Final = ("licences:write", "visits:write")
LONGEST_NAME: Final = 128
_PREFIX: Final = "drk_"


@dataclass(frozen=True)
class ApiKeyIssued(Fact):
    """A key was issued to another authority's system; the key itself is nowhere."""

    on_kind: ClassVar[str] = "api_key"
    on_id: str
    name: str
    scopes: list[str]
    body: str
    until: str


@dataclass(frozen=True)
class ApiKeyEnded(Fact):
    """A key opens nothing any more."""

    on_kind: ClassVar[str] = "api_key"
    on_id: str


@dataclass(frozen=True)
class ApiCaller:
    """Whose system calls: the key's row, and for which body it speaks."""

    key_id: int
    name: str
    body_id: int

    @property
    def person(self) -> str:
        """The token by which the trail knows the caller."""
        return f"api:{self.key_id}"


class InvalidApiKeyError(InvalidInputError):
    """A key needs a name, at least one known scope, and an end."""

    code = "invalid_api_key"


def issue_api_key(
    session: Session,
    *,
    name: str,
    scopes: Collection[str],
    body_token: str,
    days: int,
    by: str,
    at: datetime,
) -> str:
    """
    Issue a key that speaks for a body; gives the key, which is shown once and kept nowhere.

    Raises:
        InvalidApiKeyError: No name, no or an unknown scope, or no day of validity.
        UnknownBodyError: No body has this token.
    """
    wanted = sorted(set(scopes))
    if not 0 < len(name.strip()) <= LONGEST_NAME or not wanted or not set(wanted) <= set(SCOPES) or days < 1:
        raise InvalidApiKeyError(name=name, scopes=wanted, days=days)
    text = _PREFIX + secrets.token_urlsafe(32)
    with transaction(session):
        body = queries.body(session, body_token)
        assert body.id is not None
        key = ApiKey(
            name=name.strip(),
            digest=H(text),
            hint=text[:8],
            scopes=wanted,
            body_id=body.id,
            issued_by=by,
            at=at,
            until=at + timedelta(days=days),
        )
        session.add(key)
        session.flush()
        act = ApiKeyIssued(
            on_id=str(key.id), name=key.name, scopes=wanted, body=body.token, until=key.until.isoformat()
        )
        put_on_record(session, act, by=by, at=at)
    return text


def end_api_key(session: Session, key_id: int, *, by: str, at: datetime) -> None:
    """End a key at once; ended before, nothing changes. Raises UnknownApiKeyError."""
    with transaction(session):
        key = session.get(ApiKey, key_id)
        if key is None:
            raise UnknownApiKeyError(value=key_id)
        if key.ended_at is None:
            key.sqlmodel_update({"ended_by": by, "ended_at": at})
            put_on_record(session, ApiKeyEnded(on_id=str(key_id)), by=by, at=at)


def api_keys(session: Session, *, below: str = "") -> list[ApiKey]:
    """The keys that speak for bodies at and below a path, newest first."""
    bodies = [row.id for row in queries.bodies(session, below=below)]
    statement = select(ApiKey).where(col(ApiKey.body_id).in_(bodies)).order_by(col(ApiKey.id).desc())
    return list(session.exec(statement))


def caller_of(session: Session, text: str, *, scope: str, at: datetime) -> ApiCaller:
    """
    Whose system shows this key.

    Raises:
        ApiKeyRefusedError: The key is unknown, has ended, or does not open this scope.
    """
    key = session.exec(select(ApiKey).where(ApiKey.digest == H(text))).first()
    if key is None or key.ended_at is not None or key.until <= at or scope not in key.scopes:
        raise ApiKeyRefusedError(scope=scope)
    assert key.id is not None
    return ApiCaller(key.id, key.name, key.body_id)


def once(
    session: Session,
    caller: ApiCaller,
    idempotency_key: str,
    call: Any,
    command: Callable[[], dict[str, Any]],
    *,
    at: datetime,
) -> dict[str, Any]:
    """
    Carry out a call once: the same call under the same idempotency key gives the first answer again.

    Args:
        session: The session of the command.
        caller: Whose system calls.
        idempotency_key: What the caller names this call.
        call: What was asked, as values that have a canonical form.
        command: Does it, in the same transaction, and gives the answer.
        at: Now.

    Raises:
        IdempotencyKeyReusedError: The key stands for another call.
    """
    digest = H(canon(call).decode())
    with transaction(session):
        statement = select(ApiCall).where(
            ApiCall.key_id == caller.key_id, ApiCall.idempotency_key == idempotency_key
        )
        done = session.exec(statement).first()
        if done is not None:
            if done.digest != digest:
                raise IdempotencyKeyReusedError(value=idempotency_key)
            return done.answer
        answer = command()
        session.add(
            ApiCall(
                key_id=caller.key_id, idempotency_key=idempotency_key, digest=digest, answer=answer, at=at
            )
        )
    return answer
