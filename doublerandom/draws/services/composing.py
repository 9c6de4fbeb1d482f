"""The plan of a draw, composed from what was asked for, read and frozen; its pre-flight."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.dr1.canon import ZEROS, Record, format_time
from doublerandom.draws import plans, queries
from doublerandom.draws.batches import sizes_of
from doublerandom.draws.eligibility import thin_spots
from doublerandom.draws.errors import NothingToDrawError, PlanRefusedError, ThinPoolError
from doublerandom.draws.preflight import report, simulate
from doublerandom.draws.services.carrying import Carrying
from doublerandom.draws.services.freezing import Frozen, Listener
from doublerandom.draws.services.groundwork import Groundwork
from doublerandom.draws.wishes import Wish
from doublerandom.registry import rules as rulebook
from doublerandom.registry.rule_shape import EXPERT


def strata_for(ground: Groundwork, frozen: Frozen) -> list[Record]:
    """What each stratum of the frozen pool gives, by the rules or as a whole."""
    dealt = sum(
        len(record.get("members", "1"))
        for record in frozen.inspectors
        if "excluded" not in record and record["department"] != EXPERT
    )
    return rulebook.strata_of(ground.asked_rules, frozen.subjects.counts(), inspectors=dealt)


def annual_item(wish: Wish, ground: Groundwork) -> str:
    """The line of the annual plan, with the batch."""
    return f"{ground.number}.{wish.batch}" if wish.batch else ground.number


def compose(
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
    """The plan, but for the secrets. Raises NothingToDrawError where the quotas take nobody."""
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
        "annual_item": annual_item(wish, ground),
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


def next_number(session: Session, wish: Wish, ground: Groundwork) -> str:
    """A number that was never used."""
    return queries.next_number(session, ground.body, local(wish.due).year, rehearsal=wish.rehearsal)


def numbered(
    plan: Record, number: str, parties: Sequence[plans.Party], made: dict[tuple[str, str], str]
) -> Record:
    """The plan under that number, which its commitments bind, once the protocol's own check accepts it."""
    commitments = plans.plan_secrets(plan["issuer"], number, parties, made)
    return plans.checked_but_for_awaited({**plan, "draw": number, "secrets": commitments})


def parties_of(wish: Wish, ground: Groundwork) -> Sequence[plans.Party]:
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


def preflight(
    session: Session,
    wish: Wish,
    ground: Groundwork,
    frozen: Frozen,
    plan: Record,
    *,
    carrying: Carrying | None,
    listener: Listener,
    known: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """
    What is told before anybody signs; names nobody.

    Args:
        session: Where the line's last draw is read.
        wish: How many draws are simulated.
        ground: What the draw is prepared from.
        frozen: Its pools.
        plan: Its plan.
        carrying: Whom it carries over, if it supersedes a draw.
        listener: Told of the simulated draws.
        known: What was simulated of these very pools before; None: simulate.

    Raises:
        ThinPoolError: A team cannot be filled; `lacks` says in which region and which seats.
    """
    thin = thin_spots(frozen.subjects, frozen.eligibility, frozen.conflicts)
    if thin.unfillable:
        names = accounts.region_names(session, thin.unfillable_regions)
        raise ThinPoolError(
            subjects=thin.unfillable,
            seats=len(plan["team"]),
            regions="、".join(names.get(code, code) for code in thin.unfillable_regions),
            lacks=[lack.told(plan["team"]) for lack in thin.lacks],
        )
    simulated = known or {
        **simulate(
            plan,
            frozen.subjects,
            frozen.inspectors,
            frozen.conflict_records,
            wish.simulations,
            progress=listener.simulating,
        ).told(),
        "wanted": wish.simulations,
    }
    told = report(
        plan, frozen.subjects, frozen.inspectors, frozen.conflicts, thin=thin, simulated=dict(simulated)
    )
    return {
        **told,
        **_told_of_holders(frozen.inspectors),
        **_told_of_choices(wish, ground, frozen, told["take"]),
        **({"last": last} if (last := _last_time(session, ground)) else {}),
        **({"carried": carrying.told()} if carrying is not None else {}),
    }


def _last_time(session: Session, ground: Groundwork) -> dict[str, Any]:
    return queries.last_time(
        session,
        body_id=ground.body_id,
        line=ground.number,
        items=ground.items,
        filter_text=ground.filter_text,
    )


def _told_of_holders(records: Sequence[Record]) -> dict[str, Any]:
    """How many standing teams and members, and experts; how many certificates end before the visits do."""
    teams = [record["members"] for record in records if "members" in record]
    ending = sum("certificate_until" in record and "excluded" not in record for record in records)
    experts = sum(record["department"] == EXPERT and "excluded" not in record for record in records)
    return {
        **({"teams": len(teams), "team_members": sum(map(len, teams))} if teams else {}),
        **({"certificates_ending": ending} if ending else {}),
        **({"experts": experts} if experts else {}),
    }


def _told_of_choices(wish: Wish, ground: Groundwork, frozen: Frozen, take: int) -> dict[str, Any]:
    """What the planner chose beyond line and rules: neighbours, whole, batches, partners, window."""
    sizes = sizes_of(wish.batches, take) if ground.whole else []
    until = ground.window.get("until")
    return {
        **({"neighbours": [lent.told() for lent in frozen.holders.lent]} if ground.neighbours else {}),
        **({"whole": True} if ground.whole else {}),
        **({"batches": sizes} if sizes else {}),
        **(
            {"joint": [{"body": one.body, "line": one.number} for one in ground.partners]}
            if ground.partners
            else {}
        ),
        **({"skills_of_items": list(ground.added)} if ground.added else {}),
        **(
            {"window": {"until": until.isoformat(), "working_days": ground.window["working_days"]}}
            if until
            else {}
        ),
    }
