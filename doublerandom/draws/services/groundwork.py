"""What a draw is prepared from, read from the registry and turned into the records of the pools."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import Record
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws.eligibility import Conflicts, Eligibility, standing_conflicts
from doublerandom.draws.errors import ItemNotInForceError, PlanLineNotPublishedError
from doublerandom.registry import queries as registry
from doublerandom.registry import rules as rulebook
from doublerandom.registry.errors import PlanLineNotFoundError
from doublerandom.registry.rule_shape import EXPERT

UNKNOWN_REGION = "000000"
TEAM_SEAT: Final = "team"


@dataclass(frozen=True)
class Groundwork:
    """The facts of a draw to be prepared, as plain values that outlive the reading."""

    body: accounts.Body
    body_id: int
    plan_line_id: int
    number: str
    name: str
    lines: tuple[str, ...]
    items: tuple[str, ...]
    filter_text: str
    rule_set_id: int
    rules: dict[str, Any]
    team: list[Record]
    on: date
    teams: bool = False

    @property
    def by_class(self) -> bool:
        """Whether a stratum is a credit-risk class."""
        return bool(self.rules["strata"]["by"] == "class")

    @property
    def window(self) -> dict[str, Any]:
        """What the rules ask of inspectors' days: until when visits are due, how many days one must have."""
        asked = self.rules.get("availability", {})
        if "window_days" not in asked:
            return {}
        until = self.on + timedelta(days=asked["window_days"])
        return {"until": until, "working_days": asked["working_days"]}


@dataclass(frozen=True)
class Holders:
    """Who may hold a seat: the pool's records, the registry's rows, and whose pool id is another's."""

    records: list[Record]
    rows: list[int]
    team_of: Mapping[str, str] = field(default_factory=dict)
    """Of a pool of standing teams: the team's code by the certificate number of each member."""


def read_groundwork(
    session: Session,
    *,
    body: str,
    plan_line: str,
    on: date,
    team: Sequence[Record] | None,
    filter_text: str | None,
    teams: bool = False,
) -> Groundwork:
    """
    Read the plan line, its items and the rules in force on that day.

    Raises:
        PlanLineNotPublishedError: The line stands in no published annual plan of this body.
        ItemNotInForceError: One of its items is not in force.
        RuleSetNotFoundError: No approved rule set is in force.
    """
    of_body = accounts.body(session, body)
    assert of_body.id is not None
    try:
        line = registry.plan_line(session, plan_line, body_id=of_body.id)
    except PlanLineNotFoundError as error:
        raise PlanLineNotPublishedError(plan_line=plan_line) from error
    in_force = {item.code for item in registry.items_in_force(session, on=on)}
    missing = [code for code in line.items if code not in in_force]
    if missing or not line.items:
        raise ItemNotInForceError(items=", ".join(missing) or plan_line)
    rule_set = registry.rule_set_in_force(session, body=of_body, on=on, domain=line.domain)
    assert line.id is not None
    assert rule_set.id is not None
    seats = [dict(seat) for seat in (rule_set.rules["team"] if team is None else team)]
    if teams and team is None:
        seats = team_seats(seats)
    named = [seat["department"] for seat in seats if "department" in seat]
    lines = named if len(named) == len(seats) else [of_body.line, *line.partners, *named]
    return Groundwork(
        body=accounts.Body(**of_body.model_dump()),  # a copy, which no rollback expires
        body_id=of_body.id,
        plan_line_id=line.id,
        number=line.number,
        name=line.name,
        lines=tuple(dict.fromkeys(lines)),
        items=tuple(line.items),
        filter_text=line.filter if filter_text is None else filter_text,
        rule_set_id=rule_set.id,
        rules=rule_set.rules,
        team=seats,
        on=on,
        teams=teams,
    )


