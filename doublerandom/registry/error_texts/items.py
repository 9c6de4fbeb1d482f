"""Sentences of the errors of items."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "item_not_ready": (
        "抽查事项 {item} 缺少{missing_zh}，不能生效。请补全依据、抽查主体、抽查方式和检查人员要求。",
        "Item {item} lacks {missing_en} and cannot come into force. Complete it first.",
    ),
    "wrong_item_state": (
        "抽查事项 {item} 是“{status:zh}”，不能这样做。草稿可以修改和生效，施行中的可以暂停，已暂停的可以恢复；要改内容，请编制新版本。",
        "Item {item} is {status:en}; this cannot be done with it now. To change what it says, draft a new version.",
    ),
    "items_not_in_force": (
        "计划第 {line} 项列入了未生效的抽查事项：{items}。请先让这些事项生效，或从计划中去掉。",
        "Plan line {line} names items that are not in force: {items}. Put them in force, or leave them out.",
    ),
    "item_draft_there": (
        "抽查事项 {item} 已有第 {version} 版草稿。请在草稿上修改，或先让它生效。",
        "Item {item} has a draft already, version {version}. Edit that draft, or put it in force first.",
    ),
    "state_day": (
        "抽查事项 {item} 的新状态不能自 {day} 起：{since} 以前的状态已成定局或已随清单公布。请填 {since} 或以后的日期。",
        "Item {item} cannot change from {day} on: what it was before {since} stands or is published. Give a later day.",
    ),
    "reason_missing": (
        "请写明理由。理由将存证，并在该记录的页面上显示。",
        "Give the reason. It is put on record and shown on the page of the record.",
    ),
    "item_list_unchanged": (
        "清单与上次公布的（第 {number} 号）相同，不必重复公布。请先修改清单。",
        "The list is the same as the one published last (number {number}). Change the list first.",
    ),
    "item_not_found": (
        "没有编号为 {value} 的抽查事项。请在随机抽查事项清单中查找。",
        "No item has the code {value}. Look it up in the item list.",
    ),
}
