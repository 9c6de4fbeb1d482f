"""Errors of filters."""

from doublerandom.errors import InvalidInputError


class BadFilterError(InvalidInputError):
    """A filter expression that cannot be read; `at` counts characters from 1."""

    code = "bad_filter"


class UnknownFilterFieldError(InvalidInputError):
    """A filter names a field, or a value of a field, that there is not."""

    code = "unknown_filter_field"
