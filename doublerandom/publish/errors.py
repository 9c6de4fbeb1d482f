"""What can be wrong with a publication, or with what is asked of the public pages."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class NotForPublicationError(ConflictingStateError):
    """The result is not reviewed, or it is public already."""

    code = "not_for_publication"


class DisclosureNotFoundError(NotFoundError):
    """There is no such published result."""

    code = "disclosure_not_found"


class CodeMissingError(InvalidInputError):
    """A business is to be checked, and no code was given."""

    code = "code_missing"


class LogEmptyError(NotFoundError):
    """The log has no entry yet, so there is no checkpoint."""

    code = "log_empty"


class LogEntryNotFoundError(NotFoundError):
    """The log has no such entry."""

    code = "log_entry_not_found"


class LogRangeError(NotFoundError):
    """The log has no such range or size, or what was given is no number."""

    code = "no_such_log_range"
    status = 400
