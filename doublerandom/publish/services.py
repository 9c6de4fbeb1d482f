"""Commands of publication: what is reviewed becomes public, enters the log, and proposes its consequence."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

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
from doublerandom.ledger import log
from doublerandom.ledger.trail import Fact, put_on_record
from doublerandom.publish import queries
from doublerandom.publish.core import public_record
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


def publish_result(
    session: Session, inspection_id: int, *, settings: Settings, by: str, at: datetime
) -> Disclosure:
    """
    Publish a reviewed result: the record, its digest in the public log, the consequence it proposes.

    A late publication is still published, and marked late.

    Raises:
        NotForPublicationError: The result is not reviewed, or public already.
    """
    with transaction(session):
        inspection, task = inspect_queries.inspection_for_update(session, inspection_id)
        if inspection.status is not inspect_queries.InspectionStatus.REVIEWED:
            raise NotForPublicationError(id=inspection_id)
        disclosure = _disclosure(session, inspection, task, by=by, at=at)
        session.add(disclosure)
        inspect_services.mark_published(session, inspection_id)
        session.flush()
        log.append(session, _outcome(task, disclosure), settings=settings, at=at)
        draws_services.mark_disclosed(session, task.draw, task.subject, by=by, at=at)
        act = ResultPublished(
            on_id=str(disclosure.id), draw=task.draw, digest=disclosure.digest, late=disclosure.late
        )
        put_on_record(session, act, by=by, at=at, after=disclosure)
        credit_services.propose_from_result(
            session,
            inspection_id=inspection_id,
            subject=task.subject,
            body_id=task.body_id,
            results=queries.categories_found(session, task.subject, body=task.body),
            rules=task.rules,
            by=by,
            at=at,
        )
    return disclosure


def _disclosure(
    session: Session,
    inspection: inspect_queries.Inspection,
    task: draws_queries.TaskView,
    *,
    by: str,
    at: datetime,
) -> Disclosure:
    """What is published of a result, with its digest and whether it is in time."""
    assert inspection.id is not None
    record = public_record(
        draw="" if task.subjects_closed else task.draw,
        subject=task.subject,
        name=task.subject_name,
        body=task.body,
        visited_on=inspection.visited_on,
        method=inspection.method,
        findings=inspect_queries.findings(session, inspection),
        categories=inspect_queries.categories_for(session, task, inspection.visited_on),
        inspectors=list(task.people),
    )
    text = canon(record).decode()
    due = queries.last_day_in_time(session, inspection.visited_on, task.rules)
    return Disclosure(
        draw=task.draw,
        subject=task.subject,
        name=task.subject_name,
        inspection_id=inspection.id,
        record=text,
        digest=H(text),
        due=due,
        late=due is not None and clock.local(at).date() > due,
        by=by,
        at=at,
    )


def _outcome(task: draws_queries.TaskView, disclosure: Disclosure) -> dict[str, str]:
    """The log's entry; with subjects closed the task's commitment stands for the subject."""
    return {
        "type": "outcome",
        "draw": task.draw,
        "plan_hash": task.plan_hash,
        "digest": disclosure.digest,
        "subject": task.commitment if task.subjects_closed else task.subject,
    }


def review_and_publish(
    session: Session,
    inspection_id: int,
    *,
    approve: bool,
    opinion: str,
    certificate: str,
    settings: Settings,
    by: str,
    at: datetime,
) -> Disclosure | None:
    """
    Review a submitted result; an approved one is public in the same act: nothing approved is held back.

    Raises:
        NotForReviewError, OwnInspectionError: See `inspect.services.review`.
    """
    with transaction(session):
        inspect_services.review(
            session, inspection_id, approve=approve, opinion=opinion, certificate=certificate, by=by, at=at
        )
        return publish_result(session, inspection_id, settings=settings, by=by, at=at) if approve else None
