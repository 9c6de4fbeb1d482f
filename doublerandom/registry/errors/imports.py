"""Errors of files to import."""

from doublerandom.errors import InvalidInputError


class UnreadableFileError(InvalidInputError):
    """A file that is neither UTF-8 nor GB18030, or no table at all."""

    code = "unreadable_file"


class MissingColumnsError(InvalidInputError):
    """A file to import lacks columns that its kind needs; `found` is its header."""

    code = "missing_columns"


class RepeatedColumnError(InvalidInputError):
    """Two columns of a file mean the same field."""

    code = "repeated_column"
