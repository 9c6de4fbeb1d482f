"""What the pages of the wizard share: a step's page, what was computed or why not, the rules of a draft."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, url_for

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import queries, services
from doublerandom.draws.models import Draft
from doublerandom.draws.services.drafting import STEPS
from doublerandom.draws.views.drafts import STATES, STEP_NAMES, may_write
from doublerandom.errors import DoubleRandomError
from doublerandom.registry import queries as registry
from doublerandom.registry.plan_lines import days_of_line
from doublerandom.web import db, db_session, settings


@dataclass(frozen=True)
class Told:
    """What a computation gave for a page, or why it could not."""

    found: Any = None
    refusal: DoubleRandomError | None = None

    @classmethod
    def by(cls, computed: Callable[[], Any]) -> "Told":
        """Compute it; what refuses it is shown on the page, where it can be mended."""
        try:
            return cls(computed())
        except DoubleRandomError as refusal:
            db_session().rollback()
            return cls(refusal=refusal)


def counted(draft: Draft, report: Callable[..., Any]) -> Told:
    """A report on a draft's scope; neither report nor refusal while a large one is being counted."""
    session, at = db_session(), clock.now()

    def told() -> Any:
        if services.tally_awaited(session, db.engine, settings(), draft, at=at):
            return None
        return report(session, draft, at=at)

    return Told.by(told)


def line_of(draft: Draft) -> registry.PlanLine:
    """The plan line that a draft is of."""
    return registry.plan_line_by_id(db_session(), draft.plan_line_id)


def hour_of(draft: Draft) -> datetime:
    """When the randomness of a draft is due: as chosen, else as usual."""
    if "due" in draft.wish:
        return datetime.fromisoformat(draft.wish["due"])
    return queries.usual_hour(db_session(), rehearsal=draft.rehearsal, at=clock.now())


def rules_of(draft: Draft) -> dict[str, Any]:
    """The rules by which a draft is drawn, or RuleSetNotFoundError."""
    session = db_session()
    body = accounts.body_by_id(session, draft.body_id)
    on = clock.local(hour_of(draft)).date()
    found = registry.rule_set_in_force(session, body=body, on=on, domain=line_of(draft).domain)
    return found.rules


def step_page(draft: Draft, step: str, **more: Any) -> str:
    """A step's page with what all of them show: the line, the steps, whether one may write."""
    session, line = db_session(), line_of(draft)
    plan = registry.plan_of_line(session, line)
    return render_template(
        f"draws/draft_{step}.html",
        draft=draft,
        line=line,
        span=days_of_line(line, plan.year),
        body=accounts.body_by_id(session, draft.body_id),
        step=step,
        step_names=list(STEP_NAMES.values()),
        step_links=[url_for("draws.draft_step", draft_id=draft.id, step=name) for name in STEPS],
        step_done=[name in draft.confirmed for name in STEPS],
        step_number=STEPS.index(step),
        before=STEPS[STEPS.index(step) - 1] if step != STEPS[0] else "",
        writes=may_write(draft),
        states=STATES,
        **more,
    )
