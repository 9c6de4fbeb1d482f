"""The demonstration's rule sets in layers: the government's, the regulator's, those of a line of work."""

from datetime import date, timedelta
from typing import Any

from doublerandom import clock
from doublerandom.demo import rules
from doublerandom.demo.city import CITY, COUNTY
from doublerandom.demo.stage import Stage
from doublerandom.inspect.core import Category
from doublerandom.registry import services as registry

GOVERNMENT = "yc-gov"


def publish_rules(stage: Stage, categories: tuple[Category, ...]) -> None:
    """The working-day calendar, and every rule set in force from the first day."""
    registry.seed_calendar(stage.session, by="p-admin", at=stage.ago(122))
    first_day = clock.local(stage.ago(122)).date().isoformat()
    table = rules.category_rows(categories, date(stage.year - 1, 1, 1).isoformat())
    of_city: tuple[dict[str, Any], ...] = (
        rules.common(CITY, first_day),
        rules.rule_set(CITY, "food", first_day, rules.BY_GRADE, team=rules.FOOD_TEAM, capacity=8),
        rules.rule_set(CITY, "scjg", first_day, rules.BY_CLASS, team=rules.PAIR, capacity=12),
        rules.rule_set(CITY, "joint", first_day, rules.one_stratum("1/80"), team=rules.TRIO, capacity=12),
        rules.rule_set(CITY, "retail", first_day, rules.one_stratum("1/100"), team=rules.PAIR, capacity=12),
    )
    government = rules.of_the_government(GOVERNMENT, first_day, table)
    county = rules.rule_set(
        COUNTY, "scjg", first_day, rules.one_stratum("1/100"), team=rules.PAIR, capacity=24
    )
    _approve(stage, government, author="p-overseer", head="p-gov-head")
    for each in of_city:
        _approve(stage, each, author="p-planner", head="p-head")
    _approve(
        stage,
        {**county, **rules.common(COUNTY, first_day), "domain": "scjg"},
        author="p-county-planner",
        head="p-county-supervisor",
    )


def _approve(stage: Stage, each: dict[str, Any], *, author: str, head: str) -> None:
    row = registry.add_rule_set(
        stage.session, each, body_id=stage.body_id(each["body"]), by=author, at=stage.ago(122, minutes=10)
    )
    registry.approve_rule_set(
        stage.session, row.id or 0, settings=stage.settings, by=head, at=stage.ago(122, minutes=20)
    )


def revise(stage: Stage) -> None:
    """A second version of the rules for catering waits for the head; one for retail is being drafted."""
    at, body = stage.ago(2), stage.body(CITY)
    first_day = clock.local(stage.today).date() + timedelta(days=30)
    facts: dict[str, Any] = {"by": "p-planner", "at": at}
    food = registry.draft_rule_set(
        stage.session,
        body=body,
        domain="food",
        valid_from=first_day,
        remark="B级比例提高，减少重复检查。",
        **facts,
    )
    assert food.id is not None
    quotas = [
        rules.quota("grade-b", "B", "1/50") if each["stratum"] == "grade-b" else each
        for each in rules.BY_GRADE["quotas"]
    ]
    registry.save_section(stage.session, food.id, "strata", {**rules.BY_GRADE, "quotas": quotas}, **facts)
    caps = {**rules.CAPS, "low_risk": {"classes": ["A"], "number": 1}, "per_agency": 2}
    registry.save_section(stage.session, food.id, "caps", caps, **facts)
    registry.submit_rule_set(stage.session, food.id, **facts)
    registry.draft_rule_set(
        stage.session,
        body=body,
        domain="retail",
        valid_from=first_day,
        remark="食品销售比例重新核定。",
        **facts,
    )
