"""Whom a replacement concerns hears of it; no message names a subject."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.accounts.services import messages
from doublerandom.draws.models import Replacement
from doublerandom.draws.queries import TaskView


def tell_of_replacement(session: Session, before: TaskView, after: TaskView, *, n: int, at: datetime) -> None:
    """Tell those who left a task, those who came to it, and those who stay on a task that has changed."""
    old, new = set(before.people), set(after.people)
    groups = {"replaced_out": old - new, "replaced_in": new - old, "replaced_task": old & new}
    for kind, certificates in groups.items():
        url = "/tasks" if kind == "replaced_out" else f"/tasks/{after.id}"
        messages.send(
            session,
            to=people_of(session, certificates),
            kind=kind,
            params={"draw": after.draw, "n": n},
            url=url,
            at=at,
            key=f"replaced:{after.draw}:{n}",
        )


def tell_of_refusal(session: Session, found: Replacement, draw: str, *, reason: str, at: datetime) -> None:
    """Tell who asked that it was refused, and why."""
    messages.send(
        session,
        to=[found.requested_by],
        kind="replacement_refused",
        params={"draw": draw, "reason": reason},
        url="/messages",
        at=at,
        key=f"replacement-refused:{found.id}",
    )


def tell_of_lapse(session: Session, found: Replacement, draw: str, *, at: datetime) -> None:
    """Tell who asked that the request lapsed."""
    messages.send(
        session,
        to=[found.requested_by],
        kind="replacement_lapsed",
        params={"draw": draw},
        url="/messages",
        at=at,
        key=f"replacement-lapsed:{found.id}",
    )


def people_of(session: Session, certificates: Iterable[str]) -> list[str]:
    """The person tokens of inspectors who have an account."""
    return [person for one in sorted(certificates) for person in accounts.people_by_certificate(session, one)]
