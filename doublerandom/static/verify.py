"""
Verify one draw of the protocol dr1 from its bundle: one file, Python 3.9 or later, standard library only.

    python3 verify.py [BUNDLE.zip | DIRECTORY] [--lang zh|en] [--json] [--checkpoint FILE [--proof FILE]]

Written from the protocol text alone; it shares no code with the program that made the bundle, talks to no
network and believes nothing that it can compute. It prints one line for each of the fourteen checks. Exit
status: 0 all passed; 1 something failed or was unreadable; 2 nothing failed, but something is not checkable
(yet). The BLS signature of a drand round is checked here as well, in plain Python, in about a second.
"""
# ruff: noqa: B905, UP017 -- this file runs on Python 3.9, which has neither zip(strict=) nor datetime.UTC

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import heapq
import hmac
import io
import json
import re
import sys
import time
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn, Union

PASSED, FAILED, NOT_CHECKABLE, NOT_APPLICABLE = "passed", "failed", "not_checkable", "not_applicable"
STATES = {
    PASSED: ("通过", "passed"),
    FAILED: ("不通过", "FAILED"),
    NOT_CHECKABLE: ("尚不可查", "not checkable"),
    NOT_APPLICABLE: ("不适用", "does not apply"),
}
TITLES = {
    1: ("文件形式与方案哈希", "canonical files and plan hash"),
    2: ("方案签名", "signatures of the plan"),
    3: ("日志收录", "inclusion in the log"),
    4: ("先承诺后随机", "committed before the randomness"),
    5: ("名录库与默克尔根", "pools and roots"),
    6: ("随机信标", "beacon"),
    7: ("秘密值与承诺", "secrets and commitments"),
    8: ("种子", "seeds"),
    9: ("抽取名单", "tickets and drawn list"),
    10: ("检查人员派发", "deal of inspectors"),
    11: ("结果根与时限", "result root and its time"),
    12: ("替换", "replacements"),
    13: ("日志中的去向", "the draw's fate in the log"),
    14: ("随机等级与提示", "level of randomness, warnings"),
}
POOLS = ("subjects", "inspectors", "conflicts")
PURPOSES = ("subject", "inspector")
JSON_FILES = (
    "signatures.json", "keys.json", "beacon.json", "secrets.json", "result.json", "rules.json", "log.json",
    "witness.json",
)  # fmt: skip
LINE_FILES = ("tasks.jsonl", "replacements.jsonl")
FREE_FILES = ("verify.py", "README.txt")
FILES = {
    "plan.json", *JSON_FILES, *LINE_FILES, *FREE_FILES,
    *(pool + ending for pool in POOLS for ending in (".jsonl", ".leaves")),
}  # fmt: skip
MAX_INT = 2**53 - 1
MAX_DEPTH = 64
MAX_JSON_BYTES = 2**29
MAX_LINE_BYTES = 2**24
ZEROS = "0" * 64
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
GENESIS, PERIOD = 1692803367, 3
HOUR, DAY = 3600, 86400
LOTTERIES = {"cn-ssq": ((6, 33), (1, 16)), "cn-kl8": ((20, 80),)}  # (how many, of how many), for each group
LOTTERY_CHANCES = {"cn-ssq": 1107568 * 16, "cn-kl8": 3535316142212174320}  # C(33,6) x 16; C(80,20)

Source = Union[str, Path, Mapping[str, bytes]]  # noqa: UP007 -- evaluated at run time, on Python 3.9 too
Record = dict
Shape = Callable[[Any, str], None]
Place = tuple  # (turn of the subject, number of the seat)


CHINESE = {
    "opened, but the log has no entry of it": "已公开而日志无公开条目",
    "a closed pool is not sealed": "closed 的库未封存",
    "a commitment stands twice": "承诺值重复",
    "a conflict of nobody, or known": "新回避关系无效或已知",
    "a conflict that changes nothing": "新回避关系与替换无关",
    "a direct assignment of nobody": "直接指派未列人员",
    "a drawn subject has no outcome in time": "有对象逾期无结果",
    "a file name stands twice": "文件名重复",
    "a key of two persons, or two keys": "一把密钥属于两人，或一人两把",
    "a key stands twice": "密钥重复",
    "a null": "含 null",
    "a party stands twice for one purpose": "一方一用途重复",
    "a party's secret is missing": "有一方未交秘密值",
    "a rehearsal has no replacements": "演练无替换",
    "a rehearsal in the log": "演练入了日志",
    "a rehearsal is never logged": "演练不入日志",
    "a replacement before the result": "替换先于结果",
    "a roll out of range": "点数越界",
    "a second {} for one plan": "一个方案两个 {}",
    "a secret does not give its commitment": "秘密值与承诺不符",
    "a signature of the checkpoint is too short": "检查点签名过短",
    "a source stands twice": "随机来源重复",
    "a stratum stands twice": "层重复",
    "a stratum without records is listed": "空层不列",
    "a string holds a barred character": "字符串含禁用字符",
    "a void although something was inspected": "已有检查结果的抽取不得作废",
    "a witness's signature": "见证签名无效",
    "an entry beyond the checkpoint": "条目在检查点之外",
    "an entry mixes draws": "条目的抽取号与方案哈希不配",
    "an inclusion proof does not hold": "收录证明不成立",
    "an inclusion proof of another length": "收录证明长度不对",
    "an integer out of range": "整数越界",
    "an observed entry after the beacon": "observed 在 beacon 之后",
    "an observed entry out of place": "observed 序号不对",
    "an open conflict tells its ground": "公开的回避库写了具体理由",
    "an outcome of a subject that was not drawn": "未抽中者有检查结果",
    "another drawn list than the tickets give": "抽取名单不符",
    "an empty seat that stays empty": "空席仍空，没有替换",
    "another inspector than whose turn it is": "替补人员不是应到者",
    "another log than the plan's": "日志名与方案不符",
    "another new commitment": "新任务承诺不符",
    "another new task": "替换后的任务不符",
    "another number of rolls": "掷骰次数不符",
    "another number of tasks": "任务数不符",
    "another number of values than sources": "观测值个数不符",
    "another old task": "原任务承诺不符",
    "another party than the plan's": "签名方不符",
    "another round than the rule gives": "轮次不合规则",
    "another salt": "替换的盐不符",
    "another subject than the next of the reserve": "替补对象不是下一备选",
    "another team than the deal gives": "派发结果不符",
    "base64 of a checkpoint": "检查点的 base64 不规范",
    "both records and leaves of {}": "{} 的记录与叶值同在",
    "carried is not ascending and distinct": "carried 未升序或重复",
    "closed names a pool twice": "closed 重复",
    "dice sides or count out of range": "骰子面数或次数不合规",
    "direct, although somebody is eligible": "尚有合格人员，不得直接指派",
    "does not end with a newline": "未以换行结束",
    "due is less than an hour after committed_at": "due 距承诺不足一小时",
    "entries of the draw before its plan": "方案之前已有本次抽取的条目",
    "every file canonical and closed; plan_hash": "全部文件规范、封闭；plan_hash",
    "fewer than ten left in stratum {}": "{} 层所余不足十个",
    "fewer than twice as many inspectors as seats": "检查人员少于席位两倍",
    "keys.json lists other keys": "keys.json 所列不符",
    "level C needs three parties of three bodies": "C 级须三个不同机构的三方",
    "level of randomness {}": "随机等级 {}",
    "line {} is not a leaf": "第 {} 行不是叶值",
    "lottery groups of another shape": "开奖号码形式不对",
    "more carried than a stratum takes": "带入者多于该层抽取数",
    "n or reason differ": "替换序号或理由不符",
    "needs a consistency proof (--proof)": "与自存检查点比对须有一致性证明（--proof）",
    "needs check {}": "须先有第 {} 项",
    "nested too deep": "嵌套过深",
    "new conflicts do not ascend": "新回避关系未升序",
    "no beacon (level C: the parties' secrets alone)": "无信标（C 级，仅用各方秘密值）",
    "no replacements": "无替换",
    "no round within 72 h of due": "due 后 72 小时无该轮，抽取失败",
    "no such directory, or not a zip": "读不到压缩包或目录",
    "not the archive that a site serves": "不是网站给出的压缩包（形式不同）；可解压后核验目录",
    "no such place": "席位不存在",
    "not a cosignature verifier key": "见证公钥格式不对",
    "not an object": "应为对象",
    "not consistent with the checkpoint of one's own": "与自存检查点不一致",
    "not JSON": "不是 JSON",
    "not the canonical bytes": "不是规范字节",
    "not UTF-8": "不是 UTF-8",
    "observed is not beacon.json's": "observed 与 beacon.json 不符",
    "observed only after due": "观测值晚于 due",
    "one issuer has a {} twice": "同一机关 {} 重复",
    "one person in two seats": "一人两席",
    "one person signed twice": "一人两签",
    "opened before the result was fixed": "结果之前已公开秘密值",
    "other empty seats, or other proofs": "空席及其证明不符",
    "other signatures than wanted": "签名的角色或个数不对",
    "plan.json is missing": "缺少 plan.json",
    "previous is not as seq asks": "previous 不合规则",
    "previous is not the hash of the plan before": "previous 不是前一方案的哈希",
    "replaces {}": "替代 {}",
    "result.json has another root": "结果根不符",
    "result_by breaks its rule": "result_by 不合规则",
    "reveal_by breaks its rule": "reveal_by 不合规则",
    "roots agree with the leaves; closed pools": "根与叶值相符；不公开的库凭审计包核验",
    "rules.json is not what the plan names": "rules.json 与方案不符",
    "seq does not agree with rehearsal": "seq 与演练标志不符",
    "signatures verify; keys are listed and differ": "签名有效，密钥在日志中且各不相同",
    "signatures verify; no list of keys in this rehearsal": "签名有效；演练包未附密钥登记",
    "some closed pools are open and some are not": "不公开的库只开了一部分",
    "somebody carried is not in the pool, or excluded": "带入者不在库中或已排除",
    "supersedes without carried": "supersedes 与 carried 须同在",
    "take exceeds what is left": "抽取数越界",
    "take is not what the rate gives": "抽取数与比例不符",
    "tasks and empty seats are what the deal gives": "任务与空席正是派发结果",
    "the annual plan was logged after the plan": "年度计划晚于方案",
    "the beacon is in the log before due": "信标早于 due",
    "the checkpoint is no signed note": "检查点不是签名便笺",
    "the checkpoint is of another log": "检查点属于另一日志",
    "the checkpoint's key id differs": "检查点的密钥标识不符",
    "the checkpoint's root is not 32 bytes": "检查点的根不是 32 字节",
    "the checkpoint's signature does not verify": "检查点签名无效",
    "the commitments give the result root, logged in time": "任务承诺给出结果根，按时入日志",
    "the counts of a stratum differ": "层的计数不符",
    "the deal has no secrets": "检查人员派发无秘密值",
    "the entries are not in order": "条目未按序",
    "the file {} has no place here": "多余的文件 {}",
    "the id is not inspector:subject": "编号不是“人员:对象”",
    "the log has another beacon": "日志中的信标不符",
    "the log has another number of replacements": "替换条数与日志不符",
    "the log has another plan hash": "日志中的方案哈希不符",
    "the log has another result root": "日志中的结果根不符",
    "the log has another {}": "日志中的 {} 不符",
    "the log has other counts": "日志中的任务数或空席数不符",
    "the log lists no such valid key of the signer": "签名人的密钥不在日志所列之中",
    "the log opened other keys": "日志公开的密钥不符",
    "the log opened other secrets": "日志公开的秘密值不符",
    "the member name {} is barred": "成员名 {} 不合规",
    "the member {} has no place here": "多余的成员 {}",
    "the member {} is missing": "缺少成员 {}",
    "the number {} is not an integer": "数值 {} 不是整数",
    "the office's own clock": "仅有机关自己的时钟",
    "the open secrets agree; subject secrets are withheld": "已公开的秘密值相符；对象秘密值不公开",
    "the plan has no secrets": "方案无秘密值",
    "the plan supersedes itself": "方案替代自身",
    "the plan was logged after due": "方案在 due 之后才入日志",
    "the pools give the plan's roots, sizes and counts": "三个库给出方案中的根、数与各层计数",
    "the proof of an empty seat does not hold": "空席证明不成立",
    "the replacements' numbers have a gap": "替换序号有缺",
    "the result is before the beacon": "结果先于信标",
    "the result was logged too late": "结果入日志太晚",
    "the reveal is overdue": "逾期未公开",
    "the reveal was late": "公开逾期",
    "the secrets are not in the plan's order": "秘密值未按方案次序",
    "the secrets of the other purpose are wanting": "另一用途的秘密值尚缺",
    "the seeds follow from plan, beacon and secrets": "种子由方案、信标与秘密值算出",
    "the signature is not this round's": "不是这一轮的签名",
    "the signature of {} does not verify": "{} 的签名无效",
    "the sources come to less than 2^64": "随机来源不足 2^64",
    "the strata do not add up to the pool": "各层之和与库不符",
    "the stratum has no reserve left": "该层已无备选",
    "the subject to replace has no turn": "被替换的对象未被抽中",
    "the times of the log fall": "日志时间倒退",
    "the void names another root": "作废条目的结果根不符",
    "the witness is not checked here (--witness)": "见证材料未在此核验（--witness）",
    "the witness's key id differs": "见证公钥标识不符",
    "the witnessed checkpoint does not cover the plan": "见证的检查点不含方案",
    "the witnessed checkpoint has no consistency proof": "见证的检查点缺一致性证明",
    "the witnessed checkpoint is not consistent with the log": "见证的检查点与日志不一致",
    "the {} drawn have the least tickets": "{} 个对象正是票号最小者",
    "this draw's entries agree; the rest needs the whole log": "本次抽取的条目相符；其余须凭整个日志核验",
    "this is a rehearsal": "这是演练",
    "too few rolls": "掷骰次数太少",
    "too large": "过大",
    "two tasks for one subject": "一个对象两个任务",
    "unreadable": "无法读懂",
    "values and text agree": "观测值与文本相符",
    "void: {}": "已作废：{}",
    "what and seat disagree": "替换种类与席位不符",
    "who is replaced does not hold the seat": "被替换者不在该席",
    "a value that the log never observed": "日志中没有这个观测值",
    "with subjects closed {} has no place": "对象库不公开，不应有 {}",
    "witnessed only after due": "见证时间晚于 due",
    "witnessed outside the office before due": "外部见证先于 due",
    "{} entries are included; consistent with your own checkpoint": "{} 条均在日志中；与自存检查点一致",
    "{} entries are included; no checkpoint of your own": "{} 条均在日志中；无自存检查点",
    "{} gives another root": "{} 的根不符",
    "{} has a wrong length": "{} 长度不对",
    "{} has an unknown type": "{} 类型未知",
    "{} has another form": "{} 形式不对",
    "{} has another size": "{} 的数不符",
    "{} is absent though due": "{} 已逾期仍未公开",
    "{} is closed: the auditors' bundle shows it": "{} 不向社会公开，凭审计包核验",
    "{} is no known source": "{} 不是已知随机来源",
    "{} is no known value": "{} 不是已知观测值",
    "{} is not public yet": "{} 尚未公开",
    "{} is open without its key": "{} 已开而无其密钥",
    "{} replacements follow the order": "{} 次替换均按次序",
    "{} secrets give their commitments": "{} 个秘密值与承诺相符",
    "{} should be a list": "{} 应为数组",
    "{} should be a string or an integer": "{} 应为字符串或整数",
    "{} should be an object": "{} 应为对象",
    "{}: ids repeat or do not ascend": "{} 未升序或编号重复",
}
Words = tuple  # (Chinese, English)


