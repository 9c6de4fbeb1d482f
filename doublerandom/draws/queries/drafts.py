"""Preparations under way, and the plan lines that draws can be prepared from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from doublerandom.accounts import queries as accounts
from doublerandom.clock import SHANGHAI, local
from doublerandom.dr1.canon import Record
from doublerandom.draws.errors import DraftNotFoundError
from doublerandom.draws.models import Draft, DraftState, Draw, DrawStatus
from doublerandom.draws.queries.records import IN_WORK, PUBLIC, plan_of, unsuperseded
from doublerandom.registry import queries as registry
from doublerandom.registry.plan_lines import days_of_line

UNDER_WAY = (DraftState.OPEN, DraftState.WORKING)
USUAL_HOUR = 10


def draft(session: Session, draft_id: int, *, below: str = "") -> Draft:
    """One draft of a body at or below the path, or DraftNotFoundError."""
    found = session.get(Draft, draft_id)
    if found is None or not accounts.body_by_id(session, found.body_id).path.startswith(below):
        raise DraftNotFoundError(id=draft_id)
    return found


def draft_for_update(session: Session, draft_id: int) -> Draft:
    """A draft, read anew and held until the command ends; or DraftNotFoundError."""
    statement = select(Draft).where(Draft.id == draft_id).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise DraftNotFoundError(id=draft_id)
    return found


def draft_of_draw(session: Session, number: str) -> Draft | None:
    """The draft that became this draw; None where it was prepared without one."""
    statement = select(Draft).where(Draft.draw_number == number).order_by(col(Draft.id))
    return session.exec(statement.limit(1)).first()


def preparations(session: Session, body_id: int, annual_item: str) -> int:
    """
    How often a batch was prepared: different pools that were looked at in drafts, and draws without a draft.

    A pre-flight that was left counts as much as one that became a draw; rehearsals do not.
    """
    drafts = select(Draft).where(Draft.body_id == body_id, col(Draft.rehearsal).is_(False))
    found = session.exec(drafts.order_by(col(Draft.id))).all()
    tries = len([each for row in found for each in row.told.get("tries", ()) if each[0] == annual_item])
    of_drafts = {row.draw_number for row in found if row.draw_number and "tries" in row.told}
    draws = select(Draw.number).where(
        Draw.body_id == body_id, Draw.annual_item == annual_item, col(Draw.rehearsal).is_(False)
    )
    return tries + len(set(session.exec(draws.order_by(col(Draw.number)))) - of_drafts)


def drafts_in_sight(
    session: Session, *, below: str, states: Sequence[DraftState] = UNDER_WAY, limit: int = 200
) -> list[Draft]:
    """Drafts of the bodies at and below the path in these states, last changed first."""
    statement = (
        select(Draft)
        .join(accounts.Body, col(accounts.Body.id) == col(Draft.body_id))
        .where(col(accounts.Body.path).startswith(below, autoescape=True), col(Draft.state).in_(states))
    )
    order = (col(Draft.changed_at).desc(), col(Draft.id).desc())
    return list(session.exec(statement.order_by(*order).limit(limit)))


@dataclass(frozen=True)
class LineToDraw:
    """A line of a published plan, and what was done of it; rehearsals do not count."""

    line: registry.PlanLine
    plan: registry.AnnualPlan
    first: date
    last: date
    draws: list[Draw]
    ended: list[Draw]
    drafts: list[Draft]
    joint: list[Draft]
    """Preparations of other bodies that took this line in, as one joint draw; see their draw numbers."""

    @property
    def done(self) -> list[Draw]:
        """Draws that have a result."""
        return [draw for draw in self.draws if draw.status in IN_WORK]

    @property
    def waiting(self) -> list[Draw]:
        """Draws that are prepared, signed or committed."""
        on_the_way = (DrawStatus.PREPARED, DrawStatus.SIGNED, DrawStatus.COMMITTED)
        return [draw for draw in self.draws if draw.status in on_the_way]

    @property
    def tasks(self) -> int:
        """How many tasks were dealt."""
        return sum(draw.tasks for draw in self.done)

    @property
    def left(self) -> int | None:
        """How many of the estimated number are still to be drawn; None where nothing was estimated."""
        return max(self.line.estimated - self.tasks, 0) if self.line.estimated else None

    @property
    def batch(self) -> int:
        """Which batch the next draw is: 0 (the only one) before anything of the line was logged."""
        logged = sum(draw.status in PUBLIC for draw in self.draws)
        return logged + 1 if logged else 0


def lines_to_draw(session: Session, *, body: accounts.Body, on: date) -> list[LineToDraw]:
    """The lines of this body's published plans of this year and the next, by number, each with its draws."""
    assert body.id is not None
    found = []
    for year in (on.year, on.year + 1):
        plan = registry.annual_plan(session, body_id=body.id, year=year)
        if plan is not None and plan.id is not None:
            found += [line_to_draw(session, line) for line in registry.lines_of_plan(session, plan.id)]
    return found


