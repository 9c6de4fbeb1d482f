"""What the registry puts on record: one act for each thing that a command changes, by noun."""

from doublerandom.registry.acts.conflicts import (
    ConflictDecided,
    ConflictDeclared,
)
from doublerandom.registry.acts.imports import (
    BatchImported,
    SubjectsAdded,
)
from doublerandom.registry.acts.inspectors import (
    AbsenceAdded,
    InspectorAdded,
)
from doublerandom.registry.acts.items import (
    ItemAdded,
    ItemEnded,
    ItemPutInForce,
)
from doublerandom.registry.acts.plans import (
    AnnualPlanAdded,
    AnnualPlanPublished,
)
from doublerandom.registry.acts.rule_sets import (
    RuleSetAdded,
    RuleSetApproved,
)
from doublerandom.registry.acts.subjects import (
    MeasureApplied,
    StandingSet,
    StandingsSet,
)
from doublerandom.registry.acts.visits import (
    VisitRecorded,
)

__all__ = [
    "AbsenceAdded",
    "AnnualPlanAdded",
    "AnnualPlanPublished",
    "BatchImported",
    "ConflictDecided",
    "ConflictDeclared",
    "InspectorAdded",
    "ItemAdded",
    "ItemEnded",
    "ItemPutInForce",
    "MeasureApplied",
    "RuleSetAdded",
    "RuleSetApproved",
    "StandingSet",
    "StandingsSet",
    "SubjectsAdded",
    "VisitRecorded",
]
