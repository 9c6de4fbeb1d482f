"""Who may hold a seat in a draw, as records of the inspectors' pool; who stands apart from whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import Record
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws.eligibility import Conflicts, Eligibility, standing_conflicts
from doublerandom.draws.services.groundwork import Groundwork
from doublerandom.registry import queries as registry
from doublerandom.registry import rules as rulebook
from doublerandom.registry.rule_shape import EXPERT

NOT_NEEDED: Final = "not-needed"
Row = registry.InspectorRow | registry.TeamRow


@dataclass(frozen=True)
class Lent:
    """What a neighbouring region lends: how many of its inspectors, and to which regions of the pool."""

    region: str
    inspectors: int
    to: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """As the pre-flight says it."""
        return {"region": self.region, "inspectors": self.inspectors, "to": list(self.to)}


@dataclass(frozen=True)
class Holders:
    """Who may hold a seat: the pool's records, the registry's rows, and whose pool id is another's."""

    records: list[Record]
    rows: list[int]
    team_of: Mapping[str, str] = field(default_factory=dict)
    """Of a pool of standing teams: the team's code by the certificate number of each member."""
    lent: tuple[Lent, ...] = ()


def inspector_records(session: Session, ground: Groundwork, regions: Sequence[str]) -> Holders:
    """
    The inspectors' pool, ascending by id: persons by certificate, or standing teams by code.

    A region that an inspector covers stands for all divisions below it: it is written out as those of the
    subjects' pool. A certificate that ends within the window of visits is told (`certificate_until`). Experts
    that go along have the line of work `expert`. Inspectors of neighbouring regions are lent (`lent`) to the
    regions in which fewer than twice the seats are eligible without them; where there is none, they stay with
    the reason `not-needed`.

    Args:
        session: Where to read.
        ground: Who may be needed, where, on which day, with which capacity.
        regions: The regions of the subjects' pool.
    """
    asked: dict[str, Any] = {
        "lines": ground.lines,
        "region": ground.body.region,
        "on": ground.on,
        "items": ground.items,
        "neighbours": ground.neighbours,
        **ground.window,
    }
    rows: Sequence[Row]
    team_of: dict[str, str] = {}
    if ground.teams:
        rows = teams = registry.teams_for(session, **asked)
        team_of = {member: row.code for row in teams for member in row.members}
    else:
        rows = registry.inspectors_for(session, **asked, experts=ground.experts)
    records = _records(session, ground, rows, regions, team_of)
    lent = _lend(session, ground, rows, records, regions)
    if not ground.teams:
        return Holders(records, [row.id for row in rows], lent=lent)
    people = [registry.inspector(session, member).id for member in team_of]
    return Holders(records, [number for number in people if number is not None], team_of, lent)


def _records(
    session: Session,
    ground: Groundwork,
    rows: Iterable[Row],
    regions: Sequence[str],
    team_of: Mapping[str, str],
) -> list[Record]:
    rows = list(rows)
    people = list(team_of) or [_number(row) for row in rows]
    loads = _loads(session, ground, people)
    return [_record(ground, row, _load(row, loads), regions) for row in rows]


def _number(row: Row) -> str:
    return row.code if isinstance(row, registry.TeamRow) else row.certificate


def _load(row: Row, loads: Mapping[str, int]) -> int:
    """Of a standing team the load of its most loaded member."""
    if isinstance(row, registry.TeamRow):
        return max((loads.get(member, 0) for member in row.members), default=0)
    return loads.get(row.certificate, 0)


def _record(
    ground: Groundwork,
    row: Row,
    load: int,
    regions: Sequence[str],
) -> Record:
    goes_along = isinstance(row, registry.InspectorRow) and row.expert and ground.experts
    record: Record = {
        "id": _number(row),
        "department": EXPERT if goes_along else row.department,
        "regions": _covered(row.regions, regions),
        "skills": sorted(set(row.skills)),
        "load": load,
        "capacity": ground.rules["capacity"],
    }
    if isinstance(row, registry.TeamRow):
        record["members"] = row.members
    if row.excluded:
        record["excluded"] = row.excluded
    until = ground.window.get("until")
    if until is not None and row.certificate_until is not None and row.certificate_until < until:
        record["certificate_until"] = row.certificate_until.isoformat()
    return record


