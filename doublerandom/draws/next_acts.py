"""The one act that a draw waits for next, who does it, and until when."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from doublerandom.draws import plans, queries
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.services import may_reveal, why_not_signable
from doublerandom.draws.services.signing import why_lapsed
from doublerandom.errors import DoubleRandomError


@dataclass(frozen=True)
class NextAct:
    """
    What comes next.

    `kind`: commit, sign, too_late, anew (it is prepared anew: `why`), countersign, lapsed, void, hand_in,
    values, wait, run, reveal, visits, would_be, supersede or nothing. `lacking` as `queries.lacking`, or the
    parties that are waited for.
    """

    kind: str
    deadline: datetime | None = None
    lacking: list[str] = field(default_factory=list)
    why: DoubleRandomError | None = None


def next_act(session: Session, draw: Draw, *, at: datetime) -> NextAct:
    """What a draw waits for at a time."""
    if draw.status in {DrawStatus.COMMITTED, DrawStatus.DRAWN} and queries.void_of(session, draw):
        return NextAct("void", draw.due if draw.due > at else draw.reveal_by)
    match draw.status:
        case DrawStatus.PREPARED:
            found = _before_signing(session, draw, at)
        case DrawStatus.SIGNED:
            found = NextAct("lapsed" if why_lapsed(session, draw, at) else "countersign", draw.due)
        case DrawStatus.COMMITTED:
            found = _committed(session, draw, at)
        case DrawStatus.DRAWN:
            found = NextAct("reveal" if may_reveal(session, draw, at) else "visits", draw.reveal_by)
        case DrawStatus.REVEALED:
            found = NextAct("nothing")
        case _:
            found = _ended(session, draw)
    return found


def _before_signing(session: Session, draw: Draw, at: datetime) -> NextAct:
    deadline = draw.due - plans.LEAD
    if at > deadline:
        return NextAct("too_late", deadline)
    if why := why_not_signable(session, draw, at=at):
        return NextAct("anew", why=why)
    parties = queries.unsigned_parties(session, draw, at=at)
    return NextAct("commit" if parties else "sign", deadline, parties)


def _committed(session: Session, draw: Draw, at: datetime) -> NextAct:
    """Secrets and values, as soon as they may come; then the hour."""
    lacking, plan = queries.lacking(session, draw), queries.plan_of(draw)
    secrets = [each for each in lacking if not each.startswith("source ")]
    if secrets:
        return NextAct("hand_in", draw.result_by, secrets)
    numbers = [int(each.removeprefix("source ")) for each in lacking]
    open_now = [n for n in numbers if plans.window(plan, n)[0] <= at]
    if open_now:
        last = min(plans.window(plan, n)[1] for n in open_now)
        return NextAct("values", last, [f"source {n}" for n in open_now])
    return NextAct("wait" if at < draw.due else "run", draw.due if at < draw.due else draw.result_by, lacking)


def _ended(session: Session, draw: Draw) -> NextAct:
    """What a voided or failed draw still owes: its values, then a draw that supersedes it."""
    lacking = queries.lacking(session, draw) if draw.revealed_at is None and not draw.result_root else []
    if draw.rehearsal or queries.superseded_by(session, draw.number):
        return NextAct("nothing")
    return NextAct("would_be" if lacking else "supersede", None, lacking)
