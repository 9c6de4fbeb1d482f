"""How long to wait before relays are asked again about a round; pure."""

from datetime import datetime, timedelta
from typing import Final

EAGER: Final = timedelta(minutes=2)
PATIENT: Final = timedelta(hours=1)
_PAUSES: Final = (timedelta(0), timedelta(seconds=30), timedelta(minutes=5))


def pause_after(published: datetime, at: datetime) -> timedelta:
    """The pause between two askings: none just after the round's time, longer the longer it is missing."""
    age = at - published
    return _PAUSES[0 if age < EAGER else 1 if age < PATIENT else 2]
