"""Errors of visits."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class InvalidVisitError(InvalidInputError):
    """A visit cannot be as it was told; `field` and `reason` are words for a person."""

    code = "invalid_visit"


class InvalidVisitsError(InvalidInputError):
    """Some of the visits sent together are wrong, so none was taken; `errors` names every one."""

    code = "invalid_visits"


class VisitSupersededError(ConflictingStateError):
    """The visit was corrected before; the row that stands in its place is the one to correct."""

    code = "visit_superseded"


class VisitNotFoundError(NotFoundError):
    """There is no such visit, or it is out of sight."""

    code = "visit_not_found"
