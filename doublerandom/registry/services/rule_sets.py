"""Rule sets: drafted as data, checked against their schema, approved by another person."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts.queries import Body
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger import log
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import (
    RuleSetAdded,
    RuleSetApproved,
    RuleSetDrafted,
    RuleSetEdited,
    RuleSetMoved,
)
from doublerandom.registry.errors import (
    AlreadyApprovedError,
    AlreadyThereError,
    EmptyRuleSetError,
    OwnDecisionError,
    WrongRuleSetStateError,
)
from doublerandom.registry.errors.rule_sets import BackdatedRuleSetError
from doublerandom.registry.models import RuleSet, RuleSetStatus
from doublerandom.registry.rule_shape import SECTIONS, check_section
from doublerandom.registry.rules import check_rules, digest_of
from doublerandom.registry.services.second_person import check_second_person


def add_rule_set(
    session: Session,
    rules: dict[str, Any],
    *,
    body_id: int,
    by: str,
    at: datetime,
    valid_to: date | None = None,
) -> RuleSet:
    """
    Add a rule set that waits for approval; domain, version and first day are those of the object itself.

    Raises:
        InvalidRuleSetError: The object breaks the schema; `where` names the member.
        AlreadyThereError: This body has this version for this domain already.
    """
    check_rules(rules)
    with transaction(session):
        versions = queries.versions_of(session, body_id=body_id, domain=rules["domain"])
        if rules["version"] in {row.version for row in versions}:
            raise AlreadyThereError(value=f"{rules['domain']}/{rules['version']}")
        rule_set = _row(rules, body_id, RuleSetStatus.SUBMITTED)
        rule_set.valid_to = valid_to
        session.add(rule_set)
        session.flush()
        act = RuleSetAdded(on_id=str(rule_set.id), version=rule_set.version, digest=rule_set.digest)
        put_on_record(session, act, by=by, at=at, after=rule_set)
    return rule_set


def _row(rules: dict[str, Any], body_id: int, status: RuleSetStatus) -> RuleSet:
    return RuleSet(
        body_id=body_id,
        domain=rules["domain"],
        version=rules["version"],
        valid_from=date.fromisoformat(rules["valid_from"]),
        rules=rules,
        digest=digest_of(rules),
        status=status,
    )


def draft_rule_set(
    session: Session,
    *,
    body: Body,
    domain: str,
    valid_from: date,
    remark: str = "",
    by: str,
    at: datetime,
) -> RuleSet:
    """
    Begin the next version of a body's rules for a line of work: a copy of the newest that was approved.

    Where none was, the draft is empty, and everything is left to the bodies above.

    Raises:
        InvalidRuleSetError: The domain is no token.
        WrongRuleSetStateError: A draft of the same rules is open already, or waits for approval.
    """
    assert body.id is not None
    with transaction(session):
        versions = queries.versions_of(session, body_id=body.id, domain=domain)
        for row in versions:
            if row.status in {RuleSetStatus.DRAFT, RuleSetStatus.SUBMITTED}:
                raise WrongRuleSetStateError(rule_set=name_of(row), status=row.status.value)
        newest = next((row for row in versions if row.status is RuleSetStatus.APPROVED), None)
        sections = {name: value for name, value in newest.rules.items() if name in SECTIONS} if newest else {}
        head = {
            "body": body.token,
            "domain": domain,
            "version": versions[0].version + 1 if versions else 1,
            "valid_from": valid_from.isoformat(),
        }
        rules = {**head, **sections}
        check_rules(rules)
        rule_set = _row(rules, body.id, RuleSetStatus.DRAFT)
        rule_set.remark = remark
        session.add(rule_set)
        session.flush()
        act = RuleSetDrafted(
            on_id=str(rule_set.id),
            domain=domain,
            version=rule_set.version,
            copy_of=name_of(newest) if newest else "",
            digest=rule_set.digest,
        )
        put_on_record(session, act, by=by, at=at, after=rule_set)
    return rule_set


def name_of(row: RuleSet) -> str:
    """How a rule set is named in the public log: `body:domain:version`."""
    return f"{row.rules['body']}:{row.domain}:{row.version}"


def save_section(
    session: Session, rule_set_id: int, section: str, value: Any | None, *, by: str, at: datetime
) -> RuleSet:
    """
    Write one section of a draft, or with None leave it to the body above.

    Raises:
        InvalidRuleSetError: The value breaks the schema; `where` names the member.
        WrongRuleSetStateError: It is no draft any more.
    """
    with transaction(session):
        rule_set = _in_state(session, rule_set_id, RuleSetStatus.DRAFT)
        rules = {name: each for name, each in rule_set.rules.items() if name != section}
        if value is not None:
            check_section(section, value)
            rules[section] = value
        check_rules(rules)
        _edit(session, rule_set, rules, section=section, left_open=value is None, by=by, at=at)
    return rule_set


def set_days(
    session: Session,
    rule_set_id: int,
    *,
    valid_from: date,
    valid_to: date | None = None,
    remark: str = "",
    by: str,
    at: datetime,
) -> RuleSet:
    """
    Change a draft's first and last day, and why there is a new version.

    Raises:
        WrongRuleSetStateError: It is no draft any more.
    """
    with transaction(session):
        rule_set = _in_state(session, rule_set_id, RuleSetStatus.DRAFT)
        rules = {**rule_set.rules, "valid_from": valid_from.isoformat()}
        rule_set.sqlmodel_update({"valid_from": valid_from, "valid_to": valid_to, "remark": remark})
        _edit(session, rule_set, rules, section="head", left_open=False, by=by, at=at)
    return rule_set


def _edit(
    session: Session,
    rule_set: RuleSet,
    rules: dict[str, Any],
    *,
    section: str,
    left_open: bool,
    by: str,
    at: datetime,
) -> None:
    before = rule_set.digest
    rule_set.sqlmodel_update({"rules": rules, "digest": digest_of(rules)})
    act = RuleSetEdited(on_id=str(rule_set.id), section=section, left_open=left_open, digest=rule_set.digest)
    put_on_record(session, act, by=by, at=at, before=before, after=rule_set)


def submit_rule_set(session: Session, rule_set_id: int, *, by: str, at: datetime) -> RuleSet:
    """
    Hand a draft to the head; it cannot be changed while it waits.

    Raises:
        WrongRuleSetStateError: It is no draft.
        EmptyRuleSetError: It has no section at all.
    """
    with transaction(session):
        rule_set = _in_state(session, rule_set_id, RuleSetStatus.DRAFT)
        if not rule_set.rules.keys() & SECTIONS.keys():
            raise EmptyRuleSetError(rule_set=name_of(rule_set))
        _move(session, rule_set, RuleSetStatus.SUBMITTED, reason="", by=by, at=at)
    return rule_set


def return_rule_set(session: Session, rule_set_id: int, *, reason: str, by: str, at: datetime) -> RuleSet:
    """
    Give a submitted rule set back to its authors, who may change it again.

    Raises:
        WrongRuleSetStateError: It does not wait for approval.
    """
    with transaction(session):
        rule_set = _in_state(session, rule_set_id, RuleSetStatus.SUBMITTED)
        _move(session, rule_set, RuleSetStatus.DRAFT, reason=reason, by=by, at=at)
    return rule_set


def withdraw_rule_set(session: Session, rule_set_id: int, *, reason: str, by: str, at: datetime) -> RuleSet:
    """
    Give a draft up: it is kept and marked, and its version number is not used again.

    Raises:
        WrongRuleSetStateError: It is no draft.
    """
    with transaction(session):
        rule_set = _in_state(session, rule_set_id, RuleSetStatus.DRAFT)
        _move(session, rule_set, RuleSetStatus.WITHDRAWN, reason=reason, by=by, at=at)
    return rule_set


def _move(
    session: Session, rule_set: RuleSet, status: RuleSetStatus, *, reason: str, by: str, at: datetime
) -> None:
    before = fingerprint(rule_set)
    rule_set.status = status
    act = RuleSetMoved(on_id=str(rule_set.id), status=status.value, reason=reason, digest=rule_set.digest)
    put_on_record(session, act, by=by, at=at, before=before, after=rule_set)


def _in_state(session: Session, rule_set_id: int, status: RuleSetStatus) -> RuleSet:
    """The rule set, when it is in that state."""
    rule_set = queries.rule_set_by_id(session, rule_set_id)
    if rule_set.status is not status:
        raise WrongRuleSetStateError(rule_set=name_of(rule_set), status=rule_set.status.value)
    return rule_set


def approve_rule_set(
    session: Session, rule_set_id: int, *, settings: Settings, by: str, at: datetime
) -> RuleSet:
    """
    Approve a rule set: it is in force from its first day on, and its digest enters the public log.

    Raises:
        AlreadyApprovedError: It was approved before.
        WrongRuleSetStateError: Nobody submitted it.
        OwnDecisionError: Somebody would approve it who drafted, changed or submitted it.
        StandsInForOtherSideError: Who approves does so only in the place of an author, or the reverse.
        BackdatedRuleSetError: It would replace rules that were in force on days already past.
    """
    with transaction(session):
        rule_set = queries.rule_set_by_id(session, rule_set_id)
        if rule_set.status is RuleSetStatus.APPROVED:
            raise AlreadyApprovedError(rule_set=name_of(rule_set))
        _in_state(session, rule_set_id, RuleSetStatus.SUBMITTED)
        authors = queries.who_wrote(session, rule_set_id)
        if by in authors:
            raise OwnDecisionError(what=name_of(rule_set))
        check_second_person(session, authors, by, at=at)
        _check_first_day(session, rule_set, clock.local(at).date())
        before = fingerprint(rule_set)
        rule_set.sqlmodel_update({"status": RuleSetStatus.APPROVED, "approved_by": by, "approved_at": at})
        act = RuleSetApproved(on_id=str(rule_set.id), version=rule_set.version, digest=rule_set.digest)
        put_on_record(session, act, by=by, at=at, before=before, after=rule_set)
        entry = {
            "type": "list",
            "what": "rule_set",
            "name": name_of(rule_set)[:64],
            "digest": rule_set.digest,
        }
        log.append(session, entry, settings=settings, at=at)
    return rule_set


def _check_first_day(session: Session, rule_set: RuleSet, today: date) -> None:
    """Rules that were in force on days before today stay what they were."""
    for other in queries.versions_of(session, body_id=rule_set.body_id, domain=rule_set.domain):
        was_in_force = (
            other.status is RuleSetStatus.APPROVED
            and other.valid_from < today
            and (other.valid_to is None or other.valid_to >= rule_set.valid_from)
        )
        if was_in_force and rule_set.valid_from < today:
            first_day, other_name = rule_set.valid_from.isoformat(), name_of(other)
            raise BackdatedRuleSetError(
                rule_set=name_of(rule_set), first_day=first_day, today=today.isoformat(), other=other_name
            )
