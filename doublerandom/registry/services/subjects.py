"""Commands that add subjects to the pool."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import insert
from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.canon import is_id
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries, uscc
from doublerandom.registry.acts import SubjectsAdded
from doublerandom.registry.errors import (
    AlreadyThereError,
    InvalidCodeError,
    InvalidRecordError,
)
from doublerandom.registry.models import (
    ImportBatch,
    RegistrationStatus,
    Subject,
    SubjectKind,
)
from doublerandom.registry.texts import check_text

CHUNK = 5000


CODED = {SubjectKind.ENTERPRISE, SubjectKind.SELF_EMPLOYED, SubjectKind.COOPERATIVE, SubjectKind.INSTITUTION}


_LENGTHS = {"name": 255, "address": 512, "authority": 128, "category": 64, "capital": 64, "business": 100_000}


@dataclass(frozen=True)
class SubjectIn:
    """A subject that comes in by another way than a file; the fields of `Subject`."""

    code: str
    name: str
    region: str
    kind: str = "enterprise"
    address: str = ""
    industry: str = ""
    authority: str = ""
    status: str = "active"
    established: date | None = None
    category: str = ""
    capital: str = ""
    business: str = ""
    credit_class: str = ""
    credit_class_on: date | None = None
    managing_office: str = ""
    operator_id: int | None = None


def add_subjects(
    session: Session, subjects: Iterable[SubjectIn], *, source: str, by: str, at: datetime
) -> ImportBatch:
    """
    Add subjects, all or none; enterprises need a valid 统一社会信用代码, other kinds an id.

    Args:
        session: The session of the command.
        subjects: A stream; codes in upper case.
        source: Where they come from, kept as the batch's file name.
        by: Person token.
        at: Now.

    Raises:
        InvalidCodeError, InvalidRecordError: A field holds what it cannot hold.
        AlreadyThereError: A code is there already, or came twice.
    """
    with transaction(session):
        batch = ImportBatch(kind="subjects", filename=source, sha256="", by=by, at=at)
        session.add(batch)
        session.flush()
        count = 0
        for some in _batches(subjects):
            _check_subjects(session, some)
            session.execute(insert(Subject), [{**asdict(one), "batch_id": batch.id} for one in some])
            count += len(some)
        batch.accepted = count
        act = SubjectsAdded(on_id=str(batch.id), source=source, count=count)
        put_on_record(session, act, by=by, at=at, after=batch)
    return batch


def _batches(subjects: Iterable[SubjectIn]) -> Iterable[list[SubjectIn]]:
    some: list[SubjectIn] = []
    for one in subjects:
        some.append(one)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some


def _check_subjects(session: Session, some: Sequence[SubjectIn]) -> None:
    for one in some:
        if one.kind not in list(SubjectKind) or one.status not in list(RegistrationStatus):
            raise InvalidRecordError(field="kind/status", value=f"{one.kind}/{one.status}", reason="unknown")
        if one.kind in CODED and not uscc.is_valid(one.code):
            raise InvalidCodeError(value=one.code, reason="wrong length, characters or check character")
        if not is_id(one.code) or one.code != one.code.upper():
            raise InvalidRecordError(field="code", value=one.code, reason="expected an id in upper case")
        if one.credit_class not in {"", "A", "B", "C", "D"}:
            raise InvalidRecordError(
                field="credit_class", value=one.credit_class, reason="expected A, B, C or D"
            )
        for field, longest in _LENGTHS.items():
            check_text(field, getattr(one, field), longest=longest, needed=field == "name")
    codes = [one.code for one in some]
    known = queries.subject_ids_by_codes(session, codes)
    if known or len(set(codes)) < len(codes):
        twice = next(code for n, code in enumerate(codes) if code in known or code in codes[:n])
        raise AlreadyThereError(value=twice)
