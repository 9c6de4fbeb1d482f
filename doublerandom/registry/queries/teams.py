"""Standing teams: who belongs to them on a day, and how a draw sees them as one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body, region_subtree_prefix
from doublerandom.registry.errors import TeamNotFoundError
from doublerandom.registry.models import Inspector, Team, TeamMember
from doublerandom.registry.queries.bodies import within_region
from doublerandom.registry.queries.inspectors import (
    InspectorRow,
    as_dealt,
    asked_for,
    inspectors_by_ids,
)
from doublerandom.registry.readiness import common_regions

LEAST = 2
COUNTING = ("lead", "member")


class TeamRow(NamedTuple):
    """A standing team as a draw sees it; `members` are certificate numbers, the lead's first."""

    id: int
    code: str
    name: str
    body_id: int
    department: str
    regions: list[str]
    skills: list[str]
    members: list[str]
    excluded: str
    certificate_until: date | None


@dataclass(frozen=True)
class MemberView:
    """One who belongs to a team, with the role in it."""

    inspector: Inspector
    row: TeamMember


def team_or_none(session: Session, code: str) -> Team | None:
    """The team of this code, if there is one; compared in upper case."""
    return session.exec(select(Team).where(Team.code == code.strip().upper())).first()


def team(session: Session, code: str) -> Team:
    """The team of this code, or TeamNotFoundError."""
    found = team_or_none(session, code)
    if found is None:
        raise TeamNotFoundError(value=code)
    return found


def team_in_sight(session: Session, code: str, *, below: str) -> Team:
    """The team, if of a body at or below this path, else TeamNotFoundError."""
    statement = _in_sight(below).where(col(Team.code) == code.strip().upper())
    found: Team | None = session.scalars(statement.order_by(col(Team.id))).first()
    if found is None:
        raise TeamNotFoundError(value=code)
    return found


def teams(session: Session, *, below: str, on: date | None = None) -> list[Team]:
    """The teams of bodies at and below a path, by code; `on`: those that stand on that day."""
    statement = _in_sight(below)
    if on is not None:
        statement = statement.where(_stands(Team, on))
    return sorted(session.scalars(statement.order_by(col(Team.code))), key=lambda row: row.code.encode())


def teams_of_body(session: Session, body_id: int) -> int:
    """How many teams this body ever had: the next one's number follows."""
    return len(session.exec(select(Team.id).where(Team.body_id == body_id).order_by(col(Team.id))).all())


def _in_sight(below: str) -> Any:
    return (
        sa_select(Team)
        .join(Body, col(Body.id) == col(Team.body_id))
        .where(col(Body.path).startswith(below, autoescape=True))
    )


def _stands(model: type[Team] | type[TeamMember], on: date) -> Any:
    return and_(col(model.valid_from) <= on, or_(col(model.valid_to).is_(None), col(model.valid_to) >= on))


def members_of(session: Session, team_ids: Collection[int], *, on: date) -> dict[int, list[MemberView]]:
    """Who belongs to these teams on that day: the lead first, then by certificate, experts last."""
    statement = select(TeamMember).where(col(TeamMember.team_id).in_(sorted(set(team_ids))))
    rows = session.exec(statement.where(_stands(TeamMember, on)).order_by(col(TeamMember.id))).all()
    people = inspectors_by_ids(session, {row.inspector_id for row in rows})
    found: dict[int, list[MemberView]] = {}
    for row in rows:
        found.setdefault(row.team_id, []).append(MemberView(people[row.inspector_id], row))
    return {number: sorted(views, key=_place) for number, views in found.items()}


def _place(view: MemberView) -> tuple[int, bytes]:
    return ("lead", "member", "expert").index(view.row.role), view.inspector.certificate.encode()


def membership_history(session: Session, team_id: int) -> list[MemberView]:
    """Everybody who ever belonged to a team, the latest first."""
    statement = select(TeamMember).where(TeamMember.team_id == team_id)
    rows = session.exec(
        statement.order_by(col(TeamMember.valid_from).desc(), col(TeamMember.id).desc())
    ).all()
    people = inspectors_by_ids(session, {row.inspector_id for row in rows})
    return [MemberView(people[row.inspector_id], row) for row in rows]


