"""Commands of the licence hand-over: delivered, accepted, returned, decided; 谁审批谁监管."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Body, Sight, region_subtree_prefix
from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.dr1.canon import H, canon, is_token
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts.handovers import (
    HandoverAccepted,
    HandoverAssigned,
    HandoverReturned,
    LicenceDelivered,
    LicenceDutySet,
)
from doublerandom.registry.errors import InvalidRecordError
from doublerandom.registry.errors.handovers import (
    HandoverNotFoundError,
    LicenceRefusedError,
    WrongHandoverStateError,
)
from doublerandom.registry.licence_events import LicenceEvent, Problem, day_of, problems_of
from doublerandom.registry.models.handovers import HandoverStatus, HandoverStep, LicenceDuty, LicenceHandover
from doublerandom.registry.models.subjects import Subject
from doublerandom.registry.queries import handovers as handover_queries
from doublerandom.registry.services.licences import record_licence
from doublerandom.registry.services.membership import join_pool
from doublerandom.registry.services.standings import set_standing
from doublerandom.registry.services.subject_changes import change_subject
from doublerandom.registry.services.subjects import SubjectIn, add_subjects
from doublerandom.registry.texts import check_text

APPROVAL = "approval"


def receive_licence(
    session: Session, event: LicenceEvent, *, by: str, at: datetime, within: str = ""
) -> LicenceHandover:
    """
    Take what an approval bureau delivered: the subject is there, and its department's inbox has it.

    The licensed subject is created or corrected, the licence dated and tagged for the department that
    supervises its kind; where no rule names one, the supervision office decides. The newest event of a
    licence delivered again changes nothing. `within` begins all region codes of the sender's area.

    Raises:
        LicenceRefusedError: All that is wrong with the event at once; nothing is taken.
    """
    event = _composed(event)
    digest = H(canon(event.plain()).decode()) if not (problems := problems_of(event)) else ""
    with transaction(session):
        problems += [*_registry_problems(session, event), *_area_problems(session, event, within)]
        if problems:
            raise LicenceRefusedError(count=len(problems), problems=[one._asdict() for one in problems])
        last = handover_queries.last_handover(session, authority=event.authority, number=event.number)
        if last is not None and last.digest == digest:
            return last
        return _take(session, event, digest, by=by, at=at)


def _composed(event: LicenceEvent) -> LicenceEvent:
    """The event with its texts in NFC and its codes in upper case, as everything in the registry is kept."""
    text = unicodedata.normalize("NFC", event.model_dump_json())
    composed = LicenceEvent.model_validate_json(text)
    composed.subject.code = composed.subject.code.strip().upper()
    return composed


def _registry_problems(session: Session, event: LicenceEvent) -> list[Problem]:
    """What is wrong with an event in the light of what the registry holds."""
    found = []
    last = handover_queries.last_handover(session, authority=event.authority, number=event.number)
    if event.event in {"changed", "revoked"} and last is None:
        found.append(Problem("number", event.number, "没有收到过这一许可", "was not delivered before"))
    if event.event in {"changed", "revoked"} and last is not None:
        named = queries.subject_or_none(session, event.subject.code)
        if named is None or named.id != last.subject_id:
            words = "这一许可是发给另一检查对象的", "the licence is another subject's"
            found.append(Problem("subject.code", event.subject.code, *words))
    if last is not None and last.occurred_on > (day_of(event.occurred_on) or last.occurred_on):
        found.append(Problem("occurred_on", event.occurred_on, "早于已收到的事件", "before the last event"))
    region = event.subject.region
    if region and not accounts.region_names(session, [region]):
        found.append(Problem("subject.region", region, "没有这一行政区划", "there is no such division"))
    operator = event.subject.operator.strip().upper()
    if operator and queries.subject_or_none(session, operator) is None:
        found.append(Problem("subject.operator", operator, "名录库中没有这一单位", "not in the registry"))
    if event.approver and event.approver not in {row.token for row in accounts.bodies(session)}:
        found.append(Problem("approver", event.approver, "没有这一机关", "there is no such body"))
    return found


def _area_problems(session: Session, event: LicenceEvent, within: str) -> Iterator[Problem]:
    """Whoever approves, and whoever delivers, does so in the own area."""
    region = event.subject.region
    if len(region) == 6 and not region.startswith(within):
        yield Problem("subject.region", region, "不在推送机关的辖区内", "outside the sender's area")
    registered = queries.subject_or_none(session, event.subject.code)
    if registered is not None and not registered.region.startswith(within):
        words = "该检查对象登记在推送机关的辖区之外", "registered outside the sender's area"
        yield Problem("subject.code", event.subject.code, *words)
    for body in accounts.bodies(session):
        if body.token == event.approver and not region.startswith(region_subtree_prefix(body.region)):
            yield Problem(
                "approver", event.approver, "检查对象不在该机关的辖区内", "not of the subject's area"
            )


def _take(session: Session, event: LicenceEvent, digest: str, *, by: str, at: datetime) -> LicenceHandover:
    subject = _subject(session, event, by=by, at=at)
    occurred_on = day_of(event.occurred_on)
    assert subject.id is not None
    assert occurred_on is not None
    handover = LicenceHandover(
        event=event.event,
        authority=event.authority,
        number=event.number,
        kind=event.kind,
        subject_id=subject.id,
        occurred_on=occurred_on,
        delivered=event.plain(),
        digest=digest,
        status=HandoverStatus.UNASSIGNED,
        by=by,
        at=at,
    )
    session.add(handover)
    session.flush()
    act = LicenceDelivered(
        on_id=str(handover.id),
        event=event.event,
        authority=event.authority,
        number=event.number,
        subject=subject.code,
    )
    put_on_record(session, act, by=by, at=at, after=handover)
    _date_licence(session, event, handover, by=by, at=at)
    department = responsible_body(session, event)
    if department is not None:
        _assign(session, handover, department, reason="", by=by, at=at)
    return handover


def _subject(session: Session, event: LicenceEvent, *, by: str, at: datetime) -> Subject:
    """The licensed subject, created where the registry has none, corrected where the event says otherwise."""
    given = event.subject
    source = f"{event.authority} {event.number}"
    names = ("name", "region", "address", "industry")
    fields = {name: text for name in names if (text := getattr(given, name))}
    operator = given.operator.strip().upper()
    found = queries.subject_or_none(session, given.code)
    if found is None:
        fresh = SubjectIn(code=given.code, kind=given.kind, **fields)
        add_subjects(session, [fresh], source=source, by=by, at=at)
        found = queries.subject(session, given.code)
        fields = {}
    if operator:
        fields["operator"] = operator
    if fields:
        change_subject(session, given.code, fields, source=source, by=by, at=at)
    return found


def _date_licence(
    session: Session, event: LicenceEvent, handover: LicenceHandover, *, by: str, at: datetime
) -> None:
    """The licence itself, as a new version of what the subject's page shows."""
    record_licence(
        session,
        event.subject.code,
        number=event.number,
        name=event.kind_name or event.kind,
        authority=event.authority,
        granted=handover.occurred_on if event.event == "granted" else None,
        valid_until=day_of(event.valid_until),
        status="revoked" if event.event == "revoked" else "valid",
        source=f"handover:{handover.id}",
        by=by,
        at=at,
    )


