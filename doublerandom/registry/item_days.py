"""On which days an item was in force: pure functions of the dated states of its versions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

IN_FORCE = "in_force"


class State(Protocol):
    """What a version is from a day on; later rows go before earlier ones."""

    @property
    def status(self) -> str:
        """draft, in_force, suspended or abolished."""

    @property
    def first_day(self) -> date:
        """From which day on."""


@dataclass(frozen=True, order=True)
class Span:
    """Some days on end, both included; `last` is date.max where there is no end."""

    first: date
    last: date


def spans_in_force(states: Sequence[State], *, valid_to: date | None = None) -> list[Span]:
    """
    The days on which a version was, is and (as decided so far) will be in force, ascending.

    Args:
        states: The states of one version as they were recorded; first days never fall.
        valid_to: The last day that the version itself names.
    """
    end = valid_to or date.max
    spans = []
    for state, following in zip(states, [*states[1:], None], strict=True):
        last = min(end, following.first_day - timedelta(days=1)) if following else end
        if state.status == IN_FORCE and state.first_day <= last:
            spans.append(Span(state.first_day, last))
    return spans


def cover(spans: Iterable[Span], first: date, last: date) -> bool:
    """Whether the spans together hold every day from `first` to `last`."""
    day = first
    for span in sorted(spans):
        if span.first > day:
            return False
        if span.last >= last:
            return True
        day = max(day, span.last + timedelta(days=1))
    return False
