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


class UnknownMessageError(NotFoundError):
    """There is no such message, or it is somebody else's."""

    code = "unknown_message"


class SamePersonTwiceError(NotAllowedError):
    """One person stands on both sides of an act that needs two."""

    code = "same_person_twice"


class StandsInForOtherSideError(NotAllowedError):
    """The second person holds the role only by standing in for the first, or the first for the second."""

    code = "stands_in_for_other_side"


class CommonPasswordError(InvalidInputError):
    """The password is of those that are guessed first, or made of the person's own names."""

    code = "common_password"


class SamePasswordError(InvalidInputError):
    """The new password is the old one."""

    code = "same_password"


class PasswordsDifferError(InvalidInputError):
    """The password was typed twice, and differently."""

    code = "passwords_differ"


class WrongPasswordError(InvalidInputError):
    """The present password is not the one typed."""

    code = "wrong_password"


class SecondFactorRefusedError(NotAllowedError):
    """The code is neither a present one of the authenticator nor an unused recovery code."""

    code = "second_factor_refused"


class FirstCodeRefusedError(InvalidInputError):
    """The first code of a new authenticator does not fit its secret."""

    code = "first_code_refused"


class NoSecondFactorError(ConflictingStateError):
    """The person has no second factor."""

    code = "no_second_factor"


class SignInExpiredError(NotAllowedError):
    """The first step of signing in was too long ago."""

    code = "sign_in_expired"


class InvitationEndedError(NotFoundError):
    """The link is unknown, used, replaced or too old."""

    code = "invitation_ended"


class NotOneselfError(NotAllowedError):
    """This is done by another person, never to oneself."""

    code = "not_oneself"


class RoleHeldError(ConflictingStateError):
    """The person holds the role, or it was asked for already."""

    code = "role_held"


class RoleNotHeldError(ConflictingStateError):
    """The person does not hold the role."""

    code = "role_not_held"


class GrantDecidedError(ConflictingStateError):
    """The request was decided already."""

    code = "grant_decided"


class UnknownGrantError(NotFoundError):
    """There is no such request in sight."""

    code = "unknown_grant"


class AccountClosedError(ConflictingStateError):
    """The account is deactivated."""

    code = "account_closed"


class AccountOpenError(ConflictingStateError):
    """The account is not deactivated."""

    code = "account_open"


class SecondPersonNeededError(InvalidInputError):
    """The role is granted by two persons: one asks, another confirms."""

    code = "second_person_needed"


class NotLendableError(InvalidInputError):
    """The role cannot be lent: not held, or an inspector's, auditor's or administrator's."""

    code = "not_lendable"


class StandInElsewhereError(InvalidInputError):
    """A stand-in belongs to the same body."""

    code = "stand_in_elsewhere"


class StandInPeriodError(InvalidInputError):
    """The days of a stand-in do not hold: the last before the first, past, or longer than a year."""

    code = "stand_in_period"


class StandInSelfError(InvalidInputError):
    """Nobody stands in for oneself."""

    code = "stand_in_self"


class UnknownStandInError(NotFoundError):
    """There is no such stand-in, or it has ended."""

    code = "unknown_stand_in"


class SingleSignOnError(NotAllowedError):
    """The identity provider did not say who it is, or what it said does not hold."""

    code = "single_sign_on"


class SingleSignOnUnavailableError(NotAllowedError):
    """The identity provider does not answer."""

    code = "single_sign_on_unavailable"
    status = 503


class NoAccountForSignOnError(NotAllowedError):
    """Nobody has an account under what the identity provider said, or it is closed."""

    code = "no_account_for_sign_on"


class NotAnEnterpriseError(NotAllowedError):
    """The identity provider names no enterprise with a unified code."""

    code = "not_an_enterprise"


class NoKeyForRoleError(InvalidInputError):
    """A signing key belongs to a role that signs, which the person does not hold."""

    code = "no_key_for_role"


class StandInNotYoursError(NotAllowedError):
    """A stand-in is set by who is stood in for, or by a head of the body."""

    code = "stand_in_not_yours"


class NoticeNumberMissingError(InvalidInputError):
    """An access code goes out at the counter, or with a notice that is named."""

    code = "notice_number_missing"
