"""An entry of the public log in words: what kind it is, and what it fixes; no database here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from doublerandom.dr1.canon import parse_time

KIND_NAMES = {
    "key": _l("登记签名密钥"),
    "plan": _l("承诺"),
    "observed": _l("取得随机数"),
    "beacon": _l("随机数齐备"),
    "result": _l("锁定结果"),
    "open": _l("揭示"),
    "list": _l("公布清单、计划或细则"),
    "replace": _l("更换"),
    "void": _l("作废"),
    "outcome": _l("公示结果"),
    "note": _l("说明"),
}
_TOLD = {
    "key": "key",
    "plan": "plan_hash",
    "beacon": "beacon",
    "result": "result_root",
    "list": "name",
    "void": "reason",
    "outcome": "subject",
    "note": "text",
}


def moment(entry: Mapping[str, Any]) -> datetime:
    """When the entry was made."""
    return parse_time(entry["at"])


def told(entry: Mapping[str, Any]) -> str:
    """The one value that tells a reader of the list what the entry fixes; empty where it is no single one."""
    if entry["type"] == "observed":
        return " ".join(str(part) for part in _flat(entry["value"]))
    return str(entry.get(_TOLD.get(entry["type"], ""), "") or "")


def _flat(value: Any) -> list[Any]:
    """The plain values inside an observed value, in their order."""
    if isinstance(value, Mapping):
        return [part for name in sorted(value) for part in _flat(value[name])]
    if isinstance(value, list):
        return [part for each in value for part in _flat(each)]
    return [value]
