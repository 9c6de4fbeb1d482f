"""Acts on licences that approval bureaus hand over."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class LicenceDelivered(Fact):
    """An approval bureau delivered an event of a licence."""

    on_kind: ClassVar[str] = "licence_handover"
    on_id: str
    event: str
    authority: str
    number: str
    subject: str


@dataclass(frozen=True)
class HandoverAssigned(Fact):
    """A department is to supervise what was licensed; by the rule, or as the office decided."""

    on_kind: ClassVar[str] = "licence_handover"
    on_id: str
    department: str
    reason: str


@dataclass(frozen=True)
class HandoverAccepted(Fact):
    """The department took the licensed subject under its supervision."""

    on_kind: ClassVar[str] = "licence_handover"
    on_id: str
    department: str


@dataclass(frozen=True)
class HandoverReturned(Fact):
    """The department says that it is not responsible, and why."""

    on_kind: ClassVar[str] = "licence_handover"
    on_id: str
    department: str
    reason: str


@dataclass(frozen=True)
class LicenceDutySet(Fact):
    """The supervision office said which line of work supervises a kind of licence."""

    on_kind: ClassVar[str] = "licence_duty"
    on_id: str
    line: str
    basis: str
