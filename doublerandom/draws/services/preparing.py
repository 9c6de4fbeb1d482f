"""Preparing a draw: pools frozen, plan written, pre-flight told; nothing is public yet."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import ZEROS, Record, canon, format_time
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.plan import plan_hash
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws import deposits, plans, queries
from doublerandom.draws.acts import DrawPrepared
from doublerandom.draws.eligibility import Conflicts, Eligibility, thin_spots
from doublerandom.draws.errors import (
    DrawNumberTakenError,
    EmptyPoolError,
    NothingToDrawError,
    PlanRefusedError,
    ThinPoolError,
)
from doublerandom.draws.models import Draw
from doublerandom.draws.pools import WrittenPool, keep_pool, workplace, write_pool, write_subjects
from doublerandom.draws.preflight import report, simulate
from doublerandom.draws.services import groundwork
from doublerandom.draws.services.carrying import Carrying, carry_over
from doublerandom.draws.services.groundwork import Groundwork, read_groundwork
from doublerandom.ledger.locks import lock_evidence
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import rules as rulebook

SIMULATIONS = 20
PERSONS, TEAMS = "persons", "teams"


@dataclass(frozen=True)
class Wish:
    """What the planner asked for; see `prepare`."""

    number: str
    title: str
    batch: int
    due: datetime
    result_by: datetime | None
    reveal_by: datetime | None
    randomness: Sequence[Record]
    closed: Collection[str]
    parties: Sequence[plans.Party] | None
    supersedes: str
    rehearsal: bool
    simulations: int


@dataclass(frozen=True)
class Frozen:
    """The three pools of a draw on their way into the store."""

    written: list[WrittenPool]
    subjects: SubjectPool
    inspectors: list[Record]
    conflicts: Conflicts
    conflict_records: list[Record]
    eligibility: Eligibility


def prepare(
    session: Session,
    *,
    body: str,
    plan_line: str,
    due: datetime,
    randomness: Sequence[Record],
    settings: Settings,
    by: str,
    at: datetime,
    number: str = "",
    title: str = "",
    batch: int = 0,
    filter_text: str | None = None,
    team: Sequence[Record] | None = None,
    inspectors: str = PERSONS,
    closed: Collection[str] = (),
    secrets_parties: Sequence[plans.Party] | None = None,
    supersedes: str = "",
    result_by: datetime | None = None,
    reveal_by: datetime | None = None,
    rehearsal: bool = False,
    on: date | None = None,
    simulations: int = SIMULATIONS,
) -> Draw:
    """
    Prepare a draw from a line of the published annual plan, by the rule set in force.

    The registry is read before the command begins, so that a large pool holds up nobody; what is frozen is
    what was read. Nothing is public, and nothing binds, before two persons have signed.

    Args:
        session: A command of its own.
        body: Token of the issuer.
        plan_line: Number of the line in the issuer's annual plan.
        due: When the randomness is due; at least an hour after the first signature.
        randomness: Sources as in the plan (`{"kind": "drand"}`: quicknet's round after `due`); none: level C.
        settings: Log origin, file store, vault.
        by: Who prepares; which roles may, the views check.
        at: When.
        number: Token of the draw, never used before; empty: the next of the issuer and year.
        title: For people; empty: the plan line's name.
        batch: Where the line has several draws, which one (from 1); 0: the only one.
        filter_text: A narrower scope than the plan line's; None: the line's.
        team: Seats in filling order, restricted ones first; None: the rule set's.
        inspectors: Who is dealt: `persons`, or standing `teams`, each of which takes one seat.
        closed: Pools never opened; subjects are added where a stratum is a risk class.
        secrets_parties: Who makes secrets; None: `operator` and `supervisor` of the body for both purposes.
        supersedes: Number of the voided or failed draw that this one replaces.
        result_by: Last moment for the result; None: by the rule set's minutes.
        reveal_by: When everything opens; None: by the rule set's days.
        rehearsal: A rehearsal is marked, never logged, and makes no tasks.
        on: The day for which the registry is read; None: the day of `due`.
        simulations: How many draws the pre-flight simulates.

    Raises:
        PlanLineNotPublishedError, ItemNotInForceError, RuleSetNotFoundError: It may not be drawn.
        EmptyPoolError, NothingToDrawError, ThinPoolError: It cannot be drawn.
        PlanRefusedError: The protocol refuses the plan, `rule` says why.
        SupersedesError, DrawNumberTakenError: See there.
    """
    wish = Wish(
        number, title, batch, due, result_by, reveal_by, randomness, closed, secrets_parties,
        supersedes, rehearsal, simulations,
    )  # fmt: skip
    ground = read_groundwork(
        session,
        body=body,
        plan_line=plan_line,
        on=on or local(due).date(),
        team=team,
        filter_text=filter_text,
        teams=_deals_teams(inspectors),
    )
    with workplace(settings) as folder:
        frozen = _freeze(session, ground, folder, plans.closed_pools(wish.closed, by_class=ground.by_class))
        return _write_down(session, wish, ground, frozen, settings=settings, by=by, at=at)


def _deals_teams(inspectors: str) -> bool:
    if inspectors not in {PERSONS, TEAMS}:
        raise PlanRefusedError(rule="bad_inspectors", detail=inspectors)
    return inspectors == TEAMS


def _freeze(session: Session, ground: Groundwork, folder: Path, closed: list[str]) -> Frozen:
    try:
        written, pool = write_subjects(
            folder,
            groundwork.subject_records(session, ground),
            sealed="subjects" in closed,
        )
        if not pool.commitment.size:
            raise EmptyPoolError(filter=ground.filter_text)
        holders = groundwork.inspector_records(session, ground, pool.regions)
        eligibility = Eligibility(ground.team, holders.records)
        conflicts = groundwork.conflicts(session, ground, holders, pool, eligibility)
        records = conflicts.records(closed="conflicts" in closed)
        return Frozen(
            [
                written,
                write_pool(folder, "inspectors", holders.records),
                write_pool(folder, "conflicts", records),
            ],
            pool,
            holders.records,
            conflicts,
            records,
            eligibility,
        )
    except ProtocolError as error:
        raise PlanRefusedError(rule=error.code, detail=str(error.params)) from error


def _write_down(
    session: Session,
    wish: Wish,
    ground: Groundwork,
    frozen: Frozen,
    *,
    settings: Settings,
    by: str,
    at: datetime,
) -> Draw:
    """Plan and pre-flight first, which may refuse; then one command that keeps everything."""
    parties = _parties(wish, ground)
    made = deposits.make_secrets(parties) if wish.randomness else {}  # at level C parties make their own
    number = wish.number or _next_number(session, wish, ground)
    dealt = sum(len(record.get("members", "1")) for record in frozen.inspectors if "excluded" not in record)
    strata = rulebook.strata_of(ground.rules, frozen.subjects.counts(), inspectors=dealt)
    carrying = (
        carry_over(session, wish.supersedes, ground, frozen.subjects, strata, settings=settings, at=at)
        if wish.supersedes
        else None
    )
    plan = _plan(
        session,
        wish,
        ground,
        frozen,
        strata=strata,
        carrying=carrying,
        number=number,
        settings=settings,
        at=at,
    )
    plan = _numbered(plan, number, parties, made)
    told = _preflight(plan, frozen, wish.simulations) | _told_of_holders(frozen.inspectors)
    if carrying is not None:
        told["carried"] = carrying.told()
    with transaction(session):
        lock_evidence(session)
        if queries.draw_or_none(session, number) is not None:
            if wish.number or any(party.commitments for party in parties):  # these bind the number
                raise DrawNumberTakenError(number=number)
            number = _next_number(session, wish, ground)
            plan = _numbered(plan, number, parties, made)
        draw = _row(wish, ground, plan, told, by=by, at=at)
        session.add(draw)
        session.flush()
        assert draw.id is not None
        _keep(session, draw.id, plan, frozen, made, settings=settings, at=at)
        put_on_record(
            session, DrawPrepared(number, draw.plan_hash, draw.annual_item, told), by=by, at=at, after=plan
        )
    return draw


def _next_number(session: Session, wish: Wish, ground: Groundwork) -> str:
    return queries.next_number(session, ground.body, local(wish.due).year, rehearsal=wish.rehearsal)


def _numbered(
    plan: Record, number: str, parties: Sequence[plans.Party], made: dict[tuple[str, str], str]
) -> Record:
    """The plan under that number, which its commitments bind, once the protocol's own check accepts it."""
    commitments = plans.plan_secrets(plan["issuer"], number, parties, made)
    return plans.checked_but_for_awaited({**plan, "draw": number, "secrets": commitments})


def _parties(wish: Wish, ground: Groundwork) -> Sequence[plans.Party]:
    """
    Who makes secrets; at level C a body outside the office and its superiors is among them.

    At levels A and B every secret is made and deposited here: one kept back would be a way to make a draw
    fail whose outcome its party does not like, and to free the whole list.
    """
    if wish.parties is not None:
        inside = ground.body.path.split("/")
        own = [party.party for party in wish.parties if party.commitments]
        if wish.randomness and own:
            raise PlanRefusedError(rule="secret_not_deposited", detail=", ".join(own))
        if not wish.randomness and all(party.body in inside for party in wish.parties):
            raise PlanRefusedError(rule="parties_inside", detail=", ".join(p.party for p in wish.parties))
        return wish.parties
    token = ground.body.token
    return (plans.Party("operator", token), plans.Party("supervisor", token))


def _plan(
    session: Session,
    wish: Wish,
    ground: Groundwork,
    frozen: Frozen,
    *,
    strata: list[Record],
    carrying: Carrying | None,
    number: str,
    settings: Settings,
    at: datetime,
) -> Record:
    deadlines = ground.rules["deadlines"]
    sources = [plans.source_for(source, wish.due) for source in wish.randomness]
    result_by = wish.result_by or plans.default_result_by(wish.due, sources, deadlines["result_minutes"])
    reveal_by = wish.reveal_by or wish.due + timedelta(days=deadlines["reveal_days"])
    closed = plans.closed_pools(wish.closed, by_class=ground.by_class)
    if not any(stratum["take"] for stratum in strata):
        raise NothingToDrawError
    plan: Record = {
        "protocol": "dr1",
        "suite": "sha256",
        "log": settings.log_origin,
        "issuer": ground.body.token,
        "draw": number,
        "title": wish.title or ground.name,
        "seq": 0,
        "previous": ZEROS,
        "annual_item": f"{ground.number}.{wish.batch}" if wish.batch else ground.number,
        "items": list(ground.items),
        "filter": ground.filter_text,
        "rules": rulebook.digest_of(ground.rules),
        **({"closed": closed} if closed else {}),
        **{written.name: written.commitment.member() for written in frozen.written},
        "strata": strata,
        "team": ground.team,
        "randomness": sources,
        "secrets": [],
        "rehearsal": wish.rehearsal,
        "due": format_time(wish.due),
        "result_by": format_time(result_by),
        "reveal_by": format_time(reveal_by),
    }
    if carrying is not None:
        plan["supersedes"] = wish.supersedes
        plan["carried"] = carrying.codes
    seq, previous = queries.next_place(session, ground.body_id)
    return plans.with_place(plan, seq=seq, previous=previous, at=at)


def _preflight(plan: Record, frozen: Frozen, simulations: int) -> dict[str, Any]:
    thin = thin_spots(frozen.subjects, frozen.eligibility, frozen.conflicts)
    if thin.unfillable:
        raise ThinPoolError(
            subjects=thin.unfillable,
            seats=len(plan["team"]),
            regions=", ".join(thin.unfillable_regions),
        )
    simulated = simulate(plan, frozen.subjects, frozen.inspectors, frozen.conflict_records, simulations)
    return report(plan, frozen.subjects, frozen.inspectors, frozen.conflicts, thin=thin, simulated=simulated)


def _told_of_holders(records: Sequence[Record]) -> dict[str, Any]:
    """How many standing teams with how many members; how many certificates end before the visits do."""
    teams = [record["members"] for record in records if "members" in record]
    ending = sum("certificate_until" in record and "excluded" not in record for record in records)
    return {
        **({"teams": len(teams), "team_members": sum(map(len, teams))} if teams else {}),
        **({"certificates_ending": ending} if ending else {}),
    }


def _row(
    wish: Wish, ground: Groundwork, plan: Record, told: dict[str, Any], *, by: str, at: datetime
) -> Draw:
    return Draw(
        number=plan["draw"],
        body_id=ground.body_id,
        plan_line_id=ground.plan_line_id,
        rule_set_id=ground.rule_set_id,
        title=plan["title"],
        rehearsal=wish.rehearsal,
        annual_item=plan["annual_item"],
        plan=canon(plan).decode(),
        plan_hash=plan_hash(plan),
        rules=rulebook.text_of(ground.rules),
        preflight=told,
        by=by,
        created_at=at,
        due=wish.due,
        result_by=queries.moment(plan, "result_by"),
        reveal_by=queries.moment(plan, "reveal_by"),
        supersedes=wish.supersedes,
    )


def _keep(
    session: Session,
    draw_id: int,
    plan: Record,
    frozen: Frozen,
    made: dict[tuple[str, str], str],
    *,
    settings: Settings,
    at: datetime,
) -> None:
    """Pools into the store; pool keys, the task key and the secrets into the vault."""
    number = plan["draw"]

    def lay_down(purpose: str, party: str, plain: bytes) -> None:
        deposits.deposit(
            session, draw_id, number, purpose=purpose, party=party, plain=plain, settings=settings
        )

    for written in frozen.written:
        keep_pool(
            session,
            written,
            draw_id=draw_id,
            number=number,
            closed=plans.is_closed(plan, written.name),
            settings=settings,
            at=at,
        )
        if written.key is not None:
            lay_down(deposits.POOL_KEY, written.name, written.key)
    lay_down(deposits.TASK_KEY, "", secrets.token_bytes(32))
    for (purpose, party), secret in made.items():
        lay_down(purpose, party, secret.encode())
