"""What draws tell the registry of dealt tasks, for the load in a period; their own acts put it on record."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.registry import queries
from doublerandom.registry.models import DealtTasks


def note_dealt(session: Session, draw: str, tasks: Mapping[str, int], *, on: date) -> None:
    """
    Note how many tasks a draw dealt to each inspector; told again it stays as it was.

    Args:
        session: Inside the command that runs the draw, whose act tells of it.
        draw: Its number.
        tasks: Counts by certificate number.
        on: The day of the draw.
    """
    with transaction(session):
        if not queries.dealt_by(session, draw):
            session.add_all(
                DealtTasks(draw=draw, certificate=certificate, tasks=number, dealt_on=on)
                for certificate, number in sorted(tasks.items())
            )


def void_dealt(session: Session, draw: str, *, on: date) -> None:
    """The draw was voided: from that day on its tasks count no more."""
    with transaction(session):
        for row in queries.dealt_by(session, draw):
            row.void_on = on
