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

    Args:
        draw: Number of the draw; empty where its subjects are closed: the record then names no draw, since
            the list of those drawn would tell their risk class.
        subject: The subject's code.
        name: Its name.
        body: Token of the body that inspected.
        visited_on: Day of the visit.
        method: How it was inspected.
        findings: One for each item, in the order of the items.
        categories: The result categories in force on the day of the visit.
        inspectors: Certificate numbers of the team, in the order of the seats.

    Source: 谁检查、谁录入、谁公开 (国办发〔2015〕58号).
    """
    record: dict[str, Any] = {
        "subject": subject,
        "name": name,
        "body": body,
        "visited_on": visited_on.isoformat(),
        "method": method,
        "inspectors": list(inspectors),
        "items": [_public_finding(finding, categories) for finding in findings],
    }
    return record | {"draw": draw} if draw else record


def _public_finding(finding: Finding, categories: Mapping[str, Category]) -> dict[str, Any]:
    """What is public of one item's finding."""
    found: dict[str, Any] = {
        "item": finding.item,
        "categories": [
            {"code": code, "zh": categories[code].zh, "en": categories[code].en}
            for code in finding.categories
        ],
        "measure": finding.measure,
    }
    return found | {"due": finding.due.isoformat()} if finding.due else found


def last_day_in_time(
    ended_on: date, working_days: int, is_working_day: Callable[[date], bool]
) -> date | None:
    """
    The last day on which a result is published in time, or None where the calendar does not reach so far.

    Args:
        ended_on: The day on which the check ended; counting starts on the next day.
        working_days: How many working days the rule set gives.
        is_working_day: The Chinese calendar with its shifted days (调休); raises NotImplementedError for a
            year it does not hold.

    Source: publication within 20 working days, by the calendar with its shifted days (国发〔2019〕5号).
    """
    day = ended_on
    try:
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= is_working_day(day)
    except NotImplementedError:
        return None
    return day
