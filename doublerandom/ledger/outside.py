"""What the log owes to people outside the office: witnesses, stamps, the trail's head; done by the jobs."""

from datetime import datetime

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.ledger.stamps import stamp_plans
from doublerandom.ledger.trail_heads import note_trail_head
from doublerandom.ledger.witnessing import Asked, ask_witnesses


def reach_outside(session: Session, settings: Settings, at: datetime) -> list[Asked]:
    """
    Note the trail's head (once a day), have the newest checkpoint cosigned, and stamped for a plan.

    Done again, it finds nothing to do until the log has grown. Whom it waits for answers within
    `settings.outside_seconds` or is left alone for a while, so that draws are not kept waiting.

    Raises:
        OutsideSettingError: A setting does not hold.
    """
    noted = note_trail_head(session, settings, at)
    done = [] if noted is None else [Asked("trail", noted, "noted")]
    done += ask_witnesses(session, settings=settings, at=at)
    return done + stamp_plans(session, settings=settings, at=at)
