"""What a draw's plan, frozen pools, randomness and secrets give: computed, never written here."""

from datetime import datetime

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.compute import Computation, compute
from doublerandom.dr1.inputs import Inputs
from doublerandom.dr1.plan import plan_hash
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws import deposits, plans, queries
from doublerandom.draws.deposits import Opened
from doublerandom.draws.errors import RandomnessMissingError, StorageDamagedError
from doublerandom.draws.models import Draw
from doublerandom.draws.pools import read_inputs


def known_secrets(session: Session, draw: Draw, settings: Settings) -> Opened:
    """What the vault holds for this draw."""
    return deposits.opened(queries.deposits(session, draw), draw.number, settings)


def missing(session: Session, draw: Draw, settings: Settings) -> list[str]:
    """What the outcome still waits for: sources without a value (as `source n`), secrets not handed in."""
    plan = queries.plan_of(draw)
    seen = {row.n for row in queries.observations(session, draw)}
    sources = [f"source {n}" for n in range(len(plan["randomness"])) if n not in seen]
    return sources + known_secrets(session, draw, settings).missing(plan)


def outcome(session: Session, draw: Draw, settings: Settings) -> tuple[Computation, SubjectPool]:
    """
    Compute what the plan, its frozen pools, the randomness and the secrets give; nothing is written.

    Raises:
        RandomnessMissingError, StorageDamagedError: As of `inputs_of`.
    """
    inputs = inputs_of(session, draw, settings)
    return computed(draw, inputs), inputs.subjects


def computed(draw: Draw, inputs: Inputs) -> Computation:
    """What the inputs of a draw give; StorageDamagedError where a stored value is not the logged one."""
    found = compute(inputs)
    if found.beacon != draw.beacon:
        raise StorageDamagedError(draw=draw.number, pool="beacon")
    return found


def inputs_of(session: Session, draw: Draw, settings: Settings) -> Inputs:
    """
    Everything that a draw is computed from, once all of it is known.

    Raises:
        RandomnessMissingError: A value or a secret is missing.
        StorageDamagedError: A stored pool or the plan is not the one committed to.
    """
    lacking = missing(session, draw, settings)
    if lacking:
        raise RandomnessMissingError(draw=draw.number, missing=", ".join(lacking))
    plan = queries.plan_of(draw)
    if plan_hash(plan) != draw.plan_hash:
        raise StorageDamagedError(draw=draw.number, pool="plan")
    known = known_secrets(session, draw, settings)
    return read_inputs(
        plan,
        queries.frozen_pools(session, draw),
        observed=[row.value for row in queries.observations(session, draw)],
        secrets_=known.secrets_json(plan),
        keys=known.keys,
        settings=settings,
    )


def never_known(session: Session, draw: Draw, settings: Settings, *, at: datetime) -> bool:
    """
    Whether it is settled that what an ended draw would have drawn will never be known.

    A secret or a value other than a drand round's has not come in time. A drand round can be had for ever:
    nobody frees a list by leaving it out.
    """
    plan = queries.plan_of(draw)
    rounds = {f"source {n}" for n, source in enumerate(plan["randomness"]) if source["kind"] == "drand"}
    return at > plans.settled_at(plan) and not rounds.issuperset(missing(session, draw, settings))
