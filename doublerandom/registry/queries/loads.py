"""How much inspectors did in a period: tasks that draws dealt to them, and visits beside."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, cast, column, true
from sqlalchemy import func as sa_func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.registry.models import DealtTasks, Visit

MANY = 500


class Load(NamedTuple):
    """Tasks that draws dealt in the period, and visits in it that no draw dealt."""

    dealt: int
    other: int

    @property
    def together(self) -> int:
        """Both."""
        return self.dealt + self.other


def load_period(rules: Mapping[str, Any], on: date) -> tuple[date, date]:
    """The balancing period that ends with that day: as long as the rules say, else since the year began."""
    days = rules.get("load", {}).get("period_days")
    return (on - timedelta(days=days) if days else on.replace(month=1, day=1)), on


def loads(session: Session, certificates: Collection[str], *, first: date, last: date) -> dict[str, Load]:
    """
    The load of these inspectors from the first day to the last, both counted; everybody asked for is in it.

    A dealt task counts on the day of its draw, not again when it is visited; a voided draw's tasks do not
    count. Visits that came from elsewhere (files, other systems) count on their day.
    """
    wanted = sorted(set(certificates))
    dealt: dict[str, int] = {}
    other: dict[str, int] = {}
    for start in range(0, len(wanted), MANY):
        some = wanted[start : start + MANY]
        dealt.update(dict(iter(session.execute(_dealt(some, first, last)))))
        other.update(dict(iter(session.execute(_visited(session, some, first, last)))))
    return {one: Load(dealt.get(one, 0), other.get(one, 0)) for one in wanted}


def _dealt(some: Collection[str], first: date, last: date) -> Any:
    total = sa_func.sum(col(DealtTasks.tasks))
    counted = sa_select(col(DealtTasks.certificate), cast(total, Integer))
    counted = counted.where(
        col(DealtTasks.certificate).in_(some),
        col(DealtTasks.dealt_on).between(first, last),
        col(DealtTasks.void_on).is_(None),
    )
    return counted.group_by(col(DealtTasks.certificate)).order_by(col(DealtTasks.certificate))


def _visited(session: Session, some: Collection[str], first: date, last: date) -> Any:
    """Each visit's list of inspectors opened up, which both databases can, each in its way."""
    one = column("value", String)
    if session.get_bind().dialect.name == "postgresql":
        opened = sa_func.json_array_elements_text(col(Visit.inspectors)).table_valued(one)
    else:
        opened = sa_func.json_each(col(Visit.inspectors)).table_valued(one)
    counted = sa_select(opened.c.value, sa_func.count()).select_from(Visit).join(opened, true())
    counted = counted.where(
        col(Visit.visited_on).between(first, last),
        col(Visit.source).not_like("task:%"),
        opened.c.value.in_(some),
    )
    return counted.group_by(opened.c.value).order_by(opened.c.value)


def dealt_by(session: Session, draw: str) -> list[DealtTasks]:
    """What a draw dealt to whom, by certificate."""
    statement = select(DealtTasks).where(DealtTasks.draw == draw)
    return list(session.exec(statement.order_by(col(DealtTasks.certificate))))
