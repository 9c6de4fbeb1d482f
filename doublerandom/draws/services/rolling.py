"""Dice are typed: by two persons, before a witness who types nothing."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.draws import queries
from doublerandom.draws.errors import SourceNotFoundError, WitnessNeededError, WitnessTypesError
from doublerandom.draws.models import Draw
from doublerandom.draws.services.observing import look_at, observe


def type_dice(
    session: Session,
    draw: Draw | str,
    *,
    n: int,
    value: Any,
    settings: Settings,
    by: str,
    at: datetime,
    confirmed: bool = True,
) -> None:
    """
    Enter the rolls of source `n` as one of two persons, once a witness is named.

    Args:
        session: A command of its own.
        draw: The draw or its number.
        n: Number of the source in the plan, from 0.
        value: `{"rolls": […]}`, or the text that could not be read as such.
        settings: For the log.
        by: Who typed.
        at: When.
        confirmed: False: only look (`look_at`); whoever types reads the text before it counts.

    Raises:
        SourceNotFoundError: Not dice.
        WitnessNeededError: No witness is named yet.
        WitnessTypesError: The witness types.
        Otherwise as `observe`, on record.
    """
    row = queries.draw(session, queries.number_of(draw))
    if queries.source(session, row, n).kind != "dice":
        raise SourceNotFoundError(draw=row.number)
    _check_witness(session, row, by)
    enter = observe if confirmed else look_at
    enter(session, row.number, n=n, value=value, settings=settings, by=by, at=at)


def _check_witness(session: Session, draw: Draw, by: str) -> None:
    named = {witness.name for witness in queries.witnesses(session, draw)}
    if not named:
        raise WitnessNeededError(draw=draw.number)
    own = queries.names_of(session, [by]).get(by, by)
    if own in named:
        raise WitnessTypesError(draw=draw.number, name=own)
