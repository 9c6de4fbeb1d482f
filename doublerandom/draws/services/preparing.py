"""Preparing a draw: pools frozen, plan written, pre-flight told; nothing is public yet."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import Record, canon
from doublerandom.dr1.plan import plan_hash
from doublerandom.draws import deposits, plans, queries
from doublerandom.draws.acts import DrawPrepared
from doublerandom.draws.errors import DrawNumberTakenError
from doublerandom.draws.models import Draft, Draw
from doublerandom.draws.pools import keep_pool, workplace
from doublerandom.draws.services.basis import basis_of, check_batch
from doublerandom.draws.services.carrying import carry_over
from doublerandom.draws.services.composing import (
    annual_item,
    compose,
    next_number,
    numbered,
    parties_of,
    preflight,
    strata_for,
)
from doublerandom.draws.services.drafting import add_try, end_work
from doublerandom.draws.services.freezing import Frozen, Listener, digest_of, freeze
from doublerandom.draws.services.groundwork import Groundwork, read_groundwork
from doublerandom.draws.wishes import PERSONS, Wish
from doublerandom.ledger.locks import lock_evidence
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import rules as rulebook

SIMULATIONS = 20


@dataclass(frozen=True)
class Known:
    """A pre-flight that was told before: of which pools, and what was simulated."""

    pools: str
    simulated: Mapping[str, Any]


@dataclass(frozen=True)
class Ready:
    """A draw that is all worked out and not written down."""

    ground: Groundwork
    frozen: Frozen
    plan: Record
    told: dict[str, Any]
    pools: str
    parties: Sequence[plans.Party]
    made: dict[tuple[str, str], str]
    basis: dict[str, Any]


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
    whole: bool = False,
    batches: Sequence[int] = (),
    neighbours: Collection[str] = (),
    days: int = 0,
    joint_with: Sequence[Mapping[str, Any]] = (),
    listener: Listener | None = None,
) -> Draw:
    """
    Prepare a draw from a line of the published annual plan, by the rule set in force.

    The registry is read before the command begins, so that a large pool holds up nobody; what is frozen is
    what was read. Nothing is public, and nothing binds, before two persons have signed. Manual exclusions in
    force always count.

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
        whole: Everybody who can be drawn is; only where all items are key items.
        batches: Of a whole population: `[n]` equal parts, or the size of each batch.
        neighbours: Regions whose inspectors are lent to where there are too few.
        days: The window of visits in days; 0: the rules' own.
        joint_with: Plan lines of other bodies that are inspected in the same visits: `body`, `plan_line_id`.
        listener: Told how far it is.

    Raises:
        PlanLineNotPublishedError, ItemNotInForceError, RuleSetNotFoundError: It may not be drawn.
        WholeRefusedError, TooFewSeatsError: It may not be drawn so.
        EmptyPoolError, NothingToDrawError, ThinPoolError: It cannot be drawn.
        PlanRefusedError: The protocol refuses the plan, `rule` says why.
        BatchDrawnError: This batch of the line was drawn already.
        SupersedesError, DrawNumberTakenError: See there.
    """
    wish = Wish(
        body, plan_line, due, randomness, number, title, batch, filter_text, team, inspectors, closed,
        secrets_parties, supersedes, result_by, reveal_by, rehearsal, on, simulations, whole, batches,
        neighbours, days, joint_with,
    )  # fmt: skip
    return prepare_wish(session, wish, settings=settings, by=by, at=at, listener=listener)


def prepare_wish(
    session: Session,
    wish: Wish,
    *,
    settings: Settings,
    by: str,
    at: datetime,
    listener: Listener | None = None,
    known: Known | None = None,
    draft_id: int = 0,
) -> Draw:
    """
    Prepare what was asked for; draws are simulated anew unless `known` is of the very pools frozen now.

    The draft that it comes from (`draft_id`) ends with it, in one transaction.
    """
    listener = listener or Listener()
    with worked_out(session, wish, settings=settings, at=at, listener=listener, known=known) as ready:
        listener.writing()
        return _write_down(session, wish, ready, draft_id, settings=settings, by=by, at=at)


@contextmanager
def worked_out(
    session: Session,
    wish: Wish,
    *,
    settings: Settings,
    at: datetime,
    listener: Listener,
    known: Known | None = None,
) -> Iterator[Ready]:
    """A draw with its frozen pools, as long as they lie in a folder of this process; reads only."""
    ground = read_groundwork(session, **wish.asked)
    if not wish.rehearsal:
        check_batch(session, ground.body_id, ground.number, annual_item(wish, ground))
    basis = basis_of(session, ground)
    closed = plans.closed_pools(wish.closed, by_class=ground.by_class)
    with workplace(settings) as folder:
        frozen = freeze(session, ground, folder, closed, listener)
        parties = parties_of(wish, ground)
        made = deposits.make_secrets(parties) if wish.randomness else {}  # at level C parties make their own
        number = wish.number or next_number(session, wish, ground)
        strata = strata_for(ground, frozen)
        carrying = (
            carry_over(session, wish.supersedes, ground, frozen.subjects, strata, settings=settings, at=at)
            if wish.supersedes
            else None
        )
        plan = compose(
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
        plan = numbered(plan, number, parties, made)
        pools = digest_of(frozen, plan)
        same = known is not None and known.pools == pools
        told = preflight(
            session,
            wish,
            ground,
            frozen,
            plan,
            carrying=carrying,
            listener=listener,
            known=known.simulated if known is not None and same else None,
        )
        yield Ready(ground, frozen, plan, told, pools, parties, made, basis)


def _write_down(
    session: Session, wish: Wish, ready: Ready, draft_id: int, *, settings: Settings, by: str, at: datetime
) -> Draw:
    """One command that keeps everything."""
    plan, ground, number = ready.plan, ready.ground, ready.plan["draw"]
    with transaction(session):
        draft = queries.draft_for_update(session, draft_id) if draft_id else None
        lock_evidence(session)
        if queries.draw_or_none(session, number) is not None:
            if wish.number or any(party.commitments for party in ready.parties):  # these bind the number
                raise DrawNumberTakenError(number=number)
            number = next_number(session, wish, ground)
            plan = numbered(plan, number, ready.parties, ready.made)
        told = {**ready.told, **_told_of_preparations(session, plan, ready, draft)}
        draw = _row(wish, ground, plan, told, ready.basis, by=by, at=at)
        session.add(draw)
        session.flush()
        assert draw.id is not None
        _keep(session, draw.id, plan, ready, settings=settings, at=at)
        if draft is not None:
            end_work(draft, {"preflight": told}, number=number, at=at)
        act = DrawPrepared(number, draw.plan_hash, draw.annual_item, told)
        put_on_record(session, act, by=by, at=at, after=plan)
    return draw


def _told_of_preparations(
    session: Session, plan: Record, ready: Ready, draft: Draft | None
) -> dict[str, int]:
    """The how manieth preparation of this batch it is; pools that were simulated and left count too."""
    if plan["rehearsal"]:
        return {}
    if draft is not None:
        add_try(draft, plan["annual_item"], ready.pools)
    before = queries.preparations(session, ready.ground.body_id, plan["annual_item"])
    return {"preparation": before if draft is not None else before + 1}


def _row(
    wish: Wish,
    ground: Groundwork,
    plan: Record,
    told: dict[str, Any],
    basis: dict[str, Any],
    *,
    by: str,
    at: datetime,
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
        batches=told.get("batches"),
        basis=basis,
    )


def _keep(
    session: Session, draw_id: int, plan: Record, ready: Ready, *, settings: Settings, at: datetime
) -> None:
    """Pools into the store; pool keys, the task key and the secrets into the vault."""
    number = plan["draw"]

    def lay_down(purpose: str, party: str, plain: bytes) -> None:
        deposits.deposit(
            session, draw_id, number, purpose=purpose, party=party, plain=plain, settings=settings
        )

    for written in ready.frozen.written:
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
    for (purpose, party), secret in ready.made.items():
        lay_down(purpose, party, secret.encode())
