"""An annual plan on its way: submitted, approved by a head, published, filed, amended, closed."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H, canon
from doublerandom.ledger import log
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import (
    AnnualPlanAdded,
    AnnualPlanApproved,
    AnnualPlanClosed,
    AnnualPlanEdited,
    AnnualPlanFiled,
    AnnualPlanPublished,
    AnnualPlanReturned,
    AnnualPlanSubmitted,
    AnnualPlanSuperseded,
    PlanLineAdded,
    PlanLineDropped,
    PlanLineEdited,
)
from doublerandom.registry.errors import (
    AmendmentNotReasonedError,
    ItemsNotInForceError,
    OwnDecisionError,
    PlanNotReadyError,
    ReasonMissingError,
    WrongPlanStateError,
)
from doublerandom.registry.item_days import cover
from doublerandom.registry.models import AnnualPlan, AnnualPlanStatus, PlanLine
from doublerandom.registry.plan_lines import FIELDS, PlanLineIn, days_of_line
from doublerandom.registry.services.plans import add_annual_plan, plan_object
from doublerandom.registry.services.second_person import check_second_person
from doublerandom.registry.texts import check_text

_DRAFTING: Final = {
    act.__name__
    for act in (
        AnnualPlanAdded,
        AnnualPlanEdited,
        AnnualPlanSubmitted,
        PlanLineAdded,
        PlanLineDropped,
        PlanLineEdited,
    )
}


def submit_annual_plan(session: Session, plan_id: int, *, by: str, at: datetime) -> AnnualPlan:
    """
    Submit a draft to the head.

    Raises:
        WrongPlanStateError: It is no draft.
        PlanNotReadyError: It has no lines, or a line names no item.
        AmendmentNotReasonedError: It amends a version and does not say why.
    """
    with transaction(session):
        plan = _in_state(session, plan_id, AnnualPlanStatus.DRAFT)
        _check_ready(queries.lines_of_plan(session, plan_id))
        if plan.version > 1 and not plan.reason.strip():
            raise AmendmentNotReasonedError
        before = fingerprint(plan)
        plan.sqlmodel_update(
            {"status": AnnualPlanStatus.SUBMITTED, "submitted_by": by, "submitted_at": at, "returned": ""}
        )
        act = AnnualPlanSubmitted(on_id=str(plan.id), version=plan.version)
        put_on_record(session, act, by=by, at=at, before=before, after=plan)
    return plan


def _check_ready(lines: list[PlanLine]) -> None:
    empty = [line.number for line in lines if not line.items]
    if not lines:
        raise PlanNotReadyError(missing="没有任务", missing_en="it has no lines")
    if empty:
        raise PlanNotReadyError(
            missing=f"第 {'、'.join(empty)} 项没有抽查事项", missing_en=f"no items in {', '.join(empty)}"
        )


def return_annual_plan(session: Session, plan_id: int, *, reason: str, by: str, at: datetime) -> AnnualPlan:
    """Send a submitted plan back to its drafter with a reason; or WrongPlanStateError, ReasonMissingError."""
    if not reason.strip():
        raise ReasonMissingError
    check_text("reason", reason, longest=2000)
    with transaction(session):
        plan = _in_state(session, plan_id, AnnualPlanStatus.SUBMITTED)
        before = fingerprint(plan)
        plan.sqlmodel_update({"status": AnnualPlanStatus.DRAFT, "returned": reason})
        act = AnnualPlanReturned(on_id=str(plan.id), version=plan.version, reason=reason)
        put_on_record(session, act, by=by, at=at, before=before, after=plan)
    return plan


def approve_annual_plan(
    session: Session, plan_id: int, *, by: str, at: datetime, approval: str = ""
) -> AnnualPlan:
    """
    Approve a submitted plan; an amendment under its approval number.

    Raises:
        WrongPlanStateError: It is not submitted.
        OwnDecisionError: Who drafted, changed or submitted it would approve it.
        StandsInForOtherSideError: Who approves does so only in the place of a drafter, or the reverse.
        AmendmentNotReasonedError: An amendment without an approval number.
    """
    check_text("approval", approval, longest=64)
    with transaction(session):
        plan = _in_state(session, plan_id, AnnualPlanStatus.SUBMITTED)
        drafters = drafters_of(session, plan)
        if by in drafters:
            raise OwnDecisionError(what="年度计划 / annual plan")
        check_second_person(session, drafters, by, at=at)
        if plan.version > 1 and not approval.strip():
            raise AmendmentNotReasonedError
        before = fingerprint(plan)
        plan.sqlmodel_update(
            {
                "status": AnnualPlanStatus.APPROVED,
                "approved_by": by,
                "approved_at": at,
                "approval": approval.strip(),
            }
        )
        act = AnnualPlanApproved(on_id=str(plan.id), version=plan.version, approval=plan.approval)
        put_on_record(session, act, by=by, at=at, before=before, after=plan)
    return plan


def drafters_of(session: Session, plan: AnnualPlan) -> set[str]:
    """Everybody who drafted, changed or submitted this version."""
    acts = ledger.acts_on(session, "annual_plan", str(plan.id))
    return {act.by for act in acts if act.name in _DRAFTING}


def publish_annual_plan(
    session: Session, plan_id: int, *, body: Body, settings: Settings, by: str, at: datetime
) -> AnnualPlan:
    """
    Publish an approved plan: its digest enters the public log; draws may name its lines from now on.

    The version before it no longer speaks.

    Raises:
        WrongPlanStateError: It is not approved, or another body's.
        ItemsNotInForceError: A line names an item that is not in force through the line's days still to come.
    """
    with transaction(session):
        plan = _in_state(session, plan_id, AnnualPlanStatus.APPROVED)
        if plan.body_id != body.id:
            raise WrongPlanStateError(status=plan.status.value)
        for line, missing in items_lacking(session, plan, at=at):
            raise ItemsNotInForceError(line=line.number, items=", ".join(missing))
        for other in queries.plan_versions(session, body_id=plan.body_id, year=plan.year):
            if other.status is AnnualPlanStatus.PUBLISHED:
                _supersede(session, other, plan.version, by=by, at=at)
        before = fingerprint(plan)
        digest = H(canon(plan_object(session, plan, body=body)).decode())
        plan.sqlmodel_update({"status": AnnualPlanStatus.PUBLISHED, "digest": digest, "published_at": at})
        act = AnnualPlanPublished(on_id=str(plan.id), version=plan.version, digest=digest)
        put_on_record(session, act, by=by, at=at, before=before, after=plan)
        name = f"{body.token[:48]}:{plan.year}:{plan.version}"
        entry = {"type": "list", "what": "annual_plan", "name": name, "digest": digest}
        log.append(session, entry, settings=settings, at=at)
    return plan


def items_lacking(session: Session, plan: AnnualPlan, *, at: datetime) -> list[tuple[PlanLine, list[str]]]:
    """
    The lines of a plan with items that are not in force on every day of the line from today on.

    A line whose days are over is asked about today.
    """
    assert plan.id is not None
    lines = queries.lines_of_plan(session, plan.id)
    spans = queries.days_in_force(session, {code for line in lines for code in line.items})
    today, found = local(at).date(), []
    for line in lines:
        first, last = days_of_line(line, plan.year)
        first, last = max(first, today), max(last, today)
        missing = sorted(code for code in set(line.items) if not cover(spans[code], first, last))
        if missing:
            found.append((line, missing))
    return found


def _supersede(session: Session, plan: AnnualPlan, version: int, *, by: str, at: datetime) -> None:
    before = fingerprint(plan)
    plan.status = AnnualPlanStatus.AMENDED
    act = AnnualPlanSuperseded(on_id=str(plan.id), version=plan.version, by_version=version)
    put_on_record(session, act, by=by, at=at, before=before, after=plan)


def amend_annual_plan(
    session: Session, plan_id: int, *, body: Body, reason: str, by: str, at: datetime
) -> AnnualPlan:
    """
    Draft an amendment of a published plan: its next version with the same lines, to be changed.

    Raises:
        WrongPlanStateError: It is not published.
        PlanOpenError: An amendment is being drafted or approved already.
        ReasonMissingError: It does not say why.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction(session):
        plan = _in_state(session, plan_id, AnnualPlanStatus.PUBLISHED)
        return add_annual_plan(
            session,
            body=body,
            year=plan.year,
            title=plan.title,
            lines=[as_drafted(line) for line in queries.lines_of_plan(session, plan_id)],
            reason=reason,
            by=by,
            at=at,
        )


