"""The second person of an approval: nobody who acts only in the place of who drafted, nor the reverse."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlmodel import Session

from doublerandom.accounts.services import check_two_persons

_DRAFTING: Final = ("planner", "registrar")
_DECIDING: Final = ("head",)


def check_second_person(session: Session, firsts: Iterable[str], by: str, *, at: datetime) -> None:
    """
    Refuse a decision where a stand-in makes one of its two persons out of the other.

    Args:
        session: Reads only.
        firsts: Person tokens of everybody who took part before; those without an account pass.
        by: Who decides.
        at: When; stand-ins count by their day.

    Raises:
        SamePersonTwiceError, StandsInForOtherSideError.
    """
    for first in sorted(firsts):
        check_two_persons(session, first, by, first_roles=_DRAFTING, second_roles=_DECIDING, at=at)
