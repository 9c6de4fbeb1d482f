"""Asking for a replacement, approving, refusing, taking back; what it gives is found when it is confirmed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts_queries
from doublerandom.accounts import services as accounts
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H
from doublerandom.draws import queries
from doublerandom.draws.acts import (
    DirectApproved,
    ReplacementRefused,
    ReplacementRequested,
    ReplacementWithdrawn,
)
from doublerandom.draws.errors import (
    ConcernedError,
    DirectRefusedError,
    EvidenceMissingError,
    NoOpenPlaceError,
    NoSuchSeatError,
    NotReplaceableError,
    NotWaitingError,
    ReplacementReasonError,
    ReplacementWaitsError,
    SamePersonError,
)
from doublerandom.draws.models import Replacement, ReplacementKind, ReplacementState
from doublerandom.draws.queries import IN_WORK, TaskView
from doublerandom.draws.reasons import PROVED, REASONS
from doublerandom.draws.services.replacing_messages import tell_of_refusal
from doublerandom.draws.services.statements import not_taken_on_record, refuse_names
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry.evidence import keep_evidence
from doublerandom.registry.texts import check_text

DECIDED = {ReplacementState.DONE, ReplacementState.REFUSED, ReplacementState.WITHDRAWN}
ASKING: Final = ("planner", "supervisor", "head", "inspector")


@dataclass(frozen=True)
class Grounds:
    """Why something is to be replaced, as whoever asks says it."""

    reason: str
    statement: str = ""
    document: tuple[str, bytes] | None = None
    """Name and content of what proves it."""
    conflict_id: int | None = None
    """The registry's conflict that is carried out."""


def request_replacement(
    session: Session,
    task_id: int,
    *,
    kind: ReplacementKind,
    seat: int = -1,
    direct: str = "",
    grounds: Grounds,
    settings: Settings,
    by: str,
    at: datetime,
) -> Replacement:
    """
    Ask to replace a task's subject, or who sits on one of its seats; another person confirms.

    Args:
        session: A command of its own, or inside one.
        task_id: The task, before its visit.
        kind: What is replaced, or `direct` where nobody is next in order.
        seat: The seat's number; -1 for the subject.
        direct: Certificate number of who is to be assigned directly.
        grounds: Reason, statement, document.
        settings: Where documents are kept.
        by: Who asks; which roles may, the views check.
        at: When.

    Raises:
        NotReplaceableError: The visit was made, or is said to have been; or the draw does not stand.
        ReplacementWaitsError: A request for this place waits.
        ReplacementReasonError, EvidenceMissingError, BadEvidenceError: The grounds.
        CodeNamedError, SubjectNamedError: As of `refuse_names`.
        NoSuchSeatError: There is no such seat; or nobody on it, where somebody is to leave.
        DirectRefusedError: Who is to be assigned is not named, or on the team.
    """
    number = queries.task_view(session, task_id).draw
    with not_taken_on_record(session, number, by=by, at=at), transaction(session):
        row = queries.draw_for_update(session, number)
        task = queries.task_view(session, task_id)
        require_replaceable(task, kind, at=at)
        _check_grounds(kind, grounds)
        _check_place(task, kind, seat, direct, grounds)
        if queries.waiting_replacement(session, task_id, seat) is not None:
            raise ReplacementWaitsError(draw=task.draw)
        evidence = _kept(session, grounds, settings, at)
        refuse_names(session, task, grounds.statement, by=by, at=at)
        assert row.id is not None
        found = Replacement(
            draw_id=row.id,
            task_id=task_id,
            kind=kind,
            seat=seat,
            reason=grounds.reason,
            statement=grounds.statement,
            evidence_file=evidence,
            conflict_id=grounds.conflict_id,
            direct=direct,
            requested_by=by,
            at=at,
            after_n=task.replaced,
            old_commitment=task.commitment,
        )
        session.add(found)
        session.flush()
        assert found.id is not None
        digest = H(grounds.statement) if grounds.statement else ""
        act = ReplacementRequested(
            task.draw,
            found.id,
            kind.value,
            grounds.reason,
            task.commitment,
            seat,
            found.evidence_file,
            digest,
        )
        put_on_record(session, act, by=by, at=at, after=found)
    return found


