"""Errors of the registry: one class per rule, by noun; their sentences stand in error_texts."""

from doublerandom.registry.errors.conflicts import (
    ConflictDecidedError,
    ConflictNotFoundError,
)
from doublerandom.registry.errors.filters import (
    BadFilterError,
    UnknownFilterFieldError,
)
from doublerandom.registry.errors.imports import (
    MissingColumnsError,
    RepeatedColumnError,
    UnreadableFileError,
)
from doublerandom.registry.errors.inspectors import (
    InspectorNotFoundError,
)
from doublerandom.registry.errors.items import (
    ItemNotFoundError,
    ItemNotReadyError,
    ItemsNotInForceError,
    WrongItemStateError,
)
from doublerandom.registry.errors.plans import (
    PlanLineNotFoundError,
    WrongPlanStateError,
)
from doublerandom.registry.errors.records import (
    AlreadyThereError,
    InvalidCodeError,
    InvalidRecordError,
    OwnDecisionError,
    RecordNotFoundError,
)
from doublerandom.registry.errors.rule_sets import (
    AlreadyApprovedError,
    InvalidRuleSetError,
    RuleSetNotFoundError,
)
from doublerandom.registry.errors.subjects import (
    SubjectNotFoundError,
)

__all__ = [
    "AlreadyApprovedError",
    "AlreadyThereError",
    "BadFilterError",
    "ConflictDecidedError",
    "ConflictNotFoundError",
    "InspectorNotFoundError",
    "InvalidCodeError",
    "InvalidRecordError",
    "InvalidRuleSetError",
    "ItemNotFoundError",
    "ItemNotReadyError",
    "ItemsNotInForceError",
    "MissingColumnsError",
    "OwnDecisionError",
    "PlanLineNotFoundError",
    "RecordNotFoundError",
    "RepeatedColumnError",
    "RuleSetNotFoundError",
    "SubjectNotFoundError",
    "UnknownFilterFieldError",
    "UnreadableFileError",
    "WrongItemStateError",
    "WrongPlanStateError",
]
