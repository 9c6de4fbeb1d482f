"""What would help where a draw cannot be prepared: who is lacking where, and who could lend."""

from typing import Any

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.draws.errors import EmptyPoolError, NothingToDrawError, ThinPoolError
from doublerandom.draws.services.groundwork import Groundwork
from doublerandom.errors import DoubleRandomError
from doublerandom.registry import queries as registry
from doublerandom.registry.rule_shape import EXPERT

_MOST_LENDERS = 6


def helps_for(session: Session, error: DoubleRandomError, ground: Groundwork) -> list[dict[str, Any]]:
    """
    What would help, as data: each with a `kind`.

    `lack`: a region and its seats, with how many people may take each. `lend`: a neighbouring region that has
    inspectors in these lines of work. `seats`: the team asks for a skill that few have. `scope`, `quotas`:
    widen the scope, look at the ratios.
    """
    if isinstance(error, ThinPoolError):
        return [*_lacks(session, error), *_lenders(session, ground)]
    if isinstance(error, EmptyPoolError):
        return [{"kind": "scope"}]
    if isinstance(error, NothingToDrawError):
        return [{"kind": "quotas"}]
    return []


def _lacks(session: Session, error: ThinPoolError) -> list[dict[str, Any]]:
    lacks: list[dict[str, Any]] = list(error.params.get("lacks", []))
    names = accounts.region_names(session, [lack["region"] for lack in lacks])
    return [
        {"kind": "lack", "name": names.get(lack["region"], lack["region"]), **lack, "lacking": _lacking(lack)}
        for lack in lacks
    ]


def _lacking(lack: dict[str, Any]) -> list[int]:
    """The numbers of the seats that cannot all be filled: fewer people than seats that ask for the same."""
    found = []
    for n, seat in enumerate(lack["seats"]):
        asks = (seat.get("department"), set(seat.get("skills", ())))
        alike = [
            other
            for other in lack["seats"]
            if other.get("department") == asks[0] and set(other.get("skills", ())) >= asks[1]
        ]
        if seat["eligible"] < len(alike):
            found.append(n)
    return found


def _lenders(session: Session, ground: Groundwork) -> list[dict[str, Any]]:
    """Regions beside the body's own, under the same one, whose bodies have people for the draw's seats."""
    own = accounts.region_subtree_prefix(ground.body.region)
    regions = {body.region for body in accounts.bodies(session)} - {ground.body.region, *ground.neighbours}
    prefixes = {code: accounts.region_subtree_prefix(code) for code in sorted(regions)}
    beside = [
        (code, accounts.region_name(session, code))
        for code, prefix in prefixes.items()
        if len(prefix) == len(own) and prefix[:-2] == own[:-2]
    ]
    found: list[tuple[int, str, str]] = []
    for code, name in beside:
        rows = registry.inspectors_for(
            session, lines=ground.lines, region=code, on=ground.on, items=ground.items, experts=ground.experts
        )
        fit = sum(not row.excluded and (not row.expert or EXPERT in _departments(ground)) for row in rows)
        if fit:
            found.append((-fit, code, name))
    return [
        {"kind": "lend", "region": code, "name": name, "inspectors": -fit}
        for fit, code, name in sorted(found)[:_MOST_LENDERS]
    ]


def _departments(ground: Groundwork) -> set[str]:
    return {seat.get("department", "") for seat in ground.team}
