"""What of a result is public, as one canonical record. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
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
