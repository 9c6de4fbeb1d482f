"""Errors of rule sets."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class InvalidRuleSetError(InvalidInputError):
    """A rule set object lacks a member, has an unknown one, or one that holds what it cannot hold."""

    code = "invalid_rule_set"


class AlreadyApprovedError(ConflictingStateError):
    """The rule set was approved before."""

    code = "already_approved"


class RuleSetNotFoundError(NotFoundError):
    """No approved rule set is in force for this body and line of work."""

    code = "rule_set_not_found"
