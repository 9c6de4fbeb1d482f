"""What a verification says: fourteen checks, each with its status and a sentence in both languages."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from doublerandom.dr1.errors import ProtocolError

TITLES: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        1: ("文件规范、方案哈希", "canonical files, plan hash"),
        2: ("方案签名", "signatures"),
        3: ("日志收录与一致", "inclusion in the log, consistency"),
        4: ("先承诺、后随机", "committed before due"),
        5: ("名录库根与各层计数", "pools, roots, counts per stratum"),
        6: ("随机信标", "beacon"),
        7: ("秘密与承诺", "secrets and commitments"),
        8: ("种子", "seeds"),
        9: ("抽签与抽中名单", "tickets, order, drawn list"),
        10: ("人员匹配与空席证明", "deal, proofs of empty seats"),
        11: ("任务承诺与结果根", "task commitments, result root"),
        12: ("替换", "replacements"),
        13: ("日志连续与去向", "log without gap, outcomes"),
        14: ("随机级别与提示", "level of randomness, warnings"),
    }
)


class Status(StrEnum):
    """How a check came out; the last is for rehearsals, to which the log's checks do not apply."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKABLE = "not_checkable"
    NOT_APPLICABLE = "not_applicable"


STATUS_WORDS: Final[Mapping[Status, tuple[str, str]]] = MappingProxyType(
    {
        Status.PASSED: ("通过", "passed"),
        Status.FAILED: ("不通过", "FAILED"),
        Status.NOT_CHECKABLE: ("尚不可查", "not checkable"),
        Status.NOT_APPLICABLE: ("不适用", "does not apply"),
    }
)


@dataclass(frozen=True)
class Finding:
    """What one check found: a stable code, a sentence in both languages, the value compared ("" if none)."""

    status: Status
    code: str
    zh: str
    en: str
    value: str = ""


def passed(zh: str, en: str, value: object = "", code: str = "passed") -> Finding:
    """A check that holds."""
    return Finding(Status.PASSED, code, zh, en, str(value))


def failed(code: str, zh: str, en: str, value: object = "") -> Finding:
    """A check that does not hold."""
    return Finding(Status.FAILED, code, zh, en, str(value))


def not_checkable(code: str, zh: str, en: str, value: object = "") -> Finding:
    """A check for which something is not there yet, withheld, or outside the bundle."""
    return Finding(Status.NOT_CHECKABLE, code, zh, en, str(value))


def not_applicable(zh: str, en: str) -> Finding:
    """A check that a rehearsal does not have."""
    return Finding(Status.NOT_APPLICABLE, "rehearsal", zh, en)


UNREADABLE: Final = {
    "bundle_unreadable": (
        "打不开：这不是完整的校验包（zip 文件或解开的文件夹）",
        "cannot be opened: not a whole bundle (a zip, or the folder it was unpacked to)",
    ),
    "bundle_form": (
        "压缩包的格式不是协议规定的：可能被重新打包过，请从抽取页面重新下载",
        "the archive is not as the protocol fixes it: perhaps packed anew; download it again",
    ),
}
"""What to say of material that is no bundle at all, by the error's code."""


def refused(error: ProtocolError, where: str = "") -> Finding:
    """The finding for a rule of the protocol that the material breaks."""
    if error.code in UNREADABLE:
        return failed(error.code, *UNREADABLE[error.code], error.params.get("found", ""))
    place = f"{where}: " if where else ""
    return failed(error.code, f"{place}{error}", f"{place}{error}", error.params.get("found", ""))


class FindingError(Exception):
    """Carries a finding out of a check: it ends there."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True)
class Check:
    """One numbered check of section 11 as it came out."""

    number: int
    status: Status
    code: str
    title_zh: str
    title_en: str
    detail_zh: str
    detail_en: str
    value: str


@dataclass(frozen=True)
class Report:
    """All checks in order; `draw` is the draw's number, "" where it could not be read."""

    draw: str
    checks: tuple[Check, ...]

    @property
    def exit_status(self) -> int:
        """0: all passed. 1: something failed or was unreadable. 2: something is not checkable."""
        statuses = {check.status for check in self.checks}
        if Status.FAILED in statuses:
            return 1
        return 2 if Status.NOT_CHECKABLE in statuses else 0

    @property
    def failures(self) -> tuple[int, ...]:
        """The numbers of the checks that failed."""
        return tuple(check.number for check in self.checks if check.status is Status.FAILED)

    def __getitem__(self, number: int) -> Check:
        return self.checks[number - 1]

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "draw": self.draw,
            "exit_status": self.exit_status,
            "checks": [asdict(check) for check in self.checks],
        }


def check_of(number: int, finding: Finding) -> Check:
    """The numbered check for a finding."""
    zh, en = TITLES[number]
    return Check(number, finding.status, finding.code, zh, en, finding.zh, finding.en, finding.value)