def responsible_body(session: Session, event: LicenceEvent) -> Body | None:
    """
    谁审批谁监管: the approving department itself; of an approval bureau, who supervises this kind of licence.

    The supervision office says which line of work that is; its body nearest to the subject is responsible.
    None where nobody was named, or no body of that line covers the region.
    """
    if event.approver:
        body = accounts.body(session, event.approver)
        if body.line != APPROVAL:
            return body
    line = handover_queries.supervising_line(session, event.kind)
    return handover_queries.nearest_body(session, line=line, region=event.subject.region) if line else None


def _assign(
    session: Session, handover: LicenceHandover, department: Body, *, reason: str, by: str, at: datetime
) -> None:
    """Put a hand-over into a department's inbox, and tag the subject for it."""
    before = fingerprint(handover)
    handover.sqlmodel_update({"department_id": department.id, "status": HandoverStatus.PENDING})
    _note(session, handover, "assigned", reason=reason, by=by, at=at)
    act = HandoverAssigned(on_id=str(handover.id), department=department.token, reason=reason)
    put_on_record(session, act, by=by, at=at, before=before, after=handover)
    assert department.id is not None
    if handover.event != "revoked":
        _tag(session, handover, department.id, by=by, at=at)


def _tag(session: Session, handover: LicenceHandover, body_id: int, *, by: str, at: datetime) -> None:
    subject, tag = queries.subject_by_id(session, handover.subject_id), _tag_of(handover.kind)
    today = local(at).date()
    said = queries.standings_of(session, handover.subject_id, on=today)
    if not any((row.body_id, row.kind, row.value) == (body_id, "tag", tag) for row in said):
        set_standing(
            session,
            subject_code=subject.code,
            body_id=body_id,
            kind="tag",
            value=tag,
            valid_from=today,
            reason=f"{handover.authority} {handover.number}",
            by=by,
            at=at,
        )