def line_to_draw(session: Session, line: registry.PlanLine) -> LineToDraw:
    """One line of a plan with its draws, of all versions of the plan."""
    plan = registry.plan_of_line(session, line)
    first, last = days_of_line(line, plan.year)
    draws = _draws_of_line(session, plan.body_id, line.number)
    statement = select(Draft).where(
        Draft.body_id == plan.body_id,
        Draft.plan_line_id == line.id,
        col(Draft.rehearsal).is_(False),
        col(Draft.state).in_(UNDER_WAY),
    )
    drafts = list(session.exec(statement.order_by(col(Draft.id))))
    ended = unsuperseded(session, plan.body_id, line.number)
    return LineToDraw(line, plan, first, last, draws, ended, drafts, _joint(session, line))


def _joint(session: Session, line: registry.PlanLine) -> list[Draft]:
    """The preparations into which drafts of this line were merged, as far as they were not given up."""
    statement = select(Draft).where(Draft.plan_line_id == line.id, Draft.state == DraftState.LEFT)
    merged = [row.told.get("merged_into") for row in session.exec(statement.order_by(col(Draft.id)))]
    found = [session.get(Draft, number) for number in dict.fromkeys(merged) if number]
    return [row for row in found if row is not None and row.state is not DraftState.LEFT]


def _draws_of_line(session: Session, body_id: int, number: str) -> list[Draw]:
    """The draws of a line, whatever its batch, without rehearsals; as they were prepared."""
    item = col(Draw.annual_item)
    statement = select(Draw).where(
        Draw.body_id == body_id,
        (item == number) | item.startswith(f"{number}.", autoescape=True),
        col(Draw.rehearsal).is_(False),
    )
    return list(session.exec(statement.order_by(col(Draw.id))))


def usual_sources(session: Session, body_id: int) -> list[Record]:
    """The kinds of randomness of this body's last logged draw, without rounds; drand before the first."""
    statement = select(Draw).where(Draw.body_id == body_id, Draw.seq > 0).order_by(col(Draw.seq).desc())
    last = session.exec(statement.limit(1)).first()
    if last is None or not (sources := plan_of(last)["randomness"]):
        return [{"kind": "drand"}]
    kinds = [{"kind": "drand"} if source["kind"] == "drand" else source for source in sources]
    return [source for source in kinds if source["kind"] != "lottery"] or [{"kind": "drand"}]


def usual_hour(session: Session, *, rehearsal: bool, at: datetime) -> datetime:
    """
    When the randomness is due unless somebody says otherwise: at ten of the next working day.

    A rehearsal: in good an hour, at a full ten minutes. Where the calendar ends, weekends alone are free.
    """
    if rehearsal:
        soon = at + timedelta(minutes=80)
        return soon - timedelta(minutes=soon.minute % 10, seconds=soon.second)
    known = set(registry.calendar_years(session))
    day = local(at).date() + timedelta(days=1)
    while not (registry.is_working_day(session, day) if day.year in known else day.weekday() < 5):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, USUAL_HOUR, tzinfo=SHANGHAI)


def scheduled(session: Session, *, below: str | None, begin: datetime, end: datetime) -> list[Draw]:
    """
    Draws whose randomness is due in a span, by hour.

    Public ones of all bodies; prepared and signed ones, and rehearsals, of the bodies at and below the path.
    """
    seen = col(Draw.status).in_(PUBLIC) & col(Draw.rehearsal).is_(False)
    if below is not None:
        seen |= col(accounts.Body.path).startswith(below, autoescape=True)
    statement = (
        select(Draw)
        .join(accounts.Body, col(accounts.Body.id) == col(Draw.body_id))
        .where(seen, col(Draw.due) >= begin, col(Draw.due) < end)
    )
    return list(session.exec(statement.order_by(col(Draw.due), col(Draw.number))))


@dataclass(frozen=True)
class TaskToPublish:
    """A temporary task in an amendment that is not public yet, and in which state that is."""

    line: registry.PlanLine
    plan: registry.AnnualPlan


def tasks_to_publish(session: Session, *, body: accounts.Body, year: int) -> list[TaskToPublish]:
    """The temporary tasks of this body's amendment that is being drafted or approved, by number."""
    assert body.id is not None
    found = []
    for plan in registry.plan_versions(session, body_id=body.id, year=year):
        if plan.status.value in {"draft", "submitted", "approved"} and plan.id is not None:
            lines = registry.lines_of_plan(session, plan.id)
            found += [TaskToPublish(line, plan) for line in lines if line.approval]
    before = _published_numbers(session, body.id, year)
    return [each for each in found if each.line.number not in before]


def _published_numbers(session: Session, body_id: int, year: int) -> set[str]:
    plan = registry.annual_plan(session, body_id=body_id, year=year)
    if plan is None or plan.id is None:
        return set()
    return {line.number for line in registry.lines_of_plan(session, plan.id)}
