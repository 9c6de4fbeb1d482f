"""An entry of the public log in words: what kind it is, and what it fixes; no database here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom.dr1.canon import parse_time
from doublerandom.ledger.trail_heads import told_head

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


LISTS = {"annual_plan": _l("年度抽查计划"), "item_list": _l("抽查事项清单"), "rule_set": _l("抽查细则")}
REPLACED = {"subject": _l("检查对象"), "inspector": _l("检查人员"), "direct": _l("检查人员（直接指派）")}
ROLES = {"operator": _l("操作人"), "supervisor": _l("监督人"), "party": _l("秘密值持有方")}


def in_words(entry: Mapping[str, Any], *, bodies: Mapping[str, str], reasons: Mapping[str, Any]) -> str:
    """
    What an entry says, in one plain sentence.

    Args:
        entry: Of any type.
        bodies: Names of bodies by token.
        reasons: Reasons for voids and replacements in words, by code.
    """
    return str(_SENTENCES[entry["type"]](entry, bodies, reasons))


def _key(entry: Mapping[str, Any], bodies: Mapping[str, str], _reasons: Mapping[str, Any]) -> Any:
    told = {
        "name": entry["name"],
        "role": ROLES.get(entry["role"], entry["role"]),
        "body": bodies.get(entry["body"], entry["body"]),
    }
    if "until" in entry:
        return _(
            "%(body)s登记%(name)s的签名密钥（%(role)s），有效期至 %(until)s",
            **told,
            until=entry["until"][:10],
        )
    return _("%(body)s登记%(name)s的签名密钥（%(role)s）", **told)


def _plan(entry: Mapping[str, Any], bodies: Mapping[str, str], _reasons: Mapping[str, Any]) -> Any:
    issuer = bodies.get(entry["issuer"], entry["issuer"])
    return _("%(issuer)s作出第 %(seq)s 次抽取承诺，方案自此不能改动", issuer=issuer, seq=entry["seq"])


def _observed(entry: Mapping[str, Any], _bodies: Mapping[str, str], _reasons: Mapping[str, Any]) -> Any:
    return _("取得第 %(n)s 项随机数：%(value)s", n=entry["n"] + 1, value=told(entry))


def _beacon(entry: Mapping[str, Any], _bodies: Mapping[str, str], _reasons: Mapping[str, Any]) -> Any:
    return _("随机数齐备，结果由此确定") if entry["beacon"] else _("不用外部随机数，结果由各方秘密值确定")


def _result(entry: Mapping[str, Any], _bodies: Mapping[str, str], _reasons: Mapping[str, Any]) -> Any:
    return _(
        "锁定抽取结果：%(tasks)s 项任务，空缺 %(empty)s 个席位；此处只有散列，名单揭示时公开",
        tasks=entry["count"],
        empty=entry["empty_seats"],
    )


def _open(_entry: Mapping[str, Any], _bodies: Mapping[str, str], _reasons: Mapping[str, Any]) -> Any:
    return _("揭示：公开秘密值和名录密钥，任何人都能复算")


def _list(entry: Mapping[str, Any], _bodies: Mapping[str, str], _reasons: Mapping[str, Any]) -> Any:
    return _("公布%(what)s %(name)s", what=LISTS[entry["what"]], name=entry["name"])


def _replace(entry: Mapping[str, Any], _bodies: Mapping[str, str], reasons: Mapping[str, Any]) -> Any:
    return _(
        "第 %(n)s 次更换%(what)s，事由：%(reason)s",
        n=entry["n"],
        what=REPLACED[entry["what"]],
        reason=reasons.get(entry["reason"], entry["reason"]),
    )


def _void(entry: Mapping[str, Any], _bodies: Mapping[str, str], reasons: Mapping[str, Any]) -> Any:
    return _("作废，事由：%(reason)s", reason=reasons.get(entry["reason"], entry["reason"]))


def _outcome(entry: Mapping[str, Any], _bodies: Mapping[str, str], _reasons: Mapping[str, Any]) -> Any:
    subject = entry["subject"]
    if len(subject) == 64:
        return _("公示一户（名录不公开）的检查结果")
    return _("公示 %(subject)s 的检查结果", subject=subject)


def _note(entry: Mapping[str, Any], _bodies: Mapping[str, str], _reasons: Mapping[str, Any]) -> Any:
    if head := told_head(dict(entry)):
        return _("审计记录当日末条为第 %(n)s 条，散列 %(hash)s", n=head[0], hash=head[1])
    return str(entry["text"])


_SENTENCES = {
    "key": _key,
    "plan": _plan,
    "observed": _observed,
    "beacon": _beacon,
    "result": _result,
    "open": _open,
    "list": _list,
    "replace": _replace,
    "void": _void,
    "outcome": _outcome,
    "note": _note,
}
