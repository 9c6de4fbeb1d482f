"""Errors of licences that approval bureaus hand over."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class LicenceRefusedError(InvalidInputError):
    """An event of a licence holds what it cannot hold; `problems` lists all of it, field by field."""

    code = "licence_refused"


class HandoverNotFoundError(NotFoundError):
    """There is no such hand-over in sight."""

    code = "handover_not_found"


class WrongHandoverStateError(ConflictingStateError):
    """The hand-over is not in a state in which this can be done."""

    code = "wrong_handover_state"
