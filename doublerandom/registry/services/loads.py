"""What draws tell the registry of dealt tasks, for the load in a period; their own acts put it on record."""

from collections import Counter
from collections.abc import Collection, Mapping
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


def note_replaced(
    session: Session, draw: str, *, gone: Collection[str], came: Collection[str], on: date
) -> None:
    """
    A task went from some inspectors to others: the one have a task less, the others one more.

    Args:
        session: Inside the command that replaces, whose act tells of it.
        draw: The draw's number.
        gone: Certificate numbers of those who have left a task.
        came: Certificate numbers of those who have come to one.
        on: The day, for who had no task of this draw before.
    """
    with transaction(session):
        change = Counter(came)
        change.subtract(Counter(gone))
        rows = {row.certificate: row for row in queries.dealt_by(session, draw)}
        for certificate, number in sorted(change.items()):
            if certificate in rows:
                rows[certificate].tasks = max(0, rows[certificate].tasks + number)
            elif number > 0:
                session.add(DealtTasks(draw=draw, certificate=certificate, tasks=number, dealt_on=on))
