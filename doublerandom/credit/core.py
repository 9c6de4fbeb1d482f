"""Rules that turn a published result into proposed credit consequences; pure, read from the rule set."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Consequence:
    """What a rule proposes: kind, level, display period in days, and the measure with its length in days."""

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


def consequences(categories: Collection[str], rules: Iterable[Mapping[str, Any]]) -> list[Consequence]:
    """
    The consequences a result calls for, in the order of the rules.

    A penalty follows when any of its categories was found; a reward when nothing but its categories was found.

    Args:
        categories: Codes of all categories of the result, over all items.
        rules: The `credit` part of the rule set the draw is bound to.

    Source: domain.md 2.16.
    """
    found = set(categories)
    return [
        Consequence(
            rule=number, kind=rule["kind"], level=rule["level"], effect=rule["effect"], days=rule["days"],
            display_min_days=rule.get("display_min_days"), display_max_days=rule.get("display_max_days"),
        )
        for number, rule in enumerate(rules)
        if found and (
            found <= set(rule["when"]["categories"])
            if rule["kind"] == "reward"
            else found & set(rule["when"]["categories"])
        )
    ]
