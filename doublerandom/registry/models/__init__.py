"""The tables of the registry, by noun."""

from doublerandom.registry.models.calendar import (
    CalendarDay,
)
from doublerandom.registry.models.conflicts import (
    Conflict,
    ConflictStatus,
    Link,
    Tie,
)
from doublerandom.registry.models.handovers import (
    HandoverStatus,
    HandoverStep,
    LicenceDuty,
    LicenceHandover,
)
from doublerandom.registry.models.imports import (
    ImportBatch,
    ImportJob,
    ImportMapping,
    ImportState,
)
from doublerandom.registry.models.industries import (
    Industry,
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
from doublerandom.registry.models.licences import (
    Licence,
    SubjectListing,
)
from doublerandom.registry.models.plans import (
    AnnualPlan,
    AnnualPlanStatus,
    PlanLine,
)
from doublerandom.registry.models.rule_sets import (
    RuleSet,
    RuleSetStatus,
)
from doublerandom.registry.models.saved_filters import (
    BulkAct,
    SavedFilter,
)
from doublerandom.registry.models.search import (
    SearchQueue,
    SearchState,
)
from doublerandom.registry.models.subject_history import (
    ClassMove,
    IssuedNumber,
    SubjectChange,
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
    "BulkAct",
    "CalendarDay",
    "Certificate",
    "CertificateStatus",
    "ClassMove",
    "Conflict",
    "ConflictStatus",
    "DealtTasks",
    "HandoverStatus",
    "HandoverStep",
    "ImportBatch",
    "ImportJob",
    "ImportMapping",
    "ImportState",
    "Industry",
    "Inspector",
    "IssuedNumber",
    "Item",
    "ItemList",
    "ItemState",
    "ItemStatus",
    "Licence",
    "LicenceDuty",
    "LicenceHandover",
    "Link",
    "Measure",
    "PlanLine",
    "Qualification",
    "RegistrationStatus",
    "RuleSet",
    "RuleSetStatus",
    "SavedFilter",
    "SearchQueue",
    "SearchState",
    "Subject",
    "SubjectChange",
    "SubjectKind",
    "SubjectListing",
    "SubjectStanding",
    "Team",
    "TeamMember",
    "Tie",
    "Visit",
]