def request_for_inspector(
    session: Session,
    number: str,
    *,
    certificate: str,
    grounds: Grounds,
    settings: Settings,
    by: str,
    at: datetime,
) -> list[Replacement]:
    """
    Ask to replace an inspector at all places of a draw that still wait for their visit, without naming them.

    Who asks learns how many they are and nothing else. Places for which a request waits are left out.

    Raises:
        NoOpenPlaceError: There is none.
        ReplacementReasonError, EvidenceMissingError, BadEvidenceError, CodeNamedError: The grounds.
    """
    certificate = certificate.strip().upper()
    with not_taken_on_record(session, number, by=by, at=at), transaction(session):
        row = queries.draw_for_update(session, number)
        held = [
            (task, seat)
            for task in queries.tasks_of_inspector(session, certificate)
            if task.draw == row.number and task.closed_at is None
            for seat in [queries.seat_of(session, task, certificate)]
            if seat is not None and queries.waiting_replacement(session, task.id, seat) is None
        ]
        if not held:
            raise NoOpenPlaceError(draw=number, certificate=certificate)
        return [
            request_replacement(
                session,
                task.id,
                kind=ReplacementKind.INSPECTOR,
                seat=seat,
                grounds=grounds,
                settings=settings,
                by=by,
                at=at,
            )
            for task, seat in held
        ]


def approve_direct(session: Session, replacement_id: int, *, by: str, at: datetime) -> Replacement:
    """
    The head approves a direct assignment, which is then confirmed.

    Raises:
        NotWaitingError: It was decided, or is no direct assignment that waits for the head.
        SamePersonError, ConcernedError: Who asked, or who is of the team, does not approve.
    """
    with transaction(session):
        found, task = held(session, replacement_id)
        if found.kind is not ReplacementKind.DIRECT or found.state is not ReplacementState.REQUESTED:
            raise NotWaitingError(id=replacement_id)
        require_replaceable(task, found.kind, at=at)
        require_another(session, found, task, by=by, at=at, role="head")
        found.state, found.approved_by, found.approved_at = ReplacementState.APPROVED, by, at
        session.add(found)
        put_on_record(session, DirectApproved(task.draw, replacement_id), by=by, at=at, after=found)
    return found


def refuse_replacement(
    session: Session, replacement_id: int, *, reason: str, by: str, at: datetime
) -> Replacement:
    """
    Refuse a request, with the reason; who asked takes it back instead.

    Raises:
        NotWaitingError, SamePersonError, ConcernedError; InvalidRecordError: No reason is given.
        CodeNamedError: There is what looks like a code in the reason.
    """
    check_text("reason", reason, longest=1000, needed=True)
    asked = queries.replacement(session, replacement_id)
    number = queries.task_view(session, asked.task_id).draw
    with not_taken_on_record(session, number, by=by, at=at), transaction(session):
        found, task = held(session, replacement_id)
        require_another(session, found, task, by=by, at=at, role="supervisor")
        refuse_names(session, task, reason, by=by, at=at)
        _decide(session, found, ReplacementState.REFUSED, by=by, at=at, reason=reason)
        act = ReplacementRefused(task.draw, replacement_id, reason)
        put_on_record(session, act, by=by, at=at, after=found)
        tell_of_refusal(session, found, task.draw, reason=reason, at=at)
    return found


def withdraw_replacement(session: Session, replacement_id: int, *, by: str, at: datetime) -> Replacement:
    """
    Take a request back before it is decided; the row and the trail keep it.

    Raises:
        NotWaitingError: It was decided.
        SamePersonError: Somebody else than who asked.
    """
    with transaction(session):
        found, task = held(session, replacement_id)
        if found.requested_by != by:
            raise SamePersonError(person=by)
        _decide(session, found, ReplacementState.WITHDRAWN, by=by, at=at)
        act = ReplacementWithdrawn(task.draw, replacement_id)
        put_on_record(session, act, by=by, at=at, after=found)
    return found


