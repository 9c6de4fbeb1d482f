"""One draw: its row, what belongs to it, and its place in the issuer's row of plans."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import ZEROS, Record, parse_time
from doublerandom.draws import plans
from doublerandom.draws.errors import DrawNotFoundError
from doublerandom.draws.models import (
    Deposit,
    DiceEntry,
    Draw,
    DrawStatus,
    EntryState,
    FrozenPool,
    Observation,
    PlanSignature,
    Void,
)
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.locks import lock_evidence
from doublerandom.registry import queries as registry

PUBLIC = (DrawStatus.COMMITTED, DrawStatus.DRAWN, DrawStatus.REVEALED, DrawStatus.VOIDED, DrawStatus.FAILED)
IN_WORK = (DrawStatus.DRAWN, DrawStatus.REVEALED)


def number_of(draw: Draw | str) -> str:
    """The number of a draw given as a row or as its number."""
    return draw if isinstance(draw, str) else draw.number


def draw_or_none(session: Session, number: str) -> Draw | None:
    """The draw with this number, if there is one."""
    return session.exec(select(Draw).where(Draw.number == number)).one_or_none()


def draw(session: Session, number: str) -> Draw:
    """The draw with this number, or DrawNotFoundError."""
    found = draw_or_none(session, number)
    if found is None:
        raise DrawNotFoundError(number=number)
    return found


def public_draw(session: Session, number: str) -> Draw:
    """The draw with this number, once its plan is signed by both and public; else DrawNotFoundError."""
    found = draw(session, number)
    if found.status not in PUBLIC:
        raise DrawNotFoundError(number=number)
    return found


def draw_for_update(session: Session, number: str) -> Draw:
    """
    The draw, read anew and held until the command ends.

    Every command on a draw writes evidence, so trail and log are held first: commands that took the two in
    different order would wait for each other for ever.
    """
    lock_evidence(session)
    statement = select(Draw).where(Draw.number == number).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise DrawNotFoundError(number=number)
    return found


def plan_of(draw: Draw) -> Record:
    """The dr1 plan of a draw."""
    plan: Record = json.loads(draw.plan)
    return plan


def rules_of(draw: Draw) -> dict[str, Any]:
    """The rule set object that the draw is bound to."""
    rules: dict[str, Any] = json.loads(draw.rules)
    return rules


def moment(plan: Record, member: str) -> datetime:
    """One of the plan's times."""
    return parse_time(plan[member])


def frozen_pools(session: Session, draw: Draw) -> dict[str, FrozenPool]:
    """The frozen pools of a draw by name."""
    rows = session.exec(select(FrozenPool).where(FrozenPool.draw_id == draw.id).order_by(col(FrozenPool.id)))
    return {row.name: row for row in rows}


def deposits(session: Session, draw: Draw) -> list[Deposit]:
    """What lies in the vault for a draw, still sealed."""
    return list(session.exec(select(Deposit).where(Deposit.draw_id == draw.id).order_by(col(Deposit.id))))


def plan_signatures(session: Session, draw: Draw) -> list[PlanSignature]:
    """The signatures of a draw: operator, supervisor, then parties in plan order."""
    rows = session.exec(
        select(PlanSignature).where(PlanSignature.draw_id == draw.id).order_by(col(PlanSignature.n))
    )
    order = {"operator": 0, "supervisor": 1, "party": 2}
    return sorted(rows, key=lambda row: (order[row.role], row.n))


def party_signatures_that_stand(session: Session, draw: Draw, *, at: datetime) -> list[PlanSignature]:
    """The parties' signatures by keys that have not ended since: they are listed when the plan is signed."""
    found = [row for row in plan_signatures(session, draw) if row.role == "party"]
    ended = {
        key.public_key
        for person in sorted({row.person for row in found})
        for key in ledger.signing_keys(session, person)
        if key.until is not None and key.until <= at
    }
    return [row for row in found if row.key not in ended]


def voids_of(session: Session, draw: Draw) -> list[Void]:
    """All requests to void a draw, withdrawn ones too, as they came."""
    return list(session.exec(select(Void).where(Void.draw_id == draw.id).order_by(col(Void.id))))


def lacking(session: Session, draw: Draw) -> list[str]:
    """What a draw still waits for: `source n` without a value, `party/purpose` of a secret not handed in."""
    plan, seen = plan_of(draw), {row.n for row in observations(session, draw)}
    held = {(row.party, row.purpose) for row in deposits(session, draw)}
    sources = [f"source {n}" for n in range(len(plan["randomness"])) if n not in seen]
    entries = [(entry["party"], entry["purpose"]) for entry in plan["secrets"]]
    return sources + [f"{party}/{purpose}" for party, purpose in entries if (party, purpose) not in held]


def observations(session: Session, draw: Draw) -> list[Observation]:
    """The observed values of a draw in plan order."""
    return list(
        session.exec(select(Observation).where(Observation.draw_id == draw.id).order_by(col(Observation.n)))
    )


def waiting_dice(session: Session, draw: Draw, n: int) -> DiceEntry | None:
    """The entry of one person that waits for a second's; not for pages: it has the value."""
    return session.exec(
        select(DiceEntry).where(
            DiceEntry.draw_id == draw.id, DiceEntry.n == n, DiceEntry.state == EntryState.FIRST
        )
    ).one_or_none()


@dataclass(frozen=True)
class FirstEntry:
    """That the first of two persons typed; not what, so that the second looks at dice or announcement."""

    n: int
    person: str
    at: datetime


def first_entry(session: Session, draw: Draw, n: int) -> FirstEntry | None:
    """Who typed source `n` first and when, while the second person's entry is waited for; else None."""
    found = waiting_dice(session, draw, n)
    return None if found is None else FirstEntry(found.n, found.person, found.at)


