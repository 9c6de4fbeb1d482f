"""Drafts: a planner's choices for a draw, step by step, until it is prepared; nothing of them binds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.dr1.beacon import check_source, check_sources, has_drand
from doublerandom.dr1.canon import is_token
from doublerandom.dr1.errors import ProtocolError
from doublerandom.draws import plans, queries
from doublerandom.draws.acts import DraftLeft, DraftOpened, DraftStepConfirmed
from doublerandom.draws.errors import (
    BatchesRefusedError,
    DraftClosedError,
    DueOutsideLineError,
    DueTooSoonError,
    PartiesTooFewError,
    PlanLineNotPublishedError,
    ResultTimeError,
    RevealTimeError,
    SeatsRefusedError,
    SourcesWeakError,
    SupersedesError,
    WrongDrawStateError,
)
from doublerandom.draws.models import Draft, DraftState, DrawStatus
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import filters
from doublerandom.registry import queries as registry
from doublerandom.registry.errors import PlanLineNotFoundError
from doublerandom.registry.rule_shape import EXPERT

STEPS: Final = ("scope", "strata", "team", "when", "preflight")
MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "scope": ("filter", "batch", "supersedes", "title"),
    "strata": ("whole", "batches"),
    "team": ("team", "inspectors", "neighbours", "days"),
    "when": ("due", "randomness", "parties", "closed", "result_by", "reveal_by"),
}
"""Which of a draft's wishes each step settles; one that is not said is by the plan line and the rules."""
TOLD_OF_WORK: Final = ("phase", "stage", "done", "of", "preflight", "pools", "refusal", "stop")
"""What the work in the background told, which holds no longer once something is chosen differently."""
MOST_SEATS: Final = 8
FEWEST_PARTIES: Final = 3
REVEAL_DAYS: Final = 400
_MOST_BATCHES: Final = 1000


def open_draft(
    session: Session, *, body: Body, plan_line: str, rehearsal: bool = False, by: str, at: datetime
) -> Draft:
    """
    Begin to prepare a draw from a line of the body's published plan; what is owed of the line is filled in.

    Raises:
        PlanLineNotPublishedError: The line stands in no published plan of this body.
    """
    with transaction(session):
        assert body.id is not None
        try:
            line = registry.plan_line(session, plan_line, body_id=body.id)
        except PlanLineNotFoundError as error:
            raise PlanLineNotPublishedError(plan_line=plan_line) from error
        assert line.id is not None
        state = queries.line_to_draw(session, line)
        wish: dict[str, Any] = {}
        if not rehearsal:
            wish |= {"batch": state.batch} if state.batch else {}
            wish |= {"supersedes": state.ended[0].number} if state.ended else {}
        draft = Draft(
            body_id=body.id,
            plan_line_id=line.id,
            rehearsal=rehearsal,
            by=by,
            created_at=at,
            changed_at=at,
            wish=wish,
        )
        session.add(draft)
        session.flush()
        act = DraftOpened(on_id=str(draft.id), plan_line=line.number, rehearsal=rehearsal)
        put_on_record(session, act, by=by, at=at, after=draft)
    return draft


def confirm_step(
    session: Session, draft_id: int, step: str, chosen: Mapping[str, Any], *, by: str, at: datetime
) -> Draft:
    """
    Keep what a step settles (see `MEMBERS`; None: by line and rules) and that it was confirmed.

    What was told of the draft before is forgotten where something changes.

    Raises:
        DraftClosedError: It is being worked on, a draw, or given up.
        BadFilterError, UnknownFilterFieldError, SupersedesError: The scope cannot be so.
        BatchesRefusedError, SeatsRefusedError: Strata or team cannot be so.
        DueTooSoonError, DueOutsideLineError, ResultTimeError, RevealTimeError, SourcesWeakError: See there.
        PartiesTooFewError: See there.
    """
    with transaction(session):
        draft = queries.draft_for_update(session, draft_id)
        _require_open(draft)
        said = {name: value for name, value in chosen.items() if name in MEMBERS[step] and value is not None}
        if "filter" in said:
            said["filter"] = filters.canonical(said["filter"])
        _CHECKS[step](session, draft, said, at)
        kept = {name: value for name, value in draft.wish.items() if name not in MEMBERS[step]}
        wish = kept | said
        changes = {
            name: [draft.wish.get(name), wish.get(name)]
            for name in MEMBERS[step]
            if draft.wish.get(name) != wish.get(name)
        }
        before = fingerprint(draft)
        draft.wish, draft.changed_at = wish, at
        draft.confirmed = [name for name in STEPS if name in {*draft.confirmed, step}]
        if changes:
            draft.told = {name: value for name, value in draft.told.items() if name not in TOLD_OF_WORK}
            draft.progress = 0
        act = DraftStepConfirmed(on_id=str(draft.id), step=step, changes=changes)
        put_on_record(session, act, by=by, at=at, before=before, after=draft)
    return draft


