"""What can be wrong with a publication."""

from doublerandom.errors import ConflictingStateError, NotFoundError


class NotForPublicationError(ConflictingStateError):
    """The result is not reviewed, or it is public already."""

    code = "not_for_publication"


class DisclosureNotFoundError(NotFoundError):
    """There is no such published result."""

    code = "disclosure_not_found"


class LogRangeError(NotFoundError):
    """The log has no such entry or size."""

    code = "no_such_log_range"
    status = 400
