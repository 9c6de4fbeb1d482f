"""Rules of a result, pure: what may be recorded for one item and for one inspection."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from doublerandom.inspect.errors import (
    FindingMissingError,
    FollowUpMissingError,
    ForeignItemError,
    ItemsIncompleteError,
    NotExclusiveError,
    UnknownCategoryError,
    UnknownMeasureError,
    VisitDateError,
)

METHODS = ("on_site", "written", "network", "testing", "other_findings", "commissioned")
MEASURES = ("none", "corrected", "ordered", "case_opened", "transferred", "copied", "other")
CLEAN = "1"


@dataclass(frozen=True)
class Category:
    """A result category as it was in force on the day of the visit."""

    code: str
    zh: str
    en: str
    exclusive: bool = False
    follow_up: bool = False
    proposes: bool = False
    ends_eligibility: bool = False


@dataclass(frozen=True)
class Finding:
    """What was found for one item: category codes, follow-up measure, its date where ordered, words."""

    item: str
    categories: tuple[str, ...]
    measure: str = "none"
    due: date | None = None
    finding: str = ""


def check_findings(
    findings: Sequence[Finding],
    *,
    items: Collection[str],
    categories: Mapping[str, Category],
    visited_on: date,
) -> None:
    """
    Refuse a result that leaves an item out, names a foreign one, or contradicts the table of categories.

    Raises:
        ItemsIncompleteError, ForeignItemError, UnknownCategoryError, NotExclusiveError, FollowUpMissingError,
        UnknownMeasureError, FindingMissingError: The first rule that is broken.

    Source: the result categories (检查结果类别) of the national disclosure system.
    """
    named = [finding.item for finding in findings]
    if foreign := sorted(set(named) - set(items)):
        raise ForeignItemError(item=foreign[0])
    if missing := sorted(set(items) - set(named)) or sorted(
        item for item in set(named) if named.count(item) > 1
    ):
        raise ItemsIncompleteError(item=missing[0])
    for finding in findings:
        check_finding(finding, categories=categories, visited_on=visited_on)


def check_finding(finding: Finding, *, categories: Mapping[str, Category], visited_on: date) -> None:
    """Refuse one item's finding that contradicts the table of categories."""
    chosen = [categories.get(code) for code in finding.categories]
    if not chosen or None in chosen or len(set(finding.categories)) < len(chosen):
        raise UnknownCategoryError(item=finding.item, value=",".join(finding.categories))
    if finding.measure not in MEASURES:
        raise UnknownMeasureError(item=finding.item, value=finding.measure)
    if len(chosen) > 1 and any(category.exclusive for category in chosen if category):
        raise NotExclusiveError(item=finding.item)
    if any(category.follow_up for category in chosen if category) and finding.measure == "none":
        raise FollowUpMissingError(item=finding.item)
    if finding.measure == "ordered" and (finding.due is None or finding.due < visited_on):
        raise FollowUpMissingError(item=finding.item)
    if not all(category.exclusive for category in chosen if category) and not finding.finding.strip():
        raise FindingMissingError(item=finding.item)


def check_visit_day(visited_on: date, *, drawn_on: date, today: date) -> None:
    """A visit happens after its draw and is recorded afterwards."""
    if not drawn_on <= visited_on <= today:
        raise VisitDateError(value=visited_on.isoformat(), first=drawn_on.isoformat(), last=today.isoformat())


def took_part(by: str, certificate: str, *, people: Collection[str], team: Collection[str]) -> bool:
    """
    Whether somebody had a hand in an inspection, and so has no say in what follows from it.

    Args:
        by: Person token of who asks.
        certificate: Certificate number of who asks; empty for none, which never stands for an empty seat.
        people: Person tokens of those who recorded (or reviewed) it.
        team: Certificate numbers of the team.
    """
    return by in people or (bool(certificate) and certificate in team)
