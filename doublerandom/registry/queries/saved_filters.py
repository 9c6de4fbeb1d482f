"""Filters that people keep, and bulk acts with what they would change."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, func, not_, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body
from doublerandom.registry import bulk, filters
from doublerandom.registry.errors import RecordNotFoundError, TooManySubjectsError
from doublerandom.registry.models import BulkAct, SavedFilter, Subject, SubjectStanding
from doublerandom.registry.queries.membership import in_pool
from doublerandom.registry.queries.search import Hit, Wanted, found_ids, hits_by_ids
from doublerandom.registry.queries.search_index import among

SHOWN = 20


class Preview(NamedTuple):
    """
    What a bulk act would do.

    Args:
        ids: All that the filter found, ascending.
        digest: The token of this preview.
        changing: How many of them would be changed; the others are so already.
        first: Some of them, by code.
        by_region: How many by region code; by_class: by credit-risk class.
    """

    ids: list[int]
    digest: str
    changing: int
    first: list[Hit]
    by_region: list[tuple[str, int]]
    by_class: list[tuple[str, int]]


def saved_filters(session: Session, *, body_id: int, person: str) -> list[SavedFilter]:
    """The filters that a person sees: own ones, and those shared within the body; by name."""
    statement = select(SavedFilter).where(
        SavedFilter.body_id == body_id,
        col(SavedFilter.ended_at).is_(None),
        or_(col(SavedFilter.shared), col(SavedFilter.by) == person),
    )
    return list(session.exec(statement.order_by(col(SavedFilter.name), col(SavedFilter.id))))


def own_filter(session: Session, filter_id: int, *, person: str) -> SavedFilter:
    """A person's own kept filter that has not ended, or RecordNotFoundError."""
    found = session.get(SavedFilter, filter_id)
    if found is None or found.by != person or found.ended_at is not None:
        raise RecordNotFoundError(value=filter_id)
    return found


def bulk_act(session: Session, act_id: int, *, body_id: int) -> BulkAct:
    """A bulk act of this body, or RecordNotFoundError."""
    found = session.get(BulkAct, act_id)
    if found is None or found.body_id != body_id:
        raise RecordNotFoundError(value=act_id)
    return found


def bulk_acts(session: Session, *, body_id: int, limit: int = 20) -> list[BulkAct]:
    """The newest bulk acts of a body, newest first."""
    statement = select(BulkAct).where(BulkAct.body_id == body_id).order_by(col(BulkAct.id).desc())
    return list(session.exec(statement.limit(limit)))


def unfinished_bulk_acts(session: Session) -> list[int]:
    """Numbers of the bulk acts that the jobs go on with, oldest first."""
    waiting = select(BulkAct.id).where(col(BulkAct.finished_at).is_(None), col(BulkAct.stopped) == "")
    return [number for number in session.exec(waiting.order_by(col(BulkAct.id))) if number]


def preview(session: Session, wanted: Wanted, *, action: str, value: str, body: Body, on: date) -> Preview:
    """
    What a bulk act of this body would do to all that is wanted.

    Raises:
        TooManySubjectsError: More than `bulk.MOST`.
    """
    ids = found_ids(session, wanted, most=bulk.MOST)
    if len(ids) > bulk.MOST:
        raise TooManySubjectsError(most=bulk.MOST)
    count = func.count()
    these = among(session, col(Subject.id), ids)
    changed = not_(already(session, action, value, body, on))
    changing = sa_select(count).select_from(Subject).where(these, changed)
    region, credit_class = col(Subject.region), col(Subject.credit_class)
    regions = sa_select(region, count).where(these).group_by(region).order_by(region)
    classes = sa_select(credit_class, count).where(these).group_by(credit_class).order_by(credit_class)
    return Preview(
        ids=ids,
        digest=bulk.digest_of(action, value, ids),
        changing=session.execute(changing).scalar_one(),
        first=first_by_code(session, ids),
        by_region=[(code, number) for code, number in session.execute(regions)],
        by_class=[(name, number) for name, number in session.execute(classes)],
    )


def first_by_code(session: Session, ids: Sequence[int]) -> list[Hit]:
    """The first of these subjects by code."""
    return hits_by_ids(session, ids, limit=SHOWN)


def already(session: Session, action: str, value: str, body: Body, on: date) -> ColumnElement[bool]:
    """The condition on `Subject` that a bulk act of this body would change nothing."""
    assert body.id is not None
    match action:
        case "tag" | "special":
            return filters.condition(_said(action, value), bodies=[body.id], on=on)
        case "end-tag" | "end-special":
            return not_(filters.condition(_said(bulk.KINDS[action], value), bodies=[body.id], on=on))
        case "join":
            return in_pool(session, body=body, on=on)
        case "leave":
            return not_(in_pool(session, body=body, on=on))
        case "supervisor":
            newest = (
                sa_select(col(SubjectStanding.value))
                .where(
                    filters.standing_in_force("supervisor", bodies=[body.id], on=on),
                    col(SubjectStanding.subject_id) == col(Subject.id),
                )
                .order_by(col(SubjectStanding.valid_from).desc(), col(SubjectStanding.id).desc())
                .limit(1)
            )
            return func.coalesce(newest.scalar_subquery(), "") == value
        case _:
            return false()


def _said(field: str, value: str) -> filters.Comparison:
    return filters.Comparison(field, (value,))


def codes_to_change(
    session: Session, ids: Sequence[int], *, action: str, value: str, body: Body, on: date
) -> list[str]:
    """The codes of those subjects that a bulk act would change, in order."""
    changing = not_(already(session, action, value, body, on))
    statement = select(Subject.code).where(among(session, col(Subject.id), ids), changing)
    return list(session.exec(statement.order_by(col(Subject.code))))


def standings_to_end(
    session: Session, ids: Sequence[int], *, kind: str, value: str, body_id: int, on: date
) -> list[tuple[int, str]]:
    """The standings of this body that say so of these subjects: number and code of the subject, by number."""
    statement = (
        sa_select(col(SubjectStanding.id), col(Subject.code))
        .join(Subject, col(Subject.id) == col(SubjectStanding.subject_id))
        .where(
            among(session, col(SubjectStanding.subject_id), ids),
            filters.standing_in_force(kind, bodies=[body_id], on=on),
            col(SubjectStanding.value) == value,
        )
        .order_by(col(SubjectStanding.id))
    )
    return [(number, code) for number, code in session.execute(statement)]
