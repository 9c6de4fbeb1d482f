"""Tallies of large scopes: counted in the background, kept in the draft's row for ten minutes."""

from collections import Counter
from datetime import datetime, timedelta
from threading import Thread
from typing import Any, Final

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from doublerandom import clock
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H, canon
from doublerandom.draws import queries
from doublerandom.draws.models import Draft
from doublerandom.draws.services.groundwork import Groundwork, read_groundwork
from doublerandom.draws.services.tallies import Tally, tally_of, wish_of
from doublerandom.registry import queries as registry
from doublerandom.registry import rules as rulebook
from doublerandom.registry.claims import Claim

log = structlog.get_logger("doublerandom.draws")

LARGE: Final = 50_000
"""Above so many subjects in the pool of the body, nobody waits at a page for the count."""
FRESH: Final = timedelta(minutes=10)
_PLACE: Final = "tallies"


def tally_for(session: Session, draft: Draft, ground: Groundwork, *, at: datetime) -> Tally:
    """The scope of a draft counted: as it was kept, if that is fresh and of the same wish; else now."""
    kept = _kept(draft, ground, at)
    if kept is None:
        return tally_of(session, ground)
    cells = Counter({(region, stratum, reason): n for region, stratum, reason, n in kept["cells"]})
    return Tally(ground, cells, datetime.fromisoformat(kept["at"]))


def tally_awaited(
    session: Session, engine: Engine, settings: Settings, draft: Draft, *, at: datetime
) -> bool:
    """
    Whether the count of a large scope is still to come; it has been begun then. In tests it is done at once.

    Raises:
        DoubleRandomError: The draft's wish cannot be read, see `read_groundwork`.
    """
    ground = read_groundwork(session, **wish_of(session, draft, at=at).asked)
    if _kept(draft, ground, at) or not registry.pool_exceeds(session, LARGE, body=ground.body, on=ground.on):
        return False
    assert draft.id is not None
    claim = Claim(settings, draft.id, place=_PLACE)
    if not claim.taken:
        claim.release()
        return True
    if settings.testing:
        _count(engine, draft.id, ground, claim)
    else:
        Thread(target=_count, args=(engine, draft.id, ground, claim)).start()
    return True


def _count(engine: Engine, draft_id: int, ground: Groundwork, claim: Claim) -> None:
    with claim:
        try:
            with Session(engine) as session:
                cells = [[*cell, number] for cell, number in sorted(tally_of(session, ground).cells.items())]
                session.rollback()
                _keep(session, draft_id, _key(ground), cells, at=clock.now())
        except Exception:  # a database that closes: the page asks again
            log.exception("count failed", draft=draft_id)


def _keep(session: Session, draft_id: int, key: str, cells: list[Any], *, at: datetime) -> None:
    with transaction(session):
        draft = queries.draft_for_update(session, draft_id)
        fresh = {
            known: tally for known, tally in draft.told.get("tallies", {}).items() if _is_fresh(tally, at)
        }
        tally = {"at": at.isoformat(), "cells": cells}
        draft.told = {**draft.told, "tallies": {**fresh, key: tally}}


def count_again(session: Session, draft_id: int) -> Draft:
    """Forget what was counted for a draft, so that its pages count anew."""
    with transaction(session):
        draft = queries.draft_for_update(session, draft_id)
        draft.told = {name: value for name, value in draft.told.items() if name != "tallies"}
    return draft


def _kept(draft: Draft, ground: Groundwork, at: datetime) -> dict[str, Any] | None:
    tally: dict[str, Any] | None = draft.told.get("tallies", {}).get(_key(ground))
    return tally if tally is not None and _is_fresh(tally, at) else None


def _is_fresh(tally: dict[str, Any], at: datetime) -> bool:
    return at - datetime.fromisoformat(tally["at"]) < FRESH


def _key(ground: Groundwork) -> str:
    """What a tally was counted for."""
    about = {
        "body": ground.body.token,
        "filter": ground.filter_text,
        "on": ground.on.isoformat(),
        "items": list(ground.item_versions),
        "rules": rulebook.digest_of(ground.rules),
        "manual": [list(pair) for pair in sorted(ground.manual.items())],
    }
    return H(canon(about).decode())