def leave_draft(session: Session, draft_id: int, *, by: str, at: datetime) -> Draft:
    """Give a preparation up; it stays readable. Raises DraftClosedError."""
    with transaction(session):
        draft = queries.draft_for_update(session, draft_id)
        _require_open(draft)
        before = fingerprint(draft)
        draft.state, draft.changed_at = DraftState.LEFT, at
        put_on_record(session, DraftLeft(on_id=str(draft.id)), by=by, at=at, before=before, after=draft)
    return draft


def prepare_again(session: Session, number: str, *, by: str, at: datetime) -> Draft:
    """
    Open the preparation of a prepared draw again, as another draft with all that was chosen.

    An hour that has become too soon is chosen anew. The draw itself stays as it is, unsigned.

    Raises:
        WrongDrawStateError: It was signed, or it has ended.
        PlanLineNotPublishedError: Its line stands in no published plan any more.
    """
    with transaction(session):
        draw = queries.draw_for_update(session, number)
        if draw.status is not DrawStatus.PREPARED:
            raise WrongDrawStateError(draw=number, status=draw.status)
        draft = open_draft(
            session,
            body=accounts.body_by_id(session, draw.body_id),
            plan_line=queries.line_of(session, draw),
            rehearsal=draw.rehearsal,
            by=by,
            at=at,
        )
        before = queries.draft_of_draw(session, number)
        if before is not None:
            owed = {name: value for name, value in draft.wish.items() if name in {"batch", "supersedes"}}
            too_soon = draw.due - at < plans.LEAD
            wish = {name: value for name, value in before.wish.items() if name not in {"batch", "supersedes"}}
            gone = {"due", "result_by", "reveal_by"} if too_soon else set()
            draft.wish = {name: value for name, value in wish.items() if name not in gone} | owed
            draft.confirmed = [
                step for step in before.confirmed if step != "preflight" and not (too_soon and step == "when")
            ]
    return draft


def add_try(draft: Draft, annual_item: str, pools: str) -> None:
    """Keep in the row that these pools were looked at for this batch: see `queries.preparations`."""
    tries = draft.told.get("tries", [])
    if [annual_item, pools] not in tries:
        draft.told = {**draft.told, "tries": [*tries, [annual_item, pools]]}


def end_work(draft: Draft, said: Mapping[str, Any], *, number: str = "", at: datetime) -> None:
    """The work in the background is over: what it says stands in the row, and the draw that it made."""
    over = {"stage", "done", "of", "stop"}
    if "refusal" in said:
        over |= {"preflight", "pools"}
    draft.told = {**{name: value for name, value in draft.told.items() if name not in over}, **said}
    draft.state = DraftState.PREPARED if number else DraftState.OPEN
    draft.draw_number = number
    draft.progress = 0 if "refusal" in said else 100
    draft.changed_at = at


def _require_open(draft: Draft) -> None:
    if draft.state is not DraftState.OPEN:
        raise DraftClosedError(id=draft.id, state=draft.state.value)


def _check_scope(session: Session, draft: Draft, said: Mapping[str, Any], _at: datetime) -> None:
    line = registry.plan_line_by_id(session, draft.plan_line_id)
    owed = [draw.number for draw in queries.unsuperseded(session, draft.body_id, line.number)]
    if said.get("supersedes") and said["supersedes"] not in owed:
        raise SupersedesError(draw=said["supersedes"], why="status")


