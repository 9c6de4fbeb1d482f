"""What the registry puts on record: one act for each thing that a command changes, by noun."""

from doublerandom.registry.acts.calendar import (
    CalendarDayChanged,
    CalendarYearEntered,
)
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
    AbsenceCorrected,
    CertificateAdded,
    CertificateStatusSet,
    InspectorAdded,
    InspectorChanged,
    QualificationAdded,
)
from doublerandom.registry.acts.items import (
    ItemAdded,
    ItemEdited,
    ItemEnded,
    ItemListPublished,
    ItemPutInForce,
    ItemStructured,
)
from doublerandom.registry.acts.plans import (
    AnnualPlanAdded,
    AnnualPlanApproved,
    AnnualPlanClosed,
    AnnualPlanEdited,
    AnnualPlanFiled,
    AnnualPlanPublished,
    AnnualPlanReturned,
    AnnualPlanSubmitted,
    AnnualPlanSuperseded,
    PlanLineAdded,
    PlanLineComputed,
    PlanLineDropped,
    PlanLineEdited,
)
from doublerandom.registry.acts.rule_sets import (
    RuleSetAdded,
    RuleSetApproved,
    RuleSetDrafted,
    RuleSetEdited,
    RuleSetMoved,
)
from doublerandom.registry.acts.subjects import (
    MeasureApplied,
    StandingSet,
    StandingsSet,
)
from doublerandom.registry.acts.teams import (
    TeamChanged,
    TeamEnded,
    TeamFounded,
)
from doublerandom.registry.acts.visits import (
    OutsideVisitsReceived,
    VisitCorrected,
    VisitRecorded,
)

__all__ = [
    "AbsenceAdded",
    "AbsenceCorrected",
    "AnnualPlanAdded",
    "AnnualPlanApproved",
    "AnnualPlanClosed",
    "AnnualPlanEdited",
    "AnnualPlanFiled",
    "AnnualPlanPublished",
    "AnnualPlanReturned",
    "AnnualPlanSubmitted",
    "AnnualPlanSuperseded",
    "BatchImported",
    "CalendarDayChanged",
    "CalendarYearEntered",
    "CertificateAdded",
    "CertificateStatusSet",
    "ConflictDecided",
    "ConflictDeclared",
    "InspectorAdded",
    "InspectorChanged",
    "ItemAdded",
    "ItemEdited",
    "ItemEnded",
    "ItemListPublished",
    "ItemPutInForce",
    "ItemStructured",
    "MeasureApplied",
    "OutsideVisitsReceived",
    "PlanLineAdded",
    "PlanLineComputed",
    "PlanLineDropped",
    "PlanLineEdited",
    "QualificationAdded",
    "RuleSetAdded",
    "RuleSetApproved",
    "RuleSetDrafted",
    "RuleSetEdited",
    "RuleSetMoved",
    "StandingSet",
    "StandingsSet",
    "SubjectsAdded",
    "TeamChanged",
    "TeamEnded",
    "TeamFounded",
    "VisitCorrected",
    "VisitRecorded",
]
