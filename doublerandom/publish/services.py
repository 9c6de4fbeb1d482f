"""Commands of publication: a reviewed result becomes public, enters the log as outcome, and proposes its credit consequence."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import chinese_calendar
from sqlmodel import Session

from doublerandom import clock
from doublerandom.config import Settings
from doublerandom.credit import services as credit_services
from doublerandom.db import transaction
from doublerandom.dr1.canon import H, canon
from doublerandom.draws import queries as draws_queries
from doublerandom.draws import services as draws_services
from doublerandom.inspect import queries as inspect_queries
from doublerandom.inspect import services as inspect_services
from doublerandom.inspect.models import InspectionStatus
from doublerandom.ledger import log
from doublerandom.ledger.trail import Fact, put_on_record
from doublerandom.publish.core import last_day_in_time, public_record
from doublerandom.publish.errors import NotForPublicationError
from doublerandom.publish.models import Disclosure


@dataclass(frozen=True)
class ResultPublished(Fact):
    """A reviewed result was published."""

    on_kind: ClassVar[str] = "disclosure"
    on_id: str
    draw: str
    digest: str
    late: bool


def publish_result(session: Session, inspection_id: int, *, settings: Settings, by: str, at: datetime) -> Disclosure:
    """
    Publish a reviewed result: the record, its digest in the public log, and the credit consequence it proposes.

    A late publication is still published, and marked late.

    Raises:
        NotForPublicationError: The result is not reviewed, or public already.
    """
    with transaction(session):
        inspection = inspect_queries.inspection(session, inspection_id)
        if inspection.status is not InspectionStatus.REVIEWED:
            raise NotForPublicationError(id=inspection_id)
        task = draws_queries.task_view(session, inspection.task_id)
        findings = inspect_queries.findings(session, inspection)
        record = public_record(
            draw=task.draw, subject=task.subject, name=task.subject_name, body=task.body, visited_on=inspection.visited_on,
            method=inspection.method, findings=findings, inspectors=[member for member in task.team if member],
            categories=inspect_queries.categories_on(session, inspection.visited_on),
        )
        due = last_day_in_time(
            inspection.visited_on, task.rules["deadlines"]["publish_working_days"], chinese_calendar.is_workday,
        )
        disclosure = Disclosure(
            draw=task.draw, subject=task.subject, inspection_id=inspection_id, record=canon(record).decode(),
            digest=H(canon(record).decode()), due=due, late=due is not None and clock.local(at).date() > due, by=by, at=at,
        )
        session.add(disclosure)
        inspect_services.mark_published(session, inspection_id)
        session.flush()
        log.append(
            session,
            {
                "type": "outcome", "draw": task.draw, "plan_hash": task.plan_hash, "digest": disclosure.digest,
                "subject": task.commitment if task.subjects_closed else task.subject,
            },
            settings=settings, at=at,
        )
        draws_services.mark_disclosed(session, task.draw, task.subject, by=by, at=at)
        put_on_record(
            session,
            ResultPublished(on_id=str(disclosure.id), draw=task.draw, digest=disclosure.digest, late=disclosure.late),
            by=by, at=at,
        )
        credit_services.propose_from_result(
            session, inspection_id=inspection_id, subject=task.subject, body_id=task.body_id, rules=task.rules,
            categories={code for finding in findings for code in finding.categories}, by=by, at=at,
        )
    return disclosure


def review_and_publish(
    session: Session, inspection_id: int, *, approve: bool, opinion: str, certificate: str, settings: Settings, by: str, at: datetime,
) -> Disclosure | None:
    """
    Review a submitted result; an approved one is public in the same act, so that nothing approved is held back.

    Raises:
        NotForReviewError, OwnInspectionError: See `inspect.services.review`.
    """
    with transaction(session):
        inspect_services.review(
            session, inspection_id, approve=approve, opinion=opinion, certificate=certificate, by=by, at=at,
        )
        return publish_result(session, inspection_id, settings=settings, by=by, at=at) if approve else None
