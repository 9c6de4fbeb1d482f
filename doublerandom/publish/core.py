"""What of a result is public, as one canonical record; and by when it must be published. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from doublerandom.inspect.core import Category, Finding


def public_record(
    *,
    draw: str,
    subject: str,
    name: str,
    body: str,
    visited_on: date,
    method: str,
    findings: Sequence[Finding],
    categories: Mapping[str, Category],
    inspectors: Sequence[str],
) -> dict[str, Any]:
    """
    The published result of one task: what, by whom, when, how, and what was found per item.

    The words of the finding and the summary stay inside; categories and follow-up measures are public.

    Source: domain.md 2.13 and 2.14.
    """
    return {
        "draw": draw,
        "subject": subject,
        "name": name,
        "body": body,
        "visited_on": visited_on.isoformat(),
        "method": method,
        "inspectors": list(inspectors),
        "items": [
            {
                "item": finding.item,
                "categories": [{"code": code, "zh": categories[code].zh, "en": categories[code].en} for code in finding.categories],
                "measure": finding.measure,
            }
            | ({"due": finding.due.isoformat()} if finding.due else {})
            for finding in findings
        ],
    }


def last_day_in_time(ended_on: date, working_days: int, is_working_day: Callable[[date], bool]) -> date | None:
    """
    The last day on which a result is published in time, or None where the calendar does not reach so far.

    Args:
        ended_on: The day on which the check ended; counting starts on the next day.
        working_days: How many working days the rule set gives.
        is_working_day: The Chinese calendar with its shifted days (调休); raises NotImplementedError for a year it
            does not hold.

    Source: domain.md 2.14.
    """
    day = ended_on
    try:
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= is_working_day(day)
    except NotImplementedError:
        return None
    return day
