"""A drawn draw whose teams answer: results recorded, reviewed, published; and what follows from them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from draws.a_city import City, a_city, hours, some_rules
from sqlmodel import Session

from doublerandom import clock
from doublerandom.config import Settings
from doublerandom.credit import queries as credit_queries
from doublerandom.credit import services as credit
from doublerandom.draws import queries as draws_queries
from doublerandom.draws.models import Draw
from doublerandom.draws.queries import TaskView
from doublerandom.inspect import services as inspection
from doublerandom.inspect.core import Category, Finding
from doublerandom.inspect.models import Inspection
from doublerandom.publish import services as publication
from doublerandom.publish.models import Disclosure
from doublerandom.registry import services as registry

CATEGORIES = (
    Category("1", "未发现问题", "Nothing found", exclusive=True),
    Category("2", "未按规定公示应当公示的信息", "Information not disclosed as required", proposes=True),
    Category("5", "发现问题已责令改正", "Problems found, correction ordered", follow_up=True),
    Category("7", "未发现开展本次抽查涉及的经营活动", "No business activity within the scope"),
    Category("9", "已关闭停业或正在组织清算", "Closed or in liquidation", ends_eligibility=True),
)
PENALTY = {
    "when": {"categories": ["2", "5"]},
    "kind": "penalty",
    "level": "ordinary",
    "effect": "raise",
    "days": 365,
    "display_min_days": 90,
    "display_max_days": 365,
}
REWARD = {
    "when": {"categories": ["1"]},
    "kind": "reward",
    "level": "ordinary",
    "effect": "lower",
    "days": 180,
}
RECORDED = hours(48)
REVIEWED = hours(52)
DECIDED = hours(72)
VISIT = date(2026, 3, 4)


@dataclass
class Results:
    """A drawn draw of a city, and its tasks."""

    city: City
    draw: Draw

    @property
    def session(self) -> Session:
        return self.city.session

    @property
    def settings(self) -> Settings:
        return self.city.settings

    def task(self, position: int = 0) -> TaskView:
        """The task at a place of the drawn order."""
        ids = draws_queries.task_ids(self.session, self.draw)
        return draws_queries.task_view(self.session, ids[position])

    def record(self, task: TaskView | None = None, **wishes: Any) -> Inspection:
        """Record that nothing was found, by the first of the team."""
        task = task or self.task()
        lead = next(member for member in task.team if member)
        wishes = {
            "certificate": lead,
            "visited_on": VISIT,
            "method": "on_site",
            "findings": clean(task),
            "by": f"p-{lead}",
            "at": RECORDED,
            **wishes,
        }
        return inspection.record_result(self.session, task.id, **wishes)

    def review(self, found: Inspection, *, approve: bool = True, **wishes: Any) -> Inspection:
        """Review without publishing."""
        wishes = {"by": "p-reviewer", "at": REVIEWED, **wishes}
        return inspection.review(self.session, found.id, approve=approve, **wishes)

    def publish(self, found: Inspection, *, at: datetime = REVIEWED, **wishes: Any) -> Disclosure:
        """Review and publish."""
        wishes = {"approve": True, "opinion": "", "certificate": "", "by": "p-reviewer", **wishes}
        return publication.review_and_publish(self.session, found.id, settings=self.settings, at=at, **wishes)

    def published(self, task: TaskView | None = None, **wishes: Any) -> Disclosure:
        """A result recorded, approved and public."""
        return self.publish(self.record(task, **wishes))

    def proposals(self) -> list[credit_queries.CreditRecord]:
        """What waits for a credit officer."""
        return credit_queries.records_in_sight(
            self.session, body_ids=[self.city.body.id], status=credit_queries.CreditStatus.PROPOSED
        )

    def decide(self, record_id: int, *, confirm: bool = True, **wishes: Any) -> credit_queries.CreditRecord:
        """Decide as the credit officer."""
        wishes = {"by": "p-credit", "at": DECIDED, **wishes}
        return credit.decide(self.session, record_id, confirm=confirm, **wishes)


def clean(task: TaskView) -> list[Finding]:
    """Nothing found in any item."""
    return [Finding(item, ("1",)) for item in task.items]


def found(task: TaskView, *categories: str, **facts: Any) -> list[Finding]:
    """The same categories found in each item, in words."""
    facts = {"measure": "corrected", "finding": "价签不全。", **facts}
    return [Finding(item, categories, **facts) for item in task.items]


def drawn_results(
    session: Session, settings: Settings, *, by: str = "grade", subjects: int = 60, **rules: Any
) -> Results:
    """A city whose draw has run, with result categories in force and a penalty and a reward in its rules."""
    rules = {"credit": [PENALTY, REWARD], **rules}
    city = a_city(session, settings, subjects=subjects, rules=some_rules(by=by, **rules))
    inspection.add_categories(session, CATEGORIES, valid_from=date(2026, 1, 1), by="head", at=hours(-2))
    registry.seed_calendar(session, years=[2026], by="zhang", at=hours(-2))
    return Results(city, city.drawn())


def all_by_class() -> dict[str, Any]:
    """Strata by credit class, in which everybody is drawn."""
    quotas = [{"stratum": value.lower(), "when": [value], "quota": {"kind": "all"}} for value in "ABCD"]
    rest = {"stratum": "rest", "when": [], "quota": {"kind": "all"}}
    return {"by": "class", "quotas": [*quotas, rest], "otherwise": "rest"}


def day_after(moment: datetime, days: int) -> date:
    """A day in Asia/Shanghai, so many days later."""
    return clock.local(moment).date() + timedelta(days=days)
