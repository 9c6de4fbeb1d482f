"""Acts of accounts, as they stand in the audit trail, by noun."""

from doublerandom.accounts.acts.accounts import BodyCreated, RegionsSeeded, UserCreated
from doublerandom.accounts.acts.roles import (
    AccountDeactivated,
    AccountReactivated,
    RoleGranted,
    RoleRefused,
    RoleRequested,
    RoleWithdrawn,
    StandInEnded,
    StandInSet,
)
from doublerandom.accounts.acts.sign_in import (
    LinkIssued,
    LinkUsed,
    PasswordChanged,
    ProvedAgain,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondFactorEnrolled,
    SecondFactorRemoved,
    SessionsEnded,
    SignedIn,
    SignInLocked,
)

__all__ = [
    "AccountDeactivated",
    "AccountReactivated",
    "BodyCreated",
    "LinkIssued",
    "LinkUsed",
    "PasswordChanged",
    "ProvedAgain",
    "RecoveryCodeUsed",
    "RecoveryCodesMade",
    "RegionsSeeded",
    "RoleGranted",
    "RoleRefused",
    "RoleRequested",
    "RoleWithdrawn",
    "SecondFactorEnrolled",
    "SecondFactorRemoved",
    "SessionsEnded",
    "SignInLocked",
    "SignedIn",
    "StandInEnded",
    "StandInSet",
    "UserCreated",
]
