"""Errors of conflicts."""

from collections.abc import Mapping
from typing import ClassVar

from doublerandom.error_words import Worded, Words
from doublerandom.errors import ConflictingStateError, InvalidInputError, NotAllowedError, NotFoundError


class ConflictDecidedError(Worded, ConflictingStateError):
    """The conflict of interest was decided before."""

    code = "conflict_decided"
    codes: ClassVar[Mapping[str, Words]] = {
        "status": {"upheld": ("同意回避", "upheld"), "refused": ("不予回避", "refused")}
    }


class ConflictNotFoundError(NotFoundError):
    """There is no such conflict of interest."""

    code = "conflict_not_found"


class OwnConflictError(NotAllowedError):
    """Who declared, entered or applied for a conflict, or is the inspector in it, does not decide it."""

    code = "own_conflict"


class ConflictNotInForceError(ConflictingStateError):
    """Only a conflict that holds can be ended early."""

    code = "conflict_not_in_force"


class BadEvidenceError(InvalidInputError):
    """A document is neither PDF, JPEG nor PNG by its content, is empty, or too large."""

    code = "bad_evidence"


class TieNotFoundError(NotFoundError):
    """There is no such tie, or its inspector is out of sight."""

    code = "tie_not_found"


class TieWithdrawnError(ConflictingStateError):
    """The tie was withdrawn before."""

    code = "tie_withdrawn"
