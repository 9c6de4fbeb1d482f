"""一单: the items in force, on any day."""

from datetime import date

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from doublerandom import clock
from doublerandom.publish import (
    item_pages,
)
from doublerandom.publish.views.blueprint import bp
from doublerandom.publish.views.places import names_by_id
from doublerandom.registry import names, structure_words
from doublerandom.registry import queries as registry_queries
from doublerandom.registry.errors import ItemNotFoundError
from doublerandom.web import (
    answers_json,
    db_session,
    list_file,
    public,
    wanted_format,
    whole_argument,
)


@bp.get("/items")
@public
def items() -> ResponseReturnValue:
    """一单: the items in force on a day, today's by default."""
    on = _day(request.args.get("on", ""))
    search, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    found = [
        item
        for item in registry_queries.items_in_force(db_session(), on=on)
        if (not search or search in item.name or search.upper() in item.code.upper())
        and (not kind or item.key == (kind == "key"))
    ]
    if kind := wanted_format():
        return list_file(f"items-{on.isoformat()}", item_pages.HEADER, item_pages.rows(found), kind=kind)
    return render_template(
        "publish/items.html",
        items=found,
        on=on,
        lists=item_pages.published_lists(db_session()),
        bodies=names_by_id(db_session()),
    )


@bp.get("/items/lists/<int:list_id>.json")
@public
@answers_json
def item_list(list_id: int) -> ResponseReturnValue:
    """A published list as its digest was made: the canonical text, byte by byte."""
    found = registry_queries.item_list_by_id(db_session(), list_id)
    return Response(found.text, content_type="application/json; charset=utf-8")


def _day(text: str) -> date:
    """The day asked for, or today."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.local(clock.now()).date()


@bp.get("/items/<code>")
@public
def item(code: str) -> ResponseReturnValue:
    """One item with its versions: those that are or were in force; drafts are not public."""
    draft = registry_queries.ItemStatus.DRAFT
    versions = [row for row in registry_queries.item_versions(db_session(), code) if row.status is not draft]
    if not versions:
        raise ItemNotFoundError(value=code)
    session, today = db_session(), clock.local(clock.now()).date()
    now_in_force = {row.id for row in registry_queries.items_in_force(session, on=today)}
    wanted = whole_argument("version")
    shown = next((row for row in versions if row.version == wanted), None) or next(
        (row for row in versions if row.id in now_in_force), versions[0]
    )
    return render_template(
        "publish/item.html",
        item=shown,
        unit=names.line_name(shown.unit),
        versions=versions,
        states=registry_queries.states_of_items(session, [row.id for row in versions]),
        now_in_force=now_in_force,
        quota_words=structure_words.quota_words,
        times_words=structure_words.times_words,
    )
