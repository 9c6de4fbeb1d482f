"""What differs between two versions of a record, field by field; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """A field that differs; None where a version says nothing."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class LineDifference:
    """A line of a plan that was added (no `before`), dropped (no `after`) or changed."""

    number: str
    before: Any
    after: Any
    fields: list[Difference]


def differences(before: Any, after: Any, fields: Iterable[str]) -> list[Difference]:
    """The fields in which two records differ, in the order given; None and nothing are the same."""
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in fields)
    return [Difference(*each) for each in pairs if (each[1] or None) != (each[2] or None)]


def line_differences(
    before: Mapping[str, Any], after: Mapping[str, Any], fields: Iterable[str]
) -> list[LineDifference]:
    """The lines that differ between two versions of a plan, by number; each version maps numbers to lines."""
    known = list(fields)
    found = []
    for number in sorted({*before, *after}, key=str.encode):
        old, new = before.get(number), after.get(number)
        changed = differences(old, new, known) if old and new else []
        if changed or old is None or new is None:
            found.append(LineDifference(number, old, new, changed))
    return found
