"""The public site: home, item list, draws, results, log, verification. Everything here is for everybody."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.draws import bundles, checks, desk_words
from doublerandom.draws import plans as draw_plans
from doublerandom.draws import queries as draws_queries
from doublerandom.draws.batches import batch_of
from doublerandom.inspect.forms import MEASURE_NAMES, METHOD_NAMES
from doublerandom.ledger import queries as ledger_queries
from doublerandom.publish import (
    afterwards,
    certificates,
    draw_pages,
    item_pages,
    log_pages,
    log_views,
    offices,
    own_records,
    plan_pages,
    plan_words,
    queries,
    reviews,
    verifier_words,
    witness_views,
)
from doublerandom.publish.errors import CodeMissingError
from doublerandom.registry import names, structure_words
from doublerandom.registry import queries as registry_queries
from doublerandom.registry.errors import ItemNotFoundError
from doublerandom.web import (
    DueItem,
    NavLink,
    Page,
    answers_json,
    db_session,
    lang,
    list_file,
    public,
    settings,
    wanted_format,
    whole_argument,
)

bp = Blueprint("publish", __name__)
bp.register_blueprint(log_views.bp)
bp.register_blueprint(log_pages.bp)
bp.register_blueprint(witness_views.bp)
bp.register_blueprint(plan_pages.bp)
bp.register_blueprint(reviews.bp)
bp.register_blueprint(own_records.bp)
bp.register_blueprint(offices.bp)
bp.register_blueprint(own_records.proofs)
bp.register_blueprint(certificates.bp)
NAV = [NavLink("publish", "publish.reviews.waiting", _l("结果审核"), "clipboard-check", ("reviewer",))]
PAGE = 50
LONGEST_CODE = 64


def _bodies(session: Session) -> dict[str, str]:
    """Names of all bodies by token, in the language of the page."""
    return {body.token: _name(body) for body in accounts_queries.bodies(session)}


def _name(body: accounts_queries.Body) -> str:
    return body.name_en if lang() == "en" and body.name_en else body.name


def _bodies_by_id(session: Session) -> dict[int | None, str]:
    """Names of all bodies by row, in the language of the page."""
    return {body.id: _name(body) for body in accounts_queries.bodies(session)}


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
        inspectors=registry_queries.inspectors_count(session),
        items=len(registry_queries.items_in_force(session, on=clock.local(now).date())),
        results=queries.count(session),
        log_size=ledger_queries.log_size(session),
        bodies=_bodies_by_id(session),
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
        bodies=_bodies_by_id(db_session()),
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


@bp.get("/draws")
@public
def draws() -> ResponseReturnValue:
    """抽查公告: every committed draw, voided and failed ones too."""
    session, offset = db_session(), whole_argument("after") or 0
    found = draws_queries.draws(session, limit=PAGE + 1, offset=offset)
    page = Page.cut(found, PAGE, key=lambda _row: offset + PAGE)
    return render_template("publish/draws.html", page=page, bodies=_bodies_by_id(session))


@bp.get("/draws/<number>")
@public
def draw(number: str) -> ResponseReturnValue:
    """The public page of a draw."""
    session = db_session()
    found = draws_queries.public_draw(session, number)
    plan, pools = draws_queries.plan_of(found), draws_queries.pool_counts(found)
    body = accounts_queries.body_by_id(session, found.body_id)
    items = {code: registry_queries.item(session, code).name for code in plan["items"]}
    code = typed_code()
    return render_template(
        "publish/draw.html",
        draw=found,
        plan=plan,
        body=body,
        items=items,
        pools=pools,
        exclusions=draw_pages.exclusion_rows(pools.excluded),
        exclusion_names=draw_pages.EXCLUSION_NAMES,
        code=code,
        check=checks.check_subject(session, settings(), found, code) if code else None,
        witnesses=draws_queries.witnesses(session, found),
        fails_after=draws_queries.fails_after(session, found) if plan["randomness"] else None,
        events=draw_pages.timeline(
            draws_queries.timeline(session, found, at=clock.now()),
            office=_name(body),
            log_url=lambda index: url_for("publish.log_entry", index=index),
        ),
        level=draw_plans.source_level(plan["randomness"]),
        levels=plan_words.LEVELS,
        sources=[plan_words.source_words(source) for source in plan["randomness"]],
        plan_rows=plan_words.plan_rows(
            plan,
            items=items,
            bodies=_bodies(session),
            regions=accounts_queries.region_names(session, names.regions_of_scope(plan["filter"])),
            people=accounts_queries.person_names(session, [each["party"] for each in plan["secrets"]]),
        ),
        plan_text=json.dumps(plan, ensure_ascii=False, indent=2, sort_keys=True),
        superseded_by=draws_queries.superseded_by(session, number),
        void_reasons=draw_pages.VOID_REASONS,
        lacking=_lacking(session, found, plan),
        touched=_touched(session, found, plan),
        **_drawn(session, found),
        **afterwards.told_afterwards(session, found),
    )


def _touched(session: Session, found: draws_queries.Draw, plan: dict[str, Any]) -> list[str]:
    """Whom a void concerns, who are not drawn first; told once all is open, never of closed subjects."""
    void = draws_queries.void_of(session, found)
    if void is None or found.revealed_at is None or draw_plans.is_closed(plan):
        return []
    return void.touched if void.confirmed_at is not None else []


def _lacking(session: Session, found: draws_queries.Draw, plan: dict[str, Any]) -> list[str]:
    """What a failed draw had not got in time, in words: values, and whose secrets."""
    people = accounts_queries.person_names(session, [each["party"] for each in plan["secrets"]])
    bodies = _bodies(session)
    parties = {
        each["party"]: _(
            "%(seat)s（%(limits)s）",
            seat=people.get(each["party"], plan_words.PARTIES.get(each["party"], each["party"])),
            limits=bodies.get(each["body"], each["body"]),
        )
        for each in plan["secrets"]
    }
    return desk_words.lacking_words(found.lacking or (), parties)


def _drawn(session: Session, found: draws_queries.Draw) -> dict[str, Any]:
    """A page of the drawn subjects that are public, with their published results; of a rehearsal none."""
    if found.rehearsal:
        return {"tasks": Page([]), "regions": {}, "disclosed": {}, "batches": {}}
    offset = whole_argument("after") or 0
    tasks = draws_queries.public_tasks(session, found, limit=PAGE + 1, offset=offset)
    page = Page.cut(tasks, PAGE, key=lambda _task: offset + PAGE, total=found.tasks)
    return {
        "tasks": page,
        "regions": accounts_queries.region_names(session, {task.region for task in page}),
        "disclosed": queries.disclosures_of_tasks(session, found.number, {task.subject for task in page}),
        "batches": {task.position: batch_of(task.position, found.batches or ()) for task in page},
    }


def typed_code() -> str:
    """The code to check as it was typed: full-width letters, blanks and case do not matter; else empty."""
    typed = unicodedata.normalize("NFKC", request.args.get("code", "")[:LONGEST_CODE])
    return typed.strip().upper()


@bp.get("/draws/<number>/check.json")
@public
@answers_json
def check(number: str) -> dict[str, Any]:
    """The answer of "check a business" for machines."""
    found = draws_queries.public_draw(db_session(), number)
    code = typed_code()
    if not code:
        raise CodeMissingError
    return asdict(checks.check_subject(db_session(), settings(), found, code))


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
    search = request.args.get("q", "").strip()[:LONGEST_CODE]
    found = queries.disclosures(db_session(), search=search, before=whole_argument("after"), limit=PAGE + 1)
    total = None if search else queries.count(db_session())
    page = Page.cut(found, PAGE, key=lambda row: row.id, total=total)
    return render_template(
        "publish/results.html",
        page=page,
        records={row.id: queries.record_of(row) for row in page},
        late={row.id: queries.deadline_of(db_session(), row).late for row in page},
        bodies=_bodies(db_session()),
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
        deadline=queries.deadline_of(db_session(), found),
        record=record,
        body=accounts_queries.body(db_session(), record["body"]),
        items={each["item"]: registry_queries.item(db_session(), each["item"]) for each in record["items"]},
        method_names=METHOD_NAMES,
        measure_names=MEASURE_NAMES,
    )


@bp.get("/log")
@public
def log() -> ResponseReturnValue:
    """存证日志: see log_pages, whose other addresses lie below this one."""
    return log_pages.log()


@bp.get("/log/<int:index>")
@public
def log_entry(index: int) -> ResponseReturnValue:
    """One entry of the log with its proof."""
    return log_pages.entry(index)


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """The verifier that runs in the page, on a bundle dropped there or on that of `draw`, check by check."""
    wanted = request.args.get("draw", "")
    return render_template(
        "publish/verify.html",
        latest=draws_queries.latest_draws(db_session(), limit=3),
        wanted=draws_queries.public_draw(db_session(), wanted).number if wanted else "",
        words=verifier_words.for_page(),
        checks=verifier_words.CHECKS,
    )


@bp.get("/verify.py")
@public
def verify_py() -> ResponseReturnValue:
    """The independent verifier, one file."""
    path = Path(str(current_app.static_folder)) / "verify.py"
    return send_file(path, mimetype="text/x-python", as_attachment=True, download_name="verify.py")


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits in this room."""
    return reviews.due(session, user)