def say(text: str, about: object = "") -> Words:
    """A text of CHINESE in both languages."""
    return CHINESE[text].format(about), text.format(about)


class Check(NamedTuple):
    """One line of the answer: number, state, what it means in Chinese and English, the value compared."""

    number: int
    state: str
    zh: str
    en: str
    value: str = ""


class AnswerError(Exception):
    """What a check says when it does not pass: a text of CHINESE, what about, and the value compared."""

    def __init__(self, text: str, value: object = "", *, about: object = "", where: str = "") -> None:
        super().__init__(text, value, about, where)
        self.text, self.value, self.about, self.where = text, str(value), about, where

    def said(self) -> Words:
        """The sentence in Chinese and English."""
        zh, en = say(self.text, self.about)
        return self.where + zh, self.where + en


class RefusedError(AnswerError):
    """Something in the bundle is not what the protocol says: the check fails."""

    def within(self, where: str) -> RefusedError:
        """The same, telling the file or line."""
        return RefusedError(self.text, self.value, about=self.about, where=f"{where}: {self.where}")


class OpenError(AnswerError):
    """The check cannot be made from this bundle: withheld, or it needs something from outside."""


class AbsentError(AnswerError):
    """A file or log entry is not there: not checkable yet, or failed where it is due."""

    def __init__(self, name: str, value: object = "") -> None:
        super().__init__("{} is not public yet", value, about=name)


class WaitsError(AnswerError):
    """The check needs what another check did not give."""

    def __init__(self, number: int) -> None:
        super().__init__("needs check {}", about=number)


def need(condition: object, text: str, value: object = "", *, about: object = "") -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise RefusedError(text, value, about=about)


# ------------------------------------------------- canonical JSON, hashes, times (section 1)

TOKEN_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
ID_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}")
KEY_FORM = re.compile(r"[a-z][a-z0-9_]*")
HEX_FORM = re.compile(r"[0-9a-f]*")
TIME_FORM = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")
RATE_FORM = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")
BARRED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _no_fraction(text: str) -> NoReturn:
    raise RefusedError("the number {} is not an integer", about=text[:20])


DECODER = json.JSONDecoder(parse_float=_no_fraction, parse_constant=_no_fraction)
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def canon(value: object) -> str:
    """The canonical text of a value: keys sorted, no spaces, nothing escaped that need not be."""
    return ENCODER.encode(value)


def sha256(text: str) -> str:
    """H of the protocol: SHA-256 of the UTF-8 text as 64 lower-case hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check_values(value: object, depth: int = 0) -> None:
    need(depth <= MAX_DEPTH, "nested too deep")
    kind = type(value)
    if kind is str:
        need(not BARRED.search(value), "a string holds a barred character")
    elif kind is int:
        need(-MAX_INT <= value <= MAX_INT, "an integer out of range")
    elif kind is list:
        for item in value:
            _check_values(item, depth + 1)
    elif kind is dict:
        for key, item in value.items():
            need(KEY_FORM.fullmatch(key), "the member name {} is barred", about=key[:40])
            _check_values(item, depth + 1)
    else:
        need(kind is bool, "a null")


def _decode(text: str) -> Any:
    try:
        return DECODER.decode(text)
    except RecursionError:
        raise RefusedError("nested too deep") from None
    except ValueError:
        raise RefusedError("not JSON") from None


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError("not UTF-8") from None


def parse(data: bytes, *, notes: bool = False) -> Any:
    """
    The value of canonical bytes (without the final newline), refusing whatever is not canonical.

    With `notes`, the outermost object's `checkpoint` may be one string of several lines: a signed note.
    """
    text = _utf8(data)
    value = _decode(text)
    note = value.get("checkpoint") if notes and type(value) is dict else None
    if type(note) is str:
        _check_values({**value, "checkpoint": note.split("\n")})
    else:
        _check_values(value)
    need(canon(value) == text, "not the canonical bytes")
    return value


def parse_line(line: bytes) -> Any:
    """The value of one canonical line of a pool; the quick way for a million of them."""
    text = _utf8(line)
    value = _decode(text)
    if "\\" in text or BARRED.search(text):
        _check_values(value)
    need(canon(value) == text, "not the canonical bytes")
    return value


def seconds(text: str) -> int:
    """Seconds since 1970 of a time of the protocol; the shape was checked before."""
    return int(datetime(*map(int, TIME_FORM.fullmatch(text).groups()), tzinfo=timezone.utc).timestamp())


def is_time(value: object) -> bool:
    """Whether a value is a real UTC time as the protocol writes it."""
    match = TIME_FORM.fullmatch(value) if type(value) is str else None
    try:
        return bool(match and datetime(*map(int, match.groups()), tzinfo=timezone.utc))
    except ValueError:
        return False


# ------------------------------------------------------------------- Merkle trees (RFC 6962)


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A Merkle tree that grows leaf by leaf and keeps only the roots of its full subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, data: bytes) -> None:
        """Add the next leaf."""
        node = leaf_hash(data)
        self.size += 1
        rest = self.size
        while not rest & 1:
            node = node_hash(self.peaks.pop(), node)
            rest >>= 1
        self.peaks.append(node)

    def root(self) -> bytes:
        """The root; of the empty tree SHA-256 of nothing."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        node = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            node = node_hash(left, node)
        return node


def merkle_root(leaves: Iterable[bytes]) -> str:
    """The root over leaf data, as hex."""
    tree = Tree()
    for data in leaves:
        tree.append(data)
    return tree.root().hex()


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def included_root(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof gives for a leaf hash; refuses a proof of another length."""
    need(bool(proof) == (size > 1), "an inclusion proof of another length")
    if size == 1:
        return leaf
    left, rest = _split(size), proof[:-1]
    if index < left:
        return node_hash(included_root(leaf, index, left, rest), proof[-1])
    return node_hash(proof[-1], included_root(leaf, index - left, size - left, rest))


def is_consistent(first: tuple[int, bytes], second: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Whether a proof leads from the first (size, root) to the second; 1 <= first size <= second size."""
    rest = list(proof)

    def grow(old: int, new: int, whole: bool) -> tuple[bytes, bytes]:  # noqa: FBT001 -- the name of RFC 6962 is b
        if old == new:
            node = first[1] if whole else rest.pop()
            return node, node
        left = _split(new)
        side = rest.pop()
        if old <= left:
            before, after = grow(old, left, whole)
            return before, node_hash(after, side)
        before, after = grow(old - left, new - left, False)
        return node_hash(side, before), node_hash(side, after)

    try:
        return grow(first[0], second[0], True) == (first[1], second[1]) and not rest
    except IndexError:
        return False


# ------------------------------------------------------------------------ Ed25519 (RFC 8032)

P25519 = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
EDWARDS_D = -121665 * pow(121666, -1, P25519) % P25519
SQRT_MINUS_1 = pow(2, (P25519 - 1) // 4, P25519)
NEUTRAL = (0, 1, 1, 0)  # points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z
Point = tuple


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % P25519
    b = (p[1] + p[0]) * (q[1] + q[0]) % P25519
    c = 2 * p[3] * q[3] * EDWARDS_D % P25519
    d = 2 * p[2] * q[2] % P25519
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P25519, g * h % P25519, f * g % P25519, e * h % P25519


def _double(p: Point) -> Point:
    a, b = p[0] * p[0] % P25519, p[1] * p[1] % P25519
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1])
    g = a - b
    f = 2 * p[2] * p[2] + g
    return e * f % P25519, g * h % P25519, f * g % P25519, e * h % P25519


