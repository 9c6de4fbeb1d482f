"""What an audit of a whole log finds, what it asks for beside the entries, what it remembers of a plan."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from doublerandom.dr1.beacon import has_drand
from doublerandom.dr1.canon import Record, parse_time

ROUND_WAIT: Final = timedelta(hours=72)
"""How long after `due` a drand round may come; section 4."""


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
    """
    What the log has told of one plan so far; `reveal_by` is None where no sound plan is known.

    `observed`: the time of each source's value, by number.
    """

    index: int
    entry: Record
    plan: Record | None
    reveal_by: datetime | None = None
    result: tuple[int, Record] | None = None
    void: tuple[int, Record] | None = None
    opened: datetime | None = None
    beacon: datetime | None = None
    observed: dict[int, datetime] = field(default_factory=dict)
    replaced: int = 0
    new_subjects: int = 0
    outcomes: dict[str, datetime] = field(default_factory=dict)

    @property
    def draw(self) -> str:
        """The draw number."""
        return str(self.entry["draw"])

    @property
    def deadline(self) -> datetime | None:
        """
        After which the plan has failed, by what is known so far; None where no sound plan is known.

        With drand: 72 h after `due`, until a beacon has come by then; then as long after the beacon as
        `result_by` is after `due`. Where another source beside it was not in before `due`, none will come.
        """
        if self.plan is None or self.reveal_by is None:
            return None
        due, result_by = parse_time(self.plan["due"]), parse_time(self.plan["result_by"])
        if not has_drand(self.plan["randomness"]) or self._lacks_a_source(due):
            return result_by
        last = due + ROUND_WAIT
        if self.beacon is None or self.beacon > last:
            return last
        return max(result_by, self.beacon + (result_by - due))

    def _lacks_a_source(self, due: datetime) -> bool:
        assert self.plan is not None
        return any(
            source["kind"] != "drand" and not (n in self.observed and self.observed[n] < due)
            for n, source in enumerate(self.plan["randomness"])
        )

    def failed_by(self, at: datetime) -> bool | None:
        """Whether there was no result in time at a time; None where the deadline is not known."""
        if self.deadline is None:
            return None
        return (at if self.result is None else parse_time(self.result[1]["at"])) > self.deadline

    def ended_by(self, at: datetime) -> bool | None:
        """Whether the plan was no longer live at a time; None where its deadline is not known."""
        if self.result is not None or self.void is not None:
            return True
        return self.failed_by(at)


def broken(rule: str, index: int, draw: str, zh: str, en: str) -> LogFinding:
    """A rule that does not hold."""
    return LogFinding(Kind.BROKEN, rule, index, draw, zh, en)


def named(rule: str, index: int, draw: str, zh: str, en: str) -> LogFinding:
    """What is counted in public."""
    return LogFinding(Kind.NAMED, rule, index, draw, zh, en)
