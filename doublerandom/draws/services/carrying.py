"""A void or failure frees nobody: whom the draw that supersedes an ended one carries over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.canon import Record
from doublerandom.dr1.pools import SubjectPool
from doublerandom.draws import queries
from doublerandom.draws.errors import SupersedesError
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.outcomes import never_known
from doublerandom.draws.services.groundwork import Groundwork
from doublerandom.registry import queries as registry


@dataclass(frozen=True)
class Carrying:
    """Whom a plan carries over, ascending; how many were drawn then, and how many the reason touched."""

    codes: list[str]
    drawn: int
    touched: int

    def told(self) -> dict[str, Any]:
        """What the pre-flight says of it; names nobody."""
        return {"drawn": self.drawn, "touched": self.touched, "carried": len(self.codes)}


def carry_over(
    session: Session,
    superseded: str,
    ground: Groundwork,
    pool: SubjectPool,
    strata: list[Record],
    *,
    settings: Settings,
    at: datetime,
) -> Carrying:
    """
    The ids that a void or failure does not free: drawn then, open in this pool, not touched.

    Touched are those that the void's request named and its confirmation, by another person, repeated. Of a
    stratum that takes fewer than are owed, those drawn first.

    Raises:
        SupersedesError: The old draw has not ended (`status`), is of another line (`line`), is superseded
            already (`superseded`), its list can still be known (`randomness`), or who meets its condition is
            left out by this one's (`scope`).
    """
    old = queries.draw(session, superseded)
    _refuse(session, old, ground, settings=settings, at=at)
    drawn = queries.drawn_codes(session, old)
    touched = set(drawn) & _touched(session, old)
    owed = [code for code in drawn if code not in touched]
    _refuse_narrowing(session, ground, pool, owed, old)
    room = {stratum["id"]: stratum["take"] for stratum in strata}
    kept = []
    for code in owed:
        position = pool.position(code)
        if position is None or pool.excluded[position]:
            continue
        stratum = pool.strata[pool.stratum_codes[position]]
        if room[stratum]:
            room[stratum] -= 1
            kept.append(code)
    return Carrying(sorted(kept, key=str.encode), len(drawn), len(touched))


def _refuse(session: Session, old: Draw, ground: Groundwork, *, settings: Settings, at: datetime) -> None:
    ended = old.status in {DrawStatus.VOIDED, DrawStatus.FAILED}
    if old.body_id != ground.body_id or not ended or not old.seq:
        raise SupersedesError(draw=old.number, why="status")
    if queries.line_of(session, old) != ground.number:
        raise SupersedesError(draw=old.number, why="line")
    if queries.superseded_by(session, old.number):
        raise SupersedesError(draw=old.number, why="superseded")
    if not old.result_root and not never_known(session, old, settings, at=at):
        raise SupersedesError(draw=old.number, why="randomness")


def _touched(session: Session, old: Draw) -> set[str]:
    """The codes that the void's two persons named; a failed draw has none."""
    void = queries.void_of(session, old)
    return set(void.touched) if void is not None and void.confirmed_at is not None else set()


def _refuse_narrowing(
    session: Session, ground: Groundwork, pool: SubjectPool, owed: list[str], old: Draw
) -> None:
    """Nobody is freed by a narrower scope: who meets the old condition still stands in the new pool too."""
    missing = {code for code in owed if pool.position(code) is None}
    before = queries.plan_of(old)["filter"]
    if not missing or before == ground.filter_text:
        return
    scope = registry.subjects_in_scope(session, body=ground.body, filter_text=before, on=ground.on)
    if missing.intersection([row.code for row in scope]):  # read to its end: a stream left open warns
        raise SupersedesError(draw=old.number, why="scope")
