"""The dr1 plan as this house writes it, and the times that follow from it; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from doublerandom.clock import local
from doublerandom.dr1 import drand
from doublerandom.dr1.beacon import has_drand
from doublerandom.dr1.canon import ZEROS, H, Record, format_time, parse_time
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.members import POOLS, PURPOSES
from doublerandom.dr1.plan import check_plan
from doublerandom.dr1.seeds import secret_commitment
from doublerandom.draws.errors import PlanRefusedError

LEAD: Final = timedelta(hours=1)
ROUND_WAIT: Final = timedelta(hours=72)
LONGEST_WITH_DRAND: Final = timedelta(minutes=60)
LONGEST: Final = timedelta(hours=24)
FOR_EVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
REVEAL_AHEAD: Final = timedelta(minutes=10)
VOID_REASONS: Final = (
    "wrong-scope",
    "wrong-rules",
    "pool-error",
    "duplicate-plan",
    "legal-change",
    "emergency",
    "leak",
    "technical",
)
TOUCHING_REASONS: Final = ("wrong-scope", "pool-error", "legal-change")
"""Reasons of a void that may concern particular subjects, which it then names."""


@dataclass(frozen=True)
class Party:
    """
    Who makes a secret for a draw.

    At levels A and B the house makes it for the party and deposits it; at level C `commitments` (by purpose)
    come from the party, whose token is then the person who signs them. Those that are not there yet the plan
    awaits: the party hands them in before the first signature.
    """

    party: str
    body: str
    purposes: tuple[str, ...] = PURPOSES
    commitments: Mapping[str, str] = field(default_factory=dict)


def source_for(source: Record, due: datetime) -> Record:
    """A source with what follows from the due time: `{"kind": "drand"}` becomes quicknet's round after it."""
    if source.get("kind") != "drand":
        return source
    chain = source.get("chain", drand.QUICKNET.chain)
    return {"chain": chain, "round": drand.round_after(due, chain), **source}


def plan_secrets(
    issuer: str, draw: str, parties: Sequence[Party], made: Mapping[tuple[str, str], str]
) -> list[Record]:
    """
    The plan's `secrets`: by purpose, then in the order of the parties; an awaited commitment is empty.

    Args:
        issuer: The issuer's token.
        draw: The draw's number.
        parties: Those of `Party`.
        made: The secrets made here, by (purpose, party).
    """
    found = []
    for purpose in PURPOSES:
        for party in parties:
            if purpose in party.purposes:
                secret = made.get((purpose, party.party))
                commitment = party.commitments.get(purpose, "")
                if secret is not None and not commitment:
                    commitment = secret_commitment(issuer, draw, purpose, party.party, secret)
                found.append(
                    {"party": party.party, "body": party.body, "purpose": purpose, "commitment": commitment},
                )
    return found


def is_issue_of(issue: str, due: datetime) -> bool:
    """Whether a lottery's issue, which begins with its year, may be drawn once the randomness is due."""
    year = local(due).year
    return issue[:4] in {str(year), str(year + 1)}


def checked(plan: Record) -> Record:
    """The plan, once the protocol and the house's rule of lotteries accept it; else PlanRefusedError."""
    try:
        check_plan(plan)
    except ProtocolError as error:
        detail = ", ".join(f"{name}={value}" for name, value in error.params.items())
        raise PlanRefusedError(rule=error.code, detail=detail) from error
    for source in plan["randomness"]:
        if source["kind"] == "lottery" and not is_issue_of(source["issue"], parse_time(plan["due"])):
            raise PlanRefusedError(rule="past_issue", detail=source["issue"])
    return plan


def checked_but_for_awaited(plan: Record) -> Record:
    """The plan, once the protocol's own check accepts it with some commitment for each that is awaited."""
    some = [
        {**entry, "commitment": entry["commitment"] or H(f"awaited|{n}")}
        for n, entry in enumerate(plan["secrets"])
    ]
    checked({**plan, "secrets": some})
    return plan


def awaited(plan: Record) -> list[str]:
    """The parties of a plan whose commitments have not all come, in plan order."""
    return list(dict.fromkeys(entry["party"] for entry in plan["secrets"] if not entry["commitment"]))


