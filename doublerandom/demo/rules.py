"""Rule sets of the demonstration; the numbers are examples of what local rules say, not advice."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

CAPS = {
    "per_year": 2,
    "cool_down_days": 90,
    "warn": {"day": 1, "week": 2, "month": 3},
    "no_finding_limit": 3,
    "exempt_measures": True,
}
CONFLICTS = {
    "hard": ["relative", "financial-interest", "declared", "former-employee"],
    "soft": ["inspected-last-time", "regular-supervisor"],
    "soft_needs": 4,
    "rotation": True,
    "former_years": 3,
    "supervisor": True,
    "related": True,
}
DEADLINES = {
    "publish_working_days": 20,
    "result_minutes": 60,
    "reveal_days": 60,
    "emergency_approval_hours": 24,
    "penalty_working_days": 20,
    "penalty_cross_province_working_days": 10,
    "withdraw_working_days": 3,
    "abnormal_list_working_days": 10,
    "letters_min_days": 15,
    "letters_max_days": 30,
}
DISPLAY = [
    {"record": "penalty", "level": "minor", "max_days": 90, "basis": "通报批评、较低数额罚款三个月"},
    {"record": "penalty", "level": "ordinary", "max_days": 1095, "basis": "其他行政处罚三年"},
    {"record": "credit", "level": "minor", "max_days": 90},
    {"record": "credit", "level": "ordinary", "min_days": 90, "max_days": 365},
    {"record": "credit", "level": "serious", "min_days": 365, "max_days": 1095},
]
_GSXT = "gsxt client (2017-, scResult)"
_HEALTH = "health-supervision system (2016, jcjg)"
NAMES = [
    {"system": system, "code": code, "text": text, "category": category}
    for system, code, text, category in (
        (_GSXT, "1", "正常", "1"),
        (_GSXT, "2", "未按规定公示即时信息", "2"),
        (_GSXT, "3", "未按规定公示年报信息", "2"),
        (_GSXT, "4", "通过登记的住所（经营场所）无法联系", "4"),
        (_GSXT, "5", "公示信息隐瞒真实情况、弄虚作假", "3"),
        (_GSXT, "6", "不予配合情节严重", "6"),
        (_GSXT, "7", "已注销", "10"),
        (_GSXT, "8", "被吊销营业执照", "10"),
        (_GSXT, "9", "被撤销", "10"),
        (_HEALTH, "01", "未发现问题", "1"),
        (_HEALTH, "02", "发现问题经责令已改正", "5"),
        (_HEALTH, "03", "未发现本次抽查涉及的生产经营活动", "7"),
        (_HEALTH, "04", "不配合检查情节严重", "6"),
        (_HEALTH, "05", "注销", "10"),
        (_HEALTH, "06", "暂停营业", "9"),
        (_HEALTH, "07", "吊证", "10"),
        (_HEALTH, "08", "关闭", "9"),
        (_HEALTH, "09", "发现问题待后续处理", "8"),
        (_HEALTH, "10", "通过登记的住所（经营场所）无法联系", "4"),
        (_HEALTH, "11", "被撤销", "10"),
        (_HEALTH, "12", "迁出", "10"),
        (_HEALTH, "13", "未按规定公示应当公示的信息", "2"),
        (_HEALTH, "14", "公示信息隐瞒真实情况弄虚作假", "3"),
    )
]
"""How two systems in use name their results, and which category each name means here."""
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
    """What a body says of one line of work alone: whom to draw, with whom; the rest is left open."""
    head = {"body": body, "domain": domain, "version": 1, "valid_from": valid_from}
    return {**head, "strata": strata, "team": team, "capacity": capacity}


def common(body: str, valid_from: str) -> dict[str, Any]:
    """What a body says for every line of work."""
    return {
        "body": body,
        "domain": "all",
        "version": 1,
        "valid_from": valid_from,
        "caps": CAPS,
        "conflicts": CONFLICTS,
        "deadlines": DEADLINES,
        "credit": CREDIT,
    }


def of_the_government(body: str, valid_from: str, table: list[dict[str, Any]]) -> dict[str, Any]:
    """What the city's government says for all its departments, who say nothing of it themselves."""
    return {
        "body": body,
        "domain": "all",
        "version": 1,
        "valid_from": valid_from,
        "quorum": {"persons": 2},
        "visit": {"hours_before": 24},
        "availability": {"working_days": 3, "reminder_days": 45},
        "load": {"period_days": 180},
        "class_snapshot_days": 45,
        "display": DISPLAY,
        "categories": {"table": table, "names": NAMES},
    }


def category_rows(categories: Iterable[Any], valid_from: str) -> list[dict[str, Any]]:
    """Result categories as rows of a rule set."""
    return [{**asdict(each), "valid_from": valid_from} for each in categories]


def quota(stratum: str, value: str, rate: str) -> dict[str, Any]:
    """One stratum with a minimum ratio."""
    return {"stratum": stratum, "when": [value] if value else [], "quota": {"kind": "rate", "rate": rate}}


BY_GRADE: dict[str, Any] = {
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
BY_CLASS: dict[str, Any] = {
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
