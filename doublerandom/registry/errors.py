"""Errors of the registry: one class per rule; their sentences stand in error_texts.py."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class BadFilterError(InvalidInputError):
    """A filter expression that cannot be read; `at` counts characters from 1."""

    code = "bad_filter"


class UnknownFilterFieldError(InvalidInputError):
    """A filter names a field, or a value of a field, that there is not."""

    code = "unknown_filter_field"


class InvalidRuleSetError(InvalidInputError):
    """A rule set object lacks a member, has an unknown one, or one that holds what it cannot hold."""

    code = "invalid_rule_set"


class InvalidRecordError(InvalidInputError):
    """A field of a registry record holds what it cannot hold."""

    code = "invalid_record"


class InvalidCodeError(InvalidInputError):
    """A code is no valid 统一社会信用代码, and the kind of subject needs one."""

    code = "invalid_code"


class ItemNotReadyError(ConflictingStateError):
    """An item without basis, executing level, methods or inspector requirement cannot be put in force."""

    code = "item_not_ready"


class WrongItemStateError(ConflictingStateError):
    """The item is not in a state in which this can be done."""

    code = "wrong_item_state"


class AlreadyThereError(ConflictingStateError):
    """A record with this code is there already."""

    code = "already_there"


class ConflictDecidedError(ConflictingStateError):
    """The conflict of interest was decided before, or its own declarer would decide it."""

    code = "conflict_decided"


class OwnDecisionError(ConflictingStateError):
    """Nobody decides or approves what is the own act."""

    code = "own_decision"


class AlreadyApprovedError(ConflictingStateError):
    """The rule set was approved before."""

    code = "already_approved"


class WrongPlanStateError(ConflictingStateError):
    """The annual plan is not in a state in which this can be done."""

    code = "wrong_plan_state"


class ItemsNotInForceError(ConflictingStateError):
    """A plan line names items that are not in force."""

    code = "items_not_in_force"


class SubjectNotFoundError(NotFoundError):
    """No subject has this code."""

    code = "subject_not_found"


class InspectorNotFoundError(NotFoundError):
    """No inspector has this certificate number."""

    code = "inspector_not_found"


class ItemNotFoundError(NotFoundError):
    """No item has this code."""

    code = "item_not_found"


class RuleSetNotFoundError(NotFoundError):
    """No approved rule set is in force for this body and line of work."""

    code = "rule_set_not_found"


class PlanLineNotFoundError(NotFoundError):
    """No annual plan has a line of this number."""

    code = "plan_line_not_found"


class ConflictNotFoundError(NotFoundError):
    """There is no such conflict of interest."""

    code = "conflict_not_found"


class RecordNotFoundError(NotFoundError):
    """There is no such rule set or annual plan."""

    code = "record_not_found"


class UnreadableFileError(InvalidInputError):
    """A file that is neither UTF-8 nor GB18030, or no table at all."""

    code = "unreadable_file"


class MissingColumnsError(InvalidInputError):
    """A file to import lacks columns that its kind needs; `found` is its header."""

    code = "missing_columns"


class RepeatedColumnError(InvalidInputError):
    """Two columns of a file mean the same field."""

    code = "repeated_column"
