"""Acts on inspectors."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class InspectorAdded(Fact):
    """An inspector is in the pool of a body."""

    on_kind: ClassVar[str] = "inspector"
    on_id: str
    body_id: int
    department: str


@dataclass(frozen=True)
class InspectorChanged(Fact):
    """Fields of an inspector's record changed: each with what it was and what it is."""

    on_kind: ClassVar[str] = "inspector"
    on_id: str
    changes: tuple[tuple[str, str, str], ...]
    reason: str


@dataclass(frozen=True)
class CertificateAdded(Fact):
    """An inspector has a further certificate, or a renewed one."""

    on_kind: ClassVar[str] = "inspector"
    on_id: str
    number: str
    kind: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class CertificateStatusSet(Fact):
    """A certificate is suspended, revoked, or valid again from a day on."""

    on_kind: ClassVar[str] = "inspector"
    on_id: str
    number: str
    status: str
    valid_from: date
    reason: str


@dataclass(frozen=True)
class QualificationAdded(Fact):
    """An inspector holds a skill from one day to another; perhaps in place of an earlier entry."""

    on_kind: ClassVar[str] = "inspector"
    on_id: str
    skill: str
    valid_from: date
    valid_to: date | None
    replaces: int


@dataclass(frozen=True)
class AbsenceAdded(Fact):
    """An inspector is away; both days count."""

    on_kind: ClassVar[str] = "inspector"
    on_id: str
    kind: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class AbsenceCorrected(Fact):
    """A later entry takes the place of an absence, or takes it back."""

    on_kind: ClassVar[str] = "inspector"
    on_id: str
    corrects: int
    withdrawn: bool
    kind: str
    first_day: date
    last_day: date
