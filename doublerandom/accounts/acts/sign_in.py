"""Acts of signing in: second factors, recovery codes, passwords, links, sessions."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class _OnPerson(Fact):
    """Something was done to one person's account."""

    on_kind: ClassVar[str] = "user"
    person: str

    @property
    def on_id(self) -> str:
        """The person's token."""
        return self.person


@dataclass(frozen=True)
class SignedIn(_OnPerson):
    """Somebody signed in, in these ways."""

    ways: list[str]


@dataclass(frozen=True)
class ProvedAgain(_OnPerson):
    """Somebody signed in already proved again who it is, before an act that signs or grants."""


@dataclass(frozen=True)
class SignInLocked(_OnPerson):
    """An account was paused after too many failures."""

    failures: int


@dataclass(frozen=True)
class SecondFactorEnrolled(_OnPerson):
    """A person's authenticator was enrolled; its secret is nowhere on record."""


@dataclass(frozen=True)
class SecondFactorRemoved(_OnPerson):
    """A person's second factor was ended by another person, for a reason."""

    reason: str


@dataclass(frozen=True)
class RecoveryCodesMade(_OnPerson):
    """A person got new recovery codes; those before ended."""

    count: int


@dataclass(frozen=True)
class RecoveryCodeUsed(_OnPerson):
    """A recovery code served in place of the authenticator; so many are left."""

    left: int


@dataclass(frozen=True)
class PasswordChanged(_OnPerson):
    """A person set a new password."""


@dataclass(frozen=True)
class LinkIssued(_OnPerson):
    """A link to set the password was issued; the link itself is nowhere."""

    until: str


@dataclass(frozen=True)
class LinkUsed(_OnPerson):
    """A person set the password by the link."""


@dataclass(frozen=True)
class SessionsEnded(_OnPerson):
    """Sign-ins of a person were ended."""

    count: int
    reason: str
