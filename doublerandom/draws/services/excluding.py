"""Manual exclusions: asked for with reason and evidence, confirmed by a second person, lifted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Body
from doublerandom.accounts.services import check_two_persons
from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.draws import queries
from doublerandom.draws.acts import ExclusionDecided, ExclusionLifted, ExclusionRequested
from doublerandom.draws.errors import (
    ExclusionDecidedError,
    ExclusionOwnerError,
    ExclusionRefusedError,
    ExclusionSamePersonError,
)
from doublerandom.draws.exclusions import LONGEST_DAYS, MANUAL_REASONS
from doublerandom.draws.models import Draft, ExclusionState, ManualExclusion
from doublerandom.draws.services.preparing_notices import tell_exclusion
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries as registry
from doublerandom.registry.errors import PlanLineNotFoundError
from doublerandom.registry.evidence import keep_evidence
from doublerandom.registry.texts import check_text

Document = tuple[str, bytes]  # its name and content


@dataclass(frozen=True)
class ExclusionIn:
    """What is asked for."""

    subject: str
    reason: str
    valid_from: date
    valid_to: date
    line: str = ""
    statement: str = ""
    reference: str = ""


def request_exclusion(
    session: Session,
    asked: ExclusionIn,
    *,
    body: Body,
    settings: Settings,
    by: str,
    at: datetime,
    document: Document | None = None,
) -> ManualExclusion:
    """
    Ask that a subject of the body's pool be kept out of its draws; without effect until it is confirmed.

    Args:
        session: The session of the command.
        asked: The subject's code, a reason of the closed list, first and last day, for which plan line.
        body: Whose draws.
        settings: Where files are kept.
        by: Who asks.
        at: When.
        document: Evidence; without it `reference` names a document.

    Raises:
        ExclusionRefusedError: Something is missing or wrong; `why` says what.
        BadEvidenceError: The document is none by its content.
    """
    assert body.id is not None
    check_text("statement", asked.statement, longest=2000)
    check_text("reference", asked.reference, longest=255)
    with transaction(session):
        _check(session, asked, body, has_document=document is not None)
        subject = asked.subject.strip().upper()
        if queries.waiting_exclusion(session, body_id=body.id, line=asked.line, subject=subject):
            raise ExclusionRefusedError(why="waiting")
        kept = ""
        if document is not None:
            kept = keep_evidence(session, document[1], name=document[0], settings=settings, at=at)
        row = ManualExclusion(
            body_id=body.id,
            line=asked.line,
            subject=subject,
            reason=asked.reason,
            statement=asked.statement,
            reference=asked.reference,
            evidence_file=kept,
            valid_from=asked.valid_from,
            valid_to=asked.valid_to,
            by=by,
            at=at,
        )
        session.add(row)
        session.flush()
        act = ExclusionRequested(
            on_id=str(row.id),
            subject=subject,
            line=asked.line,
            reason=asked.reason,
            reference=asked.reference,
            evidence_file=kept,
            valid_from=asked.valid_from.isoformat(),
            valid_to=asked.valid_to.isoformat(),
        )
        put_on_record(session, act, by=by, at=at, after=row)
        tell_exclusion(session, row, at=at)
    return row


def _check(session: Session, asked: ExclusionIn, body: Body, *, has_document: bool) -> None:
    longest = timedelta(days=LONGEST_DAYS)
    holds: Mapping[str, bool] = {
        "reason": asked.reason in MANUAL_REASONS,
        "evidence": has_document or bool(asked.reference.strip()),
        "dates": timedelta(0) <= asked.valid_to - asked.valid_from <= longest,
    }
    for why, fine in holds.items():
        if not fine:
            raise ExclusionRefusedError(why=why)
    code = asked.subject.strip().upper()
    if not registry.codes_in_pool(session, [code], body=body, on=asked.valid_from):
        raise ExclusionRefusedError(why="subject")
    if asked.line:
        try:
            registry.plan_line(session, asked.line, body_id=body.id)
        except PlanLineNotFoundError as error:
            raise ExclusionRefusedError(why="line") from error


def decide_exclusion(
    session: Session, exclusion_id: int, *, confirm: bool, by: str, at: datetime, decision: str = ""
) -> ManualExclusion:
    """
    The second person confirms or refuses a manual exclusion.

    Raises:
        ExclusionDecidedError: It was decided before.
        ExclusionSamePersonError: Who asked for it would decide.
        StandsInForOtherSideError: Who decides does so only in the place of who asked, or the reverse.
    """
    check_text("decision", decision, longest=1000)
    with transaction(session):
        row = _waiting(session, exclusion_id)
        if row.by == by:
            raise ExclusionSamePersonError(id=exclusion_id)
        check_two_persons(
            session,
            row.by,
            by,
            first_roles=("planner",),
            second_roles=("supervisor",),
            at=at,
            first_at=row.at,
        )
        state = ExclusionState.CONFIRMED if confirm else ExclusionState.REFUSED
        _decide(session, row, state, decision, by=by, at=at)
        tell_exclusion(session, row, at=at)
    return row


def withdraw_exclusion(session: Session, exclusion_id: int, *, by: str, at: datetime) -> ManualExclusion:
    """
    Take a request back that nobody decided on.

    Raises:
        ExclusionDecidedError: It was decided before.
        ExclusionOwnerError: Somebody else asked for it.
    """
    with transaction(session):
        row = _waiting(session, exclusion_id)
        if row.by != by:
            raise ExclusionOwnerError(id=exclusion_id)
        _decide(session, row, ExclusionState.WITHDRAWN, "", by=by, at=at)
    return row


def _waiting(session: Session, exclusion_id: int) -> ManualExclusion:
    row = queries.exclusion_for_update(session, exclusion_id)
    if row.state is not ExclusionState.REQUESTED:
        raise ExclusionDecidedError(id=exclusion_id)
    return row


def _decide(
    session: Session, row: ManualExclusion, state: ExclusionState, decision: str, *, by: str, at: datetime
) -> None:
    before = fingerprint(row)
    row.sqlmodel_update({"state": state, "decided_by": by, "decided_at": at, "decision": decision})
    act = ExclusionDecided(on_id=str(row.id), subject=row.subject, state=state.value, decision=decision)
    put_on_record(session, act, by=by, at=at, before=before, after=row)


def lift_exclusion(
    session: Session, exclusion_id: int, *, reason: str, by: str, at: datetime
) -> ManualExclusion:
    """
    End a manual exclusion: from today on it holds no more. One person may, since the rule is to be drawn.

    Raises:
        ExclusionDecidedError: It is not in force, or was lifted before.
    """
    check_text("reason", reason, longest=1000, needed=True)
    with transaction(session):
        row = queries.exclusion_for_update(session, exclusion_id)
        if row.state is not ExclusionState.CONFIRMED or row.lifted_on is not None:
            raise ExclusionDecidedError(id=exclusion_id)
        before = fingerprint(row)
        today = local(at).date()
        row.sqlmodel_update({"lifted_on": today, "lifted_by": by, "lift_reason": reason})
        act = ExclusionLifted(
            on_id=str(row.id), subject=row.subject, lifted_on=today.isoformat(), reason=reason
        )
        put_on_record(session, act, by=by, at=at, before=before, after=row)
    return row


def holds_on(row: ManualExclusion, day: date) -> bool:
    """Whether it keeps its subject out of a draw on that day."""
    lifted = row.lifted_on is not None and day >= row.lifted_on
    return row.state is ExclusionState.CONFIRMED and row.valid_from <= day <= row.valid_to and not lifted


def exclusions_of_draft(session: Session, draft: Draft) -> list[dict[str, Any]]:
    """Manual exclusions that hold or wait for the draft's line: each with its subject's name."""
    body = accounts.body_by_id(session, draft.body_id)
    line = registry.plan_line_by_id(session, draft.plan_line_id)
    states = (ExclusionState.REQUESTED, ExclusionState.CONFIRMED)
    rows = [
        row
        for row in queries.manual_exclusions(session, below=body.path, line=line.number, states=states)
        if row.body_id == draft.body_id and row.lifted_on is None
    ]
    names = {
        each.code: each.name for each in registry.subjects_by_codes(session, [row.subject for row in rows])
    }
    return [{"row": row, "name": names.get(row.subject, row.subject), "line": line.number} for row in rows]
