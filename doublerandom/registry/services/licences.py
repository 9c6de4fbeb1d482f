"""Commands on a subject's licences and on the lists it stands on."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.db import transaction
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import LicenceRecorded, ListingEnded, ListingRecorded
from doublerandom.registry.errors import InvalidRecordError, RecordNotFoundError, StandingEndedError
from doublerandom.registry.membership import LICENCE_STATUSES, LISTINGS
from doublerandom.registry.models import Licence, SubjectListing
from doublerandom.registry.texts import check_text

_COMPARED = ("name", "authority", "granted", "valid_until", "status")


def record_licence(
    session: Session,
    subject_code: str,
    *,
    number: str,
    name: str,
    source: str,
    by: str,
    at: datetime,
    authority: str = "",
    granted: date | None = None,
    valid_until: date | None = None,
    status: str = "valid",
) -> Licence:
    """
    Keep a licence of a subject: a new version if anything differs from the newest, else nothing changes.

    Args:
        session: The session of the command.
        subject_code: Code.
        number: The licence's number, which names it.
        name: What is licensed.
        source: Hand-over, file or document it was learnt from.
        by: Person token.
        at: Now.
        authority: Who granted it.
        granted: First day; none: as the version before.
        valid_until: Last day; none: without end.
        status: valid, suspended, revoked or cancelled.
    """
    _check_licence(number, name, authority, source, status, granted, valid_until)
    with transaction(session):
        subject = queries.subject(session, subject_code)
        assert subject.id is not None
        last = queries.licence_of(session, subject.id, number)
        licence = Licence(
            subject_id=subject.id,
            number=number,
            version=last.version + 1 if last else 1,
            name=name,
            authority=authority,
            granted=granted or (last.granted if last else None),
            valid_until=valid_until,
            status=status,
            source=source,
            by=by,
            at=at,
        )
        if last is not None and all(getattr(last, each) == getattr(licence, each) for each in _COMPARED):
            return last
        session.add(licence)
        act = LicenceRecorded(
            on_id=subject.code, number=number, version=licence.version, status=status, source=source
        )
        put_on_record(session, act, by=by, at=at, before=last, after=licence)
    return licence


def _check_licence(  # noqa: PLR0917 - the fields of a licence
    number: str,
    name: str,
    authority: str,
    source: str,
    status: str,
    granted: date | None,
    valid_until: date | None,
) -> None:
    check_text("number", number, longest=64, needed=True)
    check_text("name", name, longest=128, needed=True)
    check_text("authority", authority, longest=128)
    check_text("source", source, longest=128, needed=True)
    if status not in LICENCE_STATUSES:
        raise InvalidRecordError(
            field="status", value=status, reason=f"expected one of {', '.join(LICENCE_STATUSES)}"
        )
    if granted and valid_until and valid_until < granted:
        raise InvalidRecordError(
            field="valid_until", value=valid_until.isoformat(), reason="before the first day"
        )


def put_on_list(
    session: Session,
    subject_code: str,
    *,
    kind: str,
    valid_from: date,
    source: str,
    by: str,
    at: datetime,
    valid_to: date | None = None,
    authority: str = "",
    reason: str = "",
) -> SubjectListing:
    """Put a subject on a list (see `LISTINGS`), dated; once per list, first day and source."""
    check_text("source", source, longest=128, needed=True)
    check_text("authority", authority, longest=128)
    check_text("reason", reason, longest=255)
    if kind not in LISTINGS:
        raise InvalidRecordError(field="kind", value=kind, reason=f"expected one of {', '.join(LISTINGS)}")
    if valid_to and valid_to < valid_from:
        raise InvalidRecordError(field="valid_to", value=valid_to.isoformat(), reason="before the first day")
    with transaction(session):
        subject = queries.subject(session, subject_code)
        assert subject.id is not None
        for known in queries.listings_of(session, subject.id):
            if (known.kind, known.valid_from, known.source) == (kind, valid_from, source):
                return known
        listing = SubjectListing(
            subject_id=subject.id,
            kind=kind,
            authority=authority,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason,
            source=source,
            by=by,
            at=at,
        )
        session.add(listing)
        act = ListingRecorded(
            on_id=subject.code, kind=kind, valid_from=valid_from, valid_to=valid_to, source=source
        )
        put_on_record(session, act, by=by, at=at, after=listing)
    return listing


def take_off_list(session: Session, listing_id: int, *, reason: str, by: str, at: datetime) -> SubjectListing:
    """
    End a subject's place on a list; yesterday was its last day.

    Raises:
        RecordNotFoundError: There is no such row.
        StandingEndedError: It ended already.
    """
    check_text("reason", reason, longest=255, needed=True)
    with transaction(session):
        listing = session.get(SubjectListing, listing_id)
        if listing is None:
            raise RecordNotFoundError(value=listing_id)
        last_day = local(at).date() - timedelta(days=1)
        if listing.valid_to is not None and listing.valid_to <= last_day:
            raise StandingEndedError(value=listing.kind)
        before = fingerprint(listing)
        listing.valid_to, listing.ended_by, listing.ended_at, listing.end_reason = last_day, by, at, reason
        session.add(listing)
        subject = queries.subject_by_id(session, listing.subject_id)
        act = ListingEnded(on_id=subject.code, kind=listing.kind, valid_to=last_day, reason=reason)
        put_on_record(session, act, by=by, at=at, before=before, after=listing)
    return listing
