"""What happened to a subject, newest first: changes of base fields, and what bodies said of it."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom.accounts import queries as accounts_queries
from doublerandom.clock import SHANGHAI
from doublerandom.registry import queries
from doublerandom.registry.membership import JOINED
from doublerandom.registry.models import Subject, SubjectChange, SubjectStanding
from doublerandom.registry.subject_words import (
    FIELD_NAMES,
    KIND_NAMES,
    LEFT_NAMES,
    STANDING_NAMES,
    STATUS_NAMES,
)
from doublerandom.registry.views.places import region_words

SHOWN = 100
Event = dict[str, Any]


def events_of(
    session: Session, subject: Subject, changes: Sequence[SubjectChange], *, bodies: Collection[int], on: date
) -> list[Event]:
    """What happened up to the end of that day, as the timeline shows it, at most SHOWN."""
    assert subject.id is not None
    said = queries.all_standings_of(session, subject.id, bodies=bodies)
    names = accounts_queries.body_names(session)
    until = queries.end_of(on)
    events = [_changed(session, list(group)) for _key, group in groupby(changes, key=_together)]
    events += [_said(row, names) for row in said]
    events += [_ended(row, names) for row in said if row.ended_at is not None]
    events += _entered(session, subject)
    happened = [event for event in events if event["at"] is None or event["at"] < until]
    happened.sort(key=lambda event: event["at"] or datetime(1, 1, 1, tzinfo=UTC), reverse=True)
    people = accounts_queries.person_names(session, {event["by"] for event in happened})
    for event in happened:
        who = people.get(event["by"], event["by"])
        event["office"] = " · ".join(part for part in (event.get("office", ""), who) if part)
    return happened[:SHOWN]


def _together(change: SubjectChange) -> tuple[Any, ...]:
    return change.at, change.by, change.source, change.batch_id


def _changed(session: Session, rows: list[SubjectChange]) -> Event:
    """Fields that changed by one act."""
    first = rows[0]
    rows = sorted(rows, key=lambda row: row.id or 0)
    words = [
        _(
            "%(field)s：%(was)s → %(now)s",
            field=FIELD_NAMES.get(row.field, row.field),
            was=value_words(session, row.field, row.was) or _("（空）"),
            now=value_words(session, row.field, row.now) or _("（空）"),
        )
        for row in rows
    ]
    words.append(_("来源：%(source)s", source=first.source))
    if first.reason:
        words.append(_("原因：%(reason)s", reason=first.reason))
    names = _("、").join(str(FIELD_NAMES.get(row.field, row.field)) for row in rows)
    return {
        "title": _("变更：%(fields)s", fields=names),
        "at": first.at,
        "by": first.by,
        "text": "；".join(words),
    }


def _said(row: SubjectStanding, names: dict[int, str]) -> Event:
    """What a body said."""
    if row.kind == "member":
        left = LEFT_NAMES.get(row.value, row.value)
        title = _("纳入名录库") if row.value == JOINED else _("移出名录库：%(reason)s", reason=left)
    else:
        title = f"{STANDING_NAMES.get(row.kind, row.kind)}：{row.value}"
    days = f"{row.valid_from} — {row.valid_to}" if row.valid_to else _("%(day)s 起", day=row.valid_from)
    state = "bad" if row.kind == "excluded" or (row.kind == "member" and row.value != JOINED) else "done"
    at = row.at or datetime.combine(row.valid_from, time(), tzinfo=SHANGHAI)
    text = "；".join(part for part in (days, row.reason) if part)
    return {
        "title": title,
        "at": at,
        "by": row.by,
        "office": names.get(row.body_id, ""),
        "text": text,
        "state": state,
    }


def _ended(row: SubjectStanding, names: dict[int, str]) -> Event:
    """What a body said holds no longer."""
    title = _("终止：%(what)s", what=f"{STANDING_NAMES.get(row.kind, row.kind)} {row.value}")
    office = names.get(row.body_id, "")
    return {"title": title, "at": row.ended_at, "by": row.ended_by, "office": office, "text": row.end_reason}


def _entered(session: Session, subject: Subject) -> list[Event]:
    """How the subject came in."""
    batch = queries.import_batch_or_none(session, subject.batch_id)
    if batch is None:
        return []
    return [
        {
            "title": _("录入平台"),
            "at": batch.at,
            "by": batch.by,
            "text": _("来源：%(source)s", source=batch.filename),
        }
    ]


def value_words(session: Session, field: str, value: str) -> str:
    """A value of a base field in words."""
    if field == "region" and value:
        return region_words(session, value)
    if field == "industry" and value:
        return f"{value} {queries.industry_names(session, [value]).get(value, '')}".strip()
    return str({"kind": KIND_NAMES, "status": STATUS_NAMES}.get(field, {}).get(value, value))
