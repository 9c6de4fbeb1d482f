"""What a parameter of a rule set is called, what it means and on which rule it stands, in both languages."""

from collections.abc import Mapping
from typing import Final, NamedTuple

Pair = tuple[str, str]
"""The same words in Chinese and in English."""

NO_PAIR: Final[Pair] = ("", "")


class Parameter(NamedTuple):
    """
    One member of a chapter.

    `path` is its place in the chapter, dotted where objects lie in each other; `kind` is one of `whole`,
    `flag`, `choice`, `token`, `text`, `rate`, `day`, `tokens`, `texts`, `wholes` (lists), `rows` (see `columns`).
    """

    path: str
    kind: str
    label: Pair
    why: Pair = NO_PAIR
    source: str = ""
    required: bool = False
    options: Mapping[str, Pair] = {}
    columns: "tuple[Parameter, ...]" = ()
    unit: Pair = NO_PAIR


class Chapter(NamedTuple):
    """A section of a rule set: an object of parameters, a list of rows (`rows`), or one value (`one`)."""

    name: str
    label: Pair
    why: Pair
    source: str
    parameters: tuple[Parameter, ...]
    form: str = "object"

    def parameter(self, path: str) -> Parameter | None:
        """The parameter at a dotted path, if there is one."""
        return next((each for each in self.parameters if each.path == path), None)


LAW_58: Final = "国办发〔2015〕58号"
LAW_5: Final = "国发〔2019〕5号"
LAW_38: Final = "国市监信〔2019〕38号"
LAW_54: Final = "国办发〔2024〕54号"
PENALTY_LAW_42: Final = "《行政处罚法》第四十二条"
PENALTY_LAW_43: Final = "《行政处罚法》第四十三条"
ORDER_44: Final = "市场监管总局令第44号"
ORDER_45: Final = "市场监管总局令第45号"
REPAIR: Final = "信用修复管理办法（2026年4月1日起施行）"
LOCAL: Final = "各地细则"
PROTOCOL: Final = "dr1 协议"
_IN_ENGLISH: Final[Mapping[str, str]] = {
    LAW_58: "Guobanfa [2015] No. 58",
    LAW_5: "Guofa [2019] No. 5",
    LAW_38: "Guoshijianxin [2019] No. 38",
    LAW_54: "Guobanfa [2024] No. 54",
    PENALTY_LAW_42: "Administrative Penalty Law, art. 42",
    PENALTY_LAW_43: "Administrative Penalty Law, art. 43",
    ORDER_44: "SAMR Order No. 44",
    ORDER_45: "SAMR Order No. 45",
    REPAIR: "Measures for Credit Repair (in force from 1 April 2026)",
    LOCAL: "local rules",
    PROTOCOL: "protocol dr1",
    "；": "; ",
}


def source_in(source: str, language: int) -> str:
    """A source as readers of Chinese (0) or English (1) know it: document numbers spelt in Latin letters."""
    for zh, en in _IN_ENGLISH.items() if language else ():
        source = source.replace(zh, en)
    return source

DAYS: Final[Pair] = ("天", "days")
WORKING_DAYS: Final[Pair] = ("个工作日", "working days")
TIMES: Final[Pair] = ("次", "times")
HOURS: Final[Pair] = ("小时", "hours")
YEARS: Final[Pair] = ("年", "years")
