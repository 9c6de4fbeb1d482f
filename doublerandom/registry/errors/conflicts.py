"""Errors of conflicts."""

from doublerandom.errors import ConflictingStateError, NotFoundError


class ConflictDecidedError(ConflictingStateError):
    """The conflict of interest was decided before, or its own declarer would decide it."""

    code = "conflict_decided"


class ConflictNotFoundError(NotFoundError):
    """There is no such conflict of interest."""

    code = "conflict_not_found"
