"""Acts of accounts, as they stand in the audit trail, by noun."""

from doublerandom.accounts.acts.accounts import (
    BodyCreated,
    RegionsSeeded,
    SignedIn,
    SignInLocked,
    UserCreated,
)

__all__ = ["BodyCreated", "RegionsSeeded", "SignInLocked", "SignedIn", "UserCreated"]