def teams_of_inspectors(
    session: Session, inspector_ids: Collection[int], *, on: date
) -> dict[int, tuple[Team, TeamMember]]:
    """The team to which each of these belongs on that day or from a later one, by inspector."""
    open_ = or_(col(TeamMember.valid_to).is_(None), col(TeamMember.valid_to) >= on)
    statement = sa_select(Team, TeamMember).join(TeamMember, col(TeamMember.team_id) == col(Team.id))
    statement = statement.where(col(TeamMember.inspector_id).in_(sorted(set(inspector_ids))), open_)
    statement = statement.where(or_(col(Team.valid_to).is_(None), col(Team.valid_to) >= on))
    found = session.execute(statement.order_by(col(TeamMember.valid_from).desc(), col(TeamMember.id))).all()
    return {member.inspector_id: (of_team, member) for of_team, member in found}


def teams_for(
    session: Session,
    *,
    lines: Collection[str],
    region: str,
    on: date,
    until: date | None = None,
    working_days: int = 1,
    items: Collection[str] = (),
    neighbours: Collection[str] = (),
) -> list[TeamRow]:
    """
    The standing teams of bodies in this region and below, in these lines of work, by code bytes.

    A team has the skills of all its members together (they go together), the regions that all of them cover,
    and no days that one of them lacks: if a member cannot inspect, the team stays in the pool with that
    member's reason, the lead's first. Further reasons: `too-few-members` (fewer than two inspectors),
    `no-common-region`. Experts go along and never count: they are not among the members.

    Args:
        session: Where to read.
        lines: Departments (tokens); empty: all.
        region: GB/T 2260 code of the drawing body.
        on: The day of the draw, on which team and membership stand.
        until: See `inspectors_for`, as for the three below.
        working_days: How many are needed.
        items: Codes that will be inspected.
        neighbours: Regions whose teams are asked for beside those of `region`.
    """
    statement = sa_select(Team).join(Body, col(Body.id) == col(Team.body_id))
    places = [region, *sorted(set(neighbours))]
    statement = statement.where(or_(*(within_region(col(Body.region), place) for place in places)))
    statement = statement.where(_stands(Team, on))
    if lines:
        statement = statement.where(col(Team.department).in_(sorted(set(lines))))
    found = session.scalars(statement.order_by(col(Team.code))).all()
    asked = asked_for(session, on=on, until=until, working_days=working_days, items=items)
    members = members_of(session, [row.id for row in found if row.id is not None], on=on)
    counting = {
        number: [view.inspector for view in views if view.row.role in COUNTING]
        for number, views in members.items()
    }
    people = as_dealt(session, [one for some in counting.values() for one in some], asked)
    by_id = {row.id: row for row in people}
    rows = [_team_row(row, [by_id[one.id or 0] for one in counting.get(row.id or 0, [])]) for row in found]
    return sorted(rows, key=lambda row: row.code.encode())


def _team_row(row: Team, members: Sequence[InspectorRow]) -> TeamRow:
    assert row.id is not None
    regions = common_regions([one.regions for one in members], _within(members))
    ends = [one.certificate_until for one in members if one.certificate_until is not None]
    excluded = next((one.excluded for one in members if one.excluded), "")
    if not excluded and len(members) < LEAST:
        excluded = "too-few-members"
    if not excluded and regions is None:
        excluded = "no-common-region"
    return TeamRow(
        row.id,
        row.code,
        row.name,
        row.body_id,
        row.department,
        regions or [],
        sorted({skill for one in members for skill in one.skills}),
        [one.certificate for one in members],
        excluded,
        min(ends, default=None),
    )


def _within(members: Sequence[InspectorRow]) -> Mapping[str, str]:
    return {code: region_subtree_prefix(code) for one in members for code in one.regions}
