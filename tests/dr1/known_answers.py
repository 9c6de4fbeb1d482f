"""The known answers that the protocol's tests are held to, read once."""

import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent / "vectors"


def vectors(name: str) -> Any:
    """One file of known answers, fresh each time so that a test may change it."""
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def worked_example() -> dict[str, Any]:
    """The worked example: pools, plan, seeds, order, tasks."""
    return vectors("dr1_worked_example")


def pool_of(example: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """One of the example's pools in ascending order of id."""
    return sorted(example[name], key=lambda record: record["id"].encode())
