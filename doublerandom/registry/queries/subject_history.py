"""What changed on subjects, and a subject or a whole pool as it was at the end of a day."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, String, Subquery, case, cast, func, or_, type_coerce
from sqlalchemy import select as sa_select
from sqlalchemy.sql.visitors import replacement_traverse
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body, Sight
from doublerandom.clock import SHANGHAI
from doublerandom.registry.models import (
    ClassMove,
    ImportBatch,
    Subject,
    SubjectChange,
)
from doublerandom.registry.queries.subjects import (
    STREAM,
    SubjectRow,
    code_bytes,
    row_of,
    scope_parts,
    subject,
)

TEXTS: Final = (
    "name",
    "kind",
    "region",
    "address",
    "industry",
    "authority",
    "managing_office",
    "status",
    "category",
    "capital",
    "business",
    "credit_class",
)
DAYS: Final = ("established", "credit_class_on")
BASE_FIELDS: Final = (*TEXTS, *DAYS, "operator")
"""The fields of a subject that only the registration source changes; `operator` is a code."""


def changes_of(session: Session, subject_id: int, *, until: date | None = None) -> list[SubjectChange]:
    """What changed on a subject (up to that day), newest first."""
    statement = select(SubjectChange).where(SubjectChange.subject_id == subject_id)
    if until is not None:
        statement = statement.where(col(SubjectChange.day) <= until)
    return list(session.exec(statement.order_by(col(SubjectChange.id).desc())))


def subject_as_of(session: Session, code: str, on: date) -> Subject | None:
    """
    The subject as it was at the end of that day, outside the session; None if it was entered later.

    Raises:
        SubjectNotFoundError: No subject has this code, even now.
    """
    now = subject(session, code)
    batch = session.get(ImportBatch, now.batch_id) if now.batch_id else None
    if batch is not None and batch.at >= end_of(on):
        return None
    then = Subject(**{name: getattr(now, name) for name in Subject.model_fields})
    changes = session.exec(
        select(SubjectChange)
        .where(SubjectChange.subject_id == now.id, col(SubjectChange.day) > on)
        .order_by(col(SubjectChange.id).desc())
    )
    for change in changes:  # back in time: the first after that day speaks last
        _put_back(session, then, change)
    return then


def _put_back(session: Session, then: Subject, change: SubjectChange) -> None:
    if change.field == "operator":
        then.operator_id = subject(session, change.was).id if change.was else None
    elif change.field in DAYS:
        setattr(then, change.field, date.fromisoformat(change.was) if change.was else None)
    else:
        setattr(then, change.field, change.was)


def subjects_as_of(
    session: Session, *, body: Body, filter_text: str, on: date, caps: Mapping[str, Any] | None = None
) -> Iterator[SubjectRow]:
    """
    The body's pool at the end of that day, as `subjects_in_scope` gave it then; ascending by code bytes.

    Base fields and the class are those of that day, and so is who had been entered; grades, tags, exclusions,
    membership, measures and visits are dated and stand for themselves.
    """
    was = _first_changes_after(on)
    then = _columns_then(session, was)

    def put(element: Any, **_: Any) -> Any:
        table = getattr(element, "table", None)
        is_ours = table is not None and getattr(table, "name", "") == "registry_subject"
        return then.get(element.name) if is_ours else None

    columns, condition = scope_parts(session, body=body, filter_text=filter_text, on=on, caps=caps)
    entered = sa_select(col(ImportBatch.id)).where(col(ImportBatch.at) < end_of(on))
    statement = (
        sa_select(*(_label(column, put) for column in columns))
        .select_from(Subject)
        .outerjoin(was, was.c.subject_id == col(Subject.id))
        .where(
            or_(col(Subject.batch_id).is_(None), col(Subject.batch_id).in_(entered)),
            replacement_traverse(condition, {}, put),
        )
        .order_by(code_bytes(session))
    )
    for row in session.execute(statement, execution_options={"yield_per": STREAM}):
        yield row_of(row)


def _label(column: Any, put: Any) -> Any:
    name = column.name
    return replacement_traverse(column, {}, put).label(name)


def _first_changes_after(on: date) -> Subquery:
    """What the fields were of each subject that changed after that day, NULL where unchanged."""
    first = (
        sa_select(func.min(col(SubjectChange.id)).label("id"))
        .where(col(SubjectChange.day) > on)
        .group_by(col(SubjectChange.subject_id), col(SubjectChange.field))
        .subquery()
    )
    fields = [
        func.max(case((col(SubjectChange.field) == name, col(SubjectChange.was)))).label(name)
        for name in (*TEXTS, *DAYS)
    ]
    return (
        sa_select(col(SubjectChange.subject_id).label("subject_id"), *fields)
        .join(first, first.c.id == col(SubjectChange.id))
        .group_by(col(SubjectChange.subject_id))
        .subquery()
    )


def _columns_then(session: Session, was: Subquery) -> dict[str, Any]:
    """What stands for each column of `Subject`."""
    columns: dict[str, Any] = {
        name: func.coalesce(was.c[name], getattr(Subject, name), type_=String)
        for name in TEXTS
    }
    postgres = session.get_bind().dialect.name == "postgresql"
    for name in DAYS:
        text = func.nullif(was.c[name], "")
        day = cast(text, Date) if postgres else type_coerce(text, Date)
        columns[name] = case((was.c[name].is_not(None), day), else_=getattr(Subject, name))
    return columns


def end_of(day: date) -> datetime:
    """The moment at which a local day is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI).astimezone(UTC)


def class_moves(session: Session, batch_id: int) -> list[ClassMove]:
    """How an import of classes moved subjects, by class before and after."""
    statement = select(ClassMove).where(ClassMove.batch_id == batch_id)
    return list(session.exec(statement.order_by(col(ClassMove.was), col(ClassMove.now))))


def class_batches(session: Session, *, sight: Sight | None = None, limit: int = 24) -> list[ImportBatch]:
    """Imports of classes, newest first; with a sight those for all, or for bodies in it or above it."""
    statement = select(ImportBatch).where(ImportBatch.kind == "classes")
    if sight is not None:
        statement = statement.where(_concerns(sight))
    return list(session.exec(statement.order_by(col(ImportBatch.id).desc()).limit(limit)))


def class_batch(session: Session, batch_id: int, *, sight: Sight) -> ImportBatch | None:
    """An import of classes that concerns this sight, if it is one."""
    statement = select(ImportBatch).where(
        ImportBatch.id == batch_id, ImportBatch.kind == "classes", _concerns(sight)
    )
    return session.exec(statement).first()


def _concerns(sight: Sight) -> ColumnElement[bool]:
    """Imports for nobody in particular, and those for a body in sight or above it."""
    above = [token for token in sight.body_path.split("/") if token]
    bodies = sa_select(col(Body.id)).where(
        or_(col(Body.path).startswith(sight.body_path, autoescape=True), col(Body.token).in_(above))
    )
    return or_(col(ImportBatch.body_id).is_(None), col(ImportBatch.body_id).in_(bodies))


def import_batch_or_none(session: Session, batch_id: int | None) -> ImportBatch | None:
    """The import of this number, if there is one."""
    return session.get(ImportBatch, batch_id) if batch_id else None


def newest_class_day(session: Session, batch_id: int) -> date | None:
    """The newest day of the classes that an import brought; None if it brought none."""
    statement = select(func.max(SubjectChange.now)).where(
        SubjectChange.batch_id == batch_id, SubjectChange.field == "credit_class_on"
    )
    newest = session.exec(statement).one()
    return date.fromisoformat(newest) if newest else None
