"""Bodies in their tree, regions, and the people who sign in."""

from datetime import date, datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, Column, ForeignKey, Integer, Table, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from doublerandom import clock
from doublerandom.accounts.models_of_messages import Mail, Message
from doublerandom.accounts.models_of_roles import RoleGrant, StandIn
from doublerandom.accounts.models_of_sign_in import Invitation, RecoveryCode, SecondFactor, SignInSession
from doublerandom.db import UtcDateTime

__all__ = [
    "AccessCode",
    "ApiCall",
    "ApiKey",
    "Body",
    "Invitation",
    "Mail",
    "Message",
    "RecoveryCode",
    "Region",
    "Role",
    "RoleGrant",
    "SecondFactor",
    "SignInFailure",
    "SignInSession",
    "StandIn",
    "User",
    "user_roles",
]


class Region(SQLModel, table=True):
    """A division of GB/T 2260: six digits, its name, and the one above it."""

    __tablename__ = "accounts_region"

    code: str = Field(primary_key=True, max_length=12)
    name: str = Field(max_length=64)
    parent: str = Field(
        default="", max_length=12, index=True, description="code of the one above, empty for provinces"
    )
    level: str = Field(max_length=16, description="province, city or county")


class Body(SQLModel, table=True):
    """机关: an issuer, department or office in the tree."""

    __tablename__ = "accounts_body"

    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=128)
    name_en: str = Field(default="", max_length=128)
    line: str = Field(
        max_length=64, description="line of work (token), the same at every level: scjg, fire, …"
    )
    level: str = Field(max_length=16, description="province, city or county")
    region: str = Field(max_length=12, index=True, description="GB/T 2260 code; sight covers all below it")
    parent_id: int | None = Field(default=None, foreign_key="accounts_body.id", index=True)
    path: str = Field(
        max_length=256, index=True, description="tokens from the top, each followed by /: subtree by prefix"
    )
    head: str = Field(default="", max_length=64, description="name of the head")
    pool: str = Field(
        default="region",
        max_length=16,
        sa_column_kwargs={"server_default": "region"},
        description="who is in its pool: all of its region but those that left, or those listed (`listed`)",
    )
    created_at: datetime = Field(sa_type=UtcDateTime)


user_roles = Table(
    "accounts_user_role",
    SQLModel.metadata,
    Column("user_id", Integer, ForeignKey("accounts_user.id"), primary_key=True),
    Column("role_id", Integer, ForeignKey("accounts_role.id"), primary_key=True),
)


class Role(SQLModel, RoleMixin, table=True):
    """A role; `accounts.core.ROLES` names them all."""

    __tablename__ = "accounts_role"

    id: int | None = Field(default=None, primary_key=True)  # type: ignore[assignment]
    name: str = Field(max_length=32, unique=True)
    description: str = Field(default="", max_length=255)
    permissions: list[str] | None = Field(default=None, sa_type=JSON)


class User(SQLModel, UserMixin, table=True):
    """Who signs in. `person` is the token by which trail, log and pools know them."""

    __tablename__ = "accounts_user"

    id: int | None = Field(default=None, primary_key=True)  # type: ignore[assignment]
    username: str = Field(max_length=64, unique=True)
    email: str = Field(max_length=255, unique=True)
    password: str | None = Field(default=None, max_length=255)
    active: bool = True
    fs_uniquifier: str = Field(max_length=64, unique=True)
    person: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=64)
    body_id: int = Field(foreign_key="accounts_body.id", index=True)
    certificate: str = Field(
        default="", max_length=31, index=True, description="inspector's certificate number, if any"
    )
    created_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    create_datetime: datetime | None = Field(default=None, sa_type=UtcDateTime)  # type: ignore[assignment]
    update_datetime: datetime | None = Field(default=None, sa_type=UtcDateTime)  # type: ignore[assignment]

    roles: list[Role] = Relationship(  # type: ignore[assignment]
        sa_relationship_kwargs={"secondary": user_roles, "lazy": "selectin"},
    )
    body: Body | None = Relationship(sa_relationship_kwargs={"lazy": "joined"})
    stands_in: list[StandIn] = Relationship(
        sa_relationship_kwargs={
            "lazy": "selectin",
            "viewonly": True,
            "primaryjoin": "User.id == foreign(StandIn.user_id)",
            "order_by": "StandIn.id",
        },
    )

    @property
    def own_roles(self) -> frozenset[str]:
        """Roles that were granted to this person."""
        return frozenset(role.name for role in self.roles)

    def lent_roles(self, day: date) -> dict[str, str]:
        """Roles in which this person stands in for another on that day, each with the other's token."""
        held = [each for each in self.stands_in if each.holds_on(day)]
        return {role: each.principal for each in held for role in each.roles if role not in self.own_roles}

    @property
    def acting_roles(self) -> frozenset[str]:
        """Own roles and those lent today."""
        return self.own_roles | self.lent_roles(clock.local(clock.now()).date()).keys()


class SignInFailure(SQLModel, table=True):
    """A failed sign-in, counted for the lock-out."""

    __tablename__ = "accounts_sign_in_failure"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class AccessCode(SQLModel, table=True):
    """An enterprise's access code, issued at the counter or with a notice; only its digest is kept."""

    __tablename__ = "accounts_access_code"

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(max_length=31, index=True, description="code of the subject that it opens")
    digest: str = Field(max_length=64, unique=True, description="SHA-256 of subject and code")
    way: str = Field(
        default="counter",
        max_length=16,
        description="counter (papers were seen) or notice (sent with one)",
        sa_column_kwargs={"server_default": "counter"},
    )
    notice: str = Field(
        default="",
        max_length=64,
        description="number of the notice it went with",
        sa_column_kwargs={"server_default": ""},
    )
    issued_by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)


class ApiKey(SQLModel, table=True):
    """A key by which another authority's system calls the API; only its digest is kept."""

    __tablename__ = "accounts_api_key"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=128, description="whose system it is")
    digest: str = Field(max_length=64, unique=True, description="SHA-256 of the key")
    hint: str = Field(max_length=8, description="its first characters, to tell keys apart")
    scopes: list[str] = Field(default_factory=list, sa_type=JSON, description="see api_keys.SCOPES")
    body_id: int = Field(foreign_key="accounts_body.id", index=True, description="for whom it speaks")
    issued_by: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    ended_by: str = Field(default="", max_length=64)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiCall(SQLModel, table=True):
    """A call that was carried out, by its idempotency key: delivered again it gives the same answer."""

    __tablename__ = "accounts_api_call"
    __table_args__ = (UniqueConstraint("key_id", "idempotency_key"),)

    id: int | None = Field(default=None, primary_key=True)
    key_id: int = Field(foreign_key="accounts_api_key.id")
    idempotency_key: str = Field(max_length=64)
    digest: str = Field(max_length=64, description="H of address and body")
    answer: dict[str, Any] = Field(sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)
