"""Errors of the ledger: evidence that does not hold, keys and PINs that do not fit, damaged files."""

from doublerandom.errors import (
    ConflictingStateError,
    DoubleRandomError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)


class TrailBrokenError(DoubleRandomError):
    """The audit trail does not hold: `act` is the first number that is wrong, `what` says in what."""

    code = "trail_broken"
    status = 500


class LogBrokenError(DoubleRandomError):
    """The public log does not hold: `what` is wrong, first at `index`, `size` or `node`."""

    code = "log_broken"
    status = 500


class LogEntryRefusedError(InvalidInputError):
    """The entry is none that the public log takes; `member` or `rule` says why."""

    code = "log_entry_refused"


class LogEntryRepeatedError(ConflictingStateError):
    """The public log holds this already, and it can stand there only once."""

    code = "log_entry_repeated"


class PlanNotLoggedError(ConflictingStateError):
    """An entry names a plan that is not in the public log under this draw number."""

    code = "plan_not_logged"


class WrongLogKeyError(ConflictingStateError):
    """The log was begun with another key or origin than the settings now give."""

    code = "wrong_log_key"
    status = 500


class LogRangeError(InvalidInputError):
    """A tree size, an index or a range of entries that the log does not have."""

    code = "log_range"


class WeakPinError(InvalidInputError):
    """The signing PIN is too short, or of the kind that is guessed first."""

    code = "weak_pin"


class WrongPinError(NotAllowedError):
    """The signing PIN does not open the key; nothing was signed."""

    code = "wrong_pin"


class WrongPinLockedError(NotAllowedError):
    """Too many wrong signing PINs within the window: no PIN of this person is looked at until it is over."""

    code = "wrong_pin_locked"


class NoSigningKeyError(NotFoundError):
    """This person has no signing key (for this role) that is still valid."""

    code = "no_signing_key"


class KeyFileError(ConflictingStateError):
    """A key file outside the database is not what this house wrote there."""

    code = "key_file"
    status = 500


class FileMissingError(NotFoundError):
    """The file store has no file of this hash."""

    code = "file_missing"


class FileDamagedError(ConflictingStateError):
    """A file's bytes no longer give the hash that is its name."""

    code = "file_damaged"
    status = 500


class SealBrokenError(ConflictingStateError):
    """Sealed bytes were changed, cut, sealed for something else, or sealed under another key."""

    code = "seal_broken"
    status = 500


class BadWitnessedLogError(InvalidInputError):
    """An origin or a key under which no log can be witnessed."""

    code = "bad_witnessed_log"


class WitnessedAlreadyError(ConflictingStateError):
    """This office witnesses that log already."""

    code = "witnessed_already"


class NotWitnessedError(NotFoundError):
    """This office witnesses no log of that origin."""

    code = "not_witnessed"


class OutsideSettingError(ConflictingStateError):
    """The setting of witnesses or of the stamp server does not hold; `setting` and `value` say where."""

    code = "outside_setting"
    status = 500
