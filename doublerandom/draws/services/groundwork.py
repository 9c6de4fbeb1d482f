"""What a draw is prepared from, read from the registry and turned into the records of the pools."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import Record
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws.eligibility import Conflicts, Eligibility, standing_conflicts
from doublerandom.draws.errors import ItemNotInForceError, PlanLineNotPublishedError
from doublerandom.registry import queries as registry
from doublerandom.registry import rules as rulebook
from doublerandom.registry.errors import PlanLineNotFoundError

UNKNOWN_REGION = "000000"


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

    @property
    def by_class(self) -> bool:
        """Whether a stratum is a credit-risk class."""
        return bool(self.rules["strata"]["by"] == "class")


def read_groundwork(
    session: Session,
    *,
    body: str,
    plan_line: str,
    on: date,
    team: Sequence[Record] | None,
    filter_text: str | None,
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
    )


def subject_records(session: Session, ground: Groundwork) -> Iterator[Record]:
    """
    The subjects' pool as a stream, ascending by code: whoever cannot be drawn stays, with the reason.

    The region of a subject whose region is unknown is `000000`, where only inspectors without a region go.
    """
    rows = registry.subjects_in_scope(session, body=ground.body, filter_text=ground.filter_text, on=ground.on)
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


def inspector_records(
    session: Session, ground: Groundwork, regions: Sequence[str]
) -> tuple[list[Record], list[int]]:
    """
    The inspectors' pool, ascending by certificate, and their rows in the registry.

    A region that an inspector covers stands for all divisions below it: it is written out as those of the
    subjects' pool.

    Args:
        session: Where to read.
        ground: Who may be needed, where, on which day, with which capacity.
        regions: The regions of the subjects' pool.
    """
    rows = registry.inspectors_for(session, lines=ground.lines, region=ground.body.region, on=ground.on)
    records = []
    for row in rows:
        record: Record = {
            "id": row.certificate,
            "department": row.department,
            "regions": _covered(row.regions, regions),
            "skills": sorted(set(row.skills)),
            "load": 0,
            "capacity": ground.rules["capacity"],
        }
        if row.excluded:
            record["excluded"] = row.excluded
        records.append(record)
    return records, [row.id for row in rows]


def _covered(own: Sequence[str], regions: Sequence[str]) -> list[str]:
    """The pool's regions at and below an inspector's own ones, and those themselves."""
    prefixes = tuple(accounts.region_subtree_prefix(code) for code in own)
    return sorted({code for code in regions if code.startswith(prefixes)} | set(own)) if own else []


def conflicts(
    session: Session,
    ground: Groundwork,
    inspector_ids: Sequence[int],
    pool: SubjectPool,
    eligibility: Eligibility,
) -> Conflicts:
    """The pairs that stand between the pools by the rules; soft ones waived where too few are left."""
    candidates = registry.conflict_pairs(
        session,
        subject_ids=None,
        inspector_ids=inspector_ids,
        on=ground.on,
        rotation=ground.rules["conflicts"]["rotation"],
    )
    judged = (
        pair._replace(hard=rulebook.is_hard(ground.rules, pair.ground, declared_hard=pair.hard))
        for pair in candidates
    )
    return standing_conflicts(judged, ground.rules, pool, eligibility)
