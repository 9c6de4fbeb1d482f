"""Errors of items."""

from doublerandom.errors import ConflictingStateError, NotFoundError


class ItemNotReadyError(ConflictingStateError):
    """An item without basis, executing level, methods or inspector requirement cannot be put in force."""

    code = "item_not_ready"


class WrongItemStateError(ConflictingStateError):
    """The item is not in a state in which this can be done."""

    code = "wrong_item_state"


class ItemsNotInForceError(ConflictingStateError):
    """A plan line names items that are not in force."""

    code = "items_not_in_force"


class ItemNotFoundError(NotFoundError):
    """No item has this code."""

    code = "item_not_found"
