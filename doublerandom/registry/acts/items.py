"""Acts on items."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class ItemAdded(Fact):
    """A draft of an item, or of its next version."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    name: str


@dataclass(frozen=True)
class ItemPutInForce(Fact):
    """An item may be inspected from now on; the version before it ends."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    valid_from: date


@dataclass(frozen=True)
class ItemEnded(Fact):
    """An item was suspended or abolished."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    status: str
