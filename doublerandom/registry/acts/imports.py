"""Acts on imports."""

from dataclasses import dataclass
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class BatchImported(Fact):
    """A file came in; its rows were judged, and those that hold were applied."""

    on_kind: ClassVar[str] = "import_batch"
    on_id: str
    kind: str
    filename: str
    sha256: str
    accepted: int
    refused: int
    repeated: int
    noted: int


@dataclass(frozen=True)
class SubjectsAdded(Fact):
    """Subjects came in by another way than a file."""

    on_kind: ClassVar[str] = "import_batch"
    on_id: str
    source: str
    count: int
