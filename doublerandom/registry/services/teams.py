"""Commands on standing teams: founded, changed from a day on, ended; memberships are dated."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.db import transaction
from doublerandom.dr1.canon import is_token
from doublerandom.ledger.trail import fingerprint, put_on_record
from doublerandom.registry import queries, readiness
from doublerandom.registry.acts import TeamChanged, TeamEnded, TeamFounded
from doublerandom.registry.errors import (
    DaysOutOfOrderError,
    InvalidRecordError,
    MemberElsewhereError,
    MemberInTeamError,
    MemberIsExpertError,
    MemberNotExpertError,
    MemberNotReadyError,
    TeamEndedError,
    TeamLeadError,
    TeamMemberTwiceError,
    TeamTooSmallError,
)
from doublerandom.registry.models import Inspector, Team, TeamMember
from doublerandom.registry.texts import check_text

ROLES: Final = ("lead", "member", "expert")
_LONGEST_STEM: Final = 25


class MemberIn(NamedTuple):
    """Who belongs to a team: certificate number and role (lead, member, expert)."""

    certificate: str
    role: str


def found_team(
    session: Session,
    *,
    name: str,
    body_id: int,
    members: Sequence[MemberIn],
    valid_from: date,
    department: str = "",
    by: str,
    at: datetime,
) -> Team:
    """
    Found a standing team of a body; its code is issued.

    Args:
        session: The session of the command.
        name: For people.
        body_id: To which body it belongs; members are of it or of bodies below.
        members: Exactly one lead, at least one further inspector, experts who go along.
        valid_from: From which day on it can be dealt.
        department: Line of work; empty: the body's.
        by: Person token.
        at: Now.

    Raises:
        TeamTooSmallError, TeamLeadError, TeamMemberTwiceError: The list does not make a team.
        MemberIsExpertError, MemberNotExpertError, MemberElsewhereError, MemberNotReadyError,
            MemberInTeamError: Somebody cannot be in it.
    """
    check_text("name", name, longest=64, needed=True)
    with transaction(session):
        body = accounts.body_by_id(session, body_id)
        team = Team(
            code=_next_code(session, body),
            name=name.strip(),
            body_id=body_id,
            department=department or body.line,
            valid_from=valid_from,
            by=by,
            at=at,
        )
        if not is_token(team.department):
            raise InvalidRecordError(field="department", value=team.department, reason="expected a token")
        people = _checked(session, team, body, members, on=valid_from)
        session.add(team)
        session.flush()
        _join(session, team, people, members, on=valid_from, by=by, at=at)
        act = TeamFounded(on_id=team.code, body_id=body_id, valid_from=valid_from, members=_told(members))
        put_on_record(session, act, by=by, at=at, after=team)
    return team


def change_team(
    session: Session, code: str, *, members: Sequence[MemberIn], valid_from: date, by: str, at: datetime
) -> Team:
    """
    Give a team these members from a day on; memberships that end keep their days.

    Raises:
        TeamEndedError: It has ended by then.
        DaysOutOfOrderError: The day is before the team's first.
        TeamTooSmallError and the others: As of `found_team`.
    """
    with transaction(session):
        team = queries.team(session, code)
        assert team.id is not None
        if team.valid_to is not None and team.valid_to < valid_from:
            raise TeamEndedError(value=team.code)
        if valid_from < team.valid_from:
            raise DaysOutOfOrderError(first=team.valid_from, last=valid_from)
        body = accounts.body_by_id(session, team.body_id)
        people = _checked(session, team, body, members, on=valid_from)
        wanted = {(people[one.certificate].id, one.role) for one in members}
        kept = set()
        for view in queries.membership_history(session, team.id):
            row = view.row
            if row.valid_to is not None and row.valid_to < valid_from:
                continue
            held = (row.inspector_id, row.role)
            if held in wanted and row.valid_from <= valid_from and row.valid_to is None:
                kept.add(held)
            else:
                row.valid_to = valid_from - timedelta(days=1)
        new = [one for one in members if (people[one.certificate].id, one.role) not in kept]
        _join(session, team, people, new, on=valid_from, by=by, at=at)
        act = TeamChanged(on_id=team.code, valid_from=valid_from, members=_told(members))
        put_on_record(session, act, by=by, at=at, after=team)
    return team


def end_team(session: Session, code: str, *, last_day: date, by: str, at: datetime) -> Team:
    """
    End a team with a day; what was dealt to it stays with who belonged to it then.

    Raises:
        TeamEndedError: It has ended before.
        DaysOutOfOrderError: The day is before its first.
    """
    with transaction(session):
        team = queries.team(session, code)
        if team.valid_to is not None:
            raise TeamEndedError(value=team.code)
        if last_day < team.valid_from:
            raise DaysOutOfOrderError(first=team.valid_from, last=last_day)
        before = fingerprint(team)
        team.valid_to = last_day
        put_on_record(
            session, TeamEnded(on_id=team.code, last_day=last_day), by=by, at=at, before=before, after=team
        )
    return team


def _next_code(session: Session, body: accounts.Body) -> str:
    """`<BODY>-T01`: an id, never that of another team or of an inspector."""
    assert body.id is not None
    stem = re.sub(r"[^A-Z0-9]+", "-", body.token.upper())[:_LONGEST_STEM].strip("-")
    number = queries.teams_of_body(session, body.id)
    while True:
        number += 1
        code = f"{stem}-T{number:02d}"
        if not queries.team_or_none(session, code) and not queries.inspector_or_none(session, code):
            return code


def _told(members: Sequence[MemberIn]) -> tuple[tuple[str, str], ...]:
    return tuple((one.certificate.strip().upper(), one.role) for one in members)


def _join(
    session: Session,
    team: Team,
    people: dict[str, Inspector],
    members: Sequence[MemberIn],
    *,
    on: date,
    by: str,
    at: datetime,
) -> None:
    for one in members:
        inspector = people[one.certificate]
        assert team.id is not None
        assert inspector.id is not None
        row = TeamMember(
            team_id=team.id, inspector_id=inspector.id, role=one.role, valid_from=on, by=by, at=at
        )
        session.add(row)


def _checked(
    session: Session, team: Team, body: accounts.Body, members: Sequence[MemberIn], *, on: date
) -> dict[str, Inspector]:
    """The inspectors by the certificate numbers as given, once they make a team on that day."""
    _check_roles(members)
    people = {one.certificate: queries.inspector(session, one.certificate) for one in members}
    numbers = [people[one.certificate].id for one in members]
    for one, number in zip(members, numbers, strict=True):
        if numbers.count(number) > 1:
            raise TeamMemberTwiceError(value=one.certificate)
    for one in members:
        inspector = people[one.certificate]
        if (one.role == "expert") is not inspector.expert:
            raise (MemberIsExpertError if inspector.expert else MemberNotExpertError)(**_who(inspector))
    counting = [people[one.certificate] for one in members if one.role in queries.COUNTING]
    _check_members(session, team, body, counting, on=on)
    return people


def _check_roles(members: Sequence[MemberIn]) -> None:
    for one in members:
        if one.role not in ROLES:
            known = ", ".join(ROLES)
            raise InvalidRecordError(field="role", value=one.role, reason=f"expected one of {known}")
    if sum(one.role == "lead" for one in members) != 1:
        raise TeamLeadError
    if sum(one.role in queries.COUNTING for one in members) < queries.LEAST:
        raise TeamTooSmallError


def _check_members(
    session: Session, team: Team, body: accounts.Body, people: Sequence[Inspector], *, on: date
) -> None:
    """Of this body or below, of its line of work, with a valid certificate, and in no other team."""
    facts = queries.facts_of(session, people)
    elsewhere = queries.teams_of_inspectors(session, list(facts), on=on)
    inside = {row.id for row in accounts.bodies(session, below=body.path)}
    for inspector in people:
        assert inspector.id is not None
        if inspector.body_id not in inside or inspector.department != team.department:
            raise MemberElsewhereError(**_who(inspector))
        if not inspector.active or readiness.certificate_reason(facts[inspector.id].papers, on):
            raise MemberNotReadyError(**_who(inspector))
        other = elsewhere.get(inspector.id)
        if other is not None and other[0].id != team.id:
            raise MemberInTeamError(**_who(inspector), team=other[0].code)


def _who(inspector: Inspector) -> dict[str, str]:
    return {"name": inspector.name, "value": inspector.certificate}
