"""Annual plans: drafted with their lines, then published, their digest in the public log."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from doublerandom.accounts.queries import Body
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import H, canon, is_token
from doublerandom.ledger import log
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import filters, queries
from doublerandom.registry.acts import AnnualPlanAdded, AnnualPlanPublished
from doublerandom.registry.errors import InvalidRecordError, ItemsNotInForceError, WrongPlanStateError
from doublerandom.registry.models import AnnualPlan, AnnualPlanStatus, PlanLine
from doublerandom.registry.texts import check_text


@dataclass(frozen=True)
class PlanLineIn:
    """A line of an annual plan as it is drafted; the fields of `PlanLine`."""

    number: str
    name: str
    items: Sequence[str]
    filter: str = ""
    domain: str = ""
    directed: bool = False
    ratio: str = ""
    estimated: int = 0
    first_month: int = 1
    last_month: int = 12
    lead: str = ""
    partners: Sequence[str] = field(default_factory=list)


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
) -> AnnualPlan:
    """
    Draft the annual plan of a body, or its next version (an amendment), with all its lines.

    Raises:
        InvalidRecordError: A number is no token or stands twice, months are out of order, a text is too long.
        BadFilterError, UnknownFilterFieldError: A line's scope cannot be read.
    """
    check_text("title", title, longest=255, needed=True)
    for line in lines:
        _check_line(line)
    if len({line.number for line in lines}) < len(lines):
        raise InvalidRecordError(field="number", value="", reason="a number stands twice")
    with transaction(session):
        assert body.id is not None
        versions = [
            row.version for row in queries.annual_plans(session) if (row.body_id, row.year) == (body.id, year)
        ]
        plan = AnnualPlan(
            body_id=body.id, year=year, version=max(versions, default=0) + 1, title=title, filing=filing
        )
        session.add(plan)
        session.flush()
        assert plan.id is not None
        for line in lines:
            values = asdict(line) | {
                "items": list(line.items),
                "partners": list(line.partners),
                "filter": filters.canonical(line.filter),
                "lead": line.lead or body.token,
            }
            session.add(PlanLine(plan_id=plan.id, **values))
        session.flush()
        act = AnnualPlanAdded(on_id=str(plan.id), version=plan.version, lines=len(lines))
        put_on_record(session, act, by=by, at=at, after=plan_object(session, plan, body=body))
    return plan


def publish_annual_plan(
    session: Session, plan_id: int, *, body: Body, settings: Settings, by: str, at: datetime
) -> AnnualPlan:
    """
    Publish an annual plan: its digest enters the public log; draws may name its lines from now on.

    Raises:
        WrongPlanStateError: It is public already.
        ItemsNotInForceError: A line names an item that is not in force.
    """
    with transaction(session):
        plan = queries.plan_by_id(session, plan_id)
        if plan.status is AnnualPlanStatus.PUBLISHED or plan.body_id != body.id:
            raise WrongPlanStateError(status=plan.status.value)
        in_force = {item.code for item in queries.items_in_force(session, on=at.date())}
        for line in queries.lines_of_plan(session, plan_id):
            if missing := sorted(set(line.items) - in_force):
                raise ItemsNotInForceError(line=line.number, items=", ".join(missing))
        before = fingerprint(plan)
        digest = H(canon(plan_object(session, plan, body=body)).decode())
        plan.sqlmodel_update({"status": AnnualPlanStatus.PUBLISHED, "digest": digest, "published_at": at})
        act = AnnualPlanPublished(on_id=str(plan.id), version=plan.version, digest=digest)
        put_on_record(session, act, by=by, at=at, before=before, after=plan)
        name = f"{body.token[:48]}:{plan.year}:{plan.version}"
        entry = {"type": "list", "what": "annual_plan", "name": name, "digest": digest}
        log.append(session, entry, settings=settings, at=at)
    return plan


def plan_object(session: Session, plan: AnnualPlan, *, body: Body) -> dict[str, Any]:
    """The annual plan as the object whose canon is published and digested: lines ascending by number."""
    assert plan.id is not None
    lines = [line.model_dump(exclude={"id", "plan_id"}) for line in queries.lines_of_plan(session, plan.id)]
    return {
        "body": body.token,
        "year": plan.year,
        "version": plan.version,
        "title": plan.title,
        "filing": plan.filing,
        "lines": lines,
    }


def _check_line(line: PlanLineIn) -> None:
    if not is_token(line.number):
        raise InvalidRecordError(field="number", value=line.number, reason="expected a token")
    check_text("name", line.name, longest=255, needed=True)
    check_text("ratio", line.ratio, longest=255)
    filters.parse(line.filter)
    if not 1 <= line.first_month <= line.last_month <= 12:
        raise InvalidRecordError(
            field="first_month", value=f"{line.first_month}–{line.last_month}", reason="months out of order"
        )
    for partner in line.partners:
        if not is_token(partner):
            raise InvalidRecordError(field="partners", value=partner, reason="expected a token")
