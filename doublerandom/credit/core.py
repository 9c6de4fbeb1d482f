"""Rules that turn published results into proposed credit consequences; pure, read from the rule set."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Consequence:
    """What a rule proposes: kind, level, and the measure with its length in days (0: no measure)."""

    rule: int
    kind: str
    level: str
    effect: str
    days: int
    display_min_days: int | None
    display_max_days: int | None

    def display(self, effective: date) -> tuple[date | None, date | None]:
        """The first day on which repair may be asked for and the last day of display; None: not displayed."""
        first, last = (
            None if days is None else effective + timedelta(days=days)
            for days in (self.display_min_days, self.display_max_days)
        )
        return first, last


def consequences(
    results: Sequence[Collection[str]],
    rules: Iterable[Mapping[str, Any]],
    display: Iterable[Mapping[str, Any]] = (),
) -> list[Consequence]:
    """
    The consequences the newest result calls for, in the order of the rules.

    A penalty follows when any of its categories was found. A reward follows when nothing but its categories
    was found, in as many of the newest results in a row as its `clean_visits` says (1 where it says nothing).

    Args:
        results: Categories found (codes, over all items) at the subject's published visits by the body, the
            one just published first, then back in time.
        rules: The `credit` part of the rule set the draw is bound to.
        display: Its `display` part: the periods of rules that name none of their own.

    Source: the rule set (抽查工作细则), whose numbers are the body's own.
    """
    periods = {each["level"]: each for each in display if each["record"] == "credit"}
    return [
        Consequence(
            rule=number,
            kind=rule["kind"],
            level=rule["level"],
            effect=rule["effect"],
            days=rule["days"],
            **_period(rule, periods),
        )
        for number, rule in enumerate(rules)
        if _calls_for(rule, results)
    ]


def _period(rule: Mapping[str, Any], periods: Mapping[str, Mapping[str, Any]]) -> dict[str, int | None]:
    """Least and most days of display: the rule's own, else, for a penalty, those of its level."""
    own = {"min_days": rule.get("display_min_days"), "max_days": rule.get("display_max_days")}
    stated = any(days is not None for days in own.values()) or rule["kind"] != "penalty"
    found: Mapping[str, Any] = own if stated else periods.get(rule["level"], {})
    return {"display_min_days": found.get("min_days"), "display_max_days": found.get("max_days")}


def _calls_for(rule: Mapping[str, Any], results: Sequence[Collection[str]]) -> bool:
    named = set(rule["when"]["categories"])
    if rule["kind"] == "penalty":
        return bool(results) and bool(named & set(results[0]))
    visits = rule["when"].get("clean_visits", 1)
    return len(results) >= visits and all(found and set(found) <= named for found in results[:visits])


def measure_days(start: date, days: int) -> tuple[date, date] | None:
    """First and last day of a measure that lasts so many days from `start` on; None where it lasts none."""
    return (start, start + timedelta(days=days - 1)) if days > 0 else None


def moved(day: date | None, by: timedelta) -> date | None:
    """A display date, later by so much: what is displayed counts from the day on which it takes effect."""
    return day + by if day is not None else None
