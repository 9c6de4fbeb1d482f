"""A filter judged on one subject in plain Python: what `conditions` must give too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from doublerandom.accounts.core import region_subtree_prefix
from doublerandom.registry.filters.fields import DATES, TEXTS
from doublerandom.registry.filters.grammar import Comparison, Expression, Junction, Negation
from doublerandom.registry.industries import subtree_prefixes


@dataclass(frozen=True)
class Facts:
    """
    A subject as a filter sees it.

    Args:
        values: Fields that hold one text each (an empty one where nothing is known).
        days: Fields that hold a day, or None.
        sets: Fields of which several may hold at once: tags, grades, special pools, supervisors, licences,
            listings, membership.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, date | None] = field(default_factory=dict)
    sets: Mapping[str, frozenset[str]] = field(default_factory=dict)


def evaluate(expression: Expression | None, row: Facts) -> bool:
    """Whether the filter takes this subject; no filter takes everyone."""
    match expression:
        case None:
            return True
        case Negation(part):
            return not evaluate(part, row)
        case Junction(word, parts):
            judged = (evaluate(part, row) for part in parts)
            return all(judged) if word == "and" else any(judged)
        case Comparison(name, values, contains, order):
            if name in DATES:
                return _dated(row.days.get(name), values, order)
            if contains:
                return values[0] in row.values.get(name, "")
            return _holds(name, values, row)


def _dated(day: date | None, values: tuple[str, ...], order: str) -> bool:
    """Days written as texts come in the order of time."""
    if day is None:
        return False
    written, first = day.isoformat(), values[0]
    match order:
        case "<":
            return written < first
        case "<=":
            return written <= first
        case ">":
            return written > first
        case ">=":
            return written >= first
        case _:
            return written in values


def _holds(name: str, values: tuple[str, ...], row: Facts) -> bool:
    if name == "region":
        return row.values["region"].startswith(tuple(region_subtree_prefix(value) for value in values))
    if name == "industry":
        return row.values[name].startswith(tuple(p for value in values for p in subtree_prefixes(value)))
    if name in {"class", "kind", "status", *TEXTS}:
        return row.values.get(name, "") in values
    return not row.sets.get(name, frozenset()).isdisjoint(values)
