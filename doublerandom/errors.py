"""Errors of the house: one class per rule, each with a code, parameters and the HTTP status of its page."""

from typing import Any, ClassVar


class DoubleRandomError(Exception):
    """
    A rule was broken by what came in; nothing was applied.

    `code` is stable and machine-readable; `params` are the facts the sentence needs. The sentence itself, in
    both languages and with the way out, stands in `doublerandom/error_texts.py`.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        facts = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.code}({facts})"


class NotFoundError(DoubleRandomError):
    """There is no such record, or it is not in the asker's sight."""

    code = "not_found"
    status = 404


class NotAllowedError(DoubleRandomError):
    """The asker lacks the role, or the record belongs to another body."""

    code = "not_allowed"
    status = 403


class ConflictingStateError(DoubleRandomError):
    """The record is not in a state in which this can be done."""

    code = "wrong_state"
    status = 409


class InvalidInputError(DoubleRandomError):
    """A field holds something that it cannot hold."""

    code = "invalid_input"
    status = 422
