"""A draw computed from its inputs: drawn subjects, tasks, result root; sections 4 to 8."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from doublerandom.dr1.beacon import beacon_text
from doublerandom.dr1.canon import Record
from doublerandom.dr1.deal import Deal, deal
from doublerandom.dr1.inputs import Conflicts, Inputs, Inspectors, Opener, Stage, read_directory
from doublerandom.dr1.plan import plan_hash
from doublerandom.dr1.pools import key_bytes
from doublerandom.dr1.seeds import check_secrets, seeds
from doublerandom.dr1.tasks import result_root, task_commitments, task_object
from doublerandom.dr1.tickets import Selection, select


@dataclass(frozen=True)
class Computation:
    """
    A computed draw.

    Attributes:
        plan_hash: The plan's.
        beacon: The beacon text, empty at level C.
        seeds: By purpose.
        selection: The drawn, and on demand each stratum's order.
        deal: The teams in drawn order, loads, proofs of empty seats.
        tasks: Task objects in drawn order.
        commitments: Theirs, in the same order.
        result_root: The root over them.
    """

    plan_hash: str
    beacon: str
    seeds: Mapping[str, str]
    selection: Selection
    deal: Deal
    tasks: list[Record]
    commitments: list[str]
    result_root: str

    @property
    def drawn(self) -> list[str]:
        """The drawn subjects' ids over all strata, by ticket."""
        return self.selection.drawn

    @cached_property
    def empty_seats(self) -> list[Record]:
        """The empty seats with their proofs, as in result.json; long where many seats stay empty."""
        return self.deal.empty_seats

    def result_json(self) -> Iterator[bytes]:
        """The bytes of result.json, in pieces: proofs of many empty seats never stand in memory together."""
        yield b'{"drawn":' + _dump(self.drawn)
        before = b',"empty_seats":['
        for proof in self.deal.iter_empty_seats():
            yield before + _dump(proof)
            before = b","
        if before == b",":
            yield b"]"
        yield b',"result_root":' + _dump(self.result_root) + b"}\n"

    def tasks_jsonl(self) -> Iterator[bytes]:
        """The lines of tasks.jsonl, ascending by subject."""
        for task in sorted(self.tasks, key=lambda task: str(task["subject"])):
            yield _dump(task) + b"\n"


def compute(inputs: Inputs, stage: Stage = lambda _name: None) -> Computation:
    """
    Compute a draw from inputs that `read_inputs` or `read_directory` made.

    Args:
        inputs: All parts; pools and keys are those of the plan.
        stage: Told the name of each stage as it begins: `beacon`, `tickets`, `deal`, `tasks`.

    Raises:
        ProtocolError: An observed value or a secret does not hold (`check` 6, 7), or carried ids do not (9).
    """
    plan, hashed = inputs.plan, plan_hash(inputs.plan)
    stage("beacon")
    beacon = beacon_text(plan["randomness"], inputs.observed)
    check_secrets(plan, inputs.secrets)
    found = seeds(plan, hashed, beacon, inputs.secrets)
    stage("tickets")
    selection = select(found["subject"], inputs.subjects, plan["strata"], plan.get("carried", ()))
    drawn = selection.drawn
    stage("deal")
    subjects = [inputs.subjects.deal_record(subject) for subject in drawn]
    dealt = deal_inspectors(plan, subjects, inputs.inspectors, inputs.conflicts, found["inspector"])
    stage("tasks")
    tasks = tasks_of(plan, drawn, dealt.teams)
    commitments = task_commitments(key_bytes(inputs.keys["tasks"]), tasks)
    root = result_root(commitments)
    return Computation(hashed, beacon, found, selection, dealt, tasks, commitments, root)


def deal_inspectors(
    plan: Record, subjects: Sequence[Record], inspectors: Inspectors, conflicts: Conflicts, seed: str
) -> Deal:
    """Deal the inspectors to the drawn subjects' records, in drawn order (section 7)."""
    pairs = conflicts.of(subject["id"] for subject in subjects)
    return deal(subjects, plan["team"], inspectors.records, pairs, seed)


def tasks_of(plan: Record, drawn: Sequence[str], teams: Sequence[Sequence[str]]) -> list[Record]:
    """The task of each drawn subject with its team."""
    return [
        task_object(plan["draw"], subject, team, plan["team"])
        for subject, team in zip(drawn, teams, strict=True)
    ]


def compute_directory(
    path: Path, opener: Opener = lambda file: file.open("rb"), stage: Stage = lambda _: None
) -> Computation:
    """Read, check and compute the draw in `path`; see `read_directory` and `compute`."""
    return compute(read_directory(path, opener, stage), stage)


def write_result(path: Path, computation: Computation) -> None:
    """
    Write result.json and tasks.jsonl into `path`: both or, where one cannot be written, neither.

    Both are written beside their place first. If the second cannot then be put in place, the first is taken
    away again (and with it what stood there before).

    Raises:
        OSError: The directory cannot be written.
    """
    pieces = {"result.json": computation.result_json(), "tasks.jsonl": computation.tasks_jsonl()}
    written: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for name, content in pieces.items():
            written[path / name] = path / f".{name}.{os.getpid()}"
            with written[path / name].open("wb") as file:
                file.writelines(content)
                file.flush()
                os.fsync(file.fileno())
        for target, temporary in written.items():
            temporary.replace(target)
            placed.append(target)
    except BaseException:
        for left in (*written.values(), *placed):
            left.unlink(missing_ok=True)
        raise


def _dump(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
