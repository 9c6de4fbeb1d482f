"""Rule sets: drafted as data, checked against their schema, approved by another person."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger import log
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import RuleSetAdded, RuleSetApproved
from doublerandom.registry.errors import AlreadyApprovedError, AlreadyThereError, OwnDecisionError
from doublerandom.registry.models import RuleSet
from doublerandom.registry.rules import check_rules, digest_of


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
        same = (rules["domain"], rules["version"])
        if same in {(row.domain, row.version) for row in queries.rule_sets(session, body_id=body_id)}:
            raise AlreadyThereError(value=f"{rules['domain']}/{rules['version']}")
        rule_set = RuleSet(
            body_id=body_id,
            domain=rules["domain"],
            version=rules["version"],
            valid_from=date.fromisoformat(rules["valid_from"]),
            valid_to=valid_to,
            rules=rules,
            digest=digest_of(rules),
        )
        session.add(rule_set)
        session.flush()
        act = RuleSetAdded(on_id=str(rule_set.id), version=rule_set.version, digest=rule_set.digest)
        put_on_record(session, act, by=by, at=at, after=rule_set)
    return rule_set


def approve_rule_set(
    session: Session, rule_set_id: int, *, settings: Settings, by: str, at: datetime
) -> RuleSet:
    """
    Approve a rule set: it is in force from its first day on, and its digest enters the public log.

    Raises:
        AlreadyApprovedError: It was approved before.
        OwnDecisionError: Who added it would approve it.
    """
    with transaction(session):
        rule_set = queries.rule_set_by_id(session, rule_set_id)
        if rule_set.approved_at is not None:
            raise AlreadyApprovedError(rule_set=f"{rule_set.domain}/{rule_set.version}")
        if queries.who_added(session, "rule_set", str(rule_set_id)) == by:
            raise OwnDecisionError(what="rule_set")
        before = fingerprint(rule_set)
        rule_set.sqlmodel_update({"approved_by": by, "approved_at": at})
        act = RuleSetApproved(on_id=str(rule_set.id), version=rule_set.version, digest=rule_set.digest)
        put_on_record(session, act, by=by, at=at, before=before, after=rule_set)
        name = f"{rule_set.rules['body']}:{rule_set.domain}:{rule_set.version}"[:64]
        entry = {"type": "list", "what": "rule_set", "name": name, "digest": rule_set.digest}
        log.append(session, entry, settings=settings, at=at)
    return rule_set
