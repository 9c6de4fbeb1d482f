"""The scope of a draft, counted as a draw would freeze it: by region, stratum and reason."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import Record
from doublerandom.draws import queries
from doublerandom.draws.exclusions import reason_name
from doublerandom.draws.models import Draft
from doublerandom.draws.services.groundwork import UNKNOWN_REGION, Groundwork
from doublerandom.draws.wishes import Wish, wish_of_draft
from doublerandom.registry import queries as registry
from doublerandom.registry import rules as rulebook
from doublerandom.registry.names import INSPECTOR_REASONS


@dataclass(frozen=True)
class ReasonCount:
    """How many stay undrawn, or undealt, for one reason."""

    code: str
    name: str
    count: int


@dataclass
class Tally:
    """The scope counted: by region, stratum and reason."""

    ground: Groundwork
    cells: Counter[tuple[str, str, str]]
    counted_at: datetime | None = None
    """When, where it was not counted just now."""

    def counts(self) -> dict[str, tuple[int, int]]:
        """For each stratum its size, and of those excluded."""
        found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for (_region, stratum, reason), number in self.cells.items():
            found[stratum][0] += number
            found[stratum][1] += number if reason else 0
        return {stratum: (size, out) for stratum, (size, out) in found.items()}

    def reasons(self) -> dict[str, int]:
        """How many are excluded for each reason."""
        found: Counter[str] = Counter()
        for (_region, _stratum, reason), number in self.cells.items():
            found[reason] += number
        del found[""]
        return dict(found)

    def open_by(self, place: int) -> dict[str, tuple[int, int]]:
        """For each region (0) or stratum (1) its size, and of those whoever can be drawn."""
        found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for cell, number in self.cells.items():
            found[cell[place]][0] += number
            found[cell[place]][1] += 0 if cell[2] else number
        return {code: (size, left) for code, (size, left) in sorted(found.items())}


def wish_of(session: Session, draft: Draft, *, at: datetime, simulations: int = 0) -> Wish:
    """What a draft says; where it does not say when, the usual hour."""
    body = accounts.body_by_id(session, draft.body_id)
    line = registry.plan_line_by_id(session, draft.plan_line_id)
    return wish_of_draft(
        draft.wish,
        body=body.token,
        plan_line=line.number,
        rehearsal=draft.rehearsal,
        due=queries.usual_hour(session, rehearsal=draft.rehearsal, at=at),
        simulations=simulations,
    )


def tally_of(session: Session, ground: Groundwork) -> Tally:
    """
    The scope as a draw of this ground would freeze it, counted by the database in groups of like facts.

    Manual exclusions are taken one by one: they are few.
    """
    cells: Counter[tuple[str, str, str]] = Counter()
    asked: dict[str, Any] = {
        "body": ground.body,
        "filter_text": ground.filter_text,
        "on": ground.on,
        "caps": ground.rules["caps"],
        "items": ground.items,
    }
    for facts, number in registry.scope_groups(session, **asked):
        stratum, reason = rulebook.verdict_of(ground.rules, facts, on=ground.on)
        cells[facts.region or UNKNOWN_REGION, stratum, reason] += number
    for row in registry.rows_in_scope(session, sorted(ground.manual), **asked):
        stratum, reason = rulebook.verdict_of(ground.rules, row, on=ground.on)
        if not reason:
            cells[row.region or UNKNOWN_REGION, stratum, ""] -= 1
            cells[row.region or UNKNOWN_REGION, stratum, ground.manual[row.code]] += 1
    return Tally(ground, +cells)


def reason_counts(counts: dict[str, int]) -> list[ReasonCount]:
    """Reasons in words, the commonest first."""
    rows = [ReasonCount(code, reason_name(code), number) for code, number in counts.items()]
    return sorted(rows, key=lambda row: (-row.count, row.code))


def inspector_reason_counts(records: Iterable[Record]) -> list[ReasonCount]:
    """Why inspectors are not dealt, in words, the commonest first."""
    counts = Counter(record["excluded"] for record in records if "excluded" in record)
    rows = [ReasonCount(code, str(INSPECTOR_REASONS.get(code, code)), n) for code, n in counts.items()]
    return sorted(rows, key=lambda row: (-row.count, row.code))


def region_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names of regions as the pools have them; the unknown one too."""
    wanted = sorted(set(codes))
    found = accounts.region_names(session, wanted)
    return {code: _("区划不明") if code == UNKNOWN_REGION else found.get(code, code) for code in wanted}