def _check_strata(session: Session, draft: Draft, said: Mapping[str, Any], _at: datetime) -> None:
    sizes: Sequence[int] = said.get("batches", [])
    fine = len(sizes) <= _MOST_BATCHES and all(type(size) is int and size >= 1 for size in sizes)
    if not fine or ((sizes or said.get("whole")) and not all_key(session, draft)):
        raise BatchesRefusedError
    if sizes and not said.get("whole"):
        raise BatchesRefusedError


def all_key(session: Session, draft: Draft) -> bool:
    """Whether all items of a draft's line are key items, which may be inspected in full."""
    line = registry.plan_line_by_id(session, draft.plan_line_id)
    return bool(line.items) and all(registry.item(session, code).key for code in line.items)


def _check_team(_session: Session, _draft: Draft, said: Mapping[str, Any], _at: datetime) -> None:
    if "team" not in said:
        return
    seats = said["team"]
    named = [
        token
        for seat in seats
        for token in (seat["seat"], seat.get("department", "x"), *seat.get("skills", ()))
    ]
    counting = [seat for seat in seats if seat["seat"] != EXPERT]
    if not counting or len(seats) > MOST_SEATS or not all(map(is_token, named)):
        raise SeatsRefusedError


def _check_when(session: Session, draft: Draft, said: Mapping[str, Any], at: datetime) -> None:
    due, sources = datetime.fromisoformat(said["due"]), said["randomness"]
    if due - at < plans.LEAD:
        raise DueTooSoonError(due=due.isoformat())
    _check_window(session, draft, local(due).date())
    _check_sources(sources, due)
    if not sources:
        _check_parties(session, draft, said.get("parties", []))
    most = plans.LONGEST_WITH_DRAND if has_drand(sources) else plans.LONGEST
    result = datetime.fromisoformat(said["result_by"]) if "result_by" in said else due + timedelta(minutes=1)
    if not timedelta(0) < result - due <= most:
        raise ResultTimeError(most=int(most.total_seconds() // 60))
    stated = said.get("reveal_by")
    reveal = datetime.fromisoformat(stated) if stated else due + _usual_wait(session, draft, due)
    if reveal <= result or reveal - at > timedelta(days=REVEAL_DAYS):
        raise RevealTimeError(most=REVEAL_DAYS)


def _usual_wait(session: Session, draft: Draft, due: datetime) -> timedelta:
    """How long after the randomness the rules let a draw stay closed."""
    line = registry.plan_line_by_id(session, draft.plan_line_id)
    body = accounts.body_by_id(session, draft.body_id)
    rules = registry.rule_set_in_force(session, body=body, on=local(due).date(), domain=line.domain).rules
    return timedelta(days=rules["deadlines"]["reveal_days"])


def _check_window(session: Session, draft: Draft, day: date) -> None:
    """A draw that counts lies within the days that the published plan names for its line."""
    line = registry.plan_line_by_id(session, draft.plan_line_id)
    first, last = line.start or date.min, line.complete_by or date.max
    if not draft.rehearsal and not first <= day <= last:
        window = " – ".join(each.isoformat() if each else "…" for each in (line.start, line.complete_by))
        raise DueOutsideLineError(line=line.number, window=window)


def _check_sources(sources: Sequence[Mapping[str, Any]], due: datetime) -> None:

    try:
        full = [plans.source_for(dict(source), due) for source in sources]
        for source in full:
            check_source(source)
        check_sources(full, due)
    except ProtocolError as error:
        raise SourcesWeakError(rule=error.code) from error


def _check_parties(session: Session, draft: Draft, parties: Sequence[Mapping[str, str]]) -> None:
    own = accounts.body_by_id(session, draft.body_id).path.split("/")
    bodies = {party["body"] for party in parties}
    people = {party["party"] for party in parties}
    if len(bodies) < FEWEST_PARTIES or len(people) < len(parties) or bodies <= set(own):
        raise PartiesTooFewError


_CHECKS: Final[Mapping[str, Callable[[Session, Draft, Mapping[str, Any], datetime], None]]] = {
    "scope": _check_scope,
    "strata": _check_strata,
    "team": _check_team,
    "when": _check_when,
}
