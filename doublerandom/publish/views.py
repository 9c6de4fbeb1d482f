"""The public site: home, item list, draws, results, log, verification. Everything here is for everybody."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.draws import bundles, checks
from doublerandom.draws import queries as draws_queries
from doublerandom.inspect.forms import MEASURE_NAMES, METHOD_NAMES
from doublerandom.ledger import queries as ledger_queries
from doublerandom.publish import draw_pages, log_views, own_records, queries, reviews
from doublerandom.registry import queries as registry_queries
from doublerandom.web import NavLink, Page, answers_json, db_session, public, settings

bp = Blueprint("publish", __name__)
bp.register_blueprint(log_views.bp)
bp.register_blueprint(reviews.bp)
bp.register_blueprint(own_records.bp)
NAV = [NavLink("publish", "publish.reviews.waiting", _l("结果审核"), "clipboard-check", ("reviewer",))]
PAGE = 50


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """What this is, live counts, the next and the latest draws."""
    session, now = db_session(), clock.now()
    return render_template(
        "publish/home.html",
        counts=draws_queries.counts(session, year=clock.local(now).year),
        next_draws=draws_queries.next_draws(session, at=now),
        latest=draws_queries.latest_draws(session),
        subjects=registry_queries.subjects_count(session),
        inspectors=len(registry_queries.inspectors(session)),
        items=len(registry_queries.items_in_force(session, on=clock.local(now).date())),
        results=queries.count(session),
        log_size=ledger_queries.log_size(session),
        bodies=accounts_queries.body_names(session),
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
    return render_template("publish/items.html", items=found, on=on)


def _day(text: str) -> date:
    """The day asked for, or today."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.local(clock.now()).date()


@bp.get("/items/<code>")
@public
def item(code: str) -> ResponseReturnValue:
    """One item with its versions."""
    found = registry_queries.item(db_session(), code)
    return render_template(
        "publish/item.html", item=found, versions=registry_queries.item_versions(db_session(), code)
    )


@bp.get("/draws")
@public
def draws() -> ResponseReturnValue:
    """抽查公告: every committed draw, voided and failed ones too."""
    session = db_session()
    offset = int(request.args["after"]) if request.args.get("after", "").isdigit() else 0
    found = draws_queries.draws(session, limit=PAGE + 1, offset=offset)
    page = Page(found[:PAGE], next_after=str(offset + PAGE) if len(found) > PAGE else "")
    return render_template("publish/draws.html", page=page, bodies=accounts_queries.body_names(session))


@bp.get("/draws/<number>")
@public
def draw(number: str) -> ResponseReturnValue:
    """The public page of a draw."""
    session, now = db_session(), clock.now()
    found = draws_queries.public_draw(session, number)
    plan = draws_queries.plan_of(found)
    body = accounts_queries.body_by_id(session, found.body_id)
    code = request.args.get("code", "").strip().upper()
    events = draws_queries.timeline(session, found, at=now)
    disclosed = queries.disclosures_of_draw(session, number)
    return render_template(
        "publish/draw.html",
        draw=found,
        plan=plan,
        body=body,
        code=code,
        pools=draws_queries.pool_counts(found),
        check=checks.check_subject(session, settings(), found, code) if code else None,
        events=draw_pages.timeline(
            events, office=body.name, log_url=lambda index: url_for("publish.log_entry", index=index)
        ),
        tasks=draws_queries.public_tasks(session, found),
        disclosed=disclosed,
        items=[registry_queries.item(session, each) for each in plan["items"]],
        exclusion_names=draw_pages.EXCLUSION_NAMES,
        void=draws_queries.void_of(session, found),
        superseded_by=draws_queries.superseded_by(session, number),
        regions=accounts_queries.region_names(
            session, {task.region for task in draws_queries.public_tasks(session, found)}
        ),
        level=draw_pages.level_of(plan["randomness"]),
        levels=draw_pages.LEVELS,
        void_reasons=draw_pages.VOID_REASONS,
        exclusions=draw_pages.exclusion_rows(draws_queries.pool_counts(found).excluded),
        plan_rows=draw_pages.plan_rows(plan),
        plan_text=json.dumps(plan, ensure_ascii=False, indent=2, sort_keys=True),
        sources=[draw_pages.source_words(source) for source in plan["randomness"]],
    )


