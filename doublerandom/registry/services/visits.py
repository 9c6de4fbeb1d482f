"""Commands on visits: recorded from the platform, the desk and other bodies' systems, and corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Body
from doublerandom.db import transaction
from doublerandom.dr1.canon import is_id
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries
from doublerandom.registry.acts import OutsideVisitsReceived, VisitCorrected, VisitRecorded
from doublerandom.registry.errors.visits import (
    InvalidVisitError,
    InvalidVisitsError,
    VisitSupersededError,
)
from doublerandom.registry.models import Subject, Visit
from doublerandom.registry.queries.visits import visit as visit_by_id
from doublerandom.registry.texts import check_text
from doublerandom.registry.visit_checks import Problem, VisitFacts, problems_of


class VisitIn(BaseModel):
    """A visit as another body's system sends it; `key` is that system's own number of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(description="the sender's own number of the visit: letters, digits, dots, dashes")
    code: str = Field(description="统一社会信用代码 or issued code")
    visited_on: date
    agency: str = Field(default="", description="token or name of the body that visited; empty: the sender")
    level: str = Field(default="", description="of a body without a row here: province, city or county")
    line: str = Field(default="", description="of a body without a row here: line of work")
    time: str = Field(default="", description="HH:MM")
    kind: str = "routine"
    items: tuple[str, ...] = ()
    inspectors: tuple[str, ...] = ()
    exempt: str = Field(default="", description="ground of exemption from the caps")
    evidence: str = ""
    found: bool | None = Field(default=None, description="whether a problem was found")


@dataclass(frozen=True)
class VisitsReport:
    """What became of the visits that were sent together."""

    recorded: int
    corrected: int
    unchanged: int


def record_visit(
    session: Session,
    *,
    subject_code: str,
    body_id: int | None,
    visited_on: date,
    source: str,
    by: str,
    at: datetime,
    items: Sequence[str] = (),
    inspectors: Sequence[str] = (),
    **facts: Any,
) -> Visit:
    """
    Record that a subject was visited; the same `source` again with other facts is taken as a correction.

    The act names the visit by its source alone. A task's commitment as source binds the subject; the row's
    fingerprint is left out then, for without a salt it would let whoever reads the trail try subjects.

    Args:
        session: The session of the command.
        subject_code: Code.
        body_id: The body that visited; None: one outside, named by the fact `outside`.
        visited_on: Day of the visit, in Asia/Shanghai.
        source: Where it was learnt; at most 70 characters.
        by: Person token.
        at: Now.
        items: Item codes.
        inspectors: Certificate numbers.
        facts: Further fields of `VisitFacts`: kind, counts, time, exempt, evidence, evidence_file, found,
            outside, level, line.

    Raises:
        SubjectNotFoundError: No subject has that code.
        InvalidVisitError: A fact cannot be so; the first is named.
    """
    told = VisitFacts(visited_on, body_id, items=tuple(items), inspectors=tuple(inspectors), **facts)
    _refuse(problems_of(told, today=date.max))  # the day was checked by whoever visited
    with transaction(session):
        subject, found = queries.subject(session, subject_code), queries.visit_by_source(session, source)
        if found is None:
            return _record(session, subject, told, source=source, by=by, at=at)
        if told.told_by(found) and found.subject_id == subject.id:
            return found
        return _supersede(session, found, told, subject=subject, reason="", by=by, at=at)


def enter_visit(
    session: Session, subject_code: str, facts: VisitFacts, *, source: str, by: str, at: datetime
) -> Visit:
    """Record a visit told by a person; once per source. Raises SubjectNotFoundError, InvalidVisitError."""
    _refuse(problems_of(facts, today=clock.local(at).date()))
    told = {name: value for name, value in facts.columns().items() if name not in {"visited_on", "body_id"}}
    return record_visit(
        session,
        subject_code=subject_code,
        body_id=facts.body_id,
        visited_on=facts.visited_on,
        source=source,
        by=by,
        at=at,
        **told,
    )


def correct_visit(
    session: Session, visit_id: int, facts: VisitFacts, *, reason: str, by: str, at: datetime
) -> Visit:
    """
    Put a right row in the place of a wrong one, which stays readable but counts no more.

    A visit that never took place is corrected to one that does not count.

    Raises:
        VisitSupersededError: It was corrected before; `current` is the row that stands in its place.
        InvalidVisitError: A fact cannot be so.
    """
    check_text("reason", reason, longest=1000, needed=True)
    _refuse(problems_of(facts, today=clock.local(at).date()))
    with transaction(session):
        wrong = visit_by_id(session, visit_id)
        if wrong.superseded:
            raise VisitSupersededError(current=queries.visit_history(session, wrong)[-1].id)
        return _supersede(session, wrong, facts, reason=reason, by=by, at=at)


def record_outside_visits(
    session: Session, visits: Sequence[VisitIn], *, body: Body, by: str, at: datetime
) -> VisitsReport:
    """
    Take visits from the system of a body: all or none, with every error named at once; sent twice is once.

    A visit sent again under its key with other facts corrects the first.

    Args:
        session: The session of the command.
        visits: What was sent.
        body: The body whose system sends; it made the visits that name no agency.
        by: Person or system token.
        at: Now.

    Raises:
        InvalidVisitsError: `errors` is a list of {index, field, name, name_en, reason, reason_en}.
    """
    with transaction(session):
        reading = _Sent(session, body, today=clock.local(at).date())
        told = [reading.facts(number, one) for number, one in enumerate(visits)]
        if reading.errors:
            raise InvalidVisitsError(count=len(reading.errors), errors=reading.errors)
        outcomes = [
            _take(session, reading.subject_of(one), facts, f"api:{body.id}:{one.key}", by=by, at=at)
            for one, facts in zip(visits, told, strict=True)
            if facts is not None
        ]
        report = VisitsReport(*(outcomes.count(name) for name in ("recorded", "corrected", "unchanged")))
        act = OutsideVisitsReceived(on_id=body.token, **report.__dict__)
        put_on_record(session, act, by=by, at=at)
    return report


