"""Forms of accounts, by noun."""

from doublerandom.accounts.forms.sign_in import SignInForm

__all__ = ["SignInForm"]
