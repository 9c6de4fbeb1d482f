"""A filter as a condition on `Subject`, the same on every database."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    and_,
    exists,
    func,
    not_,
    or_,
    true,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from doublerandom.accounts.core import region_subtree_prefix
from doublerandom.registry.filters.fields import DATES, SAID, TEXTS
from doublerandom.registry.filters.grammar import Comparison, Expression, Junction, Negation
from doublerandom.registry.industries import subtree_prefixes
from doublerandom.registry.membership import JOINED
from doublerandom.registry.models import Licence, Subject, SubjectListing, SubjectStanding


def condition(expression: Expression | None, *, bodies: Collection[int], on: date) -> ColumnElement[bool]:
    """
    The filter as a condition on `Subject`: true or false for every row, never unknown.

    Args:
        expression: What `parse` gave.
        bodies: Ids of the bodies whose grades, tags and other words are meant.
        on: The day on which those must be valid.
    """
    match expression:
        case None:
            return true()
        case Negation(part):
            return not_(condition(part, bodies=bodies, on=on))
        case Junction(word, parts):
            joined = [condition(part, bodies=bodies, on=on) for part in parts]
            return and_(*joined) if word == "and" else or_(*joined)
        case Comparison(field, values, contains, order):
            if field in DATES:
                return _dated(_column(field), values, order)
            return _contains(field, values[0]) if contains else _holds(field, values, bodies, on)


def standing_in_force(kind: str, *, bodies: Collection[int], on: date) -> ColumnElement[bool]:
    """The condition on `SubjectStanding`: of this kind, said by one of these bodies, valid on that day."""
    return _in_force(SubjectStanding, kind, bodies, on)


def begins(column: SQLColumnExpression[str], prefix: str) -> ColumnElement[bool]:
    """Whether the text begins with the prefix, by characters, on every database and collation alike."""
    return func.substr(column, 1, len(prefix), type_=String) == prefix


def _in_force(said: Any, kind: str, bodies: Collection[int], on: date) -> ColumnElement[bool]:
    return and_(
        col(said.body_id).in_(bodies),
        col(said.kind) == kind,
        col(said.valid_from) <= on,
        or_(col(said.valid_to).is_(None), col(said.valid_to) >= on),
    )


def _column(field: str) -> Any:
    return {
        "address": col(Subject.address),
        "class": col(Subject.credit_class),
        "class_on": col(Subject.credit_class_on),
        "code": col(Subject.code),
        "established": col(Subject.established),
        "kind": col(Subject.kind),
        "name": col(Subject.name),
        "office": col(Subject.managing_office),
        "status": col(Subject.status),
    }[field]


def _holds(field: str, values: tuple[str, ...], bodies: Collection[int], on: date) -> ColumnElement[bool]:
    if field == "region":
        return or_(*(begins(col(Subject.region), region_subtree_prefix(value)) for value in values))
    if field == "industry":
        prefixes = [prefix for value in values for prefix in subtree_prefixes(value)]
        return or_(*(begins(col(Subject.industry), prefix) for prefix in prefixes))
    whose = subjects_holding(field, values, bodies=bodies, on=on)
    return _column(field).in_(values) if whose is None else col(Subject.id).in_(whose)


def subjects_holding(
    field: str, values: Collection[str], *, bodies: Collection[int], on: date
) -> Select[Any] | None:
    """Ids of the subjects with one of these values, for fields that stand in tables beside; else None."""
    if field in SAID:
        return select(SubjectStanding.subject_id).where(
            standing_in_force(field, bodies=bodies, on=on), col(SubjectStanding.value).in_(values)
        )
    if field == "member":
        return _members(values, bodies, on)
    if field == "licence":
        return _licensed(values, on)
    return _listed(values, on) if field == "listing" else None


def _members(values: Collection[str], bodies: Collection[int], on: date) -> Select[Any]:
    """By the newest word of each body on membership: that the subject joined, or that it left."""
    newer = aliased(SubjectStanding)
    outdated = exists().where(
        _in_force(newer, "member", bodies, on),
        col(newer.subject_id) == col(SubjectStanding.subject_id),
        col(newer.body_id) == col(SubjectStanding.body_id),
        or_(
            col(newer.valid_from) > col(SubjectStanding.valid_from),
            and_(
                col(newer.valid_from) == col(SubjectStanding.valid_from),
                col(newer.id) > col(SubjectStanding.id),
            ),
        ),
    )
    joined = col(SubjectStanding.value) == JOINED
    meant = or_(*(joined if value == "joined" else not_(joined) for value in values))
    return select(SubjectStanding.subject_id).where(
        standing_in_force("member", bodies=bodies, on=on), meant, not_(outdated)
    )


def _licensed(values: Collection[str], on: date) -> Select[Any]:
    """By the newest version of each licence: valid on that day, for one of these things."""
    newer = aliased(Licence)
    outdated = exists().where(
        col(newer.subject_id) == col(Licence.subject_id),
        col(newer.number) == col(Licence.number),
        col(newer.version) > col(Licence.version),
    )
    return select(Licence.subject_id).where(
        col(Licence.name).in_(values),
        col(Licence.status) == "valid",
        or_(col(Licence.granted).is_(None), col(Licence.granted) <= on),
        or_(col(Licence.valid_until).is_(None), col(Licence.valid_until) >= on),
        not_(outdated),
    )


def _listed(values: Collection[str], on: date) -> Select[Any]:
    return select(SubjectListing.subject_id).where(
        col(SubjectListing.kind).in_(values),
        col(SubjectListing.valid_from) <= on,
        or_(col(SubjectListing.valid_to).is_(None), col(SubjectListing.valid_to) >= on),
    )


def _dated(column: Any, values: tuple[str, ...], order: str) -> ColumnElement[bool]:
    days = [date.fromisoformat(value) for value in values]
    compared: dict[str, ColumnElement[bool]] = {
        "": column.in_(days),
        "<": column < days[0],
        "<=": column <= days[0],
        ">": column > days[0],
        ">=": column >= days[0],
    }
    return and_(column.is_not(None), compared[order])


def _contains(field: str, text: str) -> ColumnElement[bool]:
    """By characters, upper and lower case apart: LIKE would differ between databases."""
    assert field in TEXTS
    column: SQLColumnExpression[str] = _column(field)
    return func.replace(column, text, "", type_=String) != column