def _take(session: Session, subject: Subject, told: VisitFacts, source: str, *, by: str, at: datetime) -> str:
    """Record or correct one visit that was sent; gives what became of it."""
    found = queries.visit_by_source(session, source)
    if found is None:
        _record(session, subject, told, source=source, by=by, at=at)
        return "recorded"
    if told.told_by(found) and found.subject_id == subject.id:
        return "unchanged"
    _supersede(session, found, told, subject=subject, reason="", by=by, at=at)
    return "corrected"


class _Sent:
    """Reads visits that were sent together and collects all that is wrong with them."""

    def __init__(self, session: Session, body: Body, *, today: date) -> None:
        self._session = session
        self._body = body
        self._today = today
        known = accounts.bodies(session)
        self._bodies = {row.name: row for row in known} | {row.token: row for row in known}
        self._keys: set[str] = set()
        self._subjects: dict[str, Subject] = {}
        self.errors: list[dict[str, Any]] = []

    def facts(self, number: int, one: VisitIn) -> VisitFacts | None:
        """The facts of one visit; None where something is wrong with it."""
        before = len(self.errors)
        self._key(number, one)
        self._subject(number, one)
        facts = self._told(number, one)
        for problem in problems_of(facts, today=self._today):
            self._wrong(number, problem)
        return facts if len(self.errors) == before else None

    def _told(self, number: int, one: VisitIn) -> VisitFacts:
        agency = one.agency.strip()
        made_by = self._bodies.get(agency) if agency else self._body
        fields = one.model_dump(exclude={"key", "code", "agency", "level", "line"})
        if made_by is not None:
            if not made_by.path.startswith(self._body.path):
                words = "既不是报送机关，也不是其下级机关", "it is neither the sender nor a body below it"
                self._wrong(number, Problem("agency", "检查机关", "body", *words))
            return VisitFacts(body_id=made_by.id, **fields)
        return VisitFacts(outside=agency, level=one.level, line=one.line, **fields)

    def _key(self, number: int, one: VisitIn) -> None:
        if not is_id(one.key):
            words = "应为 31 位以内的字母、数字、点、横线", "it has at most 31 letters, digits, dots, dashes"
            self._wrong(number, Problem("key", "记录编号", "key", *words))
        elif one.key in self._keys:
            words = "本批中重复", "it stands twice in this batch"
            self._wrong(number, Problem("key", "记录编号", "key", *words))
        self._keys.add(one.key)

    def _subject(self, number: int, one: VisitIn) -> None:
        code = one.code.strip().upper()
        found = self._subjects.get(code) or queries.subject_or_none(self._session, code)
        if found is None:
            words = "名录库中没有这个检查对象", "no subject has this code"
            self._wrong(number, Problem("code", "统一社会信用代码", "code", *words))
        elif not found.region.startswith(accounts.region_subtree_prefix(self._body.region)):
            words = "检查对象不在报送机关的辖区内", "the subject is outside the sender's area"
            self._wrong(number, Problem("code", "统一社会信用代码", "code", *words))
        else:
            self._subjects[code] = found

    def subject_of(self, one: VisitIn) -> Subject:
        """Whom a visit was made to that was found right."""
        return self._subjects[one.code.strip().upper()]

    def _wrong(self, number: int, problem: Problem) -> None:
        self.errors.append({"index": number, **problem._asdict()})


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        first = problems[0]
        raise InvalidVisitError(
            field=first.name, field_en=first.name_en, reason=first.reason, reason_en=first.reason_en
        )


def _record(
    session: Session, subject: Subject, told: VisitFacts, *, source: str, by: str, at: datetime
) -> Visit:
    assert subject.id is not None
    visit = Visit(
        subject_id=subject.id,
        answerable_id=subject.operator_id or subject.id,
        source=source,
        by=by,
        at=at,
        **told.columns(),
    )
    session.add(visit)
    act = VisitRecorded(
        on_id=source,
        visited_on=told.visited_on,
        kind=told.kind,
        counts=told.counts,
        exempt=told.exempt,
        evidence_file=told.evidence_file,
    )
    put_on_record(session, act, by=by, at=at, after=None if source.startswith("task:") else visit)
    return visit


def _supersede(
    session: Session,
    wrong: Visit,
    told: VisitFacts,
    *,
    reason: str,
    by: str,
    at: datetime,
    subject: Subject | None = None,
) -> Visit:
    """Put a row in the place of a wrong one; of the same subject unless another is told."""
    subject_id, answerable_id = wrong.subject_id, wrong.answerable_id
    if subject is not None and subject.id is not None and subject.id != subject_id:
        subject_id, answerable_id = subject.id, subject.operator_id or subject.id
    first, _, turn = wrong.source.partition("#")
    source = f"{first}#{int(turn or 1) + 1}"
    wrong.superseded = True
    session.add(wrong)
    visit = Visit(
        subject_id=subject_id,
        answerable_id=answerable_id,
        source=source,
        supersedes_id=wrong.id,
        reason=reason,
        by=by,
        at=at,
        **told.columns(),
    )
    session.add(visit)
    act = VisitCorrected(
        on_id=source,
        supersedes=wrong.source,
        visited_on=told.visited_on,
        kind=told.kind,
        counts=told.counts,
        exempt=told.exempt,
        reason=reason,
    )
    put_on_record(session, act, by=by, at=at, after=None if source.startswith("task:") else visit)
    return visit
