"""Errors of rule sets."""

from typing import Any

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError
from doublerandom.registry.rule_words import path_words


class InvalidRuleSetError(InvalidInputError):
    """A rule set object lacks a member, has an unknown one, or one that holds what it cannot hold."""

    code = "invalid_rule_set"

    def __init__(self, *, where: str, **params: Any) -> None:
        place_zh, place_en = path_words(where)
        super().__init__(where=where, place_zh=place_zh, place_en=place_en, **params)


class AlreadyApprovedError(ConflictingStateError):
    """The rule set was approved before."""

    code = "already_approved"


class WrongRuleSetStateError(ConflictingStateError):
    """A draft was changed that is no draft any more, or something decided that nobody submitted."""

    code = "wrong_rule_set_state"


class EmptyRuleSetError(ConflictingStateError):
    """A rule set without a single section says nothing and cannot be submitted."""

    code = "empty_rule_set"


class BackdatedRuleSetError(ConflictingStateError):
    """A rule set would begin before its approval and replace rules that were in force already."""

    code = "backdated_rule_set"


class RuleSetNotFoundError(NotFoundError):
    """No approved rule set in force says what is asked: neither the body's nor any above it."""

    code = "rule_set_not_found"

    def __init__(self, *, section: str = "", **params: Any) -> None:
        place_zh, place_en = path_words(f"rules.{section}")
        super().__init__(section=section, place_zh=place_zh, place_en=place_en, **params)
