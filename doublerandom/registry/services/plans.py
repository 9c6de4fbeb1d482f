"""Annual plans while they are drafted: the plan with its lines, each change an act."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Body
from doublerandom.db import transaction
from doublerandom.dr1.canon import is_token
from doublerandom.ledger.trail import fingerprint, plain, put_on_record
from doublerandom.registry import filters, queries, structuring
from doublerandom.registry.acts import (
    AnnualPlanAdded,
    AnnualPlanEdited,
    PlanLineAdded,
    PlanLineComputed,
    PlanLineDropped,
    PlanLineEdited,
)
from doublerandom.registry.errors import (
    AlreadyThereError,
    InvalidRecordError,
    PlanLineNotFoundError,
    PlanOpenError,
    WrongPlanStateError,
)
from doublerandom.registry.models import AnnualPlan, AnnualPlanStatus, PlanLine
from doublerandom.registry.plan_lines import FIELDS, LATER, PlanLineIn, days_of_line
from doublerandom.registry.texts import check_text

_NEVER: Final = {"id", "plan_id", "computed", "dropped", "batch_id", *LATER}
_TEXTS: Final = {
    "ratio": 255, "scope": 512, "methods": 255, "frequency": 255, "period": 255, "lead_text": 255,
    "partner_text": 512, "level": 128, "note": 2000, "approval": 64,
}  # fmt: skip
_OPEN: Final = {AnnualPlanStatus.DRAFT, AnnualPlanStatus.SUBMITTED, AnnualPlanStatus.APPROVED}


def add_annual_plan(
    session: Session,
    *,
    body: Body,
    year: int,
    title: str,
    lines: Sequence[PlanLineIn],
    by: str,
    at: datetime,
    filing: str = "",
    reason: str = "",
) -> AnnualPlan:
    """
    Draft the annual plan of a body, or its next version (an amendment, with its reason), with all its lines.

    Raises:
        PlanOpenError: A version is being drafted or approved already.
        WrongPlanStateError: The year is closed.
        InvalidRecordError: A number is no token or stands twice, months are out of order, a text is too long.
        BadFilterError, UnknownFilterFieldError: A line's scope cannot be read.
    """
    check_text("title", title, longest=255, needed=True)
    check_text("reason", reason, longest=2000)
    check_text("filing", filing, longest=64)
    for line in lines:
        _check_line(line, year)
    if len({line.number for line in lines}) < len(lines):
        raise InvalidRecordError(field="number", value="", reason="a number stands twice")
    with transaction(session):
        assert body.id is not None
        version = _next_version(session, body.id, year)
        plan = AnnualPlan(
            body_id=body.id, year=year, version=version, title=title, filing=filing, reason=reason
        )
        session.add(plan)
        session.flush()
        assert plan.id is not None
        for line in lines:
            session.add(PlanLine(plan_id=plan.id, **_values(line, body)))
        session.flush()
        act = AnnualPlanAdded(on_id=str(plan.id), version=plan.version, lines=len(lines))
        put_on_record(session, act, by=by, at=at, after=plan_object(session, plan, body=body))
    return plan


def _next_version(session: Session, body_id: int, year: int) -> int:
    versions = queries.plan_versions(session, body_id=body_id, year=year)
    newest = versions[0] if versions else None
    if newest and newest.status in _OPEN:
        raise PlanOpenError(year=year, version=newest.version)
    if newest and newest.status is AnnualPlanStatus.CLOSED:
        raise WrongPlanStateError(status=newest.status.value)
    return newest.version + 1 if newest else 1


def edit_annual_plan(
    session: Session, plan_id: int, *, title: str, reason: str, filing: str, by: str, at: datetime
) -> AnnualPlan:
    """Change title, reason (of an amendment) and filing number of a draft; or WrongPlanStateError."""
    check_text("title", title, longest=255, needed=True)
    check_text("reason", reason, longest=2000)
    check_text("filing", filing, longest=64)
    with transaction(session):
        plan = _draft(session, plan_id)
        wanted = {"title": title, "reason": reason, "filing": filing}
        changes = {name: value for name, value in wanted.items() if value != getattr(plan, name)}
        if changes:
            before = fingerprint(plan)
            said = {name: [getattr(plan, name), value] for name, value in changes.items()}
            plan.sqlmodel_update(changes)
            act = AnnualPlanEdited(on_id=str(plan.id), changes=said)
            put_on_record(session, act, by=by, at=at, before=before, after=plan)
    return plan


def add_plan_line(session: Session, plan_id: int, line: PlanLineIn, *, by: str, at: datetime) -> PlanLine:
    """
    Add a line to a draft; one that was taken out comes back under its number as it is given now.

    Raises:
        WrongPlanStateError: The plan is no draft.
        AlreadyThereError: The number stands in it.
        InvalidRecordError, BadFilterError, UnknownFilterFieldError: As `add_annual_plan`.
    """
    with transaction(session):
        plan = _draft(session, plan_id)
        _check_line(line, plan.year)
        body = accounts.body_by_id(session, plan.body_id)
        row = queries.line_by_number(session, plan_id, line.number)
        if row is not None and not row.dropped:
            raise AlreadyThereError(value=line.number)
        if row is None:
            row = PlanLine(plan_id=plan_id, **_values(line, body))
            session.add(row)
        else:
            row.sqlmodel_update({**_values(line, body), "dropped": False, "computed": None})
        act = PlanLineAdded(on_id=str(plan_id), line=line.number, name=line.name)
        put_on_record(session, act, by=by, at=at, after=row)
    return row


def edit_plan_line(session: Session, line_id: int, line: PlanLineIn, *, by: str, at: datetime) -> PlanLine:
    """Change a line of a draft; its number stays. Raises as `add_plan_line`."""
    with transaction(session):
        row = queries.plan_line_by_id(session, line_id)
        plan = _draft(session, row.plan_id)
        _check_line(line, plan.year)
        values = _values(line, accounts.body_by_id(session, plan.body_id))
        changes = {name: values[name] for name in FIELDS if values[name] != getattr(row, name)}
        if row.dropped or line.number != row.number:
            raise PlanLineNotFoundError(value=line.number)
        if changes:
            before = fingerprint(row)
            said = {name: [getattr(row, name), value] for name, value in changes.items()}
            stale = {"computed": None} if changes.keys() & {"filter", "domain"} else {}
            row.sqlmodel_update({**changes, **stale})
            act = PlanLineEdited(on_id=str(plan.id), line=row.number, changes=said)
            put_on_record(session, act, by=by, at=at, before=before, after=row)
    return row


def drop_plan_line(session: Session, line_id: int, *, by: str, at: datetime) -> PlanLine:
    """Take a line out of a draft, or PlanLineNotFoundError; the row stays, marked."""
    with transaction(session):
        row = queries.plan_line_by_id(session, line_id)
        plan = _draft(session, row.plan_id)
        if row.dropped:
            raise PlanLineNotFoundError(value=row.number)
        before = fingerprint(row)
        row.dropped = True
        act = PlanLineDropped(on_id=str(plan.id), line=row.number)
        put_on_record(session, act, by=by, at=at, before=before, after=row)
    return row


def compute_plan_line(session: Session, line_id: int, *, by: str, at: datetime) -> PlanLine:
    """
    Compute what pool and rules give for a line and keep it beside what was typed.

    Raises:
        WrongPlanStateError: The plan is amended or closed.
        RuleSetNotFoundError: No rule set is in force that says how to draw.
    """
    with transaction(session):
        row = queries.plan_line_by_id(session, line_id)
        plan = queries.plan_by_id(session, row.plan_id)
        if plan.status in {AnnualPlanStatus.AMENDED, AnnualPlanStatus.CLOSED}:
            raise WrongPlanStateError(status=plan.status.value)
        body = accounts.body_by_id(session, plan.body_id)
        computed = queries.estimate_of_line(session, row, plan=plan, body=body, at=at)
        row.computed = computed
        act = PlanLineComputed(
            on_id=str(plan.id), line=row.number, size=computed["size"], take=computed["take"]
        )
        put_on_record(session, act, by=by, at=at, after=computed)
    return row


def plan_object(session: Session, plan: AnnualPlan, *, body: Body) -> dict[str, Any]:
    """
    The annual plan as the object whose canon is published and digested: lines ascending by number.

    A filing number that came after publication is not part of it.
    """
    assert plan.id is not None
    found = {
        "body": body.token,
        "year": plan.year,
        "version": plan.version,
        "title": plan.title,
        "filing": "" if plan.filed_at else plan.filing,
        "lines": [_line_object(line) for line in queries.lines_of_plan(session, plan.id)],
    }
    return found | {name: getattr(plan, name) for name in ("reason", "approval") if getattr(plan, name)}


def _line_object(line: PlanLine) -> dict[str, Any]:
    said = {name: getattr(line, name) for name in LATER}
    return line.model_dump(exclude=_NEVER) | {name: plain(value) for name, value in said.items() if value}


def _draft(session: Session, plan_id: int) -> AnnualPlan:
    plan = queries.plan_by_id(session, plan_id)
    if plan.status is not AnnualPlanStatus.DRAFT:
        raise WrongPlanStateError(status=plan.status.value)
    return plan


def _values(line: PlanLineIn, body: Body) -> dict[str, Any]:
    """The columns of a line; days that are named speak for its months."""
    months = {
        name: day.month
        for name, day in (("first_month", line.start), ("last_month", line.complete_by))
        if day is not None
    }
    return {
        **asdict(line),
        **months,
        "items": list(line.items),
        "partners": list(line.partners),
        "quota": dict(line.quota) if line.quota else None,
        "class_ratios": dict(line.class_ratios) if line.class_ratios else None,
        "filter": filters.canonical(line.filter),
        "lead": line.lead or body.token,
    }


def _check_line(line: PlanLineIn, year: int) -> None:
    if not is_token(line.number):
        raise InvalidRecordError(field="number", value=line.number, reason="expected a token")
    check_text("name", line.name, longest=255, needed=True)
    for name, longest in _TEXTS.items():
        check_text(name, getattr(line, name), longest=longest)
        if "\n" in getattr(line, name):
            raise InvalidRecordError(field=name, value=getattr(line, name)[:80], reason="more than one line")
    filters.parse(line.filter)
    if not 1 <= line.first_month <= line.last_month <= 12:
        raise InvalidRecordError(
            field="first_month", value=f"{line.first_month}–{line.last_month}", reason="months out of order"
        )
    first, last = days_of_line(line, year)
    if not first <= last or {first.year, last.year} != {year}:
        raise InvalidRecordError(field="start", value=f"{first}–{last}", reason="not days of the plan's year")
    for token in (*line.partners, *line.items):
        if not is_token(token):
            raise InvalidRecordError(field="partners", value=token, reason="expected a token")
    structuring.check_quota(dict(line.quota) if line.quota else None)
    for name in ("base", "cap", "estimated"):
        if (getattr(line, name) or 0) < 0:
            raise InvalidRecordError(field=name, value=str(getattr(line, name)), reason="less than nothing")
