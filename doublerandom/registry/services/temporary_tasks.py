"""A temporary task (专项检查) becomes a line of an amendment, with its approval number, before any draw."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from doublerandom.accounts.queries import Body
from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.registry import queries
from doublerandom.registry.errors import NoPublishedPlanError, PlanOpenError, ReasonMissingError
from doublerandom.registry.models import AnnualPlan, AnnualPlanStatus
from doublerandom.registry.plan_lines import PlanLineIn
from doublerandom.registry.services.plan_approval import amend_annual_plan, submit_annual_plan
from doublerandom.registry.services.plans import add_plan_line
from doublerandom.registry.texts import check_text

_WAITING = (AnnualPlanStatus.SUBMITTED, AnnualPlanStatus.APPROVED)


def add_temporary_task(
    session: Session, line: PlanLineIn, *, body: Body, reason: str, by: str, at: datetime
) -> AnnualPlan:
    """
    Put a temporary task into an amendment of the plan in force: one that is being drafted, else a new one.

    A new amendment goes to the head at once; one that somebody drafts already is left to be submitted whole.

    Args:
        session: A command of its own.
        line: The task with its `approval` number; its `number` is given here, the next of the year.
        body: Whose plan.
        reason: Why the plan is amended; a new amendment needs it.
        by: Who drafts.
        at: When; its year is the plan's.

    Raises:
        NoPublishedPlanError: The year has no published plan to amend.
        PlanOpenError: An amendment waits for its approval or publication.
        ReasonMissingError: No reason for a new amendment.
        InvalidRecordError, BadFilterError, UnknownFilterFieldError: The line cannot be so.
    """
    check_text("approval", line.approval, longest=64, needed=True)
    with transaction(session):
        assert body.id is not None
        year = local(at).year
        versions = queries.plan_versions(session, body_id=body.id, year=year)
        in_force = queries.annual_plan(session, body_id=body.id, year=year)
        if in_force is None or in_force.id is None:
            raise NoPublishedPlanError(year=year)
        newest = versions[0]
        if newest.status in _WAITING:
            raise PlanOpenError(year=year, version=newest.version)
        drafting = newest.status is AnnualPlanStatus.DRAFT
        if not drafting and not reason.strip():
            raise ReasonMissingError
        plan = (
            newest
            if drafting
            else amend_annual_plan(session, in_force.id, body=body, reason=reason, by=by, at=at)
        )
        assert plan.id is not None
        number = next_line_number(session, plan)
        add_plan_line(session, plan.id, replace(line, number=number), by=by, at=at)
        if not drafting:
            submit_annual_plan(session, plan.id, by=by, at=at)
    return plan


def next_line_number(session: Session, plan: AnnualPlan) -> str:
    """The first number `<year>-<nnn>` that no version of the year's plan has, dropped lines included."""
    versions = queries.plan_versions(session, body_id=plan.body_id, year=plan.year)
    numbers = (f"{plan.year}-{n:03d}" for n in range(1, 10_000))
    return next(
        number
        for number in numbers
        if not any(queries.line_by_number(session, version.id or 0, number) for version in versions)
    )
