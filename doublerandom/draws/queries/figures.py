"""Figures of offices and years, all public; and the requests to replace that wait for somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from doublerandom.accounts import queries as accounts
from doublerandom.clock import local
from doublerandom.draws.models import Draw, DrawStatus, Replacement, ReplacementKind
from doublerandom.draws.queries.desk import in_sight
from doublerandom.draws.queries.records import IN_WORK, PUBLIC
from doublerandom.draws.queries.replacements import WAITING

_KINDS: Final[Mapping[ReplacementKind, str]] = {
    ReplacementKind.SUBJECT: "subjects",
    ReplacementKind.INSPECTOR: "inspectors",
    ReplacementKind.DIRECT: "direct",
}


@dataclass(frozen=True)
class OfficeYear:
    """What an office's draws of a year (of `due`, in Asia/Shanghai) came to; rehearsals are left out."""

    body_id: int
    year: int
    draws: int = 0
    tasks: int = 0
    empty: int = 0
    voids: int = 0
    failures: int = 0
    subjects: int = 0
    """Subjects that were replaced."""
    inspectors: int = 0
    """Inspectors that were replaced in order, or seats filled so."""
    direct: int = 0
    """Inspectors that were assigned directly."""


def office_years(session: Session) -> list[OfficeYear]:
    """The figures of every office and year with a logged draw, the latest year first, then by office."""
    replaced = _replaced(session)
    found: dict[tuple[int, int], OfficeYear] = {}
    columns = (Draw.id, Draw.body_id, Draw.due, Draw.status, Draw.tasks, Draw.empty)
    statement = sa_select(*map(col, columns)).where(col(Draw.seq) > 0, col(Draw.status).in_(PUBLIC))
    for number, body, due, status, tasks, empty in session.execute(statement.order_by(col(Draw.id))):
        key = (body, local(due).year)
        row = found.setdefault(key, OfficeYear(*key))
        stands = status in IN_WORK
        counts = replaced.get(number or 0, {})
        found[key] = replace(
            row,
            draws=row.draws + 1,
            tasks=row.tasks + (tasks if stands else 0),
            empty=row.empty + (empty if stands else 0),
            voids=row.voids + (status is DrawStatus.VOIDED),
            failures=row.failures + (status is DrawStatus.FAILED),
            subjects=row.subjects + counts.get("subjects", 0),
            inspectors=row.inspectors + counts.get("inspectors", 0),
            direct=row.direct + counts.get("direct", 0),
        )
    return sorted(found.values(), key=lambda row: (-row.year, row.body_id))


def _replaced(session: Session) -> dict[int, dict[str, int]]:
    """How often what was replaced, by the draw's row."""
    statement = (
        sa_select(col(Replacement.draw_id), col(Replacement.kind), func.count())
        .where(col(Replacement.n).is_not(None))
        .group_by(col(Replacement.draw_id), col(Replacement.kind))
        .order_by(col(Replacement.draw_id), col(Replacement.kind))
    )
    found: dict[int, dict[str, int]] = {}
    for draw, kind, number in session.execute(statement):
        found.setdefault(draw, {})[_KINDS[kind]] = number
    return found


def replacement_counts(session: Session, draw: Draw) -> dict[str, int]:
    """How many subjects and inspectors were replaced in a draw, and how many assigned directly."""
    return {"subjects": 0, "inspectors": 0, "direct": 0} | _replaced(session).get(draw.id or 0, {})


def replacements_waiting(session: Session, *, sight: accounts.Sight) -> list[tuple[Replacement, Draw]]:
    """The requests that wait in draws in sight, oldest first."""
    statement = (
        select(Replacement, Draw)
        .join(Draw, col(Draw.id) == col(Replacement.draw_id))
        .where(col(Replacement.state).in_(WAITING), in_sight(session, sight))
        .order_by(col(Replacement.at), col(Replacement.id))
    )
    return [(row, draw) for row, draw in session.exec(statement)]
