"""Items and annual plans for tests; each factory takes only what its test is about."""

from typing import Any

from registry.a_registry import NOON
from sqlmodel import Session

from doublerandom.registry import services
from doublerandom.registry.models import AnnualPlan, Item

READY = {
    "basis": "食品安全法第一百零九条",
    "level": "市、县",
    "methods": "现场检查",
    "requirement": "两名以上执法人员",
}


def an_item(session: Session, code: str = "FOOD-01", *, in_force: bool = True, **fields: Any) -> Item:
    """An item that has all it needs, in force from today (or `valid_from`) on."""
    facts = {"name": "食品经营检查", **READY, **fields}
    item = services.add_item(session, code, **facts, by="zhang", at=NOON)
    assert item.id is not None
    return services.put_item_in_force(session, item.id, by="wang", at=NOON) if in_force else item


def approved(session: Session, plan: AnnualPlan, *, approval: str = "杭市监批〔2026〕1号") -> AnnualPlan:
    """A plan that zhang submitted and wang approved."""
    assert plan.id is not None
    services.submit_annual_plan(session, plan.id, by="zhang", at=NOON)
    return services.approve_annual_plan(session, plan.id, by="wang", at=NOON, approval=approval)
