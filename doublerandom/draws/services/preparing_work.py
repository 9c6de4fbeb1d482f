"""The work on a draft in the background: pre-flight, then the draw itself; again where it broke off."""

from collections.abc import Mapping
from datetime import datetime
from threading import Thread
from time import monotonic
from typing import Any, Final

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from doublerandom import clock
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.draws import queries
from doublerandom.draws.acts import DraftSimulated
from doublerandom.draws.errors import DraftClosedError, NotWorkingError, WorkStoppedError
from doublerandom.draws.models import Draft, DraftState
from doublerandom.draws.preflight import SHOWN
from doublerandom.draws.services.drafting import add_try, end_work
from doublerandom.draws.services.freezing import Listener
from doublerandom.draws.services.groundwork import read_groundwork
from doublerandom.draws.services.helping import helps_for
from doublerandom.draws.services.preparing import Known, Ready, prepare_wish, worked_out
from doublerandom.draws.services.tallies import wish_of
from doublerandom.error_words import Code, Moment
from doublerandom.errors import DoubleRandomError
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry.claims import Claim, is_claimed

log = structlog.get_logger("doublerandom.draws")

PREFLIGHT, PREPARE = "preflight", "prepare"
ENOUGH, CANCEL = "enough", "cancel"
INTERRUPTED, UNEXPECTED = "interrupted", "unexpected"
_PLACE: Final = "drafts"
_EVERY: Final = 1.0
"""Seconds between two looks at the row: to tell how far it is, to read whether to stop."""
_SHARES: Final[Mapping[str, tuple[int, int]]] = {
    "freezing": (0, 30),
    "simulating": (30, 95),
    "writing": (95, 100),
}


def preflight_in_background(engine: Engine, settings: Settings, draft_id: int, *, by: str) -> bool:
    """
    Begin a draft's pre-flight; False where somebody works on the draft already.

    It freezes the pools as a draw would, simulates draws and tells what comes of it; no draw is made. In
    tests it is done at once. A process that ends leaves nothing behind but a draft to be begun again.

    Raises:
        DraftClosedError: The draft has become a draw, or was given up.
    """
    return _begin(engine, settings, draft_id, PREFLIGHT, by)


def prepare_in_background(engine: Engine, settings: Settings, draft_id: int, *, by: str) -> bool:
    """As `preflight_in_background`, but the draw is made; simulated anew only where the pools differ."""
    return _begin(engine, settings, draft_id, PREPARE, by)


def is_working(settings: Settings, draft_id: int) -> bool:
    """Whether somebody works on the draft at this moment."""
    return is_claimed(settings, draft_id, place=_PLACE)


def _begin(engine: Engine, settings: Settings, draft_id: int, phase: str, by: str) -> bool:
    claim = Claim(settings, draft_id, place=_PLACE)
    if not claim.taken:
        claim.release()
        return False
    try:
        with Session(engine) as session:
            _start(session, draft_id, phase, at=clock.now())
    except BaseException:
        claim.release()
        raise
    if settings.testing:
        work(engine, settings, draft_id, claim, by=by)
    else:
        Thread(target=work, args=(engine, settings, draft_id, claim), kwargs={"by": by}).start()
    return True


def _start(session: Session, draft_id: int, phase: str, *, at: datetime) -> None:
    with transaction(session):
        draft = queries.draft_for_update(session, draft_id)
        if draft.state not in {DraftState.OPEN, DraftState.WORKING}:
            raise DraftClosedError(id=draft_id, state=draft.state.value)
        told = {name: value for name, value in draft.told.items() if name not in {"refusal", "stop"}}
        draft.told = {**told, "phase": phase, "stage": "freezing", "done": 0, "of": 0}
        draft.state, draft.progress, draft.changed_at = DraftState.WORKING, 0, at


def work(engine: Engine, settings: Settings, draft_id: int, claim: Claim, *, by: str) -> None:
    """Do what the draft's row says; what goes wrong is told in it."""
    with claim:
        try:
            with Session(engine) as session:
                _carry_on(session, engine, settings, draft_id, by)
        except DoubleRandomError as error:
            _refuse(engine, settings, draft_id, error)
        except (
            Exception
        ):  # a disk that fails, a database that closes: the page must say that nothing was made
            log.exception("preparation failed", draft=draft_id)
            _refused(engine, draft_id, {"code": UNEXPECTED, "params": {}, "helps": []})


def _carry_on(session: Session, engine: Engine, settings: Settings, draft_id: int, by: str) -> None:
    at = clock.now()
    draft = queries.draft(session, draft_id)
    told = dict(draft.told)
    wish = wish_of(session, draft, at=at, simulations=SHOWN)
    listener = _Teller(engine, draft_id)
    if told["phase"] == PREFLIGHT:
        with worked_out(session, wish, settings=settings, at=at, listener=listener) as ready:
            session.rollback()
            _simulated(engine, draft_id, ready, by)
        return
    known = Known(told["pools"], told["preflight"]["simulated"]) if "pools" in told else None
    prepare_wish(
        session, wish, settings=settings, by=by, at=at, listener=listener, known=known, draft_id=draft_id
    )


