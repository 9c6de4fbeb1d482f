"""The randomness in words: what sources expect, what was checked, why values were refused, how relays did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom.dr1 import beacon
from doublerandom.dr1.canon import H, Record
from doublerandom.web import lang

PURPOSE_NAMES = {"subject": _l("抽取检查对象"), "inspector": _l("派出检查人员")}
REFUSAL_NAMES = {
    "observation_refused": _l("与方案中的来源不符"),
    "second_value": _l("该来源已有值"),
    "wrong_time": _l("不在录入时段内"),
    "same_person": _l("同一人重复录入"),
    "dice_differ": _l("两人录入不一致，均已作废"),
    "wrong_draw_state": _l("抽取不在等待随机数"),
}
RELAY_NAMES = {
    "verified": _l("签名已验证"),
    "not-yet": _l("还没有这一轮"),
    "unreachable": _l("连接不上"),
    "slow": _l("超时未答"),
    "no-answer": _l("中继出错"),
    "too-long": _l("答复过长，不予采信"),
    "sent-away": _l("要求转到别处，不予采信"),
    "unreadable": _l("答复读不懂，不予采信"),
    "wrong-round": _l("答的是另一轮，不予采信"),
    "wrong-signature": _l("签名不符，不予采信"),
    "other-encoding": _l("签名编码不符，不予采信"),
    "wrong-digest": _l("摘要不符，不予采信"),
}


def expected_words(source: Mapping[str, Any]) -> str:
    """What the value of a source looks like, for whoever enters it."""
    if source["kind"] == "drand":
        return str(_("该轮次的签名，96 位十六进制数字"))
    if source["kind"] == "dice":
        return str(
            _(
                "%(count)s 次点数，每次 0 至 %(most)s，按掷出的先后",
                count=source["count"],
                most=source["sides"] - 1,
            )
        )
    groups = [
        str(_("%(count)s 个不同的数，1 至 %(most)s", count=drawn, most=highest))
        for drawn, highest in beacon.GAMES[source["name"]]
    ]
    return ("; " if lang() == "en" else "；").join(groups)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, in words, with what was found."""

    title: str
    meaning: str


def checks(source: Record) -> list[Check]:
    """What was checked of a value that passed, in plain words."""
    if source["kind"] == "drand":
        return [
            Check(_("编码唯一"), _("48 字节的压缩点，换一种写法即不接受；该点在规定的子群中。")),
            Check(
                _("签名有效"),
                _(
                    "用内置的 quicknet 公钥离线验证，正是第 %(round)s 轮的签名，任何人都无法挑选。",
                    round=f"{source['round']:,}",
                ),
            ),
        ]
    if source["kind"] == "lottery":
        return [
            Check(_("个数与范围"), expected_words(source)),
            Check(
                _("已按大小排列"),
                _(
                    "哈希前的文本里号码从小到大，与开奖先后无关。号码本身请与第 %(issue)s 期开奖公告核对。",
                    issue=source["issue"],
                ),
            ),
        ]
    return [Check(_("个数与范围"), expected_words(source))]


@dataclass(frozen=True)
class Echo:
    """A value before and after it is hashed: the text of section 4 and its SHA-256."""

    text: str
    digest: str

    @property
    def shell(self) -> str:
        """The line that gives the digest on any machine."""
        return f"printf '%s' '{self.text}' | sha256sum"


def echo(source: Record, value: Any) -> Echo:
    """The text of a value that passed, and its hash."""
    text = beacon.text(source, value)
    return Echo(text, H(text))


@dataclass(frozen=True)
class SeedText:
    """
    What the seed of one purpose is the hash of.

    `seed` is empty where parties' secrets, which open later, are still to be put in; `text` then has their
    places.
    """

    purpose: str
    text: str
    seed: str


def seed_texts(plan: Record, plan_hash: str, beacon_text: str) -> list[SeedText]:
    """The seed texts of a draw whose randomness is known; of the secrets only whose they are."""
    prefix = "dr1-rehearsal" if plan["rehearsal"] else "dr1"
    found = []
    for purpose in PURPOSE_NAMES:
        parties = sorted(entry["party"] for entry in plan["secrets"] if entry["purpose"] == purpose)
        places = ",".join(f"{party}=…" for party in parties)
        text = f"{prefix}|seed|{plan_hash}|{purpose}|{beacon_text}|{places}"
        found.append(SeedText(purpose, text, "" if parties else H(text)))
    return found
