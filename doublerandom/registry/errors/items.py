"""Errors of items."""

from collections.abc import Mapping
from typing import ClassVar, Final

from doublerandom.error_words import Worded, Words
from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError

MISSING_WORDS: Final = {
    "basis": ("法律依据", "legal basis"),
    "level": ("实施层级", "executing level"),
    "methods": ("抽查方式", "methods"),
    "requirement": ("检查人员要求", "inspector requirement"),
}
STATUS_WORDS: Final = {
    "draft": ("草稿", "a draft"),
    "in_force": ("施行中", "in force"),
    "suspended": ("已暂停", "suspended"),
    "abolished": ("已废止", "abolished"),
}


class ItemNotReadyError(ConflictingStateError):
    """An item without basis, executing level, methods or inspector requirement cannot be put in force."""

    code = "item_not_ready"

    def __init__(self, *, item: str, missing: str) -> None:
        zh, en = zip(*(MISSING_WORDS[name] for name in missing.split(", ")), strict=True)
        super().__init__(item=item, missing=missing, missing_zh="、".join(zh), missing_en=", ".join(en))


class WrongItemStateError(Worded, ConflictingStateError):
    """The item is not in a state in which this can be done."""

    code = "wrong_item_state"
    codes: ClassVar[Mapping[str, Words]] = {"status": STATUS_WORDS}


class ItemsNotInForceError(ConflictingStateError):
    """A plan line names items that are not in force."""

    code = "items_not_in_force"


class ItemNotFoundError(NotFoundError):
    """No item has this code."""

    code = "item_not_found"


class ItemDraftThereError(ConflictingStateError):
    """The item has a draft of its next version already."""

    code = "item_draft_there"


class StateDayError(InvalidInputError):
    """A state of an item would begin before the one that stands, or end what nobody could know then."""

    code = "state_day"


class ReasonMissingError(InvalidInputError):
    """The act needs a reason, and none is given."""

    code = "reason_missing"


class ItemListUnchangedError(ConflictingStateError):
    """The list of items is the one that was published last."""

    code = "item_list_unchanged"