def held(session: Session, replacement_id: int) -> tuple[Replacement, TaskView]:
    """A request that waits with its task, its draw held; raises NotWaitingError, NotReplaceableError."""
    first = queries.replacement(session, replacement_id)
    queries.draw_for_update(session, queries.task_view(session, first.task_id).draw)
    found = queries.replacement_for_update(session, replacement_id)
    task = queries.task_view(session, found.task_id)
    if found.state in DECIDED:
        raise NotWaitingError(id=replacement_id)
    if found.state is ReplacementState.LAPSED or queries.is_about_another(session, found):
        raise NotReplaceableError(draw=task.draw, why="gone")
    return found, task


def require_replaceable(task: TaskView, kind: ReplacementKind, *, at: datetime) -> None:
    """
    Raise NotReplaceableError unless a task may be replaced: before its visit, in a draw that stands.

    A subject is not replaced after the time that was set for its visit, unless the lead said there was none.
    """
    if task.closed_at is not None:
        raise NotReplaceableError(draw=task.draw, why="visited")
    if kind is ReplacementKind.SUBJECT and task.visit_due(at):
        raise NotReplaceableError(draw=task.draw, why="stated")
    if task.status not in IN_WORK:
        raise NotReplaceableError(draw=task.draw, why="ended")


def require_another(
    session: Session, found: Replacement, task: TaskView, *, by: str, at: datetime, role: str
) -> None:
    """
    Who decides is neither who asked or approved, nor of the team, nor a stand-in of the one for the other.

    Raises:
        SamePersonError, ConcernedError, StandsInForOtherSideError.
    """
    first = [(found.requested_by, ASKING, found.at), (found.approved_by, ("head",), found.approved_at)]
    for person, roles, acted_at in first:
        if person == by:
            raise SamePersonError(person=by)
        if person:
            accounts.check_two_persons(
                session, person, by, first_roles=roles, second_roles=(role,), at=at, first_at=acted_at
            )
    certificate = accounts_queries.certificates_by_person(session).get(by, "")
    if certificate and certificate in {*task.people, found.direct}:
        raise ConcernedError(id=found.id)


def _decide(
    session: Session, found: Replacement, state: ReplacementState, *, by: str, at: datetime, reason: str = ""
) -> None:
    found.state, found.decided_by, found.decided_at, found.decision_reason = state, by, at, reason
    session.add(found)


def _check_grounds(kind: ReplacementKind, grounds: Grounds) -> None:
    if grounds.reason not in REASONS[kind.value]:
        raise ReplacementReasonError(reason=grounds.reason)
    check_text("statement", grounds.statement, longest=2000)
    if grounds.reason in PROVED and grounds.document is None:
        raise EvidenceMissingError(reason=grounds.reason)


def _check_place(task: TaskView, kind: ReplacementKind, seat: int, direct: str, grounds: Grounds) -> None:
    """The place exists; somebody leaves it unless it is empty; a direct assignment names somebody new."""
    if (seat < 0) != (kind is ReplacementKind.SUBJECT) or seat >= len(task.team):
        raise NoSuchSeatError(seat=seat)
    if kind is ReplacementKind.INSPECTOR and (task.team[seat] == "") != (grounds.reason == "empty"):
        raise NoSuchSeatError(seat=seat)
    if (kind is ReplacementKind.DIRECT) != bool(direct):
        raise DirectRefusedError(certificate=direct, why="unknown")
    if direct and direct in {*task.team, *task.people}:
        raise DirectRefusedError(certificate=direct, why="team")


def _kept(session: Session, grounds: Grounds, settings: Settings, at: datetime) -> str:
    if grounds.document is None:
        return ""
    name, content = grounds.document
    return keep_evidence(session, content, name=name, settings=settings, at=at)
