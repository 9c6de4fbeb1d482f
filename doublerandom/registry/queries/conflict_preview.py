"""Which pairs the rules would make between the pools of a body, and which subjects would be left thin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from doublerandom.accounts.queries import Body, region_subtree_prefix
from doublerandom.registry import rules as rulebook
from doublerandom.registry.models import Subject
from doublerandom.registry.queries.conflicts import conflict_options, conflict_pairs
from doublerandom.registry.queries.inspectors import InspectorRow, inspectors_for
from doublerandom.registry.queries.subjects import chunks, scope_parts
from doublerandom.registry.rules import Pair


class GroundCount(NamedTuple):
    """How many pairs a ground makes, for how many subjects and inspectors, and how many are waived."""

    ground: str
    hard: bool
    pairs: int
    subjects: int
    inspectors: int
    waived: int


class ThinSubject(NamedTuple):
    """A subject that keeps fewer inspectors than it should; `seats_short`: fewer than a team has seats."""

    code: str
    name: str
    region: str
    eligible: int
    left: int
    seats_short: bool


class ThinRegion(NamedTuple):
    """A region all of whose subjects are thin, conflicts aside."""

    region: str
    subjects: int
    eligible: int
    seats_short: bool


@dataclass(frozen=True)
class ConflictPreview:
    """What the grounds would make; nothing is kept of it."""

    seats: int
    soft_needs: int
    subjects: int
    inspectors: int
    grounds: list[GroundCount]
    pairs: list[tuple[Pair, bool]]
    """Every pair that a ground makes, and whether it would stand (a waived one would not)."""
    names: dict[str, str]
    """Names of the subjects that the pairs name."""
    thin: list[ThinSubject]
    thin_regions: list[ThinRegion]

    @property
    def standing(self) -> int:
        """How many pairs would be kept apart, each counted once however many its grounds."""
        return len({(pair.inspector, pair.subject) for pair, stands in self.pairs if stands})

    @property
    def waived(self) -> int:
        """How many soft pairs would be waived."""
        apart = {(pair.inspector, pair.subject) for pair, stands in self.pairs if stands}
        return len({(pair.inspector, pair.subject) for pair, _ in self.pairs} - apart)


def conflict_preview(
    session: Session,
    *,
    body: Body,
    rules: Mapping[str, Any],
    filter_text: str,
    on: date,
    shown_at: datetime | None = None,
) -> ConflictPreview:
    """
    The pairs that the rules would make for a draw of this body on that day, read-only.

    Only subjects with status active count. Whoever may take any seat of the rules' team counts as eligible.

    Args:
        session: Where to read.
        body: Who would draw.
        rules: A complete rule set object, in force or a draft.
        filter_text: Scope; empty: the whole pool.
        on: The day.
        shown_at: Without the conflicts that are withheld at that moment; None: with all.

    Raises:
        BadFilterError, UnknownFilterFieldError: The scope cannot be read.
    """
    _, in_scope = scope_parts(session, body=body, filter_text=filter_text, on=on)
    condition = in_scope & (col(Subject.status) == "active")
    counts = _subjects_by_region(session, condition)
    pool = [row for row in _inspectors(session, body, rules, on) if not row.excluded]
    eligible = _Eligible(pool, rules["team"])
    pairs = conflict_pairs(
        session,
        subject_ids=None,
        inspector_ids=[row.id for row in pool],
        on=on,
        shown_at=shown_at,
        **conflict_options(rules),
    )
    known = _subjects_of(session, condition, sorted({pair.subject for pair in pairs}))
    judged = [
        pair._replace(hard=rulebook.is_hard(rules, pair.ground, declared_hard=pair.hard))
        for pair in pairs
        if pair.subject in known
    ]
    kept, _ = rulebook.kept_pairs(rules, judged, eligible=lambda code: eligible.of(known[code][1]))
    apart = {(pair.inspector, pair.subject) for pair in kept}
    shown = [(pair, (pair.inspector, pair.subject) in apart) for pair in judged]
    seats, needed = len(rules["team"]), rules["conflicts"]["soft_needs"]
    return ConflictPreview(
        seats=seats,
        soft_needs=needed,
        subjects=sum(counts.values()),
        inspectors=len(pool),
        grounds=_grounds(shown),
        pairs=shown,
        names={code: name for code, (name, _) in known.items()},
        thin=_thin(apart, known, eligible, seats, needed),
        thin_regions=_thin_regions(counts, eligible, seats, needed),
    )


class _Eligible:
    """Who may take any seat of a team in a region, conflicts aside; computed once per region."""

    def __init__(self, pool: Sequence[InspectorRow], team: Sequence[Mapping[str, Any]]) -> None:
        self._fit = [row for row in pool if any(_fits(row, seat) for seat in team)]
        self._by_region: dict[str, frozenset[str]] = {}

    def of(self, region: str) -> frozenset[str]:
        if region not in self._by_region:
            self._by_region[region] = frozenset(
                row.certificate for row in self._fit if _covers(row.regions, region)
            )
        return self._by_region[region]


def _fits(row: InspectorRow, seat: Mapping[str, Any]) -> bool:
    named = seat.get("department") in (None, row.department)
    return named and set(seat.get("skills", ())) <= set(row.skills)


def _covers(own: Sequence[str], region: str) -> bool:
    return not own or region.startswith(tuple(region_subtree_prefix(code) for code in own))


def _inspectors(session: Session, body: Body, rules: Mapping[str, Any], on: date) -> list[InspectorRow]:
    """The inspectors of the lines of work that the seats name, as a draw of the own line finds them."""
    named = [seat["department"] for seat in rules["team"] if "department" in seat]
    lines = named if len(named) == len(rules["team"]) else [body.line, *named]
    return inspectors_for(session, lines=lines, region=body.region, on=on)


def _subjects_by_region(session: Session, condition: ColumnElement[bool]) -> dict[str, int]:
    statement = sa_select(col(Subject.region), func.count()).where(condition).group_by(col(Subject.region))
    return dict(session.execute(statement.order_by(col(Subject.region))).all())


def _subjects_of(
    session: Session, condition: ColumnElement[bool], codes: list[str]
) -> dict[str, tuple[str, str]]:
    """Name and region of those of these subjects that are in the scope."""
    found: dict[str, tuple[str, str]] = {}
    columns = (col(Subject.code), col(Subject.name), col(Subject.region))
    for some in chunks(codes):
        rows = session.execute(sa_select(*columns).where(condition, col(Subject.code).in_(some)))
        found.update((code, (name, region)) for code, name, region in rows)
    return found


def _grounds(pairs: Sequence[tuple[Pair, bool]]) -> list[GroundCount]:
    """A line for each ground, the largest first."""
    lines: list[GroundCount] = []
    for ground, hard in sorted({(pair.ground, pair.hard) for pair, _ in pairs}):
        of_ground = [(pair, stands) for pair, stands in pairs if (pair.ground, pair.hard) == (ground, hard)]
        subjects = {pair.subject for pair, _ in of_ground}
        inspectors = {pair.inspector for pair, _ in of_ground}
        waived = sum(not stands for _, stands in of_ground)
        lines.append(GroundCount(ground, hard, len(of_ground), len(subjects), len(inspectors), waived))
    return sorted(lines, key=lambda line: -line.pairs)


def _thin(
    apart: set[tuple[str, str]],
    known: Mapping[str, tuple[str, str]],
    eligible: _Eligible,
    seats: int,
    needed: int,
) -> list[ThinSubject]:
    """The subjects that their pairs leave thin, fewest inspectors first."""
    barred: dict[str, set[str]] = {}
    for inspector, subject in apart:
        barred.setdefault(subject, set()).add(inspector)
    found = []
    for code, kept_away in barred.items():
        name, region = known[code]
        may = eligible.of(region)
        left = len(may - kept_away)
        if left < max(seats, needed) and left < len(may):
            found.append(ThinSubject(code, name, region, len(may), left, left < seats))
    return sorted(found, key=lambda thin: (thin.left, thin.code))


def _thin_regions(
    counts: Mapping[str, int], eligible: _Eligible, seats: int, needed: int
) -> list[ThinRegion]:
    found = []
    for region, subjects in counts.items():
        number = len(eligible.of(region))
        if number < max(seats, needed):
            found.append(ThinRegion(region, subjects, number, number < seats))
    return sorted(found, key=lambda thin: (thin.eligible, thin.region))
