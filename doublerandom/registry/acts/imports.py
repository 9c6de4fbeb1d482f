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
    changed: int
    joined: int


@dataclass(frozen=True)
class SubjectsAdded(Fact):
    """Subjects came in by another way than a file."""

    on_kind: ClassVar[str] = "import_batch"
    on_id: str
    source: str
    count: int


@dataclass(frozen=True)
class ImportUploaded(Fact):
    """A file was brought to the desk; nothing of it is applied yet."""

    on_kind: ClassVar[str] = "import_job"
    on_id: str
    kind: str
    filename: str
    sha256: str
    sender: str


@dataclass(frozen=True)
class ImportMapped(Fact):
    """A person said what the columns of a file mean, and let it be looked at."""

    on_kind: ClassVar[str] = "import_job"
    on_id: str
    places: dict[str, int]
    updates: bool


@dataclass(frozen=True)
class ImportMoved(Fact):
    """An import came to another state: examined, applying, applied, failed, discarded."""

    on_kind: ClassVar[str] = "import_job"
    on_id: str
    state: str
    counts: dict[str, int]


@dataclass(frozen=True)
class BatchUndone(Fact):
    """A batch was taken back by a later one; what others changed since was left as it is."""

    on_kind: ClassVar[str] = "import_batch"
    on_id: str
    undoes: int
    taken_back: int
    left: int
    reason: str
