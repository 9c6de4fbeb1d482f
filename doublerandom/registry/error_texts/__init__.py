"""The sentences of the registry's errors, Chinese and English, each with the way out; by noun."""

from typing import Final

from doublerandom.registry.error_texts import (
    calendar,
    conflicts,
    filters,
    handovers,
    imports,
    inspectors,
    items,
    plans,
    records,
    rule_sets,
    saved_filters,
    subjects,
    teams,
    visits,
)

TEXTS: Final[dict[str, tuple[str, str]]] = {
    **calendar.TEXTS,
    **conflicts.TEXTS,
    **filters.TEXTS,
    **handovers.TEXTS,
    **imports.TEXTS,
    **inspectors.TEXTS,
    **items.TEXTS,
    **plans.TEXTS,
    **records.TEXTS,
    **rule_sets.TEXTS,
    **saved_filters.TEXTS,
    **subjects.TEXTS,
    **teams.TEXTS,
    **visits.TEXTS,
}