def team_seats(seats: Sequence[Record]) -> list[Record]:
    """
    The seats of a draw that deals standing teams: one for each line of work that the rules' seats name.

    A team must have together what these seats ask for; seats without a line of work come to the first. A
    seat for an expert is none: experts go along with a team.
    """
    counting = [seat for seat in seats if seat["seat"] != EXPERT]
    named = list(dict.fromkeys(seat["department"] for seat in counting if "department" in seat))
    found = []
    for line in named or [""]:
        of_line = [seat for seat in counting if seat.get("department", (named or [""])[0]) == line]
        skills = sorted({skill for seat in of_line for skill in seat.get("skills", ())})
        found.append(
            {"seat": TEAM_SEAT}
            | ({"department": line} if line else {})
            | ({"skills": skills} if skills else {})
        )
    return found


def subject_records(session: Session, ground: Groundwork) -> Iterator[Record]:
    """
    The subjects' pool as a stream, ascending by code: whoever cannot be drawn stays, with the reason.

    The region of a subject whose region is unknown is `000000`, where only inspectors without a region go.
    """
    rows = registry.subjects_in_scope(
        session, body=ground.body, filter_text=ground.filter_text, on=ground.on, caps=ground.rules["caps"]
    )
    for row in rows:
        stratum, excluded = rulebook.verdict_of(ground.rules, row, on=ground.on)
        record = {
            "id": row.code,
            "name": unicodedata.normalize("NFC", row.name),
            "region": row.region or UNKNOWN_REGION,
            "stratum": stratum,
        }
        if excluded:
            record["excluded"] = excluded
        yield record


def inspector_records(session: Session, ground: Groundwork, regions: Sequence[str]) -> Holders:
    """
    The inspectors' pool, ascending by id: persons by certificate, or standing teams by code.

    A region that an inspector covers stands for all divisions below it: it is written out as those of the
    subjects' pool. A certificate that ends within the window of visits is told (`certificate_until`).

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
        **ground.window,
    }
    if ground.teams:
        return _teams(session, ground, registry.teams_for(session, **asked), regions)
    rows = registry.inspectors_for(session, **asked)
    loads = _loads(session, ground, [row.certificate for row in rows])
    records = [_record(ground, row, row.certificate, loads.get(row.certificate, 0), regions) for row in rows]
    return Holders(records, [row.id for row in rows])


def _teams(
    session: Session, ground: Groundwork, rows: Sequence[registry.TeamRow], regions: Sequence[str]
) -> Holders:
    """Standing teams as records, each with its members; as loaded as the most loaded of them."""
    team_of = {member: row.code for row in rows for member in row.members}
    loads = _loads(session, ground, list(team_of))
    records = []
    for row in rows:
        load = max((loads.get(member, 0) for member in row.members), default=0)
        records.append(_record(ground, row, row.code, load, regions) | {"members": row.members})
    people = [registry.inspector(session, member).id for member in team_of]
    return Holders(records, [number for number in people if number is not None], team_of)


def _record(
    ground: Groundwork,
    row: registry.InspectorRow | registry.TeamRow,
    number: str,
    load: int,
    regions: Sequence[str],
) -> Record:
    record: Record = {
        "id": number,
        "department": row.department,
        "regions": _covered(row.regions, regions),
        "skills": sorted(set(row.skills)),
        "load": load,
        "capacity": ground.rules["capacity"],
    }
    if row.excluded:
        record["excluded"] = row.excluded
    until = ground.window.get("until")
    if until is not None and row.certificate_until is not None and row.certificate_until < until:
        record["certificate_until"] = row.certificate_until.isoformat()
    return record


def _loads(session: Session, ground: Groundwork, certificates: Sequence[str]) -> dict[str, int]:
    """
    Where the deal starts counting: 0 for everyone, unless the rules carry work over in coarse bands.

    With bands the number of limits that somebody's load in the period has reached: who has done least is
    else certain to come (draw protocol, section 7).
    """
    rule = ground.rules.get("load", {})
    if "bands" not in rule:
        return {}
    first = ground.on - timedelta(days=rule["period_days"])
    found = registry.loads(session, certificates, first=first, last=ground.on)
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