def _decompress(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P25519:
        return None
    square = (y * y - 1) * pow(EDWARDS_D * y * y + 1, -1, P25519) % P25519
    x = pow(square, (P25519 + 3) // 8, P25519)
    if (x * x - square) % P25519:
        x = x * SQRT_MINUS_1 % P25519
    if (x * x - square) % P25519 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P25519 - x
    return x, y, 1, x * y % P25519


def _compress(p: Point) -> bytes:
    inverse = pow(p[2], -1, P25519)
    x, y = p[0] * inverse % P25519, p[1] * inverse % P25519
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _decompress((4 * pow(5, -1, P25519) % P25519).to_bytes(32, "little"))


def _is_small(point: Point) -> bool:
    eight = _double(_double(_double(point)))
    return eight[0] % P25519 == 0 and (eight[1] - eight[2]) % P25519 == 0


def _combination(s: int, k: int, point: Point) -> Point:
    """The point s x BASE - k x point, both at once."""
    minus = (P25519 - point[0], point[1], point[2], P25519 - point[3])
    table = (None, BASE, minus, _add(BASE, minus))
    result = NEUTRAL
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        result = _double(result)
        chosen = table[(s >> bit & 1) | (k >> bit & 1) << 1]
        if chosen:
            result = _add(result, chosen)
    return result


@lru_cache(maxsize=65536)
def is_signed(key: str, message: bytes, signature: str) -> bool:
    """Whether `signature` (hex) of `message` is by `key` (hex); small-order keys and S >= L are refused."""
    public, made = bytes.fromhex(key), bytes.fromhex(signature)
    point = _decompress(public)
    s = int.from_bytes(made[32:], "little")
    if len(made) != 64 or s >= ORDER or point is None or _is_small(point):
        return False
    challenge = hashlib.sha512(made[:32] + public + message).digest()
    k = int.from_bytes(challenge, "little") % ORDER
    return hmac.compare_digest(_compress(_combination(s, k, point)), made[:32])


# ----------------------------------------------------- shapes: closed objects, typed members


def kind(form: str, test: Callable[[Any], object]) -> Shape:
    """The shape of a single value; `form` says in few signs what it should be."""

    def check(value: Any, where: str) -> None:
        need(test(value), "{} has another form", form, about=where)

    return check


def listing(item: Shape, least: int = 0, most: int = MAX_INT) -> Shape:
    """The shape of a list."""

    def check(value: Any, where: str) -> None:
        need(type(value) is list, "{} should be a list", about=where)
        need(least <= len(value) <= most, "{} has a wrong length", about=where)
        for number, one in enumerate(value):
            item(one, f"{where}[{number}]")

    return check


def members(
    required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None, more: Shape | None = None
) -> Shape:
    """The shape of a closed object; `more` is the shape of any further members (pool records only)."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str) -> None:
        need(type(value) is dict, "{} should be an object", about=where)
        for name in required:
            need(name in value, "the member {} is missing", about=f"{where}.{name}")
        for name, one in value.items():
            shape = known.get(name, more)
            need(shape, "the member {} has no place here", about=f"{where}.{name}")
            shape(one, f"{where}.{name}")

    return check


def one_of(*words: str) -> Shape:
    """The shape of one of a few words."""
    return kind("|".join(words), lambda v: type(v) is str and v in words)


def digits(length: int) -> Shape:
    """The shape of lower-case hex digits."""
    return kind(
        f"[0-9a-f]{{{length}}}", lambda v: type(v) is str and len(v) == length and HEX_FORM.fullmatch(v)
    )


TEXT = kind("string", lambda v: type(v) is str)
TOKEN = kind(TOKEN_FORM.pattern, lambda v: type(v) is str and TOKEN_FORM.fullmatch(v))
ID = kind(ID_FORM.pattern, lambda v: type(v) is str and ID_FORM.fullmatch(v))
HEX64 = digits(64)
COUNT = kind("integer >= 0", lambda v: type(v) is int and v >= 0)
FLAG = kind("true|false", lambda v: type(v) is bool)
TIME = kind("YYYY-MM-DDTHH:MM:SSZ", is_time)
ATTRIBUTE = kind("string or integer", lambda v: type(v) in (str, int))
ORIGIN = kind("origin", lambda v: type(v) is str and v and "+" not in v and v.split() == [v])
RATE = kind("a/b", lambda v: type(v) is str and is_rate(v))
POOL_NAME = one_of(*POOLS)


def is_rate(text: str) -> bool:
    """Whether a text is a rate a/b with 1 <= a <= b."""
    match = RATE_FORM.fullmatch(text)
    return bool(match and int(match[1]) <= int(match[2]))


SOURCES = {
    "drand": members({"kind": TEXT, "chain": one_of(QUICKNET), "round": COUNT}),
    "lottery": members({"kind": TEXT, "name": one_of(*LOTTERIES), "issue": TOKEN}),
    "dice": members({"kind": TEXT, "sides": COUNT, "count": COUNT}),
}
VALUES = {
    "drand": members({"signature": digits(96)}),
    "lottery": members({"groups": listing(listing(COUNT))}),
    "dice": members({"rolls": listing(COUNT)}),
}


def source_shape(value: Any, where: str) -> None:
    """The shape of a source of randomness."""
    name = value.get("kind") if type(value) is dict else None
    need(type(name) is str and name in SOURCES, "{} is no known source", about=where)
    SOURCES[name](value, where)


def value_shape(value: Any, where: str) -> None:
    """The shape of an observed value of any kind."""
    for name, shape in (("signature", "drand"), ("groups", "lottery"), ("rolls", "dice")):
        if type(value) is dict and name in value:
            return VALUES[shape](value, where)
    raise RefusedError("{} is no known value", about=where)


STRATUM = members({"id": TOKEN, "size": COUNT, "excluded": COUNT, "take": COUNT}, {"rate": RATE})
PLAN = members(
    {
        "protocol": one_of("dr1"), "suite": one_of("sha256"), "log": ORIGIN, "issuer": TOKEN, "draw": TOKEN,
        "title": TEXT, "seq": COUNT, "previous": HEX64, "annual_item": TOKEN, "items": listing(TOKEN),
        "filter": TEXT, "rules": HEX64,
        **{pool: members({"root": HEX64, "sealed": FLAG, "size": COUNT}) for pool in POOLS},
        "strata": listing(STRATUM),
        "team": listing(members({"seat": TOKEN}, {"department": TOKEN, "skills": listing(TOKEN)}), 1, 8),
        "randomness": listing(source_shape),
        "secrets": listing(
            members({"party": TOKEN, "body": TOKEN, "purpose": one_of(*PURPOSES), "commitment": HEX64})
        ),
        "rehearsal": FLAG, "committed_at": TIME, "due": TIME, "result_by": TIME, "reveal_by": TIME,
    },
    {"closed": listing(POOL_NAME), "supersedes": TOKEN, "carried": listing(ID)},
)  # fmt: skip
PERSON = members(
    {"id": ID, "department": TOKEN, "regions": listing(TOKEN), "skills": listing(TOKEN), "load": COUNT},
    {"capacity": COUNT, "excluded": TOKEN, "members": listing(ID)},
    ATTRIBUTE,
)
CONFLICT = members({"id": TEXT, "inspector": ID, "subject": ID, "ground": TOKEN}, None, ATTRIBUTE)
SECRETS = listing(members({"party": TOKEN, "purpose": one_of(*PURPOSES), "secret": HEX64}))
KEYS = members({}, dict.fromkeys((*POOLS, "tasks"), HEX64))
TASK = members(
    {"draw": TOKEN, "subject": ID, "team": listing(members({"inspector": ID, "seat": TOKEN}), 0, 8)}
)
PLACE = kind(
    "[id, seat number]",
    lambda v: type(v) is list and len(v) == 2 and type(v[0]) is str and type(v[1]) is int,
)  # fmt: skip
SHAPES: dict[str, Shape] = {
    "signatures.json": listing(
        members(
            {
                "role": one_of("operator", "supervisor", "party"),
                "person": TOKEN,
                "key": HEX64,
                "signature": digits(128),
            }
        )
    ),
    "keys.json": KEYS,
    "beacon.json": listing(value_shape),
    "secrets.json": SECRETS,
    "result.json": members(
        {"drawn": listing(ID), "result_root": HEX64},
        {
            "empty_seats": listing(
                members({"met": listing(ID), "places": listing(PLACE), "seat": TOKEN, "subject": ID}), 1
            )
        },
    ),
    "rules.json": lambda _value, _where: None,
    "witness.json": lambda _value, _where: None,
    "tasks.jsonl": TASK,
    "replacements.jsonl": members(
        {"n": COUNT, "reason": TOKEN, "salt": HEX64, "task": TASK},
        {"old": ID, "new": ID, "seat": COUNT, "conflicts": listing(TEXT)},
    ),
}
OF_PLAN = {"draw": TOKEN, "plan_hash": HEX64}
ENTRIES = {
    "key": ({"person": TOKEN, "name": TEXT, "role": TOKEN, "body": TOKEN, "key": HEX64}, {"until": TIME}),
    "plan": ({**OF_PLAN, "issuer": TOKEN, "seq": COUNT}, {}),
    "observed": ({**OF_PLAN, "n": COUNT, "value": value_shape}, {}),
    "beacon": ({**OF_PLAN, "beacon": TEXT}, {}),
    "result": ({**OF_PLAN, "result_root": HEX64, "count": COUNT, "empty_seats": COUNT}, {}),
    "open": ({**OF_PLAN, "secrets": SECRETS, "keys": KEYS}, {}),
    "list": ({"what": one_of("annual_plan", "item_list", "rule_set"), "name": TOKEN, "digest": HEX64}, {}),
    "replace": (
        {
            **OF_PLAN, "n": COUNT, "what": one_of("subject", "inspector", "direct"), "reason": TOKEN,
            "old": HEX64, "commitment": HEX64,
        },
        {},
    ),
    "void": ({**OF_PLAN, "reason": TOKEN}, {"would_be_root": HEX64}),
    "outcome": ({**OF_PLAN, "subject": TOKEN, "digest": HEX64}, {}),
    "note": ({"text": TEXT}, {}),
}  # fmt: skip
ENTRY_SHAPES = {
    name: members({"type": TEXT, "at": TIME, **required}, optional)
    for name, (required, optional) in ENTRIES.items()
}


def entry_shape(value: Any, where: str) -> None:
    """The shape of an entry of the log."""
    name = value.get("type") if type(value) is dict else None
    need(type(name) is str and name in ENTRY_SHAPES, "{} has an unknown type", about=where)
    ENTRY_SHAPES[name](value, where)


NOTE = kind("signed note", lambda v: type(v) is str or (type(v) is list and all(type(x) is str for x in v)))
SHAPES["log.json"] = members(
    {
        "origin": ORIGIN,
        "key": HEX64,
        "checkpoint": NOTE,
        "entries": listing(members({"index": COUNT, "entry": entry_shape, "proof": listing(HEX64)})),
    }
)
WITNESS = members({"checkpoint": NOTE}, {"proof": listing(HEX64), "stamp": TEXT})


# ------------------------------------------------------------------------ checkpoints (C2SP)


class Note(NamedTuple):
    """A checkpoint as a signed note: what is signed, and by whom."""

    body: str
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[str, bytes]]  # name, key id and signature together


def _base64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    need(data and base64.b64encode(data).decode() == text, "base64 of a checkpoint")
    return data


def read_note(note: str | list[str]) -> Note:
    """The parts of a checkpoint; a list of lines is read as those lines, each with its newline."""
    text = note if type(note) is str else "".join(line + "\n" for line in note)
    match = re.fullmatch(
        r"(([^\n]+)\n([1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n)\n((?:\u2014 [^\s+]+ \S+\n)+)", text
    )
    need(match, "the checkpoint is no signed note")
    root = _base64(match[4])
    need(len(root) == 32, "the checkpoint's root is not 32 bytes")
    signatures = []
    for line in match[5].splitlines():
        _, name, blob = line.split(" ")
        signatures.append((name, _base64(blob)))
        need(len(signatures[-1][1]) > 4, "a signature of the checkpoint is too short")
    return Note(match[1], match[2], int(match[3]), root, signatures)


def check_note(note: Note, origin: str, key: str) -> None:
    """The note is of this log and its first signature is by the log's key."""
    need(note.origin == origin, "the checkpoint is of another log", note.origin)
    name, blob = note.signatures[0]
    key_id = hashlib.sha256(origin.encode() + b"\n\1" + bytes.fromhex(key)).digest()[:4]
    need(name == origin and blob[:4] == key_id, "the checkpoint's key id differs")
    good = is_signed(key, note.body.encode(), blob[4:].hex())
    need(good, "the checkpoint's signature does not verify")


def cosigned_at(note: Note, witness: str) -> int | None:
    """When the witness with this C2SP verifier key (name+hash+base64) saw the note, or None."""
    name, given, encoded = (*witness.split("+", 2), "", "")[:3]
    material = _base64(encoded)
    need(len(material) == 33 and material[0] == 4, "not a cosignature verifier key", witness)
    key_id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    need(key_id.hex() == given, "the witness's key id differs", witness)
    for signer, blob in note.signatures[1:]:
        if signer == name and blob[:4] == key_id and len(blob) == 76:
            at = int.from_bytes(blob[4:12], "big")
            message = f"cosignature/v1\ntime {at}\n{note.body}".encode()
            need(is_signed(material[1:].hex(), message, blob[12:].hex()), "a witness's signature")
            return at
    return None


# -------------------------------------------------------------------------------- the bundle


def is_plain(archive: zipfile.ZipFile, length: int) -> bool:
    """
    Whether an archive has the form of section 12, with nothing before, between or after its files.

    Stored, names ascending, dated 1980-01-01, no comments, no extra fields (a file past 2 GiB has zip64's).
    """
    infos = archive.infolist()
    place = 0
    for info in infos:
        large = info.file_size >= 1 << 31
        usual = not (info.comment or info.flag_bits & ~0x800 or info.compress_type)
        if not usual or info.date_time != (1980, 1, 1, 0, 0, 0) or (info.extra and not large):
            return False
        if info.header_offset != place and not large:
            return False
        place = info.header_offset + 30 + len(info.filename.encode()) + info.file_size + 20 * large
    listed = sum(46 + len(info.filename.encode()) + len(info.extra) for info in infos)
    ordered = [info.filename for info in infos] == sorted(info.filename for info in infos)
    whole = place == archive.start_dir and (place + listed + 22 == length or place >= 1 << 31)
    return ordered and not archive.comment and whole


class Bundle:
    """The files of a bundle: a zip, a directory, or a mapping of names to bytes."""

    def __init__(self, source: Source) -> None:
        self.archive: zipfile.ZipFile | None = None
        self.data: Mapping[str, bytes] = {}
        self.path = Path()
        if isinstance(source, Mapping):
            self.data = source
            self.names = sorted(source)
        else:
            self.path = Path(source)
            self.names = self._folder() if self.path.is_dir() else self._zip()
        try:
            self._check_names()
        except RefusedError:
            self.close()
            raise

    def _check_names(self) -> None:
        for name in self.names:
            need(name in FILES, "the file {} has no place here", about=name[:80])
        need(len(set(self.names)) == len(self.names), "a file name stands twice")
        if self.archive:
            need(is_plain(self.archive, self.path.stat().st_size), "not the archive that a site serves")

    def _folder(self) -> list[str]:
        return sorted(entry.name + ("/" if entry.is_dir() else "") for entry in self.path.iterdir())

    def _zip(self) -> list[str]:
        try:
            self.archive = zipfile.ZipFile(self.path)
        except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
            raise RefusedError("no such directory, or not a zip", error) from None
        return [info.filename for info in self.archive.infolist()]

    def close(self) -> None:
        """Let the zip go."""
        if self.archive:
            self.archive.close()

    def _open(self, name: str) -> BinaryIO:
        if self.archive:
            return self.archive.open(name)
        return (self.path / name).open("rb") if name not in self.data else io.BytesIO(self.data[name])

    def read(self, name: str) -> bytes:
        """A whole JSON file without its final newline."""
        try:
            with self._open(name) as file:
                data = file.read(MAX_JSON_BYTES + 1)
        except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
            raise RefusedError("unreadable", type(error).__name__) from None
        need(len(data) <= MAX_JSON_BYTES, "too large")
        need(data.endswith(b"\n"), "does not end with a newline")
        return data[:-1]

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, split at 0A only, one after the other; none is longer than MAX_LINE_BYTES."""
        parts: list[bytes] = []  # of the line that is not at its end yet
        size = 0
        try:
            with self._open(name) as file:
                while chunk := file.read(1 << 20):
                    first, *whole = chunk.split(b"\n")
                    parts.append(first)
                    size += len(first)
                    need(size <= MAX_LINE_BYTES, "too large")
                    if whole:
                        yield b"".join(parts)
                        yield from whole[:-1]
                        parts, size = whole[-1:], len(whole[-1])
        except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
            raise RefusedError("unreadable", type(error).__name__) from None
        need(size == 0, "does not end with a newline")


# ------------------------------------------------------------------------- pools (section 2)


class Pool:
    """What is kept of a pool file: counts, root, and as little of the records as later checks need."""

    def __init__(self, name: str, key: str | None) -> None:
        self.name = name
        self.key = bytes.fromhex(key) if key else None
        self.size = 0
        self.last = ""
        self.ordered = True
        self.tree = Tree()
        self.sealed_leaves: list[bytes] = []
        self.records: list[Record] = []  # inspectors and conflicts
        self.counts: dict[str, list[int]] = {}  # subjects: stratum -> size, excluded
        self.free: dict[
            str, list[tuple[str, str]]
        ] = {}  # subjects: stratum -> (id, region) of those not excluded
        self.words: dict[str, str] = {}

    def add(self, line: bytes) -> None:
        """Take one line, refusing another form; order is judged later."""
        record = parse_line(line)
        self._subject(record) if self.name == "subjects" else self._other(record)
        self.ordered = self.ordered and self.last < record["id"]
        self.last = record["id"]
        self.size += 1
        if self.key is None:
            self.tree.append(line)
        else:
            salt = hmac.digest(self.key, f"dr1|salt|{self.name}|{self.last}".encode(), "sha256").hex()
            self.sealed_leaves.append(hashlib.sha256(b"dr1|leaf|" + salt.encode() + b"|" + line).digest())

    def _word(self, value: Any, where: str) -> str:
        known = self.words.get(value) if type(value) is str else None
        if known is None:
            TOKEN(value, where)
            known = self.words.setdefault(value, value)
        return known

    def _subject(self, record: Any) -> None:
        need(type(record) is dict, "not an object")
        for name in ("id", "name", "region", "stratum"):
            need(name in record, "the member {} is missing", about=name)
        for name, value in record.items():
            need(KEY_FORM.fullmatch(name), "the member name {} is barred", about=name[:40])
            need(type(value) in (str, int), "{} should be a string or an integer", about=name)
            need(type(value) is str or -MAX_INT <= value <= MAX_INT, "an integer out of range")
        ID(record["id"], "id")
        TEXT(record["name"], "name")
        region, stratum = self._word(record["region"], "region"), self._word(record["stratum"], "stratum")
        counts = self.counts.setdefault(stratum, [0, 0])
        counts[0] += 1
        if "excluded" in record:
            self._word(record["excluded"], "excluded")
            counts[1] += 1
        else:
            self.free.setdefault(stratum, []).append((record["id"], region))

    def _other(self, record: Any) -> None:
        _check_values(record)
        (PERSON if self.name == "inspectors" else CONFLICT)(record, "")
        if self.name == "conflicts":
            pair = f"{record['inspector']}:{record['subject']}"
            need(record["id"] == pair, "the id is not inspector:subject", record["id"])
        self.records.append(record)

    def root(self) -> str:
        """The Merkle root that the plan should name."""
        if self.key is None:
            return self.tree.root().hex()
        return merkle_root(sorted(self.sealed_leaves))


def read_pool(bundle: Bundle, name: str, key: str | None) -> Pool:
    """The pool of a file, read line by line."""
    pool = Pool(name, key)
    for line in bundle.lines(name + ".jsonl"):
        try:
            pool.add(line)
        except RefusedError as error:
            raise error.within(f"{pool.size + 1}") from None
    return pool


def read_leaves(bundle: Bundle, name: str) -> Pool:
    """The pool of a file of leaves: root, size and order alone."""
    pool = Pool(name, None)
    for line in bundle.lines(name + ".leaves"):
        text = line.decode("latin-1")
        need(len(text) == 64 and HEX_FORM.fullmatch(text), "line {} is not a leaf", about=pool.size + 1)
        pool.ordered = pool.ordered and pool.last < text
        pool.last = text
        pool.size += 1
        pool.tree.append(bytes.fromhex(text))
    return pool


# -------------------------------------------------------------- the plan's rules (section 3)


def _distinct(values: Sequence[Any]) -> bool:
    return len({canon(value) for value in values}) == len(values)


def rules_of_numbering(plan: Record) -> None:
    """seq, previous, rehearsal; supersedes and carried."""
    rehearsal, seq = plan["rehearsal"], plan["seq"]
    need((seq == 0) == rehearsal, "seq does not agree with rehearsal", seq)
    first = seq <= 1
    need((plan["previous"] == ZEROS) == first, "previous is not as seq asks", plan["previous"])
    need(("supersedes" in plan) == ("carried" in plan), "supersedes without carried")
    need(plan.get("supersedes") != plan["draw"], "the plan supersedes itself")
    carried = plan.get("carried", [])
    need(carried == sorted(set(carried)), "carried is not ascending and distinct")


def rules_of_times(plan: Record) -> None:
    """committed_at, due, result_by, reveal_by."""
    committed, due, result_by, reveal_by = (
        seconds(plan[name]) for name in ("committed_at", "due", "result_by", "reveal_by")
    )
    drand = any(source["kind"] == "drand" for source in plan["randomness"])
    need(due - committed >= HOUR, "due is less than an hour after committed_at", plan["due"])
    need(
        0 < result_by - due <= (HOUR if drand else DAY), "result_by breaks its rule",
        plan["result_by"],
    )  # fmt: skip
    need(
        result_by < reveal_by <= committed + 400 * DAY, "reveal_by breaks its rule",
        plan["reveal_by"],
    )  # fmt: skip


def rules_of_pools(plan: Record) -> None:
    """Closed pools and strata."""
    closed, strata = plan.get("closed", []), plan["strata"]
    need(_distinct(closed), "closed names a pool twice")
    need(all(plan[pool]["sealed"] for pool in closed), "a closed pool is not sealed")
    need(_distinct([stratum["id"] for stratum in strata]), "a stratum stands twice")
    for stratum in strata:
        need(stratum["size"] > 0, "a stratum without records is listed", stratum["id"])
        left = stratum["size"] - stratum["excluded"]
        need(0 <= stratum["take"] <= left, "take exceeds what is left", stratum["id"])
        if "rate" in stratum:
            a, b = map(int, stratum["rate"].split("/"))
            need(stratum["take"] == (a * left + b - 1) // b, "take is not what the rate gives", stratum["id"])
    total = sum(stratum["size"] for stratum in strata)
    need(total == plan["subjects"]["size"], "the strata do not add up to the pool", total)


def rules_of_randomness(plan: Record) -> None:
    """Sources, their strength, and the parties of level C."""
    sources = plan["randomness"]
    need(_distinct(sources), "a source stands twice")
    chances = 1
    for source in sources:
        if source["kind"] == "dice":
            sides, count = source["sides"], source["count"]
            need(2 <= sides <= 100 and count >= 1, "dice sides or count out of range")
            need(sides ** min(count, 128) >= 2**128, "too few rolls", count)
            chances = 2**128
        elif source["kind"] == "lottery":
            chances *= LOTTERY_CHANCES[source["name"]]
    if sources and all(source["kind"] != "drand" for source in sources):
        need(chances >= 2**64, "the sources come to less than 2^64", chances)
    rules_of_secrets(plan)


def rules_of_secrets(plan: Record) -> None:
    """Each party once for a purpose; at level C three parties of three bodies for each purpose."""
    secrets = plan["secrets"]
    pairs = [[secret["party"], secret["purpose"]] for secret in secrets]
    need(_distinct(pairs), "a party stands twice for one purpose")
    need(_distinct([secret["commitment"] for secret in secrets]), "a commitment stands twice")
    if plan["randomness"]:
        return
    for purpose in PURPOSES:
        bodies = {secret["body"] for secret in secrets if secret["purpose"] == purpose}
        need(len(bodies) >= 3, "level C needs three parties of three bodies", purpose)


def check_plan(plan: Any) -> None:
    """Every rule that the plan alone can break, save the round (check 6)."""
    PLAN(plan, "plan")
    for rule in (rules_of_randomness, rules_of_numbering, rules_of_times, rules_of_pools):
        rule(plan)


# ------------------------------------------------------------------------ BLS12-381 (drand's signatures)
#
# quicknet signs SHA-256(round as eight bytes) with points of G1 (RFC 9380, BLS12381G1_XMD:SHA-256_SSWU_RO_);
# the signature S holds when e(S, generator of G2) = e(hash to G1, public key). Fields are plain integers; the
# field of degree 12 is Fp[w] / (w^12 - 2 w^6 + 2), in which u = w^6 - 1 has the square -1.

P_BLS = int(
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab", 16
)  # fmt: skip
R_BLS = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
LOOP = 0xD201000000010000  # the curve's parameter without its sign
KEY_OF_QUICKNET = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
GENERATOR_OF_G2 = (
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
TAG_OF_QUICKNET = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
POWER = (P_BLS**12 - 1) // R_BLS  # the final exponentiation in one
Fp2 = tuple[int, int]
G1Point = Union[tuple[int, int], None]  # noqa: UP007 - as above; affine, None is the point at infinity
TwistPoint = tuple[Fp2, Fp2]
Wide = list[int]  # twelve coefficients of the powers of w


def coefficients(digits: str) -> tuple[int, ...]:
    """Integers of 96 hexadecimal digits each."""
    return tuple(int(digits[start : start + 96], 16) for start in range(0, len(digits), 96))


# The curve that hashes are mapped to, and its 11-isogeny to BLS12-381 (RFC 9380, sections 8.8.1 and E.2).
A_ISO, B_ISO, Z_ISO = (
    0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D,
    0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0,
    11,
)
X_ABOVE = coefficients(
    "11a05f2b1e833340b809101dd99815856b303e88a2d7005ff2627b56cdb4e2c85610c2d5f2e62d6eaeac1662734649b7"
    "17294ed3e943ab2f0588bab22147a81c7c17e75b2f6a8417f565e33c70d1e86b4838f2a6f318c356e834eef1b3cb83bb"
    "0d54005db97678ec1d1048c5d10a9a1bce032473295983e56878e501ec68e25c958c3e3d2a09729fe0179f9dac9edcb0"
    "1778e7166fcc6db74e0609d307e55412d7f5e4656a8dbf25f1b33289f1b330835336e25ce3107193c5b388641d9b6861"
    "0e99726a3199f4436642b4b3e4118e5499db995a1257fb3f086eeb65982fac18985a286f301e77c451154ce9ac8895d9"
    "1630c3250d7313ff01d1201bf7a74ab5db3cb17dd952799b9ed3ab9097e68f90a0870d2dcae73d19cd13c1c66f652983"
    "0d6ed6553fe44d296a3726c38ae652bfb11586264f0f8ce19008e218f9c86b2a8da25128c1052ecaddd7f225a139ed84"
    "17b81e7701abdbe2e8743884d1117e53356de5ab275b4db1a682c62ef0f2753339b7c8f8c8f475af9ccb5618e3f0c88e"
    "080d3cf1f9a78fc47b90b33563be990dc43b756ce79f5574a2c596c928c5d1de4fa295f296b74e956d71986a8497e317"
    "169b1f8e1bcfa7c42e0c37515d138f22dd2ecb803a0c5c99676314baf4bb1b7fa3190b2edc0327797f241067be390c9e"
    "10321da079ce07e272d8ec09d2565b0dfa7dccdde6787f96d50af36003b14866f69b771f8c285decca67df3f1605fb7b"
    "06e08c248e260e70bd1e962381edee3d31d79d7e22c837bc23c0bf1bc24c6b68c24b1b80b64d391fa9c8ba2e8ba2d229"
)
X_BELOW = coefficients(
    "08ca8d548cff19ae18b2e62f4bd3fa6f01d5ef4ba35b48ba9c9588617fc8ac62b558d681be343df8993cf9fa40d21b1c"
    "12561a5deb559c4348b4711298e536367041e8ca0cf0800c0126c2588c48bf5713daa8846cb026e9e5c8276ec82b3bff"
    "0b2962fe57a3225e8137e629bff2991f6f89416f5a718cd1fca64e00b11aceacd6a3d0967c94fedcfcc239ba5cb83e19"
    "03425581a58ae2fec83aafef7c40eb545b08243f16b1655154cca8abc28d6fd04976d5243eecf5c4130de8938dc62cd8"
    "13a8e162022914a80a6f1d5f43e7a07dffdfc759a12062bb8d6b44e833b306da9bd29ba81f35781d539d395b3532a21e"
    "0e7355f8e4e667b955390f7f0506c6e9395735e9ce9cad4d0a43bcef24b8982f7400d24bc4228f11c02df9a29f6304a5"
    "0772caacf16936190f3e0c63e0596721570f5799af53a1894e2e073062aede9cea73b3538f0de06cec2574496ee84a3a"
    "14a7ac2a9d64a8b230b3f5b074cf01996e7f63c21bca68a81996e1cdf9822c580fa5b9489d11e2d311f7d99bbdcc5a5e"
    "0a10ecf6ada54f825e920b3dafc7a3cce07f8d1d7161366b74100da67f39883503826692abba43704776ec3a79a1d641"
    "095fc13ab9e92ad4476d6e3eb3a56680f682b4ee96f7d03776df533978f31c1593174e4b4b7865002d6384d168ecdd0a"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001"
)
Y_ABOVE = coefficients(
    "090d97c81ba24ee0259d1f094980dcfa11ad138e48a869522b52af6c956543d3cd0c7aee9b3ba3c2be9845719707bb33"
    "134996a104ee5811d51036d776fb46831223e96c254f383d0f906343eb67ad34d6c56711962fa8bfe097e75a2e41c696"
    "00cc786baa966e66f4a384c86a3b49942552e2d658a31ce2c344be4b91400da7d26d521628b00523b8dfe240c72de1f6"
    "01f86376e8981c217898751ad8746757d42aa7b90eeb791c09e4a3ec03251cf9de405aba9ec61deca6355c77b0e5f4cb"
    "08cc03fdefe0ff135caf4fe2a21529c4195536fbe3ce50b879833fd221351adc2ee7f8dc099040a841b6daecf2e8fedb"
    "16603fca40634b6a2211e11db8f0a6a074a7d0d4afadb7bd76505c3d3ad5544e203f6326c95a807299b23ab13633a5f0"
    "04ab0b9bcfac1bbcb2c977d027796b3ce75bb8ca2be184cb5231413c4d634f3747a87ac2460f415ec961f8855fe9d6f2"
    "0987c8d5333ab86fde9926bd2ca6c674170a05bfe3bdd81ffd038da6c26c842642f64550fedfe935a15e4ca31870fb29"
    "09fc4018bd96684be88c9e221e4da1bb8f3abd16679dc26c1e8b6e6a1f20cabe69d65201c78607a360370e577bdba587"
    "0e1bba7a1186bdb5223abde7ada14a23c42a0ca7915af6fe06985e7ed1e4d43b9b3f7055dd4eba6f2bafaaebca731c30"
    "19713e47937cd1be0dfd0b8f1d43fb93cd2fcbcb6caf493fd1183e416389e61031bf3a5cce3fbafce813711ad011c132"
    "18b46a908f36f6deb918c143fed2edcc523559b8aaf0c2462e6bfe7f911f643249d9cdf41b44d606ce07c8a4d0074d8e"
    "0b182cac101b9399d155096004f53f447aa7b12a3426b08ec02710e807b4633f06c851c1919211f20d4c04f00b971ef8"
    "0245a394ad1eca9b72fc00ae7be315dc757b3b080d4c158013e6632d3c40659cc6cf90ad1c232a6442d9d3f5db980133"
    "05c129645e44cf1102a159f748c4a3fc5e673d81d7e86568d9ab0f5d396a7ce46ba1049b6579afb7866b1e715475224b"
    "15e6be4e990f03ce4ea50b3b42df2eb5cb181d8f84965a3957add4fa95af01b2b665027efec01c7704b456be69c8b604"
)
Y_BELOW = coefficients(
    "16112c4c3a9c98b252181140fad0eae9601a6de578980be6eec3232b5be72e7a07f3688ef60c206d01479253b03663c1"
    "1962d75c2381201e1a0cbd6c43c348b885c84ff731c4d59ca4a10356f453e01f78a4260763529e3532f6102c2e49a03d"
    "058df3306640da276faaae7d6e8eb15778c4855551ae7f310c35a5dd279cd2eca6757cd636f96f891e2538b53dbf67f2"
    "16b7d288798e5395f20d23bf89edb4d1d115c5dbddbcd30e123da489e726af41727364f2c28297ada8d26d98445f5416"
    "0be0e079545f43e4b00cc912f8228ddcc6d19c9f0f69bbb0542eda0fc9dec916a20b15dc0fd2ededda39142311a5001d"
    "08d9e5297186db2d9fb266eaac783182b70152c65550d881c5ecd87b6f0f5a6449f38db9dfa9cce202c6477faaf9b7ac"
    "166007c08a99db2fc3ba8734ace9824b5eecfdfa8d0cf8ef5dd365bc400a0051d5fa9c01a58b1fb93d1a1399126a775c"
    "16a3ef08be3ea7ea03bcddfabba6ff6ee5a4375efa1f4fd7feb34fd206357132b920f5b00801dee460ee415a15812ed9"
    "1866c8ed336c61231a1be54fd1d74cc4f9fb0ce4c6af5920abc5750c4bf39b4852cfe2f7bb9248836b233d9d55535d4a"
    "167a55cda70a6e1cea820597d94a84903216f763e13d87bb5308592e7ea7d4fbc7385ea3d529b35e346ef48bb8913f55"
    "04d2f259eea405bd48f010a01ad2911d9c6dd039bb61a6290e591b36e636a5c871a5c29f4f83060400f8b49cba8f6aa8"
    "0accbb67481d033ff5852c1e48c50c477f94ff8aefce42d28c0f9a88cea7913516f968986f7ebbea9684b529e2561092"
    "0ad6b9514c767fe3c3613144b45f1496543346d98adf02267d5ceef9a00d9b8693000763e3b90ac11e99b138573345cc"
    "02660400eb2e4f3b628bdd0d53cd76f2bf565b94e72927c1cb748df27942480e420517bd8714cc80d1fadc1326ed06f7"
    "0e0fa1d816ddc03e6b24255e0d7819c171c40f65e273b853324efcd6356caa205ca2f570f13497804415473a1d634b8f"
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001"
)


def root_of(square: int) -> int | None:
    """A square root modulo P_BLS, if there is one."""
    found = pow(square, (P_BLS + 1) // 4, P_BLS)
    return found if found * found % P_BLS == square % P_BLS else None


def add(one: G1Point, two: G1Point, a: int = 0) -> G1Point:
    """The sum of two points of the curve y^2 = x^3 + a x + b."""
    if one is None or two is None:
        return one or two
    (x1, y1), (x2, y2) = one, two
    if x1 == x2:
        if (y1 + y2) % P_BLS == 0:
            return None
        slope = (3 * x1 * x1 + a) * pow(2 * y1, -1, P_BLS)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P_BLS)
    x = (slope * slope - x1 - x2) % P_BLS
    return x, (slope * (x1 - x) - y1) % P_BLS


def times(point: G1Point, factor: int) -> G1Point:
    """A multiple of a point of G1's curve."""
    total: G1Point = None
    for digit in f"{factor:b}":
        total = add(total, total)
        if digit == "1":
            total = add(total, point)
    return total


def signature_point(data: bytes) -> G1Point:
    """The point of G1 that 48 bytes stand for in their one compressed form, or None."""
    x = int.from_bytes(data, "big") & (2**381 - 1)
    y = root_of(x**3 + 4) if data[0] & 0xC0 == 0x80 and x < P_BLS else None
    if y is None or x == 0:  # x = 0 is of order 3, and far from G1
        return None
    point = (x, y if (y > P_BLS // 2) == bool(data[0] & 0x20) else P_BLS - y)
    return point if times(point, R_BLS) is None else None


def twist_point(digits: str) -> TwistPoint:
    """A pinned point of G2 from its compressed form."""
    data = bytes.fromhex(digits)
    x = (int.from_bytes(data[48:], "big"), int.from_bytes(data[:48], "big") & (2**381 - 1))
    square = multiply(multiply(x, x), x)
    a, b = (square[0] + 4) % P_BLS, (square[1] + 4) % P_BLS
    norm = root_of(a * a + b * b) or 0
    half = pow(2, -1, P_BLS)
    y0 = root_of((a + norm) * half) or root_of((a - norm) * half) or 0
    y1 = b * pow(2 * y0, -1, P_BLS) % P_BLS
    return x, (y0, y1) if (y1 > P_BLS // 2) == bool(data[0] & 0x20) else (P_BLS - y0, P_BLS - y1)


def multiply(one: Fp2, two: Fp2) -> Fp2:
    """The product of a + b u and c + d u, where u^2 = -1."""
    (a, b), (c, d) = one, two
    return (a * c - b * d) % P_BLS, (a * d + b * c) % P_BLS


def divide(one: Fp2, two: Fp2) -> Fp2:
    """The quotient of two elements of the quadratic field."""
    a, b = two
    below = pow(a * a + b * b, -1, P_BLS)
    return multiply(one, (a * below, -b * below))


def wide_product(one: Wide, two: Wide) -> Wide:
    """The product in the field of degree 12."""
    total = [0] * 23
    for i, a in enumerate(one):
        if a:
            for j, b in enumerate(two):
                total[i + j] += a * b
    for k in range(22, 11, -1):  # w^12 = 2 w^6 - 2
        total[k - 6] += 2 * total[k]
        total[k - 12] -= 2 * total[k]
    return [value % P_BLS for value in total[:12]]


def line(slope: Fp2, through: TwistPoint, at: tuple[int, int]) -> Wide:
    """The line through a point of the twist at a point of G1, up to a factor that the last power removes."""
    (tx, ty), (x, y) = through, at
    c, d = multiply(slope, tx)
    c, d = c - ty[0], d - ty[1]
    e, f = -slope[0] * x, -slope[1] * x
    values = [0] * 12
    values[0], values[6] = (c - d) % P_BLS, d % P_BLS
    values[2], values[8] = (e - f) % P_BLS, f % P_BLS
    values[3] = y
    return values


def step(one: TwistPoint, two: TwistPoint, at: tuple[int, int]) -> tuple[TwistPoint, Wide]:
    """The sum of two points of the twist, and the line through them at a point of G1."""
    (x1, y1), (x2, y2) = one, two
    if one == two:
        square = multiply(x1, x1)
        slope = divide((3 * square[0], 3 * square[1]), (2 * y1[0], 2 * y1[1]))
    else:
        slope = divide((y2[0] - y1[0], y2[1] - y1[1]), (x2[0] - x1[0], x2[1] - x1[1]))
    square = multiply(slope, slope)
    x = ((square[0] - x1[0] - x2[0]) % P_BLS, (square[1] - x1[1] - x2[1]) % P_BLS)
    drop = multiply(slope, (x1[0] - x[0], x1[1] - x[1]))
    return (x, ((drop[0] - y1[0]) % P_BLS, (drop[1] - y1[1]) % P_BLS)), line(slope, one, at)


def miller(at: tuple[int, int], of: TwistPoint) -> Wide:
    """The Miller loop of a pairing, before the last power."""
    total, point = [1] + [0] * 11, of
    for digit in f"{LOOP:b}"[1:]:
        point, touching = step(point, point, at)
        total = wide_product(wide_product(total, total), touching)
        if digit == "1":
            point, crossing = step(point, of, at)
            total = wide_product(total, crossing)
    return total


def is_one_after_last_power(value: Wide) -> bool:
    """Whether a product of Miller loops is a product of pairings that is 1."""
    total = [1] + [0] * 11
    for digit in f"{POWER:b}":
        total = wide_product(total, total)
        if digit == "1":
            total = wide_product(total, value)
    return total == [1] + [0] * 11


def expanded(message: bytes, tag: bytes, length: int) -> bytes:
    """RFC 9380, section 5.3.1: `length` bytes of a message under a tag."""
    tag += bytes([len(tag)])
    first = hashlib.sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + tag).digest()
    block, blocks = bytes(32), b""
    for number in range(1, length // 32 + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block)) if number > 1 else first
        block = hashlib.sha256(mixed + bytes([number]) + tag).digest()
        blocks += block
    return blocks


def mapped(u: int) -> tuple[int, int]:
    """RFC 9380, section 6.6.2: the point of the isogenous curve that a field element stands for."""
    zu = Z_ISO * u * u % P_BLS
    tv = (zu * zu + zu) % P_BLS
    x = B_ISO * pow(Z_ISO * A_ISO, -1, P_BLS)
    if tv:
        x = -B_ISO * pow(A_ISO, -1, P_BLS) * (1 + pow(tv, -1, P_BLS))
    x %= P_BLS
    y = root_of(x**3 + A_ISO * x + B_ISO)
    if y is None:
        x = zu * x % P_BLS
        y = root_of(x**3 + A_ISO * x + B_ISO)
    assert y is not None
    return x, y if y % 2 == u % 2 else P_BLS - y


def value_at(polynomial: Sequence[int], x: int) -> int:
    """The value of a polynomial, its coefficients from the constant one up."""
    total = 0
    for each in reversed(polynomial):
        total = (total * x + each) % P_BLS
    return total


def hashed_to_g1(message: bytes, tag: bytes) -> tuple[int, int]:
    """RFC 9380: the point of G1 that a message hashes to."""
    data = expanded(message, tag, 128)
    one, two = (mapped(int.from_bytes(data[start : start + 64], "big") % P_BLS) for start in (0, 64))
    both = add(one, two, A_ISO)
    assert both is not None
    x, y = both
    below, beside = value_at(X_BELOW, x), value_at(Y_BELOW, x)
    point = (
        value_at(X_ABOVE, x) * pow(below, -1, P_BLS) % P_BLS,
        y * value_at(Y_ABOVE, x) * pow(beside, -1, P_BLS) % P_BLS,
    )
    found = times(point, LOOP + 1)
    assert found is not None
    return found


@lru_cache(maxsize=64)
def signs_round(signature: bytes, number: int) -> bool:
    """Whether these 48 bytes are quicknet's signature of this round, in G1 and in their one form."""
    point = signature_point(signature)
    if point is None:
        return False
    x, y = hashed_to_g1(hashlib.sha256(number.to_bytes(8, "big")).digest(), TAG_OF_QUICKNET)
    ours = miller(point, twist_point(GENERATOR_OF_G2))
    theirs = miller((x, P_BLS - y), twist_point(KEY_OF_QUICKNET))
    return is_one_after_last_power(wide_product(ours, theirs))


# ------------------------------------------------------------------------ beacon (section 4)


def drand_text(source: Record, value: Record) -> str:
    """The text of a drand round, whose signature holds against the pinned key."""
    data = bytes.fromhex(value["signature"])
    need(signs_round(data, source["round"]), "the signature is not this round's", value["signature"])
    return f"drand:{source['chain']}:{source['round']}:{hashlib.sha256(data).hexdigest()}"


def lottery_text(source: Record, value: Record) -> str:
    """The text of a lottery issue."""
    groups, wanted = value["groups"], LOTTERIES[source["name"]]
    good = len(groups) == len(wanted) and all(
        len(group) == len(set(group)) == many and all(1 <= number <= top for number in group)
        for group, (many, top) in zip(groups, wanted)
    )
    need(good, "lottery groups of another shape", canon(groups))
    numbers = "".join(".".join(map(str, sorted(group))) + "./" for group in groups)
    return f"lottery:{source['name']}:{source['issue']}:{numbers}"


def dice_text(source: Record, value: Record) -> str:
    """The text of a row of dice."""
    rolls = value["rolls"]
    need(len(rolls) == source["count"], "another number of rolls", len(rolls))
    need(all(roll < source["sides"] for roll in rolls), "a roll out of range")
    return f"dice:d{source['sides']}:{'.'.join(map(str, rolls))}"


BEACON_TEXTS = {"drand": drand_text, "lottery": lottery_text, "dice": dice_text}


def beacon_text(sources: Sequence[Record], values: Sequence[Record]) -> str:
    """The texts of all sources in plan order."""
    need(len(values) == len(sources), "another number of values than sources", len(values))
    texts = []
    for number, (source, value) in enumerate(zip(sources, values)):
        VALUES[source["kind"]](value, f"beacon[{number}]")
        texts.append(BEACON_TEXTS[source["kind"]](source, value))
    return ",".join(texts)


def round_after(due: int) -> int:
    """The first round of quicknet strictly after a time."""
    return (due - GENESIS) // PERIOD + 2


# -------------------------------------------------------------------------- deal (section 7)


class Deal:
    """The deal of inspectors to the drawn subjects, with repair and the proofs of empty seats."""

    def __init__(
        self, seed: str, seats: Sequence[Record], inspectors: Sequence[Record], conflicts: Iterable[Record]
    ) -> None:
        self.seed, self.seats, self.people = seed, seats, inspectors
        self.number = {person["id"]: i for i, person in enumerate(inspectors)}
        self.loads = [person["load"] for person in inspectors]
        self.places: list[set[Place]] = [set() for _ in inspectors]
        self.subjects: list[tuple[str, str]] = []
        self.teams: list[list[int | None]] = []
        self.dealt: list[int | None] = []  # who got one more seat at each place's turn
        self.empty: list[Record] = []
        self.barred: dict[str, set[int]] = {}
        for pair in conflicts:
            self.bar(pair["inspector"], pair["subject"])
        self.tickets: dict[tuple[int, int], str] = {}
        self.able: dict[tuple[int, str], list[int]] = {}
        self.heaps: dict[tuple[int, str], list[tuple[int, str, int]]] = {}
        self.in_order: dict[tuple[int, str], list[int]] = {}

    def bar(self, inspector: str, subject: str) -> None:
        """Keep a pair apart."""
        if inspector in self.number:
            self.barred.setdefault(subject, set()).add(self.number[inspector])

    def newcomer(self, inspector: str) -> int:
        """The number of an inspector, also of one from outside the pool who is assigned directly."""
        if inspector not in self.number:
            self.number[inspector] = len(self.people)
            stranger = {"id": inspector, "regions": [], "skills": [], "load": 0, "excluded": "direct"}
            self.people = [*self.people, stranger]
        return self.number[inspector]

    def run(self, subjects: Sequence[tuple[str, str]]) -> None:
        """Deal to (id, region) in ticket order."""
        self.subjects = list(subjects)
        for turn in range(len(subjects)):
            self.teams.append([None] * len(self.seats))
            for seat in range(len(self.seats)):
                self._fill(turn, seat)

    def key(self, i: int, load: int) -> tuple[int, str, int]:
        """The place of an inspector in the deck at a load; numbers follow ids."""
        ticket = self.tickets.get((load, i))
        if ticket is None:
            ticket = sha256(f"dr1|inspector|{self.seed}|{load}|{self.people[i]['id']}")
            self.tickets[load, i] = ticket
        return load, ticket, i

    def able_for(self, seat: int, region: str) -> list[int]:
        """Everyone who may take a seat in a region, conflicts aside."""
        found = self.able.get((seat, region))
        if found is None:
            wanted = self.seats[seat]
            found = [
                i
                for i, person in enumerate(self.people)
                if "excluded" not in person
                and wanted.get("department", person["department"]) == person["department"]
                and set(wanted.get("skills", ())) <= set(person["skills"])
                and (not person["regions"] or region in person["regions"])
            ]
            self.able[seat, region] = found
        return found

    def may_sit(self, i: int, seat: int, subject: str, region: str) -> bool:
        """Whether an inspector is eligible."""
        return i in self.able_for(seat, region) and i not in self.barred.get(subject, ())

    def full(self, i: int) -> bool:
        """Whether an inspector has no room left."""
        capacity = self.people[i].get("capacity")
        return capacity is not None and len(self.places[i]) >= capacity

    def _fill(self, turn: int, seat: int) -> None:
        i = self._first(turn, seat)
        if i is None:
            i = self._repair((turn, seat))
        else:
            self._sit((turn, seat), i)
        if i is not None:
            self.loads[i] += 1
            self.in_order.clear()
        self.dealt.append(i)

    def _sit(self, place: Place, i: int) -> None:
        self.teams[place[0]][place[1]] = i
        self.places[i].add(place)

    def _heap(self, seat: int, region: str) -> list[tuple[int, str, int]]:
        heap = self.heaps.get((seat, region))
        if heap is None:
            heap = [self.key(i, self.loads[i]) for i in self.able_for(seat, region)]
            heapq.heapify(heap)
            self.heaps[seat, region] = heap
        return heap

    def _first(self, turn: int, seat: int) -> int | None:
        """The least key that may sit here; keys only grow, so an old one at the top is simply renewed."""
        subject, region = self.subjects[turn]
        heap, team, barred = self._heap(seat, region), self.teams[turn], self.barred.get(subject, ())
        aside, found = [], None
        while heap and found is None:
            load, _, i = heap[0]
            if self.full(i):
                heapq.heappop(heap)
            elif load != self.loads[i]:
                heapq.heapreplace(heap, self.key(i, self.loads[i]))
            elif i in team or i in barred:
                aside.append(heapq.heappop(heap))
            else:
                found = i
        for key in aside:
            heapq.heappush(heap, key)
        return found

    def _by_keys(self, seat: int, region: str) -> list[int]:
        order = self.in_order.get((seat, region))
        if order is None:
            order = sorted(self.able_for(seat, region), key=lambda i: self.key(i, self.loads[i]))
            self.in_order[seat, region] = order
        return order

    def _repair(self, start: Place) -> int | None:
        """Breadth-first over places; who got one more seat, or None with the proof kept."""
        queue, came, met = deque([start]), {start: None}, {}
        rest: dict[tuple[int, str], list[int]] = {}  # by seat and region, who was not met yet
        while queue:
            place = queue.popleft()
            subject, region = self.subjects[place[0]]
            team, barred = self.teams[place[0]], self.barred.get(subject, ())
            kind_ = place[1], region
            rest[kind_] = [i for i in rest.get(kind_, self._by_keys(*kind_)) if i not in met]
            for i in rest[kind_]:
                if i in barred or i == team[place[1]]:
                    continue
                if i in team:
                    joins = [(place[0], team.index(i))]
                else:
                    met[i] = True
                    if not self.full(i):
                        self._shift(place, i, came)
                        return i
                    joins = sorted(self.places[i])
                for other in joins:
                    if other not in came:
                        came[other] = (place, i)
                        queue.append(other)
        self.empty.append(
            {
                "met": [self.people[i]["id"] for i in met],
                "places": [[self.subjects[turn][0], seat] for turn, seat in came],
                "seat": self.seats[start[1]]["seat"],
                "subject": self.subjects[start[0]][0],
            }
        )
        return None

    def _shift(self, place: Place, i: int, came: Mapping[Place, tuple[Place, int] | None]) -> None:
        moves = [(place, i)]
        while (back := came[moves[-1][0]]) is not None:
            moves.append(back)
        for (turn, seat), _ in moves:
            holder = self.teams[turn][seat]
            if holder is not None:
                self.places[holder].discard((turn, seat))
                self.teams[turn][seat] = None
        for left, taker in moves:
            self._sit(left, taker)

    def task(self, draw: str, turn: int) -> Record:
        """The task of a drawn subject."""
        return self.task_of(draw, self.subjects[turn][0], self.teams[turn])

    def task_of(self, draw: str, subject: str, team: Sequence[int | None]) -> Record:
        """The task of a subject and a team."""
        seated = [
            {"inspector": self.people[i]["id"], "seat": seat["seat"]}
            for i, seat in zip(team, self.seats)
            if i is not None
        ]
        return {"draw": draw, "subject": subject, "team": seated}

    def proof_holds(self, proof: Record) -> bool:
        """Whether, on the finished deal, nobody outside the proof could have come (end of section 7)."""
        turns = {subject: turn for turn, (subject, _) in enumerate(self.subjects)}
        places = {(turns[subject], seat) for subject, seat in proof["places"]}
        met = {self.number[person] for person in proof["met"]}
        strangers: dict[tuple[int, str], set[int]] = {}
        for turn, seat in places:
            subject, region = self.subjects[turn]
            if (seat, region) not in strangers:
                strangers[seat, region] = set(self.able_for(seat, region)) - met
            on_team = {self.teams[turn][other] for other in range(len(self.seats)) if (turn, other) in places}
            if not strangers[seat, region] <= on_team | self.barred.get(subject, set()):
                return False
        return all(self.places[i] <= places and self.full(i) for i in met)


# ------------------------------------------------------------------ replacements (section 9)


class Replacements:
    """The teams as they stand after each replacement, found again from the deal."""

    def __init__(
        self, deal: Deal, drawn: Mapping[str, str], reserve: Mapping[str, list[tuple[str, str]]]
    ) -> None:
        self.deal = deal
        self.stratum = dict(drawn)  # subject -> stratum, of those that have a turn
        self.reserve = {stratum: list(rest) for stratum, rest in reserve.items()}
        self.turn = {subject: turn for turn, (subject, _) in enumerate(deal.subjects)}
        self.region = dict(deal.subjects)
        self.team = {subject: list(deal.teams[turn]) for subject, turn in self.turn.items()}
        self.held = Counter(i for team in deal.teams for i in team if i is not None)
        self.left: dict[str, set[int]] = {}

    def _loads_before(self, turn: int, seat: int) -> list[int]:
        loads = [person["load"] for person in self.deal.people]
        for i in self.deal.dealt[: turn * len(self.deal.seats) + seat]:
            if i is not None:
                loads[i] += 1
        return loads

    def _candidate(self, subject: str, region: str, place: Place, team: Sequence[int | None]) -> int | None:
        turn, seat = place
        loads = self._loads_before(turn, seat)
        barred, gone = self.deal.barred.get(subject, ()), self.left.get(subject, ())
        keys = [
            self.deal.key(i, loads[i])
            for i in self.deal.able_for(seat, region)
            if i not in barred and i not in team and i not in gone and self._room(i)
        ]
        return min(keys)[2] if keys else None

    def _room(self, i: int) -> bool:
        capacity = self.deal.people[i].get("capacity")
        return capacity is None or self.held[i] < capacity

    def _known(self, pairs: Iterable[str]) -> dict[str, set[int]]:
        """Bar the pairs and give back what was barred before."""
        before = {subject: set(barred) for subject, barred in self.deal.barred.items()}
        for pair in pairs:
            inspector, _, subject = pair.partition(":")
            self.deal.bar(inspector, subject)
        return before

    def inspector(self, line: Record) -> tuple[str, list[int | None], int | None]:
        """Who comes to the seat: subject, new team, newcomer. Changes only the set of those who left."""
        subject, seat = line["task"]["subject"], line["seat"]
        need(subject in self.turn and seat < len(self.deal.seats), "no such place", line["n"])
        team = self.team[subject]
        old = team[seat]
        named = self.deal.number.get(line["old"], -1) if "old" in line else None
        need(named == old, "who is replaced does not hold the seat", line["n"])
        if old is not None:
            self.left.setdefault(subject, set()).add(old)
        others = [None if number == seat else i for number, i in enumerate(team)]
        i = self._candidate(subject, self.region[subject], (self.turn[subject], seat), others)
        others[seat] = i
        return subject, others, i

    def subject(self, line: Record) -> tuple[str, str, list[int | None]]:
        """Which subject comes: id, region, its team."""
        old = line.get("old", "")
        need(old in self.turn, "the subject to replace has no turn", line["n"])
        rest = self.reserve.get(self.stratum[old], [])
        need(rest, "the stratum has no reserve left", line["n"])
        new, region = rest[0]
        need(line.get("new") == new, "another subject than the next of the reserve", new)
        held = self.held.copy()
        team = [
            i if i is not None and self.deal.may_sit(i, seat, new, region) else None
            for seat, i in enumerate(self.team[old])
        ]
        self.held.subtract(i for i, kept in zip(self.team[old], team) if i is not None and kept is None)
        for seat, i in enumerate(team):
            if i is None:
                team[seat] = self._candidate(new, region, (self.turn[old], seat), team)
                self.held.update([team[seat]] if team[seat] is not None else [])
        self.held = held
        return new, region, team

    def outcome(self, line: Record, pairs: Sequence[str]) -> tuple[str, list[int | None]]:
        """Subject and team that a line should give, with these new pairs known; nothing is changed."""
        left = {subject: set(gone) for subject, gone in self.left.items()}
        before = self._known(pairs)
        try:
            if "seat" in line:
                subject, team, _ = self.inspector(line)
                return subject, team
            subject, _, team = self.subject(line)
            return subject, team
        finally:
            self.deal.barred, self.left = before, left

    def apply(self, line: Record, what: str) -> list[int | None]:
        """Carry a line out and give the new team."""
        self._known(line.get("conflicts", []))
        if what == "subject":
            new, region, team = self.subject(line)
            old = line["old"]
            self.turn[new], self.stratum[new], self.region[new] = (
                self.turn.pop(old),
                self.stratum.pop(old),
                region,
            )
            self.reserve[self.stratum[new]].pop(0)
            before = self.team.pop(old)
        else:
            need("old" in line or "new" in line, "an empty seat that stays empty", line["n"])
            new, team, i = self.inspector(line)
            if what == "direct":
                need(i is None, "direct, although somebody is eligible", line["n"])
                need("new" in line, "a direct assignment of nobody", line["n"])
                chosen = self.deal.newcomer(line["new"])
                need(chosen not in team, "one person in two seats", line["n"])
                team[line["seat"]] = chosen
            else:
                name = None if i is None else self.deal.people[i]["id"]
                need(line.get("new") == name, "another inspector than whose turn it is", name)
            before = self.team[new]
        self.team[new] = team
        self.held.subtract(i for i in before if i is not None)
        self.held.update(i for i in team if i is not None)
        return team


# ------------------------------------------------------------------- the checks (section 11)


class Outside(NamedTuple):
    """What the reader brings along: a checkpoint of one's own, a consistency proof, witnesses' keys."""

    checkpoint: bytes | None = None
    proof: bytes | None = None
    witnesses: tuple[str, ...] = ()


Answer = tuple  # (words, value)


class Verification:
    """One bundle, checked once; each check leaves what the later ones need."""

    def __init__(self, bundle: Bundle, now: int, outside: Outside) -> None:
        self.bundle, self.now, self.outside = bundle, now, outside
        self.files = set(bundle.names)
        self.plan: Record = {}
        self.plan_hash = ""
        self.docs: dict[str, Any] = {}
        self.troubles: dict[str, RefusedError] = {}
        self.note: Note | None = None
        self.states: dict[int, str] = {}
        self.beacon: str | None = None
        self.secrets: dict[str, list[tuple[str, str]]] = {}
        self.seeds: dict[str, str] = {}
        self.drawn: list[tuple[str, str]] | None = None  # (id, region) in order
        self.strata: dict[str, str] = {}  # of the drawn
        self.reserve: dict[str, list[tuple[str, str]]] = {}
        self.deal: Deal | None = None
        self.commitments: dict[str, str] = {}  # of tasks, by subject, replacements' included
        self.replaced: set[str] = set()

    def run(self) -> list[Check]:
        """All checks in order; nothing a bundle holds makes this raise."""
        methods = (
            self.check_form, self.check_signatures, self.check_log, self.check_commitment, self.check_pools,
            self.check_beacon, self.check_secrets, self.check_seeds, self.check_drawn, self.check_deal,
            self.check_result, self.check_replacements, self.check_fate, self.check_level,
        )  # fmt: skip
        return [self._judge(number, method) for number, method in enumerate(methods, 1)]

    def _judge(self, number: int, method: Callable[[], Answer]) -> Check:
        try:
            state, words, value = self._ask(number, method)
        except RefusedError as error:
            state, words, value = FAILED, error.said(), error.value
        except Exception as error:  # noqa: BLE001 -- whatever a bundle provokes is a failed check, never a traceback
            state, words, value = FAILED, say("unreadable"), type(error).__name__
        self.states[number] = state
        return Check(number, state, *words, value)

    def _ask(self, number: int, method: Callable[[], Answer]) -> tuple[str, Words, str]:
        if number in (3, 4, 13) and self.plan.get("rehearsal"):
            return NOT_APPLICABLE, say("a rehearsal is never logged"), ""
        try:
            return PASSED, *self._planned(number, method)
        except AbsentError as error:
            if self._overdue(str(error.about)):
                return FAILED, say("{} is absent though due", error.about), error.value
            return NOT_CHECKABLE, error.said(), error.value
        except (WaitsError, OpenError) as error:
            return NOT_CHECKABLE, error.said(), error.value

    def _planned(self, number: int, method: Callable[[], Answer]) -> Answer:
        if number > 1 and not self.plan_hash:
            raise WaitsError(1)
        return method()

    # ---- what is there

    def _overdue(self, name: str) -> bool:
        if not self.plan_hash:
            return True
        early = {"signatures.json", "rules.json", "log.json", "log: plan"}
        early |= {f"{pool}.jsonl" for pool in POOLS if not self.plan[pool]["sealed"]}
        if name in early:
            return self.now >= seconds(self.plan["due"])
        return self.now > seconds(self.plan["reveal_by"]) or bool(self.entries("open"))

    def require(self, name: str) -> Any:
        """The content of a file, or the reason why there is none."""
        if name in self.troubles:
            raise WaitsError(1)
        if name not in self.docs:
            raise AbsentError(name)
        return self.docs[name]

    def entries(self, kind_: str) -> list[tuple[int, Record]]:
        """(index, entry) of this draw's entries of a type, in the order of the log."""
        log = self.docs.get("log.json", {"entries": []})
        return [
            (item["index"], item["entry"])
            for item in log["entries"]
            if item["entry"]["type"] == kind_ and item["entry"].get("draw") == self.plan["draw"]
        ]

    def first(self, kind_: str) -> tuple[int, Record]:
        """This draw's only entry of a type, with its index."""
        found = self.entries(kind_)
        if not found:
            self.require("log.json")
            raise AbsentError(f"log: {kind_}")
        return found[0]

    @property
    def closed(self) -> list[str]:
        """The pools that the public never sees."""
        return self.plan.get("closed", [])

    @property
    def withheld(self) -> list[str]:
        """The closed pools, where this is the public's bundle."""
        return [pool for pool in self.closed if f"{pool}.jsonl" not in self.files]

    def _unless_withheld(self, *pools: str) -> None:
        for pool in pools:
            if pool in self.withheld:
                raise OpenError("{} is closed: the auditors' bundle shows it", about=pool)

    # ---- 1

    def check_form(self) -> Answer:
        """Canonical bytes, closed and typed objects, a closed set of files, the plan's rules and hash."""
        need("plan.json" in self.files, "plan.json is missing")
        self._load_json("plan.json", lambda value, _where: check_plan(value))
        if "plan.json" in self.troubles:
            raise self.troubles["plan.json"]
        self.plan = self.docs["plan.json"]
        for name in JSON_FILES:
            if name in self.files:
                self._load_json(name, SHAPES[name])
        for name in LINE_FILES:
            if name in self.files:
                self._load(name, self._read_lines)
        for pool in POOLS:
            self._load_pool(pool)
        self.plan_hash = sha256("dr1|plan|" + canon(self.plan))
        for error in self.troubles.values():
            raise error
        self._check_names()
        digest = sha256(canon(self.require("rules.json")))
        need(digest == self.plan["rules"], "rules.json is not what the plan names", digest)
        for _, entry in self.entries("plan"):
            given = entry["plan_hash"]
            need(given == self.plan_hash, "the log has another plan hash", self.plan_hash)
        return say("every file canonical and closed; plan_hash"), self.plan_hash

    def _load(self, name: str, reader: Callable[[str], Any]) -> None:
        try:
            self.docs[name] = reader(name)
        except RefusedError as error:
            self.troubles[name] = error.within(name)
        except Exception as error:  # noqa: BLE001 -- whatever a file provokes is trouble with that file
            self.troubles[name] = RefusedError("unreadable", type(error).__name__, where=f"{name}: ")

    def _load_json(self, name: str, shape: Shape) -> None:
        def reader(name: str) -> Any:
            value = parse(self.bundle.read(name), notes=name in ("log.json", "witness.json"))
            shape(value, "")
            return value

        self._load(name, reader)

    def _read_lines(self, name: str) -> list[Record]:
        records = []
        for number, line in enumerate(self.bundle.lines(name), 1):
            record = parse(line)
            SHAPES[name](record, f"[{number}]")
            records.append(record)
        return records

    def _load_pool(self, pool: str) -> None:
        keys = self.docs.get("keys.json", {})
        if f"{pool}.jsonl" in self.files:
            key = keys.get(pool) if self.plan[pool]["sealed"] else None
            self._load(f"{pool}.jsonl", lambda _name: read_pool(self.bundle, pool, key))
        elif f"{pool}.leaves" in self.files:
            self._load(f"{pool}.leaves", lambda _name: read_leaves(self.bundle, pool))

    def _check_names(self) -> None:
        for pool in POOLS:
            leaves = f"{pool}.leaves" in self.files
            need(pool in self.closed or not leaves, "the file {} has no place here", about=f"{pool}.leaves")
            both = leaves and f"{pool}.jsonl" in self.files
            need(not both, "both records and leaves of {}", about=pool)
        mixed = len(self.withheld) not in (0, len(self.closed))
        need(not mixed, "some closed pools are open and some are not")
        if "subjects" in self.withheld:
            for name in ("tasks.jsonl", "result.json", "replacements.jsonl"):
                need(name not in self.files, "with subjects closed {} has no place", about=name)
        if self.plan["rehearsal"]:
            need("replacements.jsonl" not in self.files, "a rehearsal has no replacements")
            log = self.docs.get("log.json", {"entries": []})
            kinds = {item["entry"]["type"] for item in log["entries"]}
            need(kinds <= {"key"}, "a rehearsal in the log", sorted(kinds))

    # ---- 2

    def check_signatures(self) -> Answer:
        """Operator and supervisor, at level C every party, each by a key of their own that the log lists."""
        signatures = self.require("signatures.json")
        signing = "dr1|plan|" + canon(self.plan)
        wanted = [("operator", None, signing), ("supervisor", None, signing)]
        if not self.plan["randomness"]:
            wanted += [("party", one, "dr1|commit|" + one["commitment"]) for one in self.plan["secrets"]]
        roles = [signature["role"] for signature in signatures]
        need(roles == [role for role, _, _ in wanted], "other signatures than wanted", roles)
        for signature, (role, party, text) in zip(signatures, wanted):
            who = signature["person"]
            need(party is None or who == party["party"], "another party than the plan's", who)
            good = is_signed(signature["key"], text.encode(), signature["signature"])
            need(good, "the signature of {} does not verify", who, about=role)
        self._check_separate(signatures)
        for signature, (_, party, _) in zip(signatures, wanted):
            self._check_listed(signature, party)
        people = ", ".join(f"{one['role']} {one['person']}" for one in signatures)
        return say("signatures verify; keys are listed and differ"), people

    def _check_separate(self, signatures: Sequence[Record]) -> None:
        need(signatures[0]["person"] != signatures[1]["person"], "one person signed twice")
        pairs = {(one["person"], one["key"]) for one in signatures}
        people, keys = ({pair[side] for pair in pairs} for side in (0, 1))
        need(len(pairs) == len(people) == len(keys), "a key of two persons, or two keys")

    def _check_listed(self, signature: Record, party: Record | None) -> None:
        log = self._rehearsal_log() if self.plan["rehearsal"] else self.require("log.json")
        logged = [index for index, _ in self.entries("plan")]
        if not logged and not self.plan["rehearsal"]:
            raise AbsentError("log: plan")
        for item in log["entries"]:
            entry = item["entry"]
            if (
                entry["type"] == "key"
                and all(entry[name] == signature[name] for name in ("person", "role", "key"))
                and (party is None or entry["body"] == party["body"])
                and (not logged or item["index"] < logged[0])
                and ("until" not in entry or seconds(entry["until"]) > seconds(self.plan["committed_at"]))
            ):
                return
        who = f"{signature['role']} {signature['person']}"
        raise RefusedError("the log lists no such valid key of the signer", who)

    def _rehearsal_log(self) -> Record:
        if "log.json" not in self.files:
            raise OpenError("signatures verify; no list of keys in this rehearsal")
        log = self.require("log.json")
        self._check_tree(log)
        return log

    # ---- 3

    def check_log(self) -> Answer:
        """Every entry is in the tree that the log's key signed, the plan's among them."""
        log = self.require("log.json")
        self._check_tree(log)
        times = [item["entry"]["at"] for item in log["entries"]]
        need(times == sorted(times), "the times of the log fall")
        for item in log["entries"]:
            entry = item["entry"]
            mine = (entry.get("draw") == self.plan["draw"], entry.get("plan_hash") == self.plan_hash)
            need(mine[0] == mine[1], "an entry mixes draws", item["index"])
        index, entry = self.first("plan")
        for name in ("issuer", "seq"):
            need(entry[name] == self.plan[name], "the log has another {}", entry[name], about=name)
        early = [
            item["index"]
            for item in log["entries"]
            if item["index"] < index and item["entry"].get("draw") == self.plan["draw"]
        ]
        need(not early, "entries of the draw before its plan", early)
        return say(self._own_checkpoint(log), len(times)), f"{index} / {self.note.size}"

    def _check_tree(self, log: Record) -> None:
        self.note = read_note(log["checkpoint"])
        need(log["origin"] == self.plan["log"], "another log than the plan's", log["origin"])
        check_note(self.note, log["origin"], log["key"])
        indices = [item["index"] for item in log["entries"]]
        need(indices == sorted(set(indices)), "the entries are not in order")
        for item in log["entries"]:
            need(item["index"] < self.note.size, "an entry beyond the checkpoint", item["index"])
            leaf = leaf_hash(canon(item["entry"]).encode())
            proof = [bytes.fromhex(step) for step in item["proof"]]
            root = included_root(leaf, item["index"], self.note.size, proof)
            need(root == self.note.root, "an inclusion proof does not hold", item["index"])

    def _own_checkpoint(self, log: Record) -> str:
        if self.outside.checkpoint is None:
            return "{} entries are included; no checkpoint of your own"
        own = read_note(_utf8(self.outside.checkpoint))
        check_note(own, log["origin"], log["key"])
        old, new = sorted(((own.size, own.root), (self.note.size, self.note.root)), key=lambda pair: pair[0])
        proof: list[str] = []
        if old[0] != new[0]:
            if self.outside.proof is None:
                where = f"/log/proof/consistency?first={old[0]}&second={new[0]}"
                raise OpenError("needs a consistency proof (--proof)", where)
            proof = self._own_proof(self.outside.proof)
        good = is_consistent(old, new, [bytes.fromhex(step) for step in proof])
        need(good, "not consistent with the checkpoint of one's own", f"{old[0]} / {new[0]}")
        return "{} entries are included; consistent with your own checkpoint"

    def _own_proof(self, data: bytes) -> list[str]:
        value = _decode(_utf8(data))
        members({"proof": listing(HEX64)})(value, "--proof")
        return value["proof"]

    # ---- 4

    def check_commitment(self) -> Answer:
        """The plan was in the log before `due`, and somebody outside the office knows it."""
        index, entry = self.first("plan")
        early = seconds(entry["at"]) < seconds(self.plan["due"])
        need(early, "the plan was logged after due", entry["at"])
        own = OpenError("the office's own clock", entry["at"])
        if "witness.json" not in self.files:
            raise own
        witness = self.require("witness.json")
        if type(witness) is not dict or "checkpoint" not in witness:
            raise own
        WITNESS(witness, "witness.json")
        note = self._check_witness(witness, index)
        times = [at for at in (cosigned_at(note, key) for key in self.outside.witnesses) if at is not None]
        if not times:
            names = ", ".join(name for name, _ in note.signatures[1:])
            raise OpenError("the witness is not checked here (--witness)", names)
        shown = datetime.fromtimestamp(min(times), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        need(min(times) < seconds(self.plan["due"]), "witnessed only after due", shown)
        return say("witnessed outside the office before due"), shown

    def _check_witness(self, witness: Record, index: int) -> Note:
        if self.states[3] == FAILED or self.note is None:
            raise WaitsError(3)
        log, note = self.docs["log.json"], read_note(witness["checkpoint"])
        check_note(note, log["origin"], log["key"])
        need(note.size > index, "the witnessed checkpoint does not cover the plan", note.size)
        pair = sorted(((note.size, note.root), (self.note.size, self.note.root)), key=lambda one: one[0])
        if note.size != self.note.size and "proof" not in witness:
            raise OpenError("the witnessed checkpoint has no consistency proof", note.size)
        proof = [bytes.fromhex(step) for step in witness.get("proof", [])]
        good = is_consistent(pair[0], pair[1], proof)
        need(good, "the witnessed checkpoint is not consistent with the log", note.size)
        return note

    # ---- 5

    def check_pools(self) -> Answer:
        """Roots, sizes, distinct ids in order, counts by stratum."""
        absent: Exception | None = None
        done = []
        for pool in POOLS:
            try:
                self._check_pool(pool)
                done.append(pool)
            except (AbsentError, WaitsError) as error:
                absent = absent or error
        value = ", ".join(f"{pool} {self.plan[pool]['root'][:16]}" for pool in done)
        if isinstance(absent, AbsentError):
            raise AbsentError(str(absent.about), value)
        if absent:
            raise absent
        if self.withheld:
            raise OpenError("roots agree with the leaves; closed pools", value)
        return say("the pools give the plan's roots, sizes and counts"), value

    def _check_pool(self, name: str) -> None:
        wanted = self.plan[name]
        pool = self.require(f"{name}.leaves" if name in self.withheld else f"{name}.jsonl")
        need(pool.ordered, "{}: ids repeat or do not ascend", pool.last, about=name)
        need(pool.size == wanted["size"], "{} has another size", pool.size, about=name)
        if wanted["sealed"] and f"{name}.jsonl" in self.files and pool.key is None:
            self.require("keys.json")
            raise RefusedError("{} is open without its key", about=name)
        root = pool.root()
        need(root == wanted["root"], "{} gives another root", root, about=name)
        if name == "subjects" and name not in self.withheld:
            self._check_counts(pool)
        if name == "conflicts" and name not in self.closed:
            grounds = {record["ground"] for record in pool.records}
            need(grounds <= {"barred"}, "an open conflict tells its ground", grounds)

    def _check_counts(self, pool: Pool) -> None:
        counts = {stratum["id"]: [stratum["size"], stratum["excluded"]] for stratum in self.plan["strata"]}
        wrong = sorted(name for name in {*counts, *pool.counts} if counts.get(name) != pool.counts.get(name))
        need(not wrong, "the counts of a stratum differ", ", ".join(wrong))

    # ---- 6

    def check_beacon(self) -> Answer:
        """The round that the rule gives, values of the right form, the text that the log has."""
        sources, due = self.plan["randomness"], seconds(self.plan["due"])
        for source in sources:
            if source["kind"] == "drand":
                wanted = round_after(due)
                need(source["round"] == wanted, "another round than the rule gives", wanted)
        values = self.require("beacon.json") if sources else self.docs.get("beacon.json", [])
        if "beacon.json" in self.troubles:
            raise WaitsError(1)
        text = beacon_text(sources, values)
        if not self.plan["rehearsal"]:
            self._check_observed(sources, values)
            self._check_beacon_entry(sources, text)
        self.beacon = text
        if not sources:
            return say("no beacon (level C: the parties' secrets alone)"), ""
        return say("values and text agree"), text

    def _check_observed(self, sources: Sequence[Record], values: Sequence[Record]) -> None:
        seen: dict[int, str] = {}
        for _, entry in self.entries("observed"):
            n = entry["n"]
            need(n < len(sources) and n not in seen, "an observed entry out of place", n)
            need(entry["value"] == values[n], "observed is not beacon.json's", n)
            seen[n] = entry["at"]
        for n in range(len(sources)):
            need(n in seen, "a value that the log never observed", n)
        if all(source["kind"] != "drand" for source in sources):
            return
        for n, source in enumerate(sources):
            if source["kind"] != "drand":
                need(seconds(seen[n]) < seconds(self.plan["due"]), "observed only after due", seen[n])

    def _check_beacon_entry(self, sources: Sequence[Record], text: str) -> None:
        if not sources and not self.entries("beacon"):
            return
        index, entry = self.first("beacon")
        need(entry["beacon"] == text, "the log has another beacon", entry["beacon"])
        late = [i for i, _ in self.entries("observed") if i > index]
        need(not late, "an observed entry after the beacon", late)
        if any(source["kind"] == "drand" for source in sources):
            due, at = seconds(self.plan["due"]), seconds(entry["at"])
            need(at >= due, "the beacon is in the log before due", entry["at"])
            need(at <= due + 3 * DAY, "no round within 72 h of due", entry["at"])

    # ---- 7

    def check_secrets(self) -> Answer:
        """Each secret gives its commitment; secrets and keys are those of the log's `open` entry."""
        plan = self.plan["secrets"]
        for purpose in PURPOSES:
            if all(one["purpose"] != purpose for one in plan):
                self.secrets[purpose] = []
        if "secrets.json" not in self.files and not plan:
            self._check_keys()
            return say("the plan has no secrets"), ""
        secrets = self.require("secrets.json")
        wanted = [one for one in plan if one["purpose"] == "inspector" or "subjects" not in self.withheld]
        self._check_parties(secrets, wanted)
        for one, given in zip(wanted, secrets):
            text = "|".join(
                [self.plan["issuer"], self.plan["draw"], one["purpose"], one["party"], given["secret"]]
            )
            good = sha256("dr1|secret|" + text) == one["commitment"]
            need(good, "a secret does not give its commitment", f"{one['party']} {one['purpose']}")
        self._check_keys()
        for purpose in {one["purpose"] for one in wanted}:
            self.secrets[purpose] = [
                (one["party"], one["secret"]) for one in secrets if one["purpose"] == purpose
            ]
        if len(wanted) != len(plan):
            raise OpenError("the open secrets agree; subject secrets are withheld")
        return say("{} secrets give their commitments", len(secrets)), ""

    def _check_parties(self, secrets: Sequence[Record], wanted: Sequence[Record]) -> None:
        given = [(one["party"], one["purpose"]) for one in secrets]
        named = [(one["party"], one["purpose"]) for one in wanted]
        missing = [f"{party} {purpose}" for party, purpose in named if (party, purpose) not in given]
        need(not missing, "a party's secret is missing", ", ".join(missing))
        need(given == named, "the secrets are not in the plan's order")

    def _check_keys(self) -> None:
        keys = self.docs.get("keys.json")
        if keys is not None:
            wanted = {pool for pool in POOLS if self.plan[pool]["sealed"] and pool not in self.withheld}
            wanted |= set() if "subjects" in self.withheld else {"tasks"}
            need(set(keys) == wanted, "keys.json lists other keys", ", ".join(sorted(keys)))
            need(len(set(keys.values())) == len(keys), "a key stands twice")
        if not self.plan["rehearsal"] and {"keys.json", "secrets.json"} & self.files:
            self._check_open()

    def _check_open(self) -> None:
        self.require("log.json")
        need(self.entries("open"), "opened, but the log has no entry of it")
        _, entry = self.first("open")
        shut = "subjects" in self.closed
        secrets = [one for one in self.require("secrets.json") if not (shut and one["purpose"] == "subject")]
        need(entry["secrets"] == secrets, "the log opened other secrets")
        hidden = {*self.closed, "tasks"} if shut else set(self.closed)
        keys = {name: key for name, key in self.require("keys.json").items() if name not in hidden}
        need(entry["keys"] == keys, "the log opened other keys")

    # ---- 8

    def check_seeds(self) -> Answer:
        """The seeds follow from plan hash, beacon and secrets."""
        if self.beacon is None:
            raise WaitsError(6)
        prefix = "dr1-rehearsal|seed|" if self.plan["rehearsal"] else "dr1|seed|"
        for purpose, secrets in self.secrets.items():
            given = ",".join(f"{party}={secret}" for party, secret in sorted(secrets))
            self.seeds[purpose] = sha256(f"{prefix}{self.plan_hash}|{purpose}|{self.beacon}|{given}")
        value = ", ".join(f"{purpose} {self.seeds[purpose]}" for purpose in PURPOSES if purpose in self.seeds)
        if len(self.seeds) == len(PURPOSES):
            return say("the seeds follow from plan, beacon and secrets"), value
        if not self.seeds:
            raise WaitsError(7)
        raise OpenError("the secrets of the other purpose are wanting", value)

    # ---- 9

    def check_drawn(self) -> Answer:
        """The least tickets of every stratum, those carried first, are what result.json lists."""
        self._unless_withheld("subjects")
        if "subject" not in self.seeds:
            raise WaitsError(8)
        if self.states[5] == FAILED:
            raise WaitsError(5)
        self._select(self.require("subjects.jsonl"))
        value = sha256(canon([subject for subject, _ in self.drawn]))
        if "result.json" not in self.files:
            raise AbsentError(
                "result.json", f"{len(self.drawn)}: {', '.join(one for one, _ in self.drawn[:8])}"
            )
        drawn = self.require("result.json")["drawn"]
        wanted = [subject for subject, _ in self.drawn]
        need(drawn == wanted, "another drawn list than the tickets give", value)
        return say("the {} drawn have the least tickets", len(drawn)), value

    def _select(self, pool: Pool) -> None:
        carried = set(self.plan.get("carried", []))
        start = hashlib.sha256(f"dr1|subject|{self.seeds['subject']}|".encode())

        def ranked(one: tuple[str, str]) -> tuple[bool, bytes, str, str]:
            ticket = start.copy()
            ticket.update(one[0].encode())
            return one[0] not in carried, ticket.digest(), one[0], one[1]

        chosen, first = [], 0
        for stratum in self.plan["strata"]:
            name, take = stratum["id"], stratum["take"]
            order = sorted(map(ranked, pool.free.get(name, [])))
            here = sum(not one[0] for one in order)
            need(here <= take, "more carried than a stratum takes", name)
            first += here
            chosen += [(ticket, subject, region) for _, ticket, subject, region in order[:take]]
            self.strata.update((subject, name) for _, _, subject, _ in order[:take])
            self.reserve[name] = [(subject, region) for _, _, subject, region in order[take:]]
        need(first == len(carried), "somebody carried is not in the pool, or excluded")
        self.drawn = [(subject, region) for _, subject, region in sorted(chosen)]

    # ---- 10

    def check_deal(self) -> Answer:
        """The deal gives the tasks and the empty seats, whose proofs hold."""
        self._unless_withheld("subjects", "inspectors", "conflicts")
        inspectors, conflicts = self.require("inspectors.jsonl"), self.require("conflicts.jsonl")
        for number, there in (
            (5, self.states[5] != FAILED),
            (8, "inspector" in self.seeds),
            (9, self.drawn is not None),
        ):
            if not there:
                raise WaitsError(number)
        deal = Deal(self.seeds["inspector"], self.plan["team"], inspectors.records, conflicts.records)
        deal.run(self.drawn)
        self.deal = deal
        result = self.require("result.json")
        same = result.get("empty_seats", []) == deal.empty
        need(same, "other empty seats, or other proofs", len(deal.empty))
        for proof in deal.empty:
            need(deal.proof_holds(proof), "the proof of an empty seat does not hold", proof["subject"])
        tasks = self.require("tasks.jsonl")
        wanted = sorted(
            (deal.task(self.plan["draw"], turn) for turn in range(len(self.drawn))),
            key=lambda task: task["subject"],
        )
        for given, computed in zip(tasks, wanted):
            need(given == computed, "another team than the deal gives", canon(computed))
        need(len(tasks) == len(wanted), "another number of tasks", len(wanted))
        return say("tasks and empty seats are what the deal gives"), f"{len(tasks)} / {len(deal.empty)}"

    # ---- 11

    def check_result(self) -> Answer:
        """Task commitments give the result root; the log has it, in time."""
        logged = None if self.plan["rehearsal"] else self._check_result_entry()
        self._unless_withheld("subjects")
        tasks, key = self.require("tasks.jsonl"), self.require("keys.json").get("tasks")
        if key is None:
            raise WaitsError(7)
        for task in tasks:
            salt = hmac.digest(bytes.fromhex(key), f"dr1|task|{task['subject']}".encode(), "sha256").hex()
            self.commitments[task["subject"]] = sha256(f"dr1|task|{salt}|{canon(task)}")
        root = merkle_root(sorted(map(bytes.fromhex, self.commitments.values())))
        result = self.require("result.json")
        need(result["result_root"] == root, "result.json has another root", root)
        need(len(self.commitments) == len(tasks), "two tasks for one subject")
        if not self.plan["rehearsal"]:
            self._check_fixed(logged, root, (len(tasks), len(result.get("empty_seats", []))))
        return say("the commitments give the result root, logged in time"), root

    def _deadline(self) -> int:
        """Until when a result is in time, as far as the log's entries tell."""
        due, result_by = seconds(self.plan["due"]), seconds(self.plan["result_by"])
        drand = any(source["kind"] == "drand" for source in self.plan["randomness"])
        beacon = self.entries("beacon")
        if drand and beacon:
            return max(result_by, seconds(beacon[0][1]["at"]) + result_by - due)
        return result_by

    def _check_result_entry(self) -> Record | None:
        found, voids = self.entries("result"), self.entries("void")
        if not found:
            self.require("log.json")
            if not any("would_be_root" in void for _, void in voids):
                raise AbsentError("log: result")
            return None
        index, entry = found[0]
        if not (voids and voids[0][0] < index):
            need(seconds(entry["at"]) <= self._deadline(), "the result was logged too late", entry["at"])
            opened = self.entries("open")
            need(not opened or opened[0][0] > index, "opened before the result was fixed")
        beacon = self.entries("beacon")
        need(not beacon or beacon[0][0] < index, "the result is before the beacon")
        return entry

    def _check_fixed(self, logged: Record | None, root: str, counts: tuple[int, int]) -> None:
        if logged:
            need(logged["result_root"] == root, "the log has another result root", root)
            same = (logged["count"], logged["empty_seats"]) == counts
            need(same, "the log has other counts", counts)
        for _, void in self.entries("void"):
            same = void.get("would_be_root", root) == root
            need(same, "the void names another root", root)

    # ---- 12

    def check_replacements(self) -> Answer:
        """Each replacement is the one that the order gives, and is what was logged."""
        logged = [] if self.plan["rehearsal"] else [entry for _, entry in self.entries("replace")]
        numbers = [entry["n"] for entry in logged]
        need(numbers == list(range(1, len(logged) + 1)), "the replacements' numbers have a gap", numbers)
        result = self.entries("result")
        first = self.entries("replace")[:1]
        need(not first or (result and result[0][0] < first[0][0]), "a replacement before the result")
        self._unless_withheld("subjects", "inspectors", "conflicts")
        if not logged and "replacements.jsonl" not in self.files:
            if self.deal is None:
                raise WaitsError(10)
            return say("no replacements"), "0"
        lines = self.require("replacements.jsonl")
        need(len(lines) == len(logged), "the log has another number of replacements", len(logged))
        for number in (10, 11):
            if self.states[number] != PASSED:
                raise WaitsError(number)
        state = Replacements(self.deal, self.strata, self.reserve)
        for line, entry in zip(lines, logged):
            self._check_replacement(state, line, entry)
        return say("{} replacements follow the order", len(lines)), ""

    def _check_replacement(self, state: Replacements, line: Record, entry: Record) -> None:
        n, task, what = line["n"], line["task"], entry["what"]
        need(n == entry["n"] and line["reason"] == entry["reason"], "n or reason differ", n)
        need((what == "subject") == ("seat" not in line), "what and seat disagree", n)
        self._check_pairs(state, line)
        old = line.get("old", "") if what == "subject" else task["subject"]
        need(self.commitments.get(old) == entry["old"], "another old task", n)
        computed = state.deal.task_of(self.plan["draw"], task["subject"], state.apply(line, what))
        need(task == computed and task["subject"] in state.turn, "another new task", canon(computed))
        key = bytes.fromhex(self.docs["keys.json"]["tasks"])
        salt = hmac.digest(key, f"dr1|task|{task['subject']}|{n}".encode(), "sha256").hex()
        need(line["salt"] == salt, "another salt", n)
        commitment = sha256(f"dr1|task|{salt}|{canon(task)}")
        need(entry["commitment"] == commitment, "another new commitment", commitment)
        self.commitments[task["subject"]] = commitment
        if what == "subject":
            self.replaced.add(old)

    def _check_pairs(self, state: Replacements, line: Record) -> None:
        """New conflict pairs stand here only where they matter, so that none can be slipped in or out."""
        pairs = line.get("conflicts", [])
        need(pairs == sorted(set(pairs)), "new conflicts do not ascend", line["n"])
        for pair in pairs:
            inspector, _, subject = pair.partition(":")
            number = state.deal.number.get(inspector)
            fresh = number is not None and number not in state.deal.barred.get(subject, ())
            need(fresh and ID_FORM.fullmatch(subject), "a conflict of nobody, or known", pair)
        for pair in pairs:
            own = "seat" in line and pair == f"{line.get('old')}:{line['task']['subject']}"
            others = [other for other in pairs if other != pair]
            matters = own or state.outcome(line, pairs) != state.outcome(line, others)
            need(matters, "a conflict that changes nothing", pair)

    # ---- 13

    def check_fate(self) -> Answer:
        """Nothing twice in the log; what became of the draw, and of every drawn subject."""
        plan_index, _ = self.first("plan")
        self._check_once()
        self._check_neighbours()
        fate = self._fate()
        self._check_outcomes()
        lists = [
            item["index"]
            for item in self.docs["log.json"]["entries"]
            if item["entry"]["type"] == "list" and item["entry"]["what"] == "annual_plan"
        ]
        need(not lists or lists[0] < plan_index, "the annual plan was logged after the plan")
        raise OpenError("this draw's entries agree; the rest needs the whole log", fate)

    def _check_once(self) -> None:
        for name in ("plan", "beacon", "result", "open"):
            need(len(self.entries(name)) <= 1, "a second {} for one plan", about=name)

    def _check_neighbours(self) -> None:
        """Other plans' entries, where the bundle has some."""
        entries = [
            item["entry"] for item in self.docs["log.json"]["entries"] if item["entry"]["type"] == "plan"
        ]
        for name in ("seq", "draw"):
            pairs = [(entry["issuer"], entry[name]) for entry in entries]
            need(len(set(pairs)) == len(pairs), "one issuer has a {} twice", about=name)
        for entry in entries:
            before = entry["issuer"] == self.plan["issuer"] and entry["seq"] == self.plan["seq"] - 1
            same = not before or entry["plan_hash"] == self.plan["previous"]
            need(same, "previous is not the hash of the plan before", entry["plan_hash"])

    def _fate(self) -> str:
        results, voids, outcomes = (self.entries(name) for name in ("result", "void", "outcome"))
        need(not (voids and outcomes), "a void although something was inspected")
        if voids:
            return f"void: {voids[0][1]['reason']}"
        if results:
            return "result"
        return "failed" if self.now > self._deadline() else "live"

    def _check_outcomes(self) -> None:
        if not self.entries("result") or self.entries("void") or not self.commitments or self.drawn is None:
            return
        names = {subject: subject for subject in self.commitments}
        if "subjects" in self.closed:
            names = {commitment: subject for subject, commitment in self.commitments.items()}
        last = seconds(self.plan["reveal_by"])
        done = set()
        for _, entry in self.entries("outcome"):
            subject = names.get(entry["subject"])
            need(subject, "an outcome of a subject that was not drawn", entry["subject"])
            if seconds(entry["at"]) <= last:
                done.add(subject)
        missing = sorted(set(self.commitments) - done - self.replaced)
        if self.now > last:
            need(not missing, "a drawn subject has no outcome in time", ", ".join(missing[:8]))

    # ---- 14

    def check_level(self) -> Answer:
        """Level A, B or C, and what a reader should know."""
        kinds = {source["kind"] for source in self.plan["randomness"]}
        level = "A" if "drand" in kinds else "B" if kinds else "C"
        notes = [*self._small_pools(), *self._late()]
        said = [say("level of randomness {}", level), *(say(text, about) for text, about in notes)]
        return ("；".join(zh for zh, _ in said), "; ".join(en for _, en in said)), level

    def _small_pools(self) -> Iterator[tuple[str, str]]:
        if self.plan["rehearsal"]:
            yield "this is a rehearsal", ""
        for stratum in self.plan["strata"]:
            left = stratum["size"] - stratum["excluded"]
            if 0 < stratum["take"] < left < 10:
                yield "fewer than ten left in stratum {}", stratum["id"]
        pool = self.docs.get("inspectors.jsonl")
        seats = len(self.plan["team"])
        if pool and sum("excluded" not in person for person in pool.records) < 2 * seats:
            yield "fewer than twice as many inspectors as seats", ""
        if all(secret["purpose"] != "inspector" for secret in self.plan["secrets"]):
            yield "the deal has no secrets", ""

    def _late(self) -> Iterator[tuple[str, str]]:
        last = seconds(self.plan["reveal_by"])
        if any(seconds(entry["at"]) > last for _, entry in self.entries("open")):
            yield "the reveal was late", ""
        elif self.now > last and not self.plan["rehearsal"] and not self.entries("open"):
            yield "the reveal is overdue", ""
        if "supersedes" in self.plan:
            yield "replaces {}", self.plan["supersedes"]
        for _, void in self.entries("void"):
            yield "void: {}", void["reason"]


def verify(
    source: Source, *, now: str | None = None, checkpoint: bytes | None = None, proof: bytes | None = None,
    witnesses: Sequence[str] = (),
) -> list[Check]:  # fmt: skip
    """
    Check a bundle (zip, directory, or mapping of names to bytes) and answer with fourteen lines.

    Args:
        source: The bundle.
        now: The present time as the protocol writes times; the clock's if absent.
        checkpoint: A checkpoint of one's own, as served at /log/checkpoint.
        proof: What /log/proof/consistency gives between that checkpoint's size and the bundle's.
        witnesses: C2SP verifier keys of witnesses that are trusted (for check 4).
    """
    present = seconds(now) if now else int(time.time())
    try:
        bundle = Bundle(source)
    except RefusedError as error:
        return _unreadable(error)
    except Exception as error:  # noqa: BLE001 -- no input makes a traceback
        return _unreadable(RefusedError("unreadable", type(error).__name__))
    try:
        return Verification(bundle, present, Outside(checkpoint, proof, tuple(witnesses))).run()
    finally:
        bundle.close()


def _unreadable(error: RefusedError) -> list[Check]:
    rest = [Check(number, NOT_CHECKABLE, *say("needs check {}", 1)) for number in range(2, 15)]
    return [Check(1, FAILED, *error.said(), error.value), *rest]


def exit_status(checks: Iterable[Check]) -> int:
    """0: all passed; 1: something failed; 2: nothing failed, something is not checkable."""
    states = {check.state for check in checks}
    return 1 if FAILED in states else 2 if NOT_CHECKABLE in states else 0


# ------------------------------------------------------------------------------- the command


def self_test() -> list[str]:
    """The names of the built-in known answers that this copy does not give; empty when all is well."""
    key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # RFC 8032, 7.1, test 1
    signature = (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )
    high = (
        signature[:64]
        + (int.from_bytes(bytes.fromhex(signature[64:]), "little") + ORDER).to_bytes(32, "little").hex()
    )
    leaves = [
        b"",
        b"\0",
        b"\x10",
        b" !",
        b"01",
        b"@ABC",
        b"PQRSTUVW",
        b"`abcdefghijklmno",
    ]  # RFC 6962's test tree
    answers = {
        "Ed25519": is_signed(key, b"", signature),
        "Ed25519, other message": not is_signed(key, b"x", signature),
        "Ed25519, S >= L": not is_signed(key, b"", high),
        "Ed25519, small order": not is_signed("01" + "00" * 31, b"", "01" + "00" * 63),
        "Merkle, empty": merkle_root([]) == sha256(""),
        "Merkle": merkle_root(leaves) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        "canon": canon({"b": [1, True], "a": '甲"\\'}) == '{"a":"甲\\"\\\\","b":[1,true]}',
        "round": round_after(seconds("2023-09-15T11:00:00Z")) == 657413,
    }  # fmt: skip
    return [name for name, good in answers.items() if not good]


class Arguments(argparse.ArgumentParser):
    """Wrong usage is exit status 1: 2 has a meaning of its own."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave."""
        self.print_usage(sys.stderr)
        self.exit(1, f"{self.prog}: {message}\n")


def _arguments() -> Arguments:
    parser = Arguments(prog="verify.py", description="核验一次双随机抽取（dr1） / Verify one draw of dr1.")
    parser.add_argument(
        "bundle", nargs="?", default=str(Path(__file__).parent), help="BUNDLE.zip 或目录 / or directory"
    )
    parser.add_argument("--checkpoint", metavar="FILE", help="自存的日志检查点 / a checkpoint of your own")
    parser.add_argument("--proof", metavar="FILE", help="一致性证明 / the consistency proof (JSON)")
    parser.add_argument(
        "--witness", metavar="VKEY", action="append", default=[], help="信任的见证公钥 / a witness's key"
    )
    parser.add_argument("--json", action="store_true", help="机器可读 / for machines")
    parser.add_argument("--now", metavar="TIME", help="以此为当前时间 / take this for the present time")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")
    parser.add_argument("--self-test", action="store_true", help="自检 / known answers")
    return parser


def _file(parser: Arguments, name: str | None) -> bytes | None:
    try:
        return Path(name).read_bytes() if name else None
    except OSError as error:
        parser.error(str(error))


def as_json(checks: Sequence[Check]) -> str:
    """The answer for machines."""
    rows = [
        {
            "number": check.number, "state": check.state, "title_zh": TITLES[check.number][0],
            "title_en": TITLES[check.number][1], "zh": check.zh, "en": check.en, "value": check.value,
        }
        for check in checks
    ]  # fmt: skip
    return json.dumps({"exit": exit_status(checks), "checks": rows}, ensure_ascii=False, indent=1)


def as_line(check: Check, lang: str) -> str:
    """The answer for people, one line."""
    side = 0 if lang == "zh" else 1
    state, title, words = STATES[check.state][side], TITLES[check.number][side], (check.zh, check.en)[side]
    colon, value = (
        ("：", ": ")[side],
        re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "?", check.value),
    )
    return f"{check.number:2} [{state}] {title}{colon}{words}{' · ' + value if value else ''}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = _arguments()
    given = parser.parse_args(arguments)
    if given.self_test:
        wrong = self_test()
        print("\n".join(wrong) or "OK")
        return 1 if wrong else 0
    if given.now and not is_time(given.now):
        parser.error("--now")
    checks = verify(
        given.bundle,
        now=given.now,
        checkpoint=_file(parser, given.checkpoint),
        proof=_file(parser, given.proof),
        witnesses=given.witness,
    )  # fmt: skip
    print(as_json(checks) if given.json else "\n".join(as_line(check, given.lang) for check in checks))
    return exit_status(checks)


if __name__ == "__main__":
    sys.exit(main())