def with_place(plan: Record, *, seq: int, previous: str, at: datetime) -> Record:
    """The plan at its place in the issuer's row, made at that time; a rehearsal has no place."""
    place = {"seq": 0, "previous": ZEROS} if plan["rehearsal"] else {"seq": seq, "previous": previous}
    return {**plan, **place, "committed_at": format_time(at)}


def closed_pools(closed: Iterable[str], *, by_class: bool) -> list[str]:
    """The pools never opened to the public, in order; the subjects always where a stratum is a risk class."""
    wanted = {*closed, *(["subjects"] if by_class else [])}
    unknown = sorted(wanted - set(POOLS))
    if unknown:
        raise PlanRefusedError(rule="bad_closed", detail=", ".join(unknown))
    return [pool for pool in POOLS if pool in wanted]


def is_closed(plan: Record, pool: str = "subjects") -> bool:
    """Whether a pool is never opened to the public."""
    return pool in plan.get("closed", ())


def list_is_public_at_once(plan: Record) -> bool:
    """Whether anyone can compute the drawn list with the beacon: open pool, no `subject` secrets."""
    return not plan["subjects"]["sealed"] and not any(
        entry["purpose"] == "subject" for entry in plan["secrets"]
    )


def result_limit(plan: Record, beacon_at: datetime | None) -> datetime:
    """
    The last moment at which a result is in time.

    Args:
        plan: A checked plan.
        beacon_at: `at` of the `beacon` entry; None while a value is missing (with drand: 72 h after `due`).
    """
    due, result_by = parse_time(plan["due"]), parse_time(plan["result_by"])
    if not has_drand(plan["randomness"]):
        return result_by
    if beacon_at is None:
        return due + ROUND_WAIT
    return max(result_by, beacon_at + (result_by - due))


def fails_after(plan: Record, beacon_at: datetime | None, seen: Collection[int]) -> datetime:
    """
    When a plan without result has failed: after `result_limit`, or `result_by` where hope is gone.

    Beside drand a source that was not in by `due` never will be.

    Args:
        plan: A checked plan.
        beacon_at: `at` of the `beacon` entry, None while there is none.
        seen: The numbers of the sources that have their value.
    """
    sources = plan["randomness"]
    hopeless = has_drand(sources) and any(
        source["kind"] != "drand" and n not in seen for n, source in enumerate(sources)
    )
    return parse_time(plan["result_by"]) if hopeless else result_limit(plan, beacon_at)


def window(plan: Record, n: int, *, would_be: bool = False) -> tuple[datetime, datetime]:
    """
    From when until when source `n` may be observed (both ends count).

    drand: from its round's time, for 72 h after `due`. Others beside a drand source: after the commitment,
    before `due`. Others alone: from `due` to `result_by`. What a voided or failed draw would have drawn is
    owed to the public: its drand round is taken for ever, and others alone for 72 h after `due`.
    """
    due, result_by = parse_time(plan["due"]), parse_time(plan["result_by"])
    source = plan["randomness"][n]
    if source["kind"] == "drand":
        return drand.time_of(source["round"], source["chain"]), FOR_EVER if would_be else due + ROUND_WAIT
    if has_drand(plan["randomness"]):
        return parse_time(plan["committed_at"]), due - timedelta(seconds=1)
    return due, due + ROUND_WAIT if would_be else result_by


def settled_at(plan: Record) -> datetime:
    """When it is settled that what has not come of the randomness and secrets of an ended draw never will."""
    return parse_time(plan["due"]) + ROUND_WAIT


def default_result_by(due: datetime, randomness: Sequence[Record], minutes: int) -> datetime:
    """`result_by` by the rule set's minutes, cut to what the protocol allows."""
    return due + min(timedelta(minutes=minutes), LONGEST_WITH_DRAND if has_drand(randomness) else LONGEST)


def level_of(plan: Mapping[str, Any]) -> str:
    """The level of randomness of a plan as pages name it: A, B, C or D (a rehearsal)."""
    if plan["rehearsal"]:
        return "D"
    return source_level(plan["randomness"])


def source_level(randomness: Sequence[Record]) -> str:
    """The level that sources give: A with drand, B with a lottery or dice, C with secrets alone."""
    return "A" if has_drand(randomness) else "B" if randomness else "C"