def _lend(
    session: Session,
    ground: Groundwork,
    rows: Sequence[Row],
    records: Sequence[Record],
    regions: Sequence[str],
) -> tuple[Lent, ...]:
    """Mark who comes from a neighbouring region, and let them go where too few can without them."""
    if not ground.neighbours:
        return ()
    homes = {body.id: body.region for body in accounts.bodies(session)}
    prefixes = {code: accounts.region_subtree_prefix(code) for code in ground.neighbours}
    lenders: dict[str, list[Record]] = {code: [] for code in ground.neighbours}
    own: list[Record] = []
    for row, record in zip(rows, records, strict=True):
        homeland = {homes.get(row.body_id, "")} if not row.regions else set(row.regions)
        near = [
            code for code in ground.neighbours if all(each.startswith(prefixes[code]) for each in homeland)
        ]
        (lenders[near[0]] if near else own).append(record)
    thin = thin_regions(Eligibility(ground.team, [*own, *_at_home(lenders, regions)]), regions)
    found = []
    for code, lending in lenders.items():
        to = tuple(region for region in thin if not region.startswith(prefixes[code]))
        for record in lending:
            record["lent"] = code
            _send(record, to, regions)
        number = sum("excluded" not in record for record in lending)
        found.append(Lent(code, number if to else 0, to))
    return tuple(found)


def _at_home(lenders: Mapping[str, Sequence[Record]], regions: Sequence[str]) -> list[Record]:
    """The lenders whose own regions the pool has, say another district of the same city."""
    here = set(regions)
    return [
        record
        for lending in lenders.values()
        for record in lending
        if record["regions"] and here.intersection(record["regions"])
    ]


def _send(record: Record, to: Sequence[str], regions: Sequence[str]) -> None:
    """Let a lent inspector go to these regions beside those of the pool that it has anyway."""
    home = [code for code in record["regions"] if code in regions]
    record["regions"] = sorted({*record["regions"], *to})
    if not to and not home:
        record["regions"] = record["regions"] or [record["lent"]]  # never anywhere
        record.setdefault("excluded", NOT_NEEDED)


def thin_regions(eligibility: Eligibility, regions: Iterable[str]) -> list[str]:
    """The regions whose teams cannot be filled, or from fewer than twice the seats; conflicts aside."""
    return [
        region
        for region in sorted(set(regions))
        if not eligibility.fills(region, frozenset())
        or len(eligibility.anyone(region)) < 2 * eligibility.seats
    ]


def _loads(session: Session, ground: Groundwork, certificates: Sequence[str]) -> dict[str, int]:
    """
    Where the deal starts counting: 0 for everyone, unless the rules carry work over in coarse bands.

    With bands the number of limits that somebody's load in the period has reached: who has done least is
    else certain to come (draw protocol, section 7).
    """
    rule = ground.rules.get("load", {})
    if "bands" not in rule:
        return {}
    first, last = registry.load_period(ground.rules, on=ground.on)
    found = registry.loads(session, certificates, first=first, last=last)
    return {one: sum(load.together >= limit for limit in rule["bands"]) for one, load in found.items()}


def _covered(own: Sequence[str], regions: Sequence[str]) -> list[str]:
    """The pool's regions at and below an inspector's own ones, and those themselves."""
    prefixes = tuple(accounts.region_subtree_prefix(code) for code in own)
    return sorted({code for code in regions if code.startswith(prefixes)} | set(own)) if own else []


def conflicts(
    session: Session,
    ground: Groundwork,
    holders: Holders,
    pool: SubjectPool,
    eligibility: Eligibility,
) -> Conflicts:
    """
    The pairs that stand between the pools by the rules; soft ones waived where too few are left.

    A conflict of any member is one of the team. Of teams no more are wanted than twice the seats.
    """
    candidates = registry.conflict_pairs(
        session,
        subject_ids=None,
        inspector_ids=holders.rows,
        on=ground.on,
        **registry.conflict_options(ground.rules),
    )
    judged = (
        pair._replace(
            inspector=holders.team_of.get(pair.inspector, pair.inspector),
            hard=rulebook.is_hard(ground.rules, pair.ground, declared_hard=pair.hard),
        )
        for pair in candidates
    )
    return standing_conflicts(judged, _in_teams(ground), pool, eligibility)


def _in_teams(ground: Groundwork) -> dict[str, Any]:
    """The rules; where teams are dealt, what soft grounds must leave is counted in teams."""
    grounds = ground.rules["conflicts"]
    needed = min(grounds["soft_needs"], 2 * len(ground.team)) if ground.teams else grounds["soft_needs"]
    return {**ground.rules, "conflicts": {**grounds, "soft_needs": needed}}
