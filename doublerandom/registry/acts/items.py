"""Acts on items."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

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
    """An item may be inspected from that day on; the version before it ends. A suspended one is resumed."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    valid_from: date
    reason: str = ""


@dataclass(frozen=True)
class ItemEnded(Fact):
    """An item was suspended or abolished."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    status: str
    first_day: date
    reason: str


@dataclass(frozen=True)
class ItemEdited(Fact):
    """A draft of an item was changed: each field, before and after."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    changes: dict[str, Any]


@dataclass(frozen=True)
class ItemStructured(Fact):
    """A person read the texts of ratio and frequency as data; the texts stay."""

    on_kind: ClassVar[str] = "item"
    on_id: str
    version: int
    quota: dict[str, Any] | None
    times: dict[str, Any] | None


@dataclass(frozen=True)
class ItemListPublished(Fact):
    """The list of items of a body is public, its digest in the log."""

    on_kind: ClassVar[str] = "item_list"
    on_id: str
    number: int
    items: int
    digest: str
