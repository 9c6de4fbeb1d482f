"""What a draw's plan, frozen pools, randomness and secrets give: computed, never written here."""

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.compute import Computation, compute
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws import deposits, queries
from doublerandom.draws.deposits import Opened
from doublerandom.draws.errors import RandomnessMissingError
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
        RandomnessMissingError: A value or a secret is missing.
        StorageDamagedError: A stored pool is not the one committed to.
    """
    lacking = missing(session, draw, settings)
    if lacking:
        raise RandomnessMissingError(draw=draw.number, missing=", ".join(lacking))
    plan = queries.plan_of(draw)
    known = known_secrets(session, draw, settings)
    inputs = read_inputs(
        plan,
        queries.frozen_pools(session, draw),
        observed=[row.value for row in queries.observations(session, draw)],
        secrets_=known.secrets_json(plan),
        keys=known.keys,
        settings=settings,
    )
    return compute(inputs), inputs.subjects