def as_drafted(line: PlanLine) -> PlanLineIn:
    """A line of a plan as one would draft it again."""
    return PlanLineIn(number=line.number, **{name: getattr(line, name) for name in FIELDS})


def file_annual_plan(session: Session, plan_id: int, *, filing: str, by: str, at: datetime) -> AnnualPlan:
    """Put on record the filing number that the next level up gave to a published plan without one."""
    check_text("filing", filing, longest=64, needed=True)
    with transaction(session):
        plan = _in_state(session, plan_id, AnnualPlanStatus.PUBLISHED)
        if plan.filing:
            raise WrongPlanStateError(status=plan.status.value)
        before = fingerprint(plan)
        plan.sqlmodel_update({"filing": filing, "filed_at": at})
        act = AnnualPlanFiled(on_id=str(plan.id), version=plan.version, filing=filing)
        put_on_record(session, act, by=by, at=at, before=before, after=plan)
    return plan


def close_annual_plan(session: Session, plan_id: int, *, outcome: str, by: str, at: datetime) -> AnnualPlan:
    """Close a published plan at the end of its year: no draw names its lines any more."""
    check_text("outcome", outcome, longest=2000)
    with transaction(session):
        plan = _in_state(session, plan_id, AnnualPlanStatus.PUBLISHED)
        before = fingerprint(plan)
        plan.sqlmodel_update({"status": AnnualPlanStatus.CLOSED, "closed_at": at, "outcome": outcome})
        act = AnnualPlanClosed(on_id=str(plan.id), version=plan.version, outcome=outcome)
        put_on_record(session, act, by=by, at=at, before=before, after=plan)
    return plan


def _in_state(session: Session, plan_id: int, status: AnnualPlanStatus) -> AnnualPlan:
    plan = queries.plan_by_id(session, plan_id)
    if plan.status is not status:
        raise WrongPlanStateError(status=plan.status.value)
    return plan
