"""Draws as their desk shows them: those in sight, and what of them waits for one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from doublerandom.accounts import queries as accounts
from doublerandom.clock import SHANGHAI
from doublerandom.draws import plans
from doublerandom.draws.errors import DrawNotFoundError
from doublerandom.draws.models import Draw, DrawStatus, Void
from doublerandom.draws.queries.records import (
    deposits,
    draw_or_none,
    party_signatures_that_stand,
    plan_of,
    plan_signatures,
)

HEAVY: Final[Any] = tuple(defer(getattr(Draw, name)) for name in ("rules", "preflight", "empty_seats"))


def in_sight(session: Session, sight: accounts.Sight) -> ColumnElement[bool]:
    """
    Draws of the own body and those below.

    Supervisors also see those of the bodies that their own watches over: it gives the supervisor's secret to
    draws of such a body.
    """
    ids = [body.id for body in accounts.bodies(session, below=sight.body_path)]
    own: ColumnElement[bool] = col(Draw.body_id).in_(ids)
    if "supervisor" not in sight.roles:
        return own
    token = sight.body_path.rstrip("/").rsplit("/", 1)[-1].replace("_", "/_")
    named = f'%"body":"{token}","commitment":"{"_" * 64}","party":"supervisor"%'
    watched = select(Draw.body_id).where(col(Draw.plan).like(named, escape="/"))
    return or_(own, col(Draw.body_id).in_(watched))


def draw_in_sight(session: Session, number: str, *, sight: accounts.Sight) -> Draw:
    """The draw with this number where it is in sight, else DrawNotFoundError."""
    found = session.exec(select(Draw).where(Draw.number == number, in_sight(session, sight))).one_or_none()
    if found is None:
        raise DrawNotFoundError(number=number)
    return found


def draw_of_party(session: Session, number: str, person: str) -> Draw:
    """The draw at level C that names this person as a party, else DrawNotFoundError."""
    found = draw_or_none(session, number)
    if found is None or not _own_entries(found, person):
        raise DrawNotFoundError(number=number)
    return found


def _own_entries(draw: Draw, person: str) -> list[dict[str, Any]]:
    """What a plan at level C has of the secrets of one party."""
    plan = plan_of(draw)
    return [] if plan["randomness"] else [each for each in plan["secrets"] if each["party"] == person]


def desk_draws(
    session: Session,
    *,
    sight: accounts.Sight,
    status: str = "",
    body_id: int | None = None,
    year: int | None = None,
    text: str = "",
    rehearsals: bool | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> Sequence[Draw]:
    """
    All draws in sight, prepared ones too, the newest first.

    Args:
        session: Reads only.
        sight: Whose.
        status: Only those in that state.
        body_id: Only those of that body.
        year: Only those due in that year (Asia/Shanghai).
        text: Part of number or title.
        rehearsals: Only rehearsals (True) or none (False).
        before: Only those older than the draw of this row.
        limit: How many at most.
    """
    statement = select(Draw).where(in_sight(session, sight)).options(*HEAVY)
    if status:
        statement = statement.where(Draw.status == status)
    if body_id is not None:
        statement = statement.where(Draw.body_id == body_id)
    if year is not None:
        begin, end = (datetime(first, 1, 1, tzinfo=SHANGHAI).astimezone(UTC) for first in (year, year + 1))
        statement = statement.where(col(Draw.due) >= begin, col(Draw.due) < end)
    if text:
        places = (col(Draw.number), col(Draw.title))
        statement = statement.where(or_(*(place.contains(text, autoescape=True) for place in places)))
    if rehearsals is not None:
        statement = statement.where(Draw.rehearsal == rehearsals)
    if before is not None:
        statement = statement.where(col(Draw.id) < before)
    return session.exec(statement.order_by(col(Draw.id).desc()).limit(limit)).all()


def desk_counts(session: Session, *, sight: accounts.Sight) -> dict[str, int]:
    """How many draws in sight are in each state."""
    statement = select(Draw.status, func.count()).where(in_sight(session, sight)).group_by(Draw.status)
    return {str(status): number for status, number in session.exec(statement.order_by(Draw.status))}


@dataclass(frozen=True)
class Waiting:
    """
    What waits for one person in a draw.

    `kind`: sign (operator), countersign (supervisor), commit and hand_in (a party, level C), void (a request
    to confirm), reveal (a rehearsal that has run).
    """

    kind: str
    draw: Draw
    deadline: datetime | None


def waiting(session: Session, user: Any, *, at: datetime) -> list[Waiting]:
    """What the draws in sight ask of a person now, the earliest deadline first."""
    roles, sight = user.acting_roles, accounts.sight(user)
    found = _of_party(session, user.person, at)
    if "planner" in roles:
        found += _of_planner(session, user.body_id, at)
    if "supervisor" in roles:
        found += _of_supervisor(session, sight, user.person, at)
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda each: (each.deadline or never, each.draw.number, each.kind))


def _of_planner(session: Session, body_id: int, at: datetime) -> list[Waiting]:
    """Prepared draws of the own body that can still be signed, and rehearsals to open."""
    ready = and_(col(Draw.status) == DrawStatus.PREPARED, col(Draw.due) >= at + plans.LEAD)
    run = and_(col(Draw.status) == DrawStatus.DRAWN, col(Draw.rehearsal))
    rows = session.exec(
        select(Draw).where(Draw.body_id == body_id, or_(ready, run)).options(*HEAVY).order_by(col(Draw.id))
    )
    return [
        Waiting("reveal", row, row.reveal_by)
        if row.status is DrawStatus.DRAWN
        else Waiting("sign", row, row.due - plans.LEAD)
        for row in rows
        if row.status is DrawStatus.DRAWN or not unsigned_parties(session, row, at=at)
    ]


def _of_supervisor(session: Session, sight: accounts.Sight, person: str, at: datetime) -> list[Waiting]:
    """Draws that wait for the second signature of somebody else, and requests to void of somebody else."""
    seen = in_sight(session, sight)
    signed = select(Draw).where(seen, Draw.status == DrawStatus.SIGNED, col(Draw.due) > at)
    found = [
        Waiting("countersign", row, row.due)
        for row in session.exec(signed.options(*HEAVY).order_by(col(Draw.id)))
        if person not in {each.person for each in plan_signatures(session, row)}
    ]
    asked = (
        select(Draw)
        .join(Void, col(Void.draw_id) == col(Draw.id))
        .where(seen, col(Void.confirmed_at).is_(None), col(Void.withdrawn_at).is_(None))
        .where(Void.requested_by != person, col(Draw.status).in_((DrawStatus.COMMITTED, DrawStatus.DRAWN)))
    )
    return found + [
        Waiting("void", row, row.due if row.due > at else row.reveal_by)
        for row in session.exec(asked.options(*HEAVY).order_by(col(Draw.id)))
    ]


def _of_party(session: Session, person: str, at: datetime) -> list[Waiting]:
    """Draws at level C for which this person has to commit, or to hand in what it committed to."""
    wanted = (DrawStatus.PREPARED, DrawStatus.COMMITTED)
    named = col(Draw.plan).contains(f'"party":"{person}"', autoescape=True)
    statement = select(Draw).where(col(Draw.status).in_(wanted), named).options(*HEAVY)
    found = []
    for row in session.exec(statement.order_by(col(Draw.id))):
        own = _own_entries(row, person)
        in_time = row.due - plans.LEAD >= at
        if row.status is DrawStatus.PREPARED and in_time and person in unsigned_parties(session, row, at=at):
            found.append(Waiting("commit", row, row.due - plans.LEAD))
        elif row.status is DrawStatus.COMMITTED and len(handed_in(session, row, person)) < len(own):
            found.append(Waiting("hand_in", row, row.result_by))
    return found


def handed_in(session: Session, draw: Draw, person: str) -> list[str]:
    """For which purposes a party's secret lies in the vault."""
    purposes = {entry["purpose"] for entry in _own_entries(draw, person)}
    held = deposits(session, draw)
    return sorted(row.purpose for row in held if row.party == person and row.purpose in purposes)


def unsigned_parties(session: Session, draw: Draw, *, at: datetime) -> list[str]:
    """The parties of a draw at level C whose signed commitments the operator's signature waits for."""
    plan = plan_of(draw)
    if plan["randomness"]:
        return []
    signed = {row.n for row in party_signatures_that_stand(session, draw, at=at)}
    return list(dict.fromkeys(entry["party"] for n, entry in enumerate(plan["secrets"]) if n not in signed))
