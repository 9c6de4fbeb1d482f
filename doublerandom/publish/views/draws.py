"""抽查公告: every draw, its page, "check a business", its bundle."""

import json
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.draws import bundles, checks, desk_words
from doublerandom.draws import plans as draw_plans
from doublerandom.draws import queries as draws_queries
from doublerandom.draws.batches import batch_of
from doublerandom.publish import (
    afterwards,
    draw_pages,
    plan_words,
    queries,
)
from doublerandom.publish.errors import CodeMissingError
from doublerandom.publish.views.blueprint import bp
from doublerandom.publish.views.places import name_of, names_by_id, names_by_token
from doublerandom.registry import names
from doublerandom.registry import queries as registry_queries
from doublerandom.web import (
    Page,
    answers_json,
    db_session,
    public,
    settings,
    whole_argument,
)

PAGE = 50
LONGEST_CODE = 64


@bp.get("/draws")
@public
def draws() -> ResponseReturnValue:
    """抽查公告: every committed draw, voided and failed ones too."""
    session, offset = db_session(), whole_argument("after") or 0
    found = draws_queries.draws(session, limit=PAGE + 1, offset=offset)
    page = Page.cut(found, PAGE, key=lambda _row: offset + PAGE)
    return render_template("publish/draws.html", page=page, bodies=names_by_id(session))


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
            office=name_of(body),
            log_url=lambda index: url_for("publish.log_entry", index=index),
        ),
        level=draw_plans.source_level(plan["randomness"]),
        levels=plan_words.LEVELS,
        sources=[plan_words.source_words(source) for source in plan["randomness"]],
        plan_rows=plan_words.plan_rows(
            plan,
            items=items,
            bodies=names_by_token(session),
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
    bodies = names_by_token(session)
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
