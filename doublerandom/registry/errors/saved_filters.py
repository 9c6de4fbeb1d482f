"""Errors of kept filters and bulk acts."""

from doublerandom.errors import ConflictingStateError, InvalidInputError


class FilterNameTakenError(InvalidInputError):
    """A filter of this name is there already, one's own or shared within the body."""

    code = "filter_name_taken"


class ClassNotShownError(InvalidInputError):
    """The filter looks at the credit-risk class, which is not shown to everybody who sees the list."""

    code = "class_not_shown"


class UnknownBulkActError(InvalidInputError):
    """There is no such bulk act, or it cannot say this."""

    code = "unknown_bulk_act"


class TooManySubjectsError(InvalidInputError):
    """More subjects than one bulk act may change."""

    code = "too_many_subjects"


class PreviewOutdatedError(ConflictingStateError):
    """What the filter finds is no longer what the preview showed."""

    code = "preview_outdated"
