"""Replacements are confirmed by a second person's key: who is next is found, logged first, and then holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import orjson
from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import Record, canon
from doublerandom.dr1.replacement import Replacement as Found
from doublerandom.dr1.tasks import task_commitment, task_object, task_salt
from doublerandom.dr1.tickets import ticket
from doublerandom.draws import queries
from doublerandom.draws.acts import ReplacementConfirmed
from doublerandom.draws.afterwards import Base, Place, Standing, base_of, replacement_lines
from doublerandom.draws.errors import DirectRefusedError, HeadMissingError, NotReplaceableError
from doublerandom.draws.models import (
    DealtMember,
    Draw,
    NewSeat,
    Replacement,
    ReplacementKind,
    ReplacementState,
)
from doublerandom.draws.pools import find_record, open_pool
from doublerandom.draws.queries import TaskView
from doublerandom.draws.services.lapsing import lapse_waiting
from doublerandom.draws.services.replacing import held, require_another, require_replaceable
from doublerandom.draws.services.replacing_messages import tell_of_replacement
from doublerandom.ledger import log
from doublerandom.ledger.keys import sign_with
from doublerandom.ledger.pins import pin_attempt
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries as registry
from doublerandom.registry import services as registry_services


@dataclass(frozen=True)
class Confirmer:
    """Who confirms, when, and with which PIN, which is kept nowhere."""

    person: str
    pin: str
    at: datetime
    settings: Settings

    def __repr__(self) -> str:
        """Without the PIN."""
        return f"Confirmer({self.person})"


@dataclass(frozen=True)
class _Change:
    """One replacement that is being confirmed, and all it stands on."""

    draw: Draw
    base: Base
    row: Replacement
    task: TaskView
    found: Found
    confirmer: Confirmer


def signing_text(entry: Mapping[str, object]) -> bytes:
    """What whoever confirms a replacement signs: the log's entry without its time."""
    return b"doublerandom|replace|" + canon(dict(entry))


def confirm_replacements(
    session: Session,
    replacements: Sequence[int],
    *,
    pin: str,
    settings: Settings,
    by: str,
    at: datetime,
) -> list[Replacement]:
    """
    Confirm requests of one draw, in order: each is logged, then the task is what the next in order make it.

    Who is next follows from the frozen pools and the draw's seeds, and from conflicts that the registry knows
    now; nobody chooses. All are confirmed, or none. With a subject, other requests for its task lapse: those
    of the same task come before it.

    Args:
        session: A command of its own.
        replacements: The requests, of one draw.
        pin: The signing PIN of who confirms; their key is a supervisor's.
        settings: For vault and log.
        by: Who confirms; which roles may, the views check.
        at: When.

    Raises:
        NotWaitingError, NotReplaceableError, SamePersonError, ConcernedError, HeadMissingError: Not now.
        ReserveUsedUpError, SomebodyEligibleError, NobodyNextError, DirectRefusedError: The order gives
            something else than was asked for.
        WrongPinError, WrongPinLockedError, NoSigningKeyError: Nothing was signed.
    """
    confirmer = Confirmer(by, pin, at, settings)
    first = queries.replacement(session, replacements[0])
    number = queries.task_view(session, first.task_id).draw
    base = base_of(session, queries.draw(session, number), settings)
    with pin_attempt(session, by, settings=settings, at=at), transaction(session):
        draw = queries.draw_for_update(session, number)
        return [_confirm(session, draw, base, one, confirmer) for one in replacements]


def preview(
    session: Session, draw: Draw, base: Base, replacement: Replacement, *, on: date
) -> tuple[Found, TaskView]:
    """
    What a request would give now; nothing is changed. Not for pages: it names who comes.

    Raises:
        ReserveUsedUpError, SomebodyEligibleError, NobodyNextError, DirectRefusedError.
    """
    task = queries.task_view(session, replacement.task_id)
    plan = queries.plan_of(draw)
    lines = replacement_lines(session, draw, plan=plan, task_key=base.task_key)
    strata = [task.stratum] if replacement.kind is ReplacementKind.SUBJECT else []
    standing = Standing(base, lines, strata)
    team_of = {
        member: record["id"]
        for record in base.inputs.inspectors.records
        for member in record.get("members", ())
    }

    def known(codes: Collection[str]) -> set[str]:
        pairs = registry.hard_pairs_of(session, codes, task.rules, on=on)
        return {f"{team_of.get(pair.inspector, pair.inspector)}:{pair.subject}" for pair in pairs}

    if replacement.direct:
        _check_direct(session, replacement.direct, task, known([task.subject]), on=on)
    place = Place(
        task.subject,
        replacement.seat,
        replacement.direct,
        leaves_for_conflict=replacement.reason in {"conflict", "recusal"},
    )
    return standing.next(place, known), task


