"""The sections of a rule set, each a closed object or list: what may stand in it."""

from collections.abc import Mapping
from typing import Any, Final

from doublerandom.registry.rule_shape.checks import (
    Check,
    both,
    closed,
    day,
    fail,
    flag,
    in_order,
    list_of,
    one_of,
    per_head,
    rate,
    text,
    token,
    whole,
    words,
)

QUOTA_KINDS: Final = ("rate", "at_most", "fixed", "all", "per_inspector", "excluded")
EFFECTS: Final = ("raise", "lower", "exempt", "none")
KINDS: Final = ("reward", "penalty")
LEVELS: Final = ("minor", "ordinary", "serious")
RECORDS: Final = ("result", "penalty", "credit", "abnormal_list", "serious_list")

_QUOTAS: Final[Mapping[str, Check]] = {
    "rate": closed({"kind": text, "rate": rate}),
    "at_most": closed({"kind": text, "rate": rate}),
    "fixed": closed({"kind": text, "number": whole(0)}),
    "all": closed({"kind": text}),
    "per_inspector": closed({"kind": text, "rate": per_head}),
    "excluded": closed({"kind": text}),
}


def _quota(value: Any, where: str) -> None:
    if type(value) is not dict or "kind" not in value:
        fail(where, value, "应写明比例种类", "expected an object with a kind")
    one_of(QUOTA_KINDS)(value["kind"], f"{where}.kind")
    _QUOTAS[value["kind"]](value, where)


def _strata(value: Any, where: str) -> None:
    """A stratum has one quota, a value one stratum, and those that fit nowhere have a stratum too."""
    _STRATA(value, where)
    names = [quota["stratum"] for quota in value["quotas"]]
    values = [each for quota in value["quotas"] for each in quota["when"]]
    if len(set(names)) < len(names):
        fail(f"{where}.quotas", ", ".join(names), "有一层出现了两次", "a stratum stands twice")
    if len(set(values)) < len(values):
        fail(f"{where}.quotas", ", ".join(values), "有一个取值属于两层", "a value belongs to two strata")
    if value["otherwise"] not in names:
        fail(
            f"{where}.otherwise", value["otherwise"], "这一层没有写明比例", "names a stratum without a quota"
        )


def _categories(value: Any, where: str) -> None:
    """A category stands once for a day, and a name of another system means one that is there."""
    _CATEGORIES(value, where)
    firsts = [(row["code"], row["valid_from"]) for row in value["table"]]
    if len(set(firsts)) < len(firsts):
        fail(f"{where}.table", "", "同一类别同日起有两行", "a category stands twice for a day")
    codes = {code for code, _first in firsts}
    names = value.get("names", [])
    for n, name in enumerate(names):
        if name["category"] not in codes:
            place = f"{where}.names[{n}].category"
            fail(place, name["category"], "结果类别表中没有这个类别", "is no category of the table")
    if len({(name["system"], name["code"]) for name in names}) < len(names):
        fail(f"{where}.names", "", "同一系统的同一代码出现了两次", "a code of a system stands twice")


_STRATA: Final = closed(
    {
        "by": one_of(("grade", "class")),
        "quotas": list_of(
            closed({"stratum": token, "when": list_of(text, distinct=True), "quota": _quota}), least=1
        ),
        "otherwise": token,
    }
)
_CAPS: Final = closed(
    {"per_year": whole(1), "cool_down_days": whole(0), "exempt_measures": flag},
    {
        "per_level": whole(1),
        "per_agency": whole(1),
        "low_risk": closed({"classes": list_of(text, least=1, distinct=True), "number": whole(1)}),
        "drawn_years": whole(1),
        "upper_level_days": whole(1),
        "draws_no_disturbance": flag,
        "counting_kinds": list_of(token, least=1, distinct=True),
        "exempt_grounds": list_of(token, distinct=True),
        "warn": closed({}, {"day": whole(1), "week": whole(1), "month": whole(1)}),
        "no_finding_limit": whole(1),
    },
)
_CONFLICTS: Final = closed(
    {
        "hard": list_of(token, distinct=True),
        "soft": list_of(token, distinct=True),
        "soft_needs": whole(0),
        "rotation": flag,
        "former_years": whole(0),
    },
    {"supervisor": flag, "related": flag},
)
_SEAT: Final = closed({"seat": token}, {"department": token, "skills": list_of(token, distinct=True)})
_DEADLINES: Final = closed(
    {"publish_working_days": whole(1), "result_minutes": whole(1), "reveal_days": whole(1)},
    {
        "emergency_approval_hours": whole(1),
        "penalty_working_days": whole(1),
        "penalty_cross_province_working_days": whole(1),
        "withdraw_working_days": whole(1),
        "abnormal_list_working_days": whole(1),
        "letters_min_days": whole(1),
        "letters_max_days": whole(1),
        "repair_working_days": whole(1),
        "prepared_days": whole(1),
    },
)
_CREDIT: Final = closed(
    {
        "when": closed({"categories": list_of(text, least=1, distinct=True)}, {"clean_visits": whole(1)}),
        "kind": one_of(KINDS),
        "level": one_of(LEVELS),
        "effect": one_of(EFFECTS),
        "days": whole(0),
    },
    {"display_min_days": whole(0), "display_max_days": whole(0), "measure": text, "basis": text},
)
_DISPLAY: Final = closed(
    {"record": one_of(RECORDS), "level": token}, {"min_days": whole(0), "max_days": whole(0), "basis": text}
)
_CATEGORIES: Final = closed(
    {
        "table": list_of(
            closed(
                {
                    "code": words,
                    "zh": words,
                    "en": words,
                    "exclusive": flag,
                    "follow_up": flag,
                    "proposes": flag,
                    "ends_eligibility": flag,
                    "valid_from": day,
                },
                {"valid_to": day},
            ),
            least=1,
        )
    },
    {"names": list_of(closed({"system": words, "code": words, "text": text, "category": text}))},
)

SECTIONS: Final[Mapping[str, Check]] = {
    "strata": _strata,
    "caps": _CAPS,
    "conflicts": _CONFLICTS,
    "team": list_of(_SEAT, least=1),
    "quorum": closed({"persons": whole(2)}),
    "capacity": whole(1),
    "availability": closed({"working_days": whole(1)}, {"window_days": whole(1), "reminder_days": whole(1)}),
    "load": closed({"period_days": whole(1)}, {"bands": list_of(whole(1), least=1, distinct=True)}),
    "visit": closed({"hours_before": whole(0)}, {"unannounced": flag}),
    "class_snapshot_days": whole(1),
    "deadlines": both(_DEADLINES, in_order("letters_min_days", "letters_max_days")),
    "credit": list_of(both(_CREDIT, in_order("display_min_days", "display_max_days"))),
    "display": list_of(both(_DISPLAY, in_order("min_days", "max_days"))),
    "categories": _categories,
}
"""In the order in which a reader wants them; any may be left to the body above."""
