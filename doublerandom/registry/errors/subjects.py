"""Errors of subjects."""

from doublerandom.errors import NotFoundError


class SubjectNotFoundError(NotFoundError):
    """No subject has this code."""

    code = "subject_not_found"