def _check_direct(
    session: Session, certificate: str, task: TaskView, apart: Collection[str], *, on: date
) -> None:
    """Who is assigned directly is an inspector who can go today and has no conflict with the subject."""
    row = registry.inspector_or_none(session, certificate)
    if row is None:
        raise DirectRefusedError(certificate=certificate, why="unknown")
    asked = registry.asked_for(session, on=on, until=None, working_days=0, items=task.items)
    if registry.as_dealt(session, [row], asked)[0].excluded:
        raise DirectRefusedError(certificate=certificate, why="unfit")
    if f"{certificate}:{task.subject}" in apart:
        raise DirectRefusedError(certificate=certificate, why="conflict")


def _confirm(session: Session, draw: Draw, base: Base, number: int, confirmer: Confirmer) -> Replacement:
    row, task = held(session, number)
    if task.draw != draw.number:
        raise NotReplaceableError(draw=draw.number, why="gone")
    require_replaceable(task, row.kind, at=confirmer.at)
    if row.kind is ReplacementKind.DIRECT and row.state is not ReplacementState.APPROVED:
        raise HeadMissingError(id=number)
    require_another(session, row, task, by=confirmer.person, at=confirmer.at, role="supervisor")
    found, _ = preview(session, draw, base, row, on=local(confirmer.at).date())
    change = _Change(draw, base, row, task, found, confirmer)
    _log_and_sign(session, change)
    _write_down(session, change)
    if row.kind is ReplacementKind.SUBJECT:
        lapse_waiting(session, task, by=confirmer.person, at=confirmer.at)
    return row


def _log_and_sign(session: Session, change: _Change) -> None:
    """Sign the entry and put it into the log, before anything else knows of it."""
    draw, base, row, confirmer = change.draw, change.base, change.row, change.confirmer
    task, found = change.task, change.found
    team = task_object(draw.number, found.subject, found.team, base.inputs.plan["team"])
    commitment = task_commitment(task_salt(base.task_key, found.subject, found.n), team)
    entry: Record = {
        "type": "replace",
        "draw": draw.number,
        "plan_hash": draw.plan_hash,
        "n": found.n,
        "what": found.what,
        "reason": row.reason,
        "old": task.commitment,
        "commitment": commitment,
    }
    key, signature = sign_with(
        session, confirmer.person, confirmer.pin, signing_text(entry), role="supervisor", at=confirmer.at
    )
    index = log.append(session, entry, settings=confirmer.settings, at=confirmer.at)
    row.sqlmodel_update(
        {
            "state": ReplacementState.DONE,
            "decided_by": confirmer.person,
            "decided_at": confirmer.at,
            "key": key,
            "signature": signature,
            "n": found.n,
            "old": found.old,
            "new": found.new,
            "conflicts": list(found.conflicts),
            "old_commitment": task.commitment,
            "commitment": commitment,
            "subject": found.subject,
        }
    )
    assert row.id is not None
    act = ReplacementConfirmed(
        draw.number,
        row.id,
        found.n,
        found.what,
        row.reason,
        task.commitment,
        commitment,
        index,
        row.requested_by,
        key,
        signature,
    )
    put_on_record(session, act, by=confirmer.person, at=confirmer.at)


def _write_down(session: Session, change: _Change) -> None:
    """The task as it is from now on, in rows beside the dealt ones; loads and people are told."""
    draw, base, row, confirmer = change.draw, change.base, change.row, change.confirmer
    task, found = change.task, change.found
    assert row.id is not None
    facts = {"subject_name": task.subject_name, "region": task.region, "stratum": task.stratum}
    if row.kind is ReplacementKind.SUBJECT:
        frozen = queries.frozen_pools(session, draw)["subjects"]
        with open_pool(frozen, draw.number, confirmer.settings) as file:
            record = find_record(file, found.subject)
        assert record is not None
        facts = {
            "subject_name": record["name"],
            "region": record["region"],
            "stratum": record["stratum"],
            "ticket": ticket(base.found.seeds["subject"], found.subject),
        }
    row.sqlmodel_update(facts)
    session.add(row)
    session.add_all(
        NewSeat(replacement_id=row.id, n=n, seat=seat["seat"], inspector=inspector)
        for n, (seat, inspector) in enumerate(zip(base.inputs.plan["team"], found.team, strict=True))
    )
    _write_members(session, draw, set(found.team) - set(task.team), confirmer.settings)
    session.flush()
    after = queries.task_view(session, task.id)
    gone, came = set(task.people) - set(after.people), set(after.people) - set(task.people)
    day = local(draw.due).date()
    registry_services.note_replaced(session, draw.number, gone=gone, came=came, on=day)
    tell_of_replacement(session, task, after, n=found.n, at=confirmer.at)


def _write_members(session: Session, draw: Draw, came: set[str], settings: Settings) -> None:
    """Who belongs to the standing teams that come, as the pool of this draw says; once for each team."""
    assert draw.id is not None
    known = queries.dealt_teams(session, draw)
    with open_pool(queries.frozen_pools(session, draw)["inspectors"], draw.number, settings) as file:
        records = [record for line in file if (record := orjson.loads(line))["id"] in came - known]
    session.add_all(
        DealtMember(draw_id=draw.id, team=record["id"], n=n, certificate=certificate)
        for record in records
        for n, certificate in enumerate(record.get("members", ()))
    )
