"""What can be wrong with bodies, accounts and signing in."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotAllowedError, NotFoundError


class UnknownBodyError(NotFoundError):
    """There is no body of that token."""

    code = "unknown_body"


class UnknownPersonError(NotFoundError):
    """Nobody has an account under that token."""

    code = "unknown_person"


class BodyExistsError(ConflictingStateError):
    """A body of that token exists."""

    code = "body_exists"


class BodyOutsideParentError(InvalidInputError):
    """The region of a body lies outside that of the body above it."""

    code = "body_outside_parent"


class UnknownLevelError(InvalidInputError):
    """A body's level is none of province, city, county."""

    code = "unknown_level"


class MalformedRegionError(InvalidInputError):
    """A region code is not six digits."""

    code = "malformed_region"


class MalformedUsernameError(InvalidInputError):
    """A user name is not made of lower-case letters, digits, dots, hyphens and underscores."""

    code = "malformed_username"


class AccountExistsError(ConflictingStateError):
    """The user name or person is taken."""

    code = "account_exists"


class UnknownRoleError(InvalidInputError):
    """There is no such role."""

    code = "unknown_role"


class RolesDoNotCombineError(InvalidInputError):
    """Administrator and auditor combine with nothing, and an account has at least one role."""

    code = "roles_do_not_combine"


class WeakPasswordError(InvalidInputError):
    """The password is too short, too long, or the user name."""

    code = "weak_password"


class SignInRefusedError(NotAllowedError):
    """User name or password is wrong; which of them is not said."""

    code = "sign_in_refused"


class SignInLockedError(NotAllowedError):
    """Too many failures under this user name; whether the account exists is not said."""

    code = "sign_in_locked"
    status = 429


class WrongAccessCodeError(NotAllowedError):
    """The access code is not this enterprise's, or has ended."""

    code = "wrong_access_code"


class ApiKeyRefusedError(NotAllowedError):
    """The call shows no key, or one that is unknown, has ended, or does not open this address."""

    code = "api_key_refused"
    status = 401


class IdempotencyKeyReusedError(ConflictingStateError):
    """The idempotency key stands for another call of the same system."""

    code = "idempotency_key_reused"


class UnknownApiKeyError(NotFoundError):
    """There is no such key."""

    code = "unknown_api_key"
