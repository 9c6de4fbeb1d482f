"""The tables of the registry, by noun."""

from doublerandom.registry.models.conflicts import (
    Conflict,
    ConflictStatus,
)
from doublerandom.registry.models.imports import (
    ImportBatch,
)
from doublerandom.registry.models.inspectors import (
    Absence,
    Inspector,
)
from doublerandom.registry.models.items import (
    Item,
    ItemStatus,
)
from doublerandom.registry.models.plans import (
    AnnualPlan,
    AnnualPlanStatus,
    PlanLine,
)
from doublerandom.registry.models.rule_sets import (
    RuleSet,
)
from doublerandom.registry.models.subjects import (
    Measure,
    RegistrationStatus,
    Subject,
    SubjectKind,
    SubjectStanding,
)
from doublerandom.registry.models.visits import (
    Visit,
)

__all__ = [
    "Absence",
    "AnnualPlan",
    "AnnualPlanStatus",
    "Conflict",
    "ConflictStatus",
    "ImportBatch",
    "Inspector",
    "Item",
    "ItemStatus",
    "Measure",
    "PlanLine",
    "RegistrationStatus",
    "RuleSet",
    "Subject",
    "SubjectKind",
    "SubjectStanding",
    "Visit",
]