def first_entries(session: Session, draw: Draw) -> list[FirstEntry]:
    """The first entries of a draw that wait for a second person, in plan order."""
    rows = session.exec(
        select(DiceEntry)
        .where(DiceEntry.draw_id == draw.id, DiceEntry.state == EntryState.FIRST)
        .order_by(col(DiceEntry.n))
    )
    return [FirstEntry(row.n, row.person, row.at) for row in rows]


def beacon_known(session: Session, draw: Draw) -> bool:
    """Whether every source of the plan has its value (at level C there is none to wait for)."""
    return len(observations(session, draw)) == len(plan_of(draw)["randomness"])


def beacon_at(session: Session, draw: Draw) -> datetime | None:
    """`at` of the `beacon` entry (of a rehearsal: of its last value); None while a value is missing."""
    if draw.rehearsal:
        seen = observations(session, draw)
        return max((row.at for row in seen), default=None) if beacon_known(session, draw) else None
    for row in ledger.log_rows_of_draw(session, draw.number):
        if row.type == "beacon":
            return row.at
    return None


def fails_after(session: Session, draw: Draw) -> datetime:
    """The moment after which a committed draw without result has failed."""
    seen = {row.n for row in observations(session, draw)}
    return plans.fails_after(plan_of(draw), beacon_at(session, draw), seen)


def void_of(session: Session, draw: Draw) -> Void | None:
    """The void of a draw, asked for or confirmed; requests that were withdrawn are none."""
    return session.exec(
        select(Void).where(Void.draw_id == draw.id, col(Void.withdrawn_at).is_(None))
    ).one_or_none()


def next_place(session: Session, body_id: int) -> tuple[int, str]:
    """`seq` and `previous` of the next plan that this issuer logs."""
    last = session.exec(
        select(Draw).where(Draw.body_id == body_id, Draw.seq > 0).order_by(col(Draw.seq).desc()).limit(1)
    ).first()
    return (last.seq + 1, last.plan_hash) if last else (1, ZEROS)


def next_number(session: Session, body: accounts.Body, year: int, *, rehearsal: bool) -> str:
    """A draw number that was never used: `<BODY>-<year>-0001`, of rehearsals `<BODY>-<year>-R001`."""
    stem = f"{body.token.upper()}-{year}-" + ("R" if rehearsal else "")
    used = set(
        session.exec(
            select(Draw.number)
            .where(col(Draw.number).startswith(stem, autoescape=True))
            .order_by(Draw.number)
        )
    )
    width = 3 if rehearsal else 4
    count = 1
    while f"{stem}{count:0{width}d}" in used:
        count += 1
    return f"{stem}{count:0{width}d}"


def live_draw(session: Session, body_id: int, annual_item: str) -> Draw | None:
    """The committed draw of this issuer for this line that has no result, void or failure yet."""
    statement = select(Draw).where(
        Draw.body_id == body_id,
        Draw.annual_item == annual_item,
        Draw.status == DrawStatus.COMMITTED,
        Draw.seq > 0,
    )
    return session.exec(statement.order_by(col(Draw.seq)).limit(1)).first()


def line_of(session: Session, draw: Draw) -> str:
    """The number of the plan line that a draw is of, whatever its batch."""
    if draw.plan_line_id is None:
        return draw.annual_item
    return registry.plan_line_by_id(session, draw.plan_line_id).number


def unsuperseded(session: Session, body_id: int, line: str) -> list[Draw]:
    """The ended draws of this issuer for this line, all batches, that none supersedes yet; as logged."""
    followed = select(Draw.supersedes).where(Draw.seq > 0)
    statement = select(Draw).where(
        Draw.body_id == body_id,
        or_(col(Draw.annual_item) == line, col(Draw.annual_item).startswith(f"{line}.", autoescape=True)),
        col(Draw.status).in_((DrawStatus.VOIDED, DrawStatus.FAILED)),
        Draw.seq > 0,
        col(Draw.number).not_in(followed),
    )
    return list(session.exec(statement.order_by(col(Draw.seq))))


def first_due(session: Session, number: str) -> datetime:
    """The earliest hour of randomness of a draw and of all that it goes back to by superseding."""
    hours = []
    while number:
        row = draw(session, number)
        hours.append(row.due)
        number = row.supersedes
    return min(hours)


def drawn_batch(session: Session, body_id: int, line: str, annual_item: str) -> Draw | None:
    """The draw with a result that this issuer has of a batch of a line; the only batch is the first one."""
    first = {line, f"{line}.1"}
    alike = first if annual_item in first else {annual_item}
    statement = select(Draw).where(
        Draw.body_id == body_id,
        col(Draw.annual_item).in_(sorted(alike)),
        col(Draw.status).in_(IN_WORK),
        Draw.seq > 0,
    )
    return session.exec(statement.order_by(col(Draw.seq)).limit(1)).first()


def logged_of_line(session: Session, body_id: int, line: str) -> int:
    """How many draws of a line, whatever their batch, this issuer has put into the log."""
    of_line = or_(
        col(Draw.annual_item) == line, col(Draw.annual_item).startswith(f"{line}.", autoescape=True)
    )
    statement = select(func.count()).select_from(Draw).where(Draw.body_id == body_id, of_line, Draw.seq > 0)
    return session.exec(statement).one()


def superseded_by(session: Session, number: str) -> Draw | None:
    """The logged draw that supersedes this one."""
    return session.exec(
        select(Draw).where(Draw.supersedes == number, Draw.seq > 0).order_by(col(Draw.seq))
    ).first()
