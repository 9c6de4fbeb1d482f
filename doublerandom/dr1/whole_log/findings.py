"""What an audit of a whole log finds, what it asks for beside the entries, what it remembers of a plan."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from doublerandom.dr1.canon import Record


class Kind(StrEnum):
    """Broken: a rule does not hold. Named: counted in public (void, failure). Open: not checkable here."""

    BROKEN = "broken"
    NAMED = "named"
    OPEN = "open"


@dataclass(frozen=True)
class LogFinding:
    """One thing found: `rule` is its token, `index` the entry that shows it (-1: the whole log)."""

    kind: Kind
    rule: str
    index: int
    draw: str
    zh: str
    en: str


class Material(Protocol):
    """What the entries alone do not say; None where it cannot be had."""

    def plan(self, draw: str, plan_hash: str) -> Record | None:
        """The plan of this hash."""

    def signatures(self, draw: str) -> list[Record] | None:
        """The bundle's signatures.json."""

    def drawn(self, draw: str) -> list[str] | None:
        """The ids of all drawn subjects, once they are public."""

    def annual_plan(self, digest: str) -> Record | None:
        """The published annual plan of this digest."""


@dataclass
class Story:
    """What the log has told of one plan so far."""

    index: int
    entry: Record
    plan: Record | None
    deadline: datetime | None = None
    reveal_by: datetime | None = None
    result: tuple[int, Record] | None = None
    void: tuple[int, Record] | None = None
    opened: datetime | None = None
    beacon: bool = False
    replaced: int = 0
    new_subjects: int = 0
    outcomes: dict[str, datetime] = field(default_factory=dict)

    @property
    def draw(self) -> str:
        """The draw number."""
        return str(self.entry["draw"])

    def ended_by(self, at: datetime) -> bool | None:
        """Whether the plan was no longer live at a time; None where its deadline is not known."""
        if self.result is not None or self.void is not None:
            return True
        return None if self.deadline is None else at > self.deadline


def broken(rule: str, index: int, draw: str, zh: str, en: str) -> LogFinding:
    """A rule that does not hold."""
    return LogFinding(Kind.BROKEN, rule, index, draw, zh, en)


def named(rule: str, index: int, draw: str, zh: str, en: str) -> LogFinding:
    """What is counted in public."""
    return LogFinding(Kind.NAMED, rule, index, draw, zh, en)
