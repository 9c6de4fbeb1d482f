"""What a draw is prepared from, read from the registry and turned into the records of the subjects' pool."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import Record
from doublerandom.draws import queries
from doublerandom.draws.errors import (
    ItemNotInForceError,
    PlanLineNotPublishedError,
    TooFewSeatsError,
    WholeRefusedError,
)
from doublerandom.registry import queries as registry
from doublerandom.registry import rules as rulebook
from doublerandom.registry.errors import PlanLineNotFoundError
from doublerandom.registry.rule_shape import EXPERT

UNKNOWN_REGION: Final = "000000"
TEAM_SEAT: Final = "team"
MOST_SEATS: Final = 8


@dataclass(frozen=True)
class Partner:
    """Another body whose plan line is inspected in the same draw (综合查一次)."""

    body: str
    body_id: int
    plan_line_id: int
    number: str
    line: str
    items: tuple[str, ...]


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
    days: int = 0
    """Days of the window of visits that the planner chose; 0: the rules' own window, if they have one."""
    neighbours: tuple[str, ...] = ()
    partners: tuple[Partner, ...] = ()
    whole: bool = False
    key_items: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    """Skills that items ask for and no seat did: the first seat of the team asks for them now."""
    item_versions: tuple[str, ...] = ()
    """Which version of each item is in force."""
    manual: Mapping[str, str] = field(default_factory=dict)
    """Reason codes of the manual exclusions in force, by subject code."""

    @property
    def by_class(self) -> bool:
        """Whether a stratum is a credit-risk class."""
        return bool(self.rules["strata"]["by"] == "class")

    @property
    def all_key(self) -> bool:
        """Whether every item is a key item."""
        return set(self.items) == set(self.key_items)

    @property
    def experts(self) -> bool:
        """Whether experts go along."""
        return any(seat["seat"] == EXPERT for seat in self.team)

    @property
    def window(self) -> dict[str, Any]:
        """What is asked of inspectors: until when visits are due, how many working days one must have."""
        asked = self.rules.get("availability", {})
        days = self.days or asked.get("window_days", 0)
        if not days:
            return {}
        return {"until": self.on + timedelta(days=days), "working_days": asked.get("working_days", 1)}

    @property
    def asked_rules(self) -> dict[str, Any]:
        """The rules by which strata are taken: where the whole population is drawn, all of each open one."""
        if not self.whole:
            return self.rules
        quotas = [
            quota if quota["quota"]["kind"] == "excluded" else {**quota, "quota": {"kind": "all"}}
            for quota in self.rules["strata"]["quotas"]
        ]
        return {**self.rules, "strata": {**self.rules["strata"], "quotas": quotas}}


def read_groundwork(
    session: Session,
    *,
    body: str,
    plan_line: str,
    on: date,
    team: Sequence[Record] | None = None,
    filter_text: str | None = None,
    teams: bool = False,
    whole: bool = False,
    neighbours: Collection[str] = (),
    days: int = 0,
    joint_with: Sequence[Mapping[str, Any]] = (),
    supersedes: str = "",
) -> Groundwork:
    """
    Read the plan line, its items and the rules in force on that day.

    Of manual exclusions a draw that supersedes another takes those alone that were confirmed before the
    randomness of the first that it goes back to was due: else they could free whom that one would have drawn.

    Raises:
        PlanLineNotPublishedError: The line stands in no published annual plan of this body.
        ItemNotInForceError: One of its items is not in force.
        RuleSetNotFoundError: No approved rule set is in force.
        WholeRefusedError: The whole population is asked for, and an item is no key item.
        TooFewSeatsError: Fewer inspectors would go than the rules ask for.
    """
    of_body = accounts.body(session, body)
    assert of_body.id is not None
    try:
        line = registry.plan_line(session, plan_line, body_id=of_body.id)
    except PlanLineNotFoundError as error:
        raise PlanLineNotPublishedError(plan_line=plan_line) from error
    assert line.id is not None
    partners = [_partner(session, each) for each in joint_with]
    items = _items(session, line, partners, on)
    codes = tuple(dict.fromkeys([*line.items, *(code for each in partners for code in each.items)]))
    plain = [code for code in codes if not items[code].key]
    if whole and plain:
        raise WholeRefusedError(items=", ".join(plain))
    rule_set = registry.rule_set_in_force(session, body=of_body, on=on, domain=line.domain)
    assert rule_set.id is not None
    seats = [dict(seat) for seat in (rule_set.rules["team"] if team is None else team)]
    if teams and team is None:
        seats = team_seats(seats)
    seats, added = with_skills_of(items.values(), _with_experts(seats), line=of_body.line)
    _check_number(seats, rule_set.rules, teams=teams)
    return Groundwork(
        body=accounts.Body(**of_body.model_dump()),  # a copy, which no rollback expires
        body_id=of_body.id,
        plan_line_id=line.id,
        number=line.number,
        name=line.name,
        lines=_lines(of_body, line, seats),
        items=codes,
        filter_text=line.filter if filter_text is None else filter_text,
        rule_set_id=rule_set.id,
        rules=rule_set.rules,
        team=seats,
        on=on,
        teams=teams,
        days=days,
        neighbours=tuple(code for code in dict.fromkeys(neighbours) if not _holds(code, of_body.region)),
        partners=tuple(partners),
        whole=whole,
        key_items=tuple(code for code in codes if items[code].key),
        added=added,
        item_versions=tuple(f"{code} {items[code].id}" for code in codes),
        manual=queries.manual_exclusions_in_force(
            session,
            lines=[(of_body.id, line.number), *((each.body_id, each.number) for each in partners)],
            on=on,
            decided_before=queries.first_due(session, supersedes) if supersedes else None,
        ),
    )


