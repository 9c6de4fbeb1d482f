"""Commands of credit: propose from a published result, confirm or reject; a confirmed record becomes a dated measure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlmodel import Session

from doublerandom import clock
from doublerandom.credit import queries
from doublerandom.credit.core import consequences
from doublerandom.credit.errors import CreditDecidedError, OwnCreditCaseError
from doublerandom.credit.models import CreditRecord, CreditStatus
from doublerandom.db import transaction
from doublerandom.inspect import queries as inspect_queries
from doublerandom.ledger.trail import Fact, put_on_record
from doublerandom.registry import services as registry_services


@dataclass(frozen=True)
class CreditProposed(Fact):
    """A published result proposed a credit consequence."""

    on_kind: ClassVar[str] = "credit_record"
    on_id: str
    subject: str
    kind: str
    level: str
    source: str


@dataclass(frozen=True)
class CreditDecided(Fact):
    """A credit officer confirmed or rejected a proposed record."""

    on_kind: ClassVar[str] = "credit_record"
    on_id: str
    confirmed: bool
    opinion: str


def propose_from_result(
    session: Session,
    *,
    inspection_id: int,
    subject: str,
    body_id: int,
    categories: Collection[str],
    rules: dict[str, Any],
    by: str,
    at: datetime,
) -> list[CreditRecord]:
    """
    Propose what the rule set makes of a published result; nothing takes effect before a person confirms it.

    Args:
        session: The database.
        inspection_id: The inspection whose result was published.
        subject: Code of the inspected subject.
        body_id: The body that inspected.
        categories: Codes of all categories found, over all items.
        rules: The rule set the draw is bound to.
        by: Who published.
        at: When.
    """
    today = clock.local(at).date()
    proposed = []
    with transaction(session):
        for consequence in consequences(categories, rules.get("credit", [])):
            first, last = consequence.display(today)
            record = CreditRecord(
                subject=subject, body_id=body_id, kind=consequence.kind, level=consequence.level,
                source=f"inspection:{inspection_id}:{consequence.kind}:{consequence.rule}",
                basis=f"{rules['domain']}/{rules['version']}#credit/{consequence.rule}",
                measure={"effect": consequence.effect, "days": consequence.days},
                effective=today, display_min=first, display_max=last, proposed_at=at,
            )
            session.add(record)
            session.flush()
            put_on_record(
                session,
                CreditProposed(on_id=str(record.id), subject=subject, kind=record.kind, level=record.level, source=record.source),
                by=by, at=at,
            )
            proposed.append(record)
    return proposed


def decide(
    session: Session, record_id: int, *, confirm: bool, opinion: str = "", body_ids: list[int] | None = None, by: str, at: datetime,
) -> CreditRecord:
    """
    Confirm or reject a proposed record; a confirmed one is pushed down as a dated measure that the next draws read.

    Raises:
        CreditRecordNotFoundError: No such record in the asker's sight.
        CreditDecidedError: It was decided before.
        OwnCreditCaseError: The asker recorded or reviewed the result it comes from.
    """
    with transaction(session):
        record = queries.record(session, record_id, body_ids=body_ids)
        if record.status is not CreditStatus.PROPOSED:
            raise CreditDecidedError(id=record_id)
        source = inspect_queries.inspection(session, int(record.source.split(":")[1]))
        if by in {source.entered_by, source.reviewed_by}:
            raise OwnCreditCaseError(id=record_id)
        record.sqlmodel_update({
            "status": CreditStatus.ACTIVE if confirm else CreditStatus.REJECTED,
            "decided_by": by, "decided_at": at, "opinion": opinion,
        })
        if confirm and record.measure["effect"] != "none":
            start = clock.local(at).date()
            registry_services.apply_measure(
                session, subject_code=record.subject, body_id=record.body_id, effect=record.measure["effect"],
                valid_from=start, valid_to=start + timedelta(days=record.measure["days"]),
                source=f"credit:{record.id}", by=by, at=at,
            )
        put_on_record(session, CreditDecided(on_id=str(record.id), confirmed=confirm, opinion=opinion), by=by, at=at)
    return record
