"""The material of a verification: the files as read, and what earlier checks found for later ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from doublerandom.dr1.bundle import Bundle
from doublerandom.dr1.canon import Record, parse_time
from doublerandom.dr1.checkpoints import Checkpoint
from doublerandom.dr1.deal import Deal
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.inputs import Conflicts, Inspectors
from doublerandom.dr1.members import POOLS
from doublerandom.dr1.pools import PoolCommitment, SubjectPool
from doublerandom.dr1.tickets import Selection
from doublerandom.dr1.verification.report import Finding, FindingError, Status, failed, not_checkable


@dataclass(frozen=True)
class Outside:
    """What the asker brings: the moment, a checkpoint and proof of one's own, keys of trusted witnesses."""

    now: datetime
    checkpoint: str | None = None
    proof: str | None = None
    witnesses: tuple[str, ...] = ()


def is_of_pools(name: str, error: ProtocolError) -> bool:
    """Whether what is wrong with a file is the pool's, so that check 5 tells it, not its form."""
    return name.partition(".")[0] in POOLS and error.check == 5


@dataclass
class Material:
    """
    Attributes of a bundle under verification.

    Attributes:
        values: The values of JSON files and of files of lines, by name, where they could be read.
        faults: Why a file could not be read, by name.
        plan: The plan, once it has passed; None before, or if it has not.
        plan_fault: A rule that the plan breaks without being unusable: of its rounds or parties.
        findings: The checks made so far.
    """

    bundle: Bundle
    outside: Outside
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, ProtocolError] = field(default_factory=dict)
    plan: Record | None = None
    plan_hash: str = ""
    plan_fault: ProtocolError | None = None
    subjects: SubjectPool | None = None
    inspectors: Inspectors | None = None
    conflicts: Conflicts | None = None
    leaves: dict[str, PoolCommitment] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    beacon: str | None = None
    secrets: list[Record] = field(default_factory=list)
    purposes: tuple[str, ...] = ()
    seeds: dict[str, str] = field(default_factory=dict)
    selection: Selection | None = None
    deal: Deal | None = None
    commitments: dict[str, str] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)
    findings: dict[int, Finding] = field(default_factory=dict)

    # --- what is there ---

    def require_plan(self) -> Record:
        """The plan, or the check waits for the first."""
        if self.plan is None:
            self.wait(1)
        return self.plan

    def value(self, name: str) -> Any:
        """A file's value; the check waits where it was refused, and is open or failed where it is absent."""
        if name in self.values:
            return self.values[name]
        if name in self.faults:
            self.wait(5 if is_of_pools(name, self.faults[name]) else 1)
        return self.absent(name)

    def absent(self, what: str) -> NoReturn:
        """End the check: this is not there; not checkable yet, or failed where it should be public by now."""
        if self._is_due(what):
            self.end(failed("absent_though_due", f"早应公开而缺 {what}", f"absent though due: {what}", what))
        self.end(not_checkable("absent", f"尚未公开：{what}", f"not public yet: {what}", what))

    def _is_due(self, what: str) -> bool:
        """What is public once committed is due at `due`; the rest once opened, or past `reveal_by`."""
        plan = self.require_plan()
        early = {"signatures.json", "rules.json", "log.json", "log: plan"}
        early |= {f"{pool}.jsonl" for pool in POOLS if not plan[pool]["sealed"]}
        if what in early:
            return self.outside.now >= parse_time(plan["due"])
        return self.outside.now > parse_time(plan["reveal_by"]) or bool(self.entries("open"))

    def wait(self, number: int) -> NoReturn:
        """End the check: it needs what another one did not give."""
        self.end(self.waiting(number))

    @staticmethod
    def waiting(number: int) -> Finding:
        """The finding of a check that needs what another one did not give."""
        return not_checkable("waits", f"须待第 {number} 项", f"waits for check {number}", number)

    @staticmethod
    def end(finding: Finding) -> NoReturn:
        """End the check with this finding."""
        raise FindingError(finding)

    def has_failed(self, number: int) -> bool:
        """Whether an earlier check failed."""
        return number in self.findings and self.findings[number].status is Status.FAILED

    # --- what is withheld for good ---

    @property
    def withheld(self) -> set[str]:
        """The closed pools, where this is the public's bundle."""
        closed = self.require_plan().get("closed", [])
        return {pool for pool in closed if f"{pool}.jsonl" not in self.bundle}

    def unless_withheld(self, *pools: str) -> None:
        """End the check where it needs a pool that the public never sees."""
        for pool in POOLS:
            if pool in pools and pool in self.withheld:
                self.end(
                    not_checkable(
                        "withheld",
                        f"{pool} 不向社会公开，由审计方以全套材料核验",
                        f"{pool} is closed: the auditors' bundle shows it",
                        pool,
                    )
                )

    # --- the log's entries ---

    def log_items(self) -> Sequence[Record]:
        """All items of log.json in order; none where it is absent or was refused."""
        log = self.values.get("log.json")
        return log["entries"] if log else []

    def entries(self, kind: str) -> list[tuple[int, Record]]:
        """This plan's entries of a type with their indices, in log order."""
        return [
            (item["index"], item["entry"])
            for item in self.log_items()
            if item["entry"]["type"] == kind and item["entry"]["plan_hash"] == self.plan_hash
        ]

    def entry(self, kind: str) -> tuple[int, Record]:
        """This plan's first entry of a type; the check ends where there is none."""
        found = self.entries(kind)
        if not found:
            self.value("log.json")
            self.absent(f"log: {kind}")
        return found[0]

    def deadline(self) -> datetime:
        """Until when a result is in time: section 4 for drand, `result_by` otherwise."""
        plan = self.require_plan()
        due, result_by = parse_time(plan["due"]), parse_time(plan["result_by"])
        beacons = self.entries("beacon")
        if beacons and any(source["kind"] == "drand" for source in plan["randomness"]):
            return max(result_by, parse_time(beacons[0][1]["at"]) + (result_by - due))
        return result_by
