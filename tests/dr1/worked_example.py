"""The worked example as a directory of files, so that tests can break one thing at a time."""

import copy
import json
from pathlib import Path
from typing import Any

from doublerandom.dr1.bundle import json_file, lines_file
from doublerandom.dr1.plan import plan_hash
from doublerandom.dr1.pools import freeze, key_bytes
from doublerandom.dr1.seeds import secret_commitment

VECTOR = Path(__file__).parent / "vectors/dr1_worked_example.json"
EXAMPLE: dict[str, Any] = json.loads(VECTOR.read_text("utf-8"))


class Draw:
    """The worked example's parts, each free to be changed; `write` stores them without minding."""

    def __init__(self) -> None:
        example = copy.deepcopy(EXAMPLE)
        self.plan = example["plan"]
        self.subjects = example["subjects"]
        self.inspectors = example["inspectors"]
        self.conflicts = sorted(example["conflicts"], key=lambda record: record["id"])
        self.observed = example["observed"]
        self.keys = example["keys"]
        self.secrets = [
            {
                "party": entry["party"],
                "purpose": entry["purpose"],
                "secret": example["secrets"][entry["purpose"]][entry["party"]],
            }
            for entry in self.plan["secrets"]
        ]

    def refreeze(self) -> None:
        """Let the plan commit to the pools and secrets as they are now."""
        for pool in ("subjects", "inspectors", "conflicts"):
            key = key_bytes(self.keys[pool]) if self.plan[pool]["sealed"] else None
            self.plan[pool] = freeze(pool, getattr(self, pool), key).member()
        for entry, secret in zip(self.plan["secrets"], self.secrets, strict=True):
            entry["commitment"] = secret_commitment(
                self.plan["issuer"], self.plan["draw"], entry["purpose"], entry["party"], secret["secret"]
            )

    def files(self) -> dict[str, bytes]:
        return {
            "plan.json": json_file(self.plan),
            "subjects.jsonl": lines_file(self.subjects),
            "inspectors.jsonl": lines_file(self.inspectors),
            "conflicts.jsonl": lines_file(self.conflicts),
            "beacon.json": json_file(self.observed),
            "secrets.json": json_file(self.secrets),
            "keys.json": json_file(self.keys),
        }

    def write(self, path: Path) -> Path:
        path.mkdir(exist_ok=True)
        for name, data in self.files().items():
            (path / name).write_bytes(data)
        return path

    @property
    def plan_hash(self) -> str:
        return plan_hash(self.plan)
