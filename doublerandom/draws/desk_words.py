"""What the desk page of a draw says: acts of the trail in words, and the one next act; no database here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom.draws.story_words import VOID_REASONS

ROLE_NAMES: Final = {"operator": _l("承办人"), "supervisor": _l("监督人"), "party": _l("见证方")}
PURPOSE_NAMES: Final = {"subject": _l("抽对象"), "inspector": _l("派人员")}
LAPSE_NAMES: Final = {
    "overtaken": _l("第二个签名之前，本机关另一份方案先写入了存证日志"),
    "due": _l("到约定时刻仍没有第二个签名"),
    "replaced": _l("该方另行提交了承诺值"),
}
ACT_TITLES: Final = {
    "DrawPrepared": _l("准备完成：名录冻结，方案写成"),
    "CommitmentSigned": _l("见证方提交并签署承诺值"),
    "PlanSigned": _l("方案已签署"),
    "SignatureLapsed": _l("签名失效"),
    "SecretHandedIn": _l("见证方交出秘密值"),
    "DiceTyped": _l("第一人录入随机数"),
    "ValueRefused": _l("拒收一项随机数"),
    "VoidRequested": _l("有人申请作废"),
    "VoidWithdrawn": _l("撤回作废申请"),
    "DrawVoided": _l("第二人确认作废"),
    "WouldBeShown": _l("算出本应得出的结果"),
    "AuditorBundleMade": _l("审计人员取走完整校验包"),
    "WitnessNamed": _l("登记在场见证人"),
    "WitnessStruck": _l("划去误登的见证人"),
    "RelayDistrusted": _l("一个信标中继的回答不可信，未予采用"),
    "ReplacementRequested": _l("申请更换"),
    "DirectApproved": _l("负责人批准直接指派"),
    "ReplacementRefused": _l("更换申请未获同意"),
    "ReplacementWithdrawn": _l("撤回更换申请"),
    "AlarmRaised": _l("发出警报"),
    "AlarmResolved": _l("警报解除"),
}
BAD_ACTS: Final = frozenset({"SignatureLapsed", "ValueRefused", "RelayDistrusted", "AlarmRaised"})
WAITING_WORDS: Final = {
    "sign": _l("承办人签署"),
    "countersign": _l("监督人签署"),
    "commit": _l("生成秘密值并提交承诺"),
    "hand_in": _l("交出秘密值"),
    "void": _l("确认作废"),
    "reveal": _l("揭示演练"),
}


@dataclass(frozen=True)
class ActTold:
    """An act of the trail on a draw: its name, its facts, who and when."""

    name: str
    facts: Mapping[str, Any]
    by: str
    at: datetime


def act_rows(acts: Iterable[ActTold], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """
    The acts that the public story leaves out, as the timeline component takes them; names no subject.

    Args:
        acts: Those on the draw, in order.
        names: Names of people by token.
    """
    return [
        {
            "title": ACT_TITLES[act.name],
            "at": act.at,
            "office": str(_("系统")) if act.by == "system" else names.get(act.by, act.by),
            "state": "bad" if act.name in BAD_ACTS else "done",
            "text": _told(act),
        }
        for act in acts
        if act.name in ACT_TITLES
    ]


def _told(act: ActTold) -> str:
    """What an act says beside its title."""
    facts = act.facts
    if act.name == "PlanSigned":
        return str(ROLE_NAMES.get(facts["role"], facts["role"]))
    if act.name == "SignatureLapsed":
        return str(LAPSE_NAMES.get(facts["why"], facts["why"]))
    if act.name in {"CommitmentSigned", "SecretHandedIn"}:
        return str(PURPOSE_NAMES.get(facts["purpose"], facts["purpose"]))
    if act.name in {"ValueRefused", "DiceTyped"}:
        return str(_("第 %(n)s 个来源", n=facts["n"] + 1))
    if act.name in {"VoidRequested", "VoidWithdrawn", "DrawVoided"}:
        words = str(VOID_REASONS.get(facts["reason"], facts["reason"]))
        touched = len(facts.get("touched", ()))
        return _("%(reason)s，涉及 %(n)s 户", reason=words, n=touched) if touched else words
    return ""


def lacking_words(lacking: Iterable[str], parties: Mapping[str, str]) -> list[str]:
    """
    What a draw lacks, in words: values by their number, secrets by their party.

    Args:
        lacking: As `queries.lacking` gives it: `source n`, `party/purpose`.
        parties: Names of parties by token.
    """
    words = []
    for each in lacking:
        if each.startswith("source "):
            words.append(_("第 %(n)s 个来源的随机数", n=int(each.removeprefix("source ")) + 1))
        else:
            party, _slash, purpose = each.rpartition("/")
            facts = {"party": parties.get(party, party), "purpose": PURPOSE_NAMES.get(purpose, purpose)}
            words.append(_("%(party)s的秘密值（%(purpose)s）", **facts))
    return words
