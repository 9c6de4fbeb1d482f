"""Commands of credit: propose from a published result; confirm, which makes a dated measure, or reject."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Session

from doublerandom import clock
from doublerandom.credit import queries
from doublerandom.credit.core import Consequence, consequences, measure_days, moved
from doublerandom.credit.errors import CreditDecidedError, OwnCreditCaseError
from doublerandom.credit.models import CreditRecord, CreditStatus
from doublerandom.db import transaction
from doublerandom.draws import queries as draws_queries
from doublerandom.inspect import queries as inspect_queries
from doublerandom.inspect.core import took_part
from doublerandom.ledger.trail import Fact, fingerprint, put_on_record
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
    results: Sequence[Collection[str]],
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
        results: Categories found at the subject's published visits by this body, newest (this one) first.
        rules: The rule set the draw is bound to.
        by: Who published.
        at: When.
    """
    proposed = []
    with transaction(session):
        for consequence in consequences(results, rules.get("credit", []), rules.get("display", [])):
            record = _proposal(
                consequence,
                inspection_id=inspection_id,
                subject=subject,
                body_id=body_id,
                rules=rules,
                at=at,
            )
            session.add(record)
            session.flush()
            act = CreditProposed(
                on_id=str(record.id),
                subject=subject,
                kind=record.kind,
                level=record.level,
                source=record.source,
            )
            put_on_record(session, act, by=by, at=at, after=record)
            proposed.append(record)
    return proposed


def _proposal(
    consequence: Consequence,
    *,
    inspection_id: int,
    subject: str,
    body_id: int,
    rules: dict[str, Any],
    at: datetime,
) -> CreditRecord:
    """The record that a rule proposes, as if it took effect on the day of the proposal."""
    today = clock.local(at).date()
    first, last = consequence.display(today)
    own = f"{rules['body']}:{rules['domain']}:{rules['version']}"
    source = rules.get("sources", {}).get("credit", own)
    return CreditRecord(
        subject=subject,
        body_id=body_id,
        kind=consequence.kind,
        level=consequence.level,
        source=f"inspection:{inspection_id}:{consequence.kind}:{consequence.rule}",
        basis=f"{source}#credit/{consequence.rule}",
        measure={"effect": consequence.effect, "days": consequence.days},
        effective=today,
        display_min=first,
        display_max=last,
        proposed_at=at,
    )


def decide(
    session: Session,
    record_id: int,
    *,
    confirm: bool,
    opinion: str = "",
    certificate: str = "",
    body_ids: list[int] | None = None,
    by: str,
    at: datetime,
) -> CreditRecord:
    """
    Confirm or reject a proposed record; a confirmed one becomes a dated measure that the next draws read.

    Args:
        session: The database.
        record_id: The record.
        confirm: Confirm, or reject.
        opinion: Why.
        certificate: Certificate number of who decides, if any: nobody of the team decides.
        body_ids: Bodies in the asker's sight; None: all.
        by: Who decides.
        at: When.

    Raises:
        CreditRecordNotFoundError: No such record in the asker's sight.
        CreditDecidedError: It was decided before.
        OwnCreditCaseError: The asker inspected, recorded or reviewed the result it comes from.
    """
    with transaction(session):
        record = queries.record_for_update(session, record_id, body_ids=body_ids)
        if record.status is not CreditStatus.PROPOSED:
            raise CreditDecidedError(id=record_id)
        _refuse_own_case(session, record, certificate=certificate, by=by)
        before = fingerprint(record)
        record.sqlmodel_update({"decided_by": by, "decided_at": at, "opinion": opinion})
        if confirm:
            _take_effect(session, record, by=by, at=at)
        else:
            record.status = CreditStatus.REJECTED
        act = CreditDecided(on_id=str(record.id), confirmed=confirm, opinion=opinion)
        put_on_record(session, act, by=by, at=at, before=before, after=record)
    return record


def _refuse_own_case(session: Session, record: CreditRecord, *, certificate: str, by: str) -> None:
    """Who inspected, recorded or reviewed has no say in what follows from it."""
    source = inspect_queries.inspection(session, queries.inspection_id_of(record))
    team = draws_queries.task_view(session, source.task_id).people
    if took_part(by, certificate, people=[source.entered_by, source.reviewed_by], team=team):
        raise OwnCreditCaseError(id=record.id)


def _take_effect(session: Session, record: CreditRecord, *, by: str, at: datetime) -> None:
    """From today on: the display dates move along, and the measure is pushed down to the registry."""
    start = clock.local(at).date()
    later = start - record.effective
    record.sqlmodel_update(
        {
            "status": CreditStatus.ACTIVE,
            "effective": start,
            "display_min": moved(record.display_min, later),
            "display_max": moved(record.display_max, later),
        }
    )
    span = measure_days(start, record.measure["days"])
    if span is None or record.measure["effect"] == "none":
        return
    registry_services.apply_measure(
        session,
        subject_code=record.subject,
        body_id=record.body_id,
        effect=record.measure["effect"],
        valid_from=span[0],
        valid_to=span[1],
        source=f"credit:{record.id}",
        by=by,
        at=at,
    )
