"""Errors that any record of the registry may meet."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class InvalidRecordError(InvalidInputError):
    """A field of a registry record holds what it cannot hold."""

    code = "invalid_record"


class InvalidCodeError(InvalidInputError):
    """A code is no valid 统一社会信用代码, and the kind of subject needs one."""

    code = "invalid_code"


class AlreadyThereError(ConflictingStateError):
    """A record with this code is there already."""

    code = "already_there"


class OwnDecisionError(ConflictingStateError):
    """Nobody decides or approves what is the own act."""

    code = "own_decision"


class RecordNotFoundError(NotFoundError):
    """There is no such rule set or annual plan."""

    code = "record_not_found"
