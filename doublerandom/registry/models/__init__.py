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
    Certificate,
    CertificateStatus,
    Inspector,
    Qualification,
)
from doublerandom.registry.models.items import (
    Item,
    ItemList,
    ItemState,
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
from doublerandom.registry.models.teams import (
    DealtTasks,
    Team,
    TeamMember,
)
from doublerandom.registry.models.visits import (
    Visit,
)

__all__ = [
    "Absence",
    "AnnualPlan",
    "AnnualPlanStatus",
    "Certificate",
    "CertificateStatus",
    "Conflict",
    "ConflictStatus",
    "DealtTasks",
    "ImportBatch",
    "Inspector",
    "Item",
    "ItemList",
    "ItemState",
    "ItemStatus",
    "Measure",
    "PlanLine",
    "Qualification",
    "RegistrationStatus",
    "RuleSet",
    "Subject",
    "SubjectKind",
    "SubjectStanding",
    "Team",
    "TeamMember",
    "Visit",
]
