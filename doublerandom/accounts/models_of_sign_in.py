"""Tables of signing in: second factors, recovery codes, sessions, links that open an account."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from doublerandom.db import UtcDateTime


class SecondFactor(SQLModel, table=True):
    """A person's TOTP secret, sealed by the vault; kept once a first code has shown that it works."""

    __tablename__ = "accounts_second_factor"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="accounts_user.id", index=True)
    sealed: str = Field(max_length=255, description="nonce and ciphertext, hex")
    at: datetime = Field(sa_type=UtcDateTime)
    last_step: int = Field(default=0, description="the latest 30-second step whose code was used: each once")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str = Field(default="", max_length=64)


class RecoveryCode(SQLModel, table=True):
    """A recovery code as its digest; it serves once, and ends when a new set is made."""

    __tablename__ = "accounts_recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="accounts_user.id", index=True)
    digest: str = Field(max_length=64, unique=True, description="SHA-256 of person and code")
    at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInSession(SQLModel, table=True):
    """A sign-in that lasts: the browser holds a random name of it, here is the name's digest."""

    __tablename__ = "accounts_session"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="accounts_user.id", index=True)
    digest: str = Field(max_length=64, unique=True)
    at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime, description="last request, to the minute")
    fresh_at: datetime = Field(sa_type=UtcDateTime, description="when it was last proved who it is")
    second_factor: bool = Field(default=False, description="whether a second factor was shown")
    agent: str = Field(default="", max_length=128, description="what the browser calls itself")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Invitation(SQLModel, table=True):
    """A link, good once and for some days, by which a person sets the password of an account."""

    __tablename__ = "accounts_invitation"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="accounts_user.id", index=True)
    digest: str = Field(max_length=64, unique=True)
    by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