def _holds(region: str, inner: str) -> bool:
    """Whether a region is, or contains, another one."""
    return inner.startswith(accounts.region_subtree_prefix(region))


def _items(
    session: Session, line: registry.PlanLine, partners: Sequence[Partner], on: date
) -> dict[str, registry.Item]:
    """The items of a line and of those that go with it, by code; raises ItemNotInForceError."""
    wanted = [*line.items, *(code for each in partners for code in each.items)]
    in_force = {item.code: item for item in registry.items_in_force(session, on=on)}
    missing = [code for code in wanted if code not in in_force]
    if missing or not line.items:
        raise ItemNotInForceError(items=", ".join(missing) or line.number)
    return {code: in_force[code] for code in wanted}


def _partner(session: Session, joint: Mapping[str, Any]) -> Partner:
    body = accounts.body(session, joint["body"])
    line = registry.plan_line_by_id(session, joint["plan_line_id"])
    assert body.id is not None
    assert line.id is not None
    return Partner(body.token, body.id, line.id, line.number, body.line, tuple(line.items))


def _lines(body: accounts.Body, line: registry.PlanLine, seats: Sequence[Record]) -> tuple[str, ...]:
    """The lines of work whose inspectors are asked for: the seats' own; where one names none, more."""
    counting = [seat for seat in seats if seat["seat"] != EXPERT]
    named = [seat["department"] for seat in counting if "department" in seat]
    lines = named if len(named) == len(counting) else [body.line, *line.partners, *named]
    return tuple(dict.fromkeys(lines))


def _with_experts(seats: Sequence[Record]) -> list[Record]:
    """The seats, where those of experts can be taken by nobody else: their line of work is `expert`."""
    return [{**seat, "department": EXPERT} if seat["seat"] == EXPERT else dict(seat) for seat in seats]


def with_skills_of(
    items: Collection[Any], seats: Sequence[Record], *, line: str
) -> tuple[list[Record], tuple[str, ...]]:
    """
    The seats with every skill that the items ask for: what no seat asks for, the first of the line does now.

    Returns:
        The seats, and the skills that were added.
    """
    asked = {skill for seat in seats for skill in seat.get("skills", ())}
    added = tuple(sorted({skill for item in items for skill in item.skills} - asked))
    counting = [n for n, seat in enumerate(seats) if seat["seat"] != EXPERT]
    if not added or not counting:
        return list(seats), ()
    own = [n for n in counting if seats[n].get("department", line) == line]
    first = (own or counting)[0]
    changed = {**seats[first], "skills": sorted({*seats[first].get("skills", ()), *added})}
    return [changed if n == first else seat for n, seat in enumerate(seats)], added


def _check_number(seats: Sequence[Record], rules: Mapping[str, Any], *, teams: bool) -> None:
    """Refuse a team of fewer inspectors than the rules ask for; a standing team has two at least."""
    counting = sum(seat["seat"] != EXPERT for seat in seats)
    needed = 1 if teams else rules.get("quorum", {}).get("persons", 1)
    if counting < needed:
        raise TooFewSeatsError(seats=counting, needed=needed)


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

    What the rules say comes before a manual exclusion, so that a count of those is of whom they kept out.
    The region of a subject whose region is unknown is `000000`, where only inspectors without a region go.
    """
    rows = registry.subjects_in_scope(
        session,
        body=ground.body,
        filter_text=ground.filter_text,
        on=ground.on,
        caps=ground.rules["caps"],
        items=ground.items,
    )
    for row in rows:
        stratum, excluded = rulebook.verdict_of(ground.rules, row, on=ground.on)
        record = {
            "id": row.code,
            "name": unicodedata.normalize("NFC", row.name),
            "region": row.region or UNKNOWN_REGION,
            "stratum": stratum,
        }
        if excluded := excluded or ground.manual.get(row.code, ""):
            record["excluded"] = excluded
        yield record
