"""The public pages of items: the list as a file, what each body published last and where the log says so."""

from collections.abc import Iterable, Iterator
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom.ledger import queries as ledger_queries
from doublerandom.registry import queries as registry_queries
from doublerandom.registry.queries import Item, ItemList
from doublerandom.registry.structure_words import value_words

_FIELDS: Final = {
    "category": _l("抽查领域"),
    "name": _l("抽查事项"),
    "sub_item": _l("子项"),
    "key": _l("重点事项"),
    "basis": _l("法律依据"),
    "level": _l("实施层级"),
    "scope": _l("检查对象"),
    "points": _l("检查要点"),
    "ratio": _l("抽查比例"),
    "frequency": _l("抽查频次"),
    "methods": _l("抽查方式"),
    "requirement": _l("检查人员要求"),
    "unit": _l("责任单位"),
}
HEADER: Final = [_l("编号"), _l("版本"), *_FIELDS.values(), _l("施行日期"), _l("最后有效日期")]


def rows(items: Iterable[Item]) -> Iterator[list[object]]:
    """The items as rows under HEADER."""
    for item in items:
        said = [value_words(name, getattr(item, name)) for name in _FIELDS]
        yield [item.code, item.version, *said, item.valid_from, item.valid_to]


def published_lists(session: Session) -> list[tuple[ItemList, int | None]]:
    """The list that each body published last, with the index of its entry in the public log."""
    lists = registry_queries.newest_item_lists(session)
    entries = ledger_queries.list_entries(session, [row.digest for row in lists])
    at = {entry["digest"]: index for index, entry in entries}
    return [(row, at.get(row.digest)) for row in lists]
