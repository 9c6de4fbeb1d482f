"""The sentences of the registry's errors, Chinese and English, each with the way out; by noun."""

from typing import Final

from doublerandom.registry.error_texts import (
    conflicts,
    filters,
    imports,
    inspectors,
    items,
    plans,
    records,
    rule_sets,
    subjects,
)

TEXTS: Final[dict[str, tuple[str, str]]] = {
    **conflicts.TEXTS,
    **filters.TEXTS,
    **imports.TEXTS,
    **inspectors.TEXTS,
    **items.TEXTS,
    **plans.TEXTS,
    **records.TEXTS,
    **rule_sets.TEXTS,
    **subjects.TEXTS,
}