@bp.get("/draws/<number>/check.json")
@public
@answers_json
def check(number: str) -> dict[str, Any]:
    """The answer of "check a business" for machines."""
    found = draws_queries.public_draw(db_session(), number)
    return asdict(checks.check_subject(db_session(), settings(), found, request.args.get("code", "")))


@bp.get("/draws/<number>/bundle.zip")
@public
def bundle(number: str) -> ResponseReturnValue:
    """Everything public about a draw in one deterministic archive."""
    found = draws_queries.public_draw(db_session(), number)
    path = bundles.bundle(db_session(), found, settings=settings())
    return send_file(
        Path(path).absolute(), mimetype="application/zip", as_attachment=True, download_name=f"{number}.zip"
    )


@bp.get("/results")
@public
def results() -> ResponseReturnValue:
    """公示结果: the published results, the newest first."""
    search = request.args.get("q", "").strip()[:64]
    before = int(request.args["after"]) if request.args.get("after", "").isdigit() else None
    found = queries.disclosures(db_session(), search=search, before=before, limit=PAGE + 1)
    page = Page(found[:PAGE], next_after=str(found[PAGE - 1].id) if len(found) > PAGE else "")
    records = {row.id: queries.record_of(row) for row in page.rows}
    return render_template(
        "publish/results.html",
        page=page,
        records=records,
        total=queries.count(db_session()) if not search else None,
        bodies={body.token: body.name for body in accounts_queries.bodies(db_session())},
    )


@bp.get("/results/<int:disclosure_id>")
@public
def result(disclosure_id: int) -> ResponseReturnValue:
    """One published result with its evidence."""
    found = queries.disclosure(db_session(), disclosure_id)
    record = queries.record_of(found)
    return render_template(
        "publish/result.html",
        disclosure=found,
        record=record,
        body=accounts_queries.body(db_session(), record["body"]),
        items={each["item"]: registry_queries.item(db_session(), each["item"]) for each in record["items"]},
        method_names=METHOD_NAMES,
        measure_names=MEASURE_NAMES,
    )


@bp.get("/log")
@public
def log() -> ResponseReturnValue:
    """存证日志: the newest entries and the checkpoint."""
    session = db_session()
    size = ledger_queries.log_size(session)
    end = min(int(request.args["after"]), size) if request.args.get("after", "").isdigit() else size
    start = max(0, end - PAGE)
    rows = list(enumerate(ledger_queries.log_entries_page(session, start, end), start)) if end > start else []
    return render_template(
        "publish/log.html",
        page=Page(rows[::-1], total=size, next_after=str(start) if start else ""),
        checkpoint=ledger_queries.latest_checkpoint(session),
        size=size,
    )


@bp.get("/log/<int:index>")
@public
def log_entry(index: int) -> ResponseReturnValue:
    """One entry with the proof that it stands in the present log."""
    session = db_session()
    size = ledger_queries.log_size(session)
    entry = ledger_queries.entry(session, index)
    return render_template(
        "publish/log_entry.html",
        index=index,
        entry=entry,
        size=size,
        text=json.dumps(entry, ensure_ascii=False, indent=2, sort_keys=True),
        proof=ledger_queries.inclusion_proof(session, index, size),
        root=ledger_queries.root_at(session, size),
    )


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """How anyone checks a draw: what each check means, and the commands."""
    return render_template("publish/verify.html", latest=draws_queries.latest_draws(db_session(), limit=3))


@bp.get("/verify.py")
@public
def verify_py() -> ResponseReturnValue:
    """The independent verifier, one file."""
    path = Path(str(current_app.static_folder)) / "verify.py"
    return send_file(path, mimetype="text/x-python", as_attachment=True, download_name="verify.py")


def due(session: Session, user: Any) -> Iterator[Any]:
    """What waits in this room."""
    return reviews.due(session, user)
