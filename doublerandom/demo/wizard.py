"""The demonstration's draft in work: a second batch of catering inspections that the planner has begun."""

from doublerandom.demo.city import CITY
from doublerandom.demo.stage import Stage
from doublerandom.draws import services as draws

LINE = "001"


def begin_a_draw(stage: Stage) -> None:
    """Open a draft of the catering line; confirm its scope, as the plan line proposes it, and its strata."""
    draft = draws.open_draft(
        stage.session,
        body=stage.body(CITY),
        plan_line=stage.line(LINE),
        by="p-planner",
        at=stage.ago(0.2),
    )
    assert draft.id is not None
    batch = draft.wish.get("batch")
    for step, chosen in (("scope", {"batch": batch}), ("strata", {})):
        draws.confirm_step(stage.session, draft.id, step, chosen, by="p-planner", at=stage.ago(0.19))