def _simulated(engine: Engine, draft_id: int, ready: Ready, by: str) -> None:
    """The pre-flight is over; that these pools were looked at stays on record, whatever comes of it."""
    item, at = ready.plan["annual_item"], clock.now()
    with Session(engine) as session, transaction(session):
        draft = queries.draft_for_update(session, draft_id)
        add_try(draft, item, ready.pools)
        end_work(draft, {"preflight": ready.told, "pools": ready.pools}, at=at)
        act = DraftSimulated(on_id=str(draft_id), annual_item=item, tries=len(draft.told["tries"]))
        put_on_record(session, act, by=by, at=at)


class _Teller(Listener):
    """Tells in the draft's row how far the work is, and reads there whether to stop; once a second."""

    def __init__(self, engine: Engine, draft_id: int) -> None:
        self._engine, self._draft_id = engine, draft_id
        self._stage, self._looked = "", 0.0

    def freezing(self, done: int, of: int) -> None:
        self._tell("freezing", done, of)

    def simulating(self, done: int, of: int) -> bool:
        return self._tell("simulating", done, of) != ENOUGH

    def writing(self) -> None:
        self._tell("writing", 0, 0)

    def _tell(self, stage: str, done: int, of: int) -> str:
        """What the row says of stopping; raises WorkStoppedError where the planner stopped the work."""
        if stage == self._stage and monotonic() - self._looked < _EVERY:
            return ""
        self._stage, self._looked = stage, monotonic()
        with Session(self._engine) as session, transaction(session):
            draft = queries.draft_for_update(session, self._draft_id)
            draft.told = {**draft.told, "stage": stage, "done": done, "of": of}
            first, last = _SHARES[stage]
            draft.progress = first + (last - first) * done // of if of else first
            stop = str(draft.told.get("stop", ""))
        if stop == CANCEL:
            raise WorkStoppedError
        return stop


def _refuse(engine: Engine, settings: Settings, draft_id: int, error: DoubleRandomError) -> None:
    """Tell in the row why not, and what would help."""
    with Session(engine) as session:
        try:
            draft = queries.draft(session, draft_id)
            asked = wish_of(session, draft, at=clock.now()).asked
            helps = helps_for(session, error, read_groundwork(session, **asked))
        except DoubleRandomError:  # what cannot even be read cannot be helped
            helps = []
    params = {name: _plain(value) for name, value in error.params.items()}
    _refused(engine, draft_id, {"code": error.code, "params": params, "helps": helps})
    log.info("preparation refused", draft=draft_id, code=error.code, origin=settings.log_origin)


def _plain(value: Any) -> Any:
    """A parameter as JSON keeps it: codes and times in both languages."""
    if isinstance(value, Code | Moment):
        return [f"{value:zh}", f"{value:en}"]
    return value if isinstance(value, int | list) else str(value)


def _refused(engine: Engine, draft_id: int, refusal: Mapping[str, Any]) -> None:
    """The work is over without anything made: why stands in the row; a draw that was made stays one."""
    with Session(engine) as session, transaction(session):
        draft = queries.draft_for_update(session, draft_id)
        if draft.state is DraftState.WORKING:
            end_work(draft, {"refusal": refusal}, at=clock.now())


def enough(session: Session, draft_id: int, *, by: str, at: datetime) -> Draft:
    """Go on with what has been simulated so far; the pre-flight says how many draws that is."""
    return _stop(session, draft_id, ENOUGH, by, at)


def stop_work(session: Session, draft_id: int, *, by: str, at: datetime) -> Draft:
    """Stop the work on a draft: nothing is made, and it is open again once the work has noticed."""
    return _stop(session, draft_id, CANCEL, by, at)


def _stop(session: Session, draft_id: int, word: str, by: str, at: datetime) -> Draft:
    with transaction(session):
        draft = queries.draft_for_update(session, draft_id)
        if draft.state is not DraftState.WORKING:
            raise NotWorkingError(id=draft_id)
        draft.told = {**draft.told, "stop": word, "stopped_by": by}
        draft.changed_at = at
    return draft


def recover_drafts(engine: Engine, settings: Settings) -> int:
    """Open again the drafts that say they are worked on while nobody does; how many there were."""
    with Session(engine) as session:
        working = queries.drafts_in_sight(session, below="", states=(DraftState.WORKING,))
        numbers = [draft.id for draft in working if draft.id is not None]
    return sum(_recovered(engine, settings, number) for number in numbers)


def _recovered(engine: Engine, settings: Settings, draft_id: int) -> bool:
    """Open a draft again under its claim: work that ended or began since it was looked up is left alone."""
    with Claim(settings, draft_id, place=_PLACE) as claim, Session(engine) as session:
        if not claim.taken or queries.draft(session, draft_id).state is not DraftState.WORKING:
            return False
        session.rollback()
        _refused(engine, draft_id, {"code": INTERRUPTED, "params": {}, "helps": []})
    return True
