"""What pool and rules give for a line of an annual plan: the scope by stratum, and what would be drawn."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.registry import rules
from doublerandom.registry.models import AnnualPlan, PlanLine
from doublerandom.registry.plan_lines import days_of_line
from doublerandom.registry.queries.rule_sets import rule_set_in_force
from doublerandom.registry.queries.subjects import SubjectRow, subjects_in_scope

_FACTS: Final = SubjectRow._fields.index("status")


def estimate_of_line(
    session: Session, line: PlanLine, *, plan: AnnualPlan, body: Body, at: datetime
) -> dict[str, Any]:
    """
    The scope of a line in the body's pool as it stands today, and what the rules in force would take.

    A line that begins later is judged by the rules and caps of its first day.

    Returns:
        `on`, `rules` (digest), `size`, `excluded`, `take`; `strata` with `id` and the same three counts.

    Raises:
        RuleSetNotFoundError: No approved rule set says how to draw.
        BadFilterError, UnknownFilterFieldError: The scope cannot be read.
    """
    on = max(local(at).date(), days_of_line(line, plan.year)[0])
    rule_set = rule_set_in_force(session, body=body, on=on, domain=line.domain)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    judged: dict[Any, rules.Verdict] = {}  # many subjects share what the rules look at
    for row in subjects_in_scope(
        session, body=body, filter_text=line.filter, on=on, caps=rule_set.rules["caps"], items=line.items
    ):
        facts = row[_FACTS:]
        if facts not in judged:
            judged[facts] = rules.verdict_of(rule_set.rules, row, on=on)
        counts[judged[facts].stratum][0] += 1
        counts[judged[facts].stratum][1] += bool(judged[facts].excluded)
    strata = rules.strata_of(rule_set.rules, {name: (n, out) for name, (n, out) in counts.items()})
    shown = [{name: stratum[name] for name in ("id", "size", "excluded", "take")} for stratum in strata]
    return {
        "on": on.isoformat(),
        "rules": rule_set.digest,
        **{name: sum(stratum[name] for stratum in shown) for name in ("size", "excluded", "take")},
        "strata": shown,
    }