def _tag_of(kind: str) -> str:
    return f"licence:{kind}"[:64]


def _note(
    session: Session, handover: LicenceHandover, what: str, *, by: str, at: datetime, reason: str = ""
) -> None:
    assert handover.id is not None
    session.add(
        HandoverStep(
            handover_id=handover.id,
            what=what,
            department_id=handover.department_id,
            reason=reason,
            by=by,
            at=at,
        )
    )


def accept_handover(
    session: Session, handover_id: int, *, sight: Sight, by: str, at: datetime
) -> LicenceHandover:
    """
    Take the licensed subject under the department's supervision: it joins the department's pool.

    Accepting a revocation takes note of it: the pool is left by the registrar's own act, with its reason.

    Raises:
        HandoverNotFoundError: It is not the department's.
        WrongHandoverStateError: It does not wait for the department.
    """
    with transaction(session):
        handover, department = _waiting(session, handover_id, sight)
        before = fingerprint(handover)
        handover.sqlmodel_update({"status": HandoverStatus.ACCEPTED})
        _note(session, handover, "accepted", by=by, at=at)
        act = HandoverAccepted(on_id=str(handover.id), department=department.token)
        put_on_record(session, act, by=by, at=at, before=before, after=handover)
        if handover.event != "revoked":
            subject = queries.subject_by_id(session, handover.subject_id)
            assert department.id is not None
            reason = f"{handover.authority} {handover.number}"[:255]
            join_pool(session, [subject.code], department.id, reason=reason, by=by, at=at)
    return handover


def return_handover(
    session: Session, handover_id: int, *, reason: str, sight: Sight, by: str, at: datetime
) -> LicenceHandover:
    """Say that another department is responsible, and why: the supervision office decides."""
    check_text("reason", reason, longest=2000, needed=True)
    with transaction(session):
        handover, department = _waiting(session, handover_id, sight)
        before = fingerprint(handover)
        handover.sqlmodel_update({"status": HandoverStatus.RETURNED})
        _note(session, handover, "returned", reason=reason, by=by, at=at)
        act = HandoverReturned(on_id=str(handover.id), department=department.token, reason=reason)
        put_on_record(session, act, by=by, at=at, before=before, after=handover)
    return handover


def _waiting(session: Session, handover_id: int, sight: Sight) -> tuple[LicenceHandover, Body]:
    handover = handover_queries.handover(session, handover_id, sight=sight)
    if handover.status is not HandoverStatus.PENDING or handover.department_id is None:
        raise WrongHandoverStateError(value=handover_id)
    department = accounts.body_by_id(session, handover.department_id)
    if not sight.sees_body(department.path):
        raise HandoverNotFoundError(value=handover_id)
    return handover, department


def decide_handover(
    session: Session,
    handover_id: int,
    *,
    department_token: str,
    reason: str,
    sight: Sight,
    by: str,
    at: datetime,
) -> LicenceHandover:
    """
    The supervision office decides who is responsible: of a returned hand-over, or one that no rule assigns.

    A department that is named again has to accept: the decision's reason is on record.
    """
    check_text("reason", reason, longest=2000, needed=True)
    with transaction(session):
        handover = handover_queries.handover(session, handover_id, sight=sight)
        if handover.status not in handover_queries.OPEN_TO_OFFICE:
            raise WrongHandoverStateError(value=handover_id)
        _assign(session, handover, accounts.body(session, department_token), reason=reason, by=by, at=at)
    return handover


def set_licence_duty(
    session: Session, kind: str, *, name: str, line: str, basis: str, by: str, at: datetime
) -> LicenceDuty:
    """Say which line of work supervises a kind of licence from now on; the newest word holds."""
    if not is_token(kind) or (line and not is_token(line)):
        raise InvalidRecordError(field="kind", value=f"{kind} → {line}", reason="expected tokens")
    check_text("name", name, longest=128, needed=True)
    check_text("basis", basis, longest=255)
    with transaction(session):
        duty = LicenceDuty(kind=kind, name=name, line=line, basis=basis, by=by, at=at)
        session.add(duty)
        session.flush()
        put_on_record(session, LicenceDutySet(on_id=kind, line=line, basis=basis), by=by, at=at, after=duty)
    return duty
