"""Sentences of the errors of items."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "item_not_ready": (
        "抽查事项 {item} 缺少{missing}，不能生效。请补全依据、抽查主体、抽查方式和检查人员要求。",
        "Item {item} lacks {missing} and cannot come into force. Complete it first.",
    ),
    "wrong_item_state": (
        "抽查事项 {item} 的状态是“{status}”，不能这样做。",
        "Item {item} is {status}; this cannot be done with it now.",
    ),
    "items_not_in_force": (
        "计划第 {line} 项列入了未生效的抽查事项：{items}。请先让这些事项生效，或从计划中去掉。",
        "Plan line {line} names items that are not in force: {items}. Put them in force, or leave them out.",
    ),
    "item_not_found": (
        "没有编号为 {value} 的抽查事项。请在随机抽查事项清单中查找。",
        "No item has the code {value}. Look it up in the item list.",
    ),
}
