"""What a preparation would give, before anything is frozen: whom, how many, by which strata."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from doublerandom.draws import queries
from doublerandom.draws.batches import sizes_of
from doublerandom.draws.models import Draft
from doublerandom.draws.services.counting import tally_for
from doublerandom.draws.services.groundwork import Groundwork, read_groundwork
from doublerandom.draws.services.people import inspector_records
from doublerandom.draws.services.tallies import (
    ReasonCount,
    reason_counts,
    region_names,
    wish_of,
)
from doublerandom.registry import queries as registry
from doublerandom.registry import rules as rulebook
from doublerandom.registry.rule_shape import EXPERT


@dataclass(frozen=True)
class Count:
    """A region or stratum: how many are in the scope, how many can be drawn."""

    code: str
    name: str
    size: int
    drawable: int


@dataclass(frozen=True)
class ItemLine:
    """An item of the draw."""

    code: str
    name: str
    key: bool


@dataclass(frozen=True)
class LastTime:
    """The pool of the line's last draw against this one; shrinkage counts those who could be drawn then."""

    number: str
    due: datetime
    size: int
    drawable: int
    shrinkage: int
    excluded: dict[str, int]
    same_filter: bool

    @property
    def percent(self) -> float:
        """By how much the pool shrank, in percent of then; negative: it grew."""
        return 100 * self.shrinkage / self.drawable if self.drawable else 0.0


@dataclass(frozen=True)
class ScopeReport:
    """Whom a draw would be from; names nobody."""

    filter: str
    on: date
    size: int
    drawable: int
    excluded: list[ReasonCount]
    regions: list[Count]
    strata: list[Count]
    items: list[ItemLine]
    last: LastTime | None
    counted_at: datetime | None = None


@dataclass(frozen=True)
class StratumRow:
    """A stratum: what the rules prescribe, and what it comes to."""

    id: str
    name: str
    prescribed: dict[str, Any]
    size: int
    excluded: int
    take: int

    @property
    def eligible(self) -> int:
        """How many can be drawn."""
        return self.size - self.excluded


@dataclass(frozen=True)
class StrataReport:
    """Prescribed and actual, side by side."""

    rows: list[StratumRow]
    take: int
    eligible: int
    inspectors: int
    whole: bool
    whole_allowed: bool
    batches: list[int] = field(default_factory=list)
    counted_at: datetime | None = None


def scope_report(session: Session, draft: Draft, *, at: datetime) -> ScopeReport:
    """Whom a draft's draw would be from: pool, exclusions by reason, against the line's last draw."""
    ground = read_groundwork(session, **wish_of(session, draft, at=at).asked)
    tally = tally_for(session, draft, ground, at=at)
    strata, regions = tally.open_by(1), tally.open_by(0)
    names = region_names(session, regions)
    drawable = sum(left for _size, left in strata.values())
    in_force = {item.code: item for item in registry.items_in_force(session, on=ground.on)}
    return ScopeReport(
        filter=ground.filter_text,
        on=ground.on,
        size=sum(size for size, _left in strata.values()),
        drawable=drawable,
        excluded=reason_counts(tally.reasons()),
        regions=[Count(code, names[code], *counts) for code, counts in regions.items()],
        strata=[Count(code, code, *strata[code]) for code in _in_order(ground, strata)],
        items=[ItemLine(code, in_force[code].name, in_force[code].key) for code in ground.items],
        last=_last_time(session, ground, drawable),
        counted_at=tally.counted_at,
    )


def _in_order(ground: Groundwork, strata: Iterable[str]) -> list[str]:
    ordered = [quota["stratum"] for quota in ground.rules["strata"]["quotas"]]
    return [stratum for stratum in ordered if stratum in set(strata)]


def _last_time(session: Session, ground: Groundwork, drawable: int) -> LastTime | None:
    told = queries.last_time(
        session,
        body_id=ground.body_id,
        line=ground.number,
        items=ground.items,
        filter_text=ground.filter_text,
    )
    if not told:
        return None
    return LastTime(
        told["number"],
        datetime.fromisoformat(told["due"]),
        told["subjects"],
        told["open"],
        told["open"] - drawable,
        told["excluded"],
        told["same_filter"],
    )


def strata_report(session: Session, draft: Draft, *, at: datetime) -> StrataReport:
    """What the rules prescribe for each stratum and what it comes to, with the counts they stand on."""
    wish = wish_of(session, draft, at=at)
    ground = read_groundwork(session, **wish.asked)
    tally = tally_for(session, draft, ground, at=at)
    counts = tally.counts()
    records = inspector_records(session, ground, []).records
    dealt = sum(
        len(record.get("members", "1"))
        for record in records
        if "excluded" not in record and record["department"] != EXPERT
    )
    taken = {row["id"]: row for row in rulebook.strata_of(ground.asked_rules, counts, inspectors=dealt)}
    rows = [
        StratumRow(
            id=stratum,
            name=stratum,
            prescribed=dict(rulebook.quota_for(ground.rules, stratum)),
            size=taken[stratum]["size"],
            excluded=taken[stratum]["excluded"],
            take=taken[stratum]["take"],
        )
        for stratum in _in_order(ground, taken)
    ]
    take = sum(row.take for row in rows)
    return StrataReport(
        rows=rows,
        take=take,
        eligible=sum(row.eligible for row in rows),
        inspectors=dealt,
        whole=ground.whole,
        whole_allowed=ground.all_key,
        batches=sizes_of(wish.batches, take) if ground.whole else [],
        counted_at=tally.counted_at,
    )
