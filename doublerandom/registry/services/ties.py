"""Commands on what rules make conflicts of: ties of inspectors, identifiers that are shared."""

from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger.keys import key_from_file
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts.conflicts import LinkAdded, TieAdded, TieWithdrawn
from doublerandom.registry.errors import InvalidRecordError
from doublerandom.registry.errors.conflicts import TieWithdrawnError
from doublerandom.registry.grounds import LINK_KINDS, RELATIONS, link_value
from doublerandom.registry.models import Link, Tie
from doublerandom.registry.queries import ties as tie_queries
from doublerandom.registry.texts import check_text
from doublerandom.registry.uscc import is_valid

LINK_KEY_FILE: Final = "links.key"


def link_key(settings: Settings) -> bytes:
    """The key under which identifiers are hashed, outside the database; made on first use."""
    return key_from_file(settings, LINK_KEY_FILE)


def owner_of(*, subject_id: int | None, inspector_id: int | None) -> str:
    """Whose identifier a link is, as one text."""
    return f"inspector:{inspector_id}" if inspector_id is not None else f"subject:{subject_id}"


def add_tie(
    session: Session,
    *,
    inspector: str,
    code: str,
    relation: str,
    first_day: date | None = None,
    last_day: date | None = None,
    statement: str = "",
    source: str = "hr",
    by: str,
    at: datetime,
) -> Tie:
    """
    Enter that an inspector works or worked for a company, owns or represents it, or a relative does.

    Args:
        session: The session of the command.
        inspector: Certificate number.
        code: Of a subject, or of a company outside the pool (a valid 统一社会信用代码).
        relation: One of grounds.RELATIONS.
        first_day: First day; None: not known.
        last_day: Last day; None: it goes on.
        statement: Particulars, for the head alone.
        source: hr or declared.
        by: Person token.
        at: Now.
    """
    company = code.strip().upper()
    if relation not in RELATIONS:
        raise InvalidRecordError(field="关系", value=relation, reason="、".join(RELATIONS))
    if first_day is not None and last_day is not None and last_day < first_day:
        raise InvalidRecordError(field="截止日期", value=last_day.isoformat(), reason="早于起始日期")
    check_text("statement", statement, longest=4000)
    with transaction(session):
        who, whom = queries.inspector(session, inspector), queries.subject_or_none(session, company)
        if whom is None and not is_valid(company):
            raise InvalidRecordError(
                field="统一社会信用代码", value=code[:31], reason="不是有效的代码，也不在名录库中"
            )
        assert who.id is not None
        tie = Tie(
            inspector_id=who.id,
            subject_id=whom.id if whom else None,
            code=company,
            relation=relation,
            first_day=first_day,
            last_day=last_day,
            statement=statement,
            source=source,
            by=by,
            at=at,
        )
        session.add(tie)
        session.flush()
        act = TieAdded(on_id=str(tie.id), inspector=who.certificate, company=company, relation=relation)
        put_on_record(session, act, by=by, at=at, after=tie)
    return tie


def withdraw_tie(session: Session, tie_id: int, *, reason: str, by: str, at: datetime) -> Tie:
    """Take back a tie that was entered by mistake; it stays readable. Raises TieWithdrawnError."""
    check_text("reason", reason, longest=1000, needed=True)
    with transaction(session):
        tie = tie_queries.tie(session, tie_id)
        if tie.withdrawn_at is not None:
            raise TieWithdrawnError(id=tie_id)
        before = fingerprint(tie)
        tie.sqlmodel_update({"withdrawn_by": by, "withdrawn_at": at})
        put_on_record(session, TieWithdrawn(str(tie.id), reason), by=by, at=at, before=before, after=tie)
    return tie


def add_link(
    session: Session,
    *,
    kind: str,
    text: str,
    subject: str = "",
    inspector: str = "",
    settings: Settings,
    by: str,
    at: datetime,
) -> Link:
    """
    Note an identifier of a subject, or of an inspector or a relative; the same again changes nothing.

    Only its hash is kept, under a key outside the database; a parent company's code, which is public, stands
    as it is.

    Args:
        session: The session of the command.
        kind: person, phone, address or parent.
        text: The identifier as it is written.
        subject: Code of the subject whose it is; empty: it is the inspector's.
        inspector: Certificate number of the inspector whose it is.
        settings: Where the key lies.
        by: Person token.
        at: Now.
    """
    if kind not in LINK_KINDS:
        raise InvalidRecordError(field="标识类型", value=kind, reason="、".join(LINK_KINDS))
    value = link_value(kind, text, key=link_key(settings))
    if not value or not text.strip():
        raise InvalidRecordError(field="标识", value="", reason="没有填写")
    if kind == "parent" and not is_valid(value):
        raise InvalidRecordError(field="上级公司代码", value=value[:31], reason="不是有效的统一社会信用代码")
    with transaction(session):
        whose = queries.subject(session, subject).id if subject else None
        person = None if subject else queries.inspector(session, inspector).id
        owner = owner_of(subject_id=whose, inspector_id=person)
        found = tie_queries.link_of(session, owner, kind, value)
        if found is not None:
            return found
        link = Link(owner=owner, subject_id=whose, inspector_id=person, kind=kind, value=value, by=by, at=at)
        session.add(link)
        session.flush()
        put_on_record(session, LinkAdded(on_id=str(link.id), kind=kind), by=by, at=at, after=link)
    return link
