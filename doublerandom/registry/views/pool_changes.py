"""Who took whom out of the pools and why, counted per person; what the monthly classes moved."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.registry import queries
from doublerandom.registry.errors import InvalidRecordError, RecordNotFoundError, RuleSetNotFoundError
from doublerandom.registry.intake.class_rows import MISSING
from doublerandom.registry.queries import PoolChange
from doublerandom.registry.subject_words import LEFT_NAMES, POOL_CHANGE_NAMES, STATUS_NAMES
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.subject import own_body
from doublerandom.web import (
    NavLink,
    Page,
    current_user,
    db_session,
    list_file,
    requires,
    wanted_format,
    whole_argument,
)

WATCHERS = ("registrar", "head", "supervisor", "overseer", "auditor")
CLASS_READERS = ("registrar", "planner", "head", "supervisor", "auditor")
ROWS = 50
YEAR = timedelta(days=365)
NAV = [
    NavLink("registry", "registry.pool_changes", _l("名录库减员"), "person-dash", WATCHERS),
    NavLink("registry", "registry.class_imports", _l("分类变动"), "bar-chart-steps", CLASS_READERS),
]


@bp.get("/registry/pool-changes")
@requires(*WATCHERS)
def pool_changes() -> ResponseReturnValue:
    """Who left the pools in sight, was excluded or lost its registration by hand; how many per person."""
    session, sight = db_session(), accounts_queries.sight(current_user())
    today = clock.local(clock.now()).date()
    since, until = _day("since", today - YEAR), _day("until", today)
    kind = request.args.get("kind") or "member"
    kind = kind if kind in POOL_CHANGE_NAMES else "member"
    asked: dict[str, Any] = {
        "sight": sight,
        "since": since,
        "until": until,
        "kind": kind,
        "value": request.args.get("value", "")[:64],
        "person": request.args.get("person", "")[:64],
    }
    names = accounts_queries.body_names(session)
    if wanted := wanted_format():
        rows = queries.pool_changes(session, **asked)
        people = accounts_queries.person_names(session, {row.by for row in rows})
        header = [_("代码"), _("名称"), _("原因"), _("说明"), _("机关"), _("日期"), _("经办人")]
        return list_file(_("名录库减员"), header, _cells(rows, names, people), kind=wanted)
    counts = queries.pool_change_counts(session, sight=sight, since=since, until=until)
    found = queries.pool_changes(session, **asked, before=whole_argument("after") or 0, limit=ROWS + 1)
    page = Page.cut(found, ROWS, key=lambda row: str(row.id))
    people = accounts_queries.person_names(session, {row.by for row in found} | {row.by for row in counts})
    return render_template(
        "registry/pool_changes.html",
        page=page,
        kind=kind,
        since=since,
        until=until,
        kinds=POOL_CHANGE_NAMES,
        counts=[row for row in counts if row.kind == kind],
        totals={name: sum(row.number for row in counts if row.kind == name) for name in POOL_CHANGE_NAMES},
        people=people,
        bodies=names,
        reason_words=_reason_words,
    )


def _cells(rows: Iterable[PoolChange], bodies: dict[int, str], people: dict[str, str]) -> Iterable[list[Any]]:
    for row in rows:
        body = bodies.get(row.body_id or 0, "")
        words = _reason_words(row.kind, row.value)
        yield [row.code, row.name, words, row.reason, body, row.day, people.get(row.by, row.by)]


def _reason_words(kind: str, value: str) -> str:
    """A reason code in words; one that is not known is shown as it stands."""
    return str({"member": LEFT_NAMES, "status": STATUS_NAMES}.get(kind, {}).get(value, value))


def _day(name: str, otherwise: date) -> date:
    """A day of the address; refuses what is none."""
    asked = request.args.get(name, "")
    try:
        return date.fromisoformat(asked) if asked else otherwise
    except ValueError:
        raise InvalidRecordError(field=name, value=asked[:20], reason="YYYY-MM-DD") from None


@bp.get("/registry/classes")
@requires(*CLASS_READERS)
def class_imports() -> ResponseReturnValue:
    """The imports of classes, newest first."""
    session = db_session()
    batches = queries.class_batches(session, sight=accounts_queries.sight(current_user()))
    moves = {batch.id: queries.class_moves(session, batch.id or 0) for batch in batches}
    rows: list[dict[str, Any]] = [
        {
            "batch": batch,
            "moved": sum(m.number for m in moves[batch.id] if m.now not in {m.was, MISSING} and m.was),
            "new": sum(m.number for m in moves[batch.id] if not m.was),
            "missing": sum(m.number for m in moves[batch.id] if m.now == MISSING),
        }
        for batch in batches
    ]
    if kind := wanted_format():
        header = [
            _("文件"),
            _("导入时间"),
            _("收下"),
            _("改变"),
            _("新增分类"),
            _("未在文件中"),
            _("未收的行"),
        ]
        cells = []
        for row in rows:
            batch = row["batch"]
            counts = [row["moved"], row["new"], row["missing"]]
            cells.append([batch.filename, batch.at, batch.accepted, *counts, batch.refused])
        return list_file(_("分类变动"), header, cells, kind=kind)
    people = accounts_queries.person_names(session, {batch.by for batch in batches})
    return render_template("registry/class_imports.html", rows=rows, people=people)


@bp.get("/registry/classes/<int:batch_id>")
@requires(*CLASS_READERS)
def class_import(batch_id: int) -> ResponseReturnValue:
    """How one import moved subjects from class to class: a table of counts, and who the file did not name."""
    session = db_session()
    batch = queries.class_batch(session, batch_id, sight=accounts_queries.sight(current_user()))
    if batch is None:
        raise RecordNotFoundError(value=batch_id)
    moves = queries.class_moves(session, batch_id)
    if kind := wanted_format():
        header = [_("原分类"), _("新分类"), _("户数")]
        return list_file(_("分类变动"), header, [[row.was, row.now, row.number] for row in moves], kind=kind)
    before = sorted({row.was for row in moves})
    after = [*sorted({row.now for row in moves} - {MISSING}), MISSING]
    counts = {(row.was, row.now): row.number for row in moves}
    return render_template(
        "registry/class_import.html",
        batch=batch,
        before=before,
        after=after,
        counts=counts,
        most=max((n for (was, now), n in counts.items() if now not in {was, MISSING}), default=0),
        person=accounts_queries.person_names(session, [batch.by]).get(batch.by, batch.by),
        stale=_stale(batch_id),
        MISSING=MISSING,
    )


def _stale(batch_id: int) -> tuple[int, int] | None:
    """(age, allowed) in days of the newest classes of an import, if they are older than the rules allow."""
    session = db_session()
    today = clock.local(clock.now()).date()
    newest = queries.newest_class_day(session, batch_id)
    try:
        rules = queries.rule_set_in_force(session, body=own_body(), on=today).rules
    except RuleSetNotFoundError:
        return None
    allowed = rules.get("class_snapshot_days")
    if newest is None or allowed is None or (today - newest).days <= allowed:
        return None
    return (today - newest).days, allowed
