"""Rule sets of the demonstration; the numbers are examples of what local rules say, not advice."""

from typing import Any

CAPS = {"per_year": 2, "cool_down_days": 90, "exempt_measures": True}
CONFLICTS = {
    "hard": ["relative", "financial-interest", "declared", "former-employee"],
    "soft": ["inspected-last-time", "regular-supervisor"],
    "soft_needs": 4,
    "rotation": True,
    "former_years": 3,
}
DEADLINES = {"publish_working_days": 20, "result_minutes": 60, "reveal_days": 60}
CREDIT = [
    {
        "when": {"categories": ["2", "3", "4", "5", "6", "8"]},
        "kind": "penalty",
        "level": "ordinary",
        "effect": "raise",
        "days": 365,
        "display_min_days": 90,
        "display_max_days": 365,
    },
    {"when": {"categories": ["1"]}, "kind": "reward", "level": "ordinary", "effect": "lower", "days": 180},
]


def rule_set(
    body: str,
    domain: str,
    valid_from: str,
    strata: dict[str, Any],
    *,
    team: list[dict[str, Any]],
    capacity: int,
) -> dict[str, Any]:
    """A rule set object with this demonstration's common parts."""
    return {
        "body": body,
        "domain": domain,
        "version": 1,
        "valid_from": valid_from,
        "strata": strata,
        "team": team,
        "capacity": capacity,
        "caps": CAPS,
        "conflicts": CONFLICTS,
        "deadlines": DEADLINES,
        "credit": CREDIT,
    }


def quota(stratum: str, value: str, rate: str) -> dict[str, Any]:
    """One stratum with a minimum ratio."""
    return {"stratum": stratum, "when": [value] if value else [], "quota": {"kind": "rate", "rate": rate}}


BY_GRADE = {
    "by": "grade",
    "quotas": [
        quota("grade-a", "A", "1/200"),
        quota("grade-b", "B", "1/100"),
        quota("grade-c", "C", "1/20"),
        quota("grade-d", "D", "1/1"),
        quota("no-grade", "", "1/100"),
    ],
    "otherwise": "no-grade",
}
BY_CLASS = {
    "by": "class",
    "quotas": [
        quota("class-a", "A", "1/400"),
        quota("class-b", "B", "1/100"),
        quota("class-c", "C", "1/20"),
        quota("class-d", "D", "1/10"),
    ],
    "otherwise": "class-a",
}


def one_stratum(rate: str) -> dict[str, Any]:
    """Everybody in one stratum, which may be public."""
    return {"by": "grade", "quotas": [quota("all", "", rate)], "otherwise": "all"}


PAIR: list[dict[str, Any]] = [
    {"seat": "lead", "department": "scjg", "skills": ["lead"]},
    {"seat": "member", "department": "scjg"},
]
FOOD_TEAM: list[dict[str, Any]] = [
    {"seat": "lead", "department": "scjg", "skills": ["food", "lead"]},
    {"seat": "member", "department": "scjg", "skills": ["food"]},
]
TRIO: list[dict[str, Any]] = [*PAIR, {"seat": "joint", "department": "fire", "skills": ["fire"]}]
