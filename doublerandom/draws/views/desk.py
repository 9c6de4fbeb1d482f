"""The desk of draws: all in sight by state, each with its page, what waits for whoever is signed in."""

import shutil
from collections.abc import Iterable, Iterator
from typing import Any, Final

from flask import render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import desk_words, plan_words, plans, queries, services, story_words
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.next_acts import next_act
from doublerandom.draws.views.blueprint import bp
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import facts_of
from doublerandom.registry import names
from doublerandom.registry import queries as registry
from doublerandom.web import (
    DueItem,
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    lang,
    list_file,
    requires,
    settings,
    wanted_format,
    whole_argument,
)

READERS: Final = ("planner", "supervisor", "head", "auditor", "overseer")
NAV = [NavLink("draws", "draws.desk", _l("抽取"), "shuffle", READERS)]
ROWS: Final = 50
STATE_NAMES: Final = {
    "prepared": _l("待签署"),
    "signed": _l("已签署一方"),
    "committed": _l("已承诺"),
    "drawn": _l("已抽取，结果已锁定"),
    "revealed": _l("已揭示"),
    "voided": _l("已作废"),
    "failed": _l("未能完成"),
}


def draw_seen(number: str) -> Draw:
    """A draw in sight of whoever is signed in, or DrawNotFoundError."""
    return queries.draw_in_sight(db_session(), number, sight=accounts.sight(current_user()))


def name_of(body: accounts.Body) -> str:
    """A body's name in the language of the page."""
    return body.name_en if lang() == "en" and body.name_en else body.name


@bp.get("")
@requires(*READERS)
def desk() -> ResponseReturnValue:
    """All draws in sight: what needs whoever is signed in first, then all, by state."""
    session, user, now = db_session(), current_user(), clock.now()
    sight = accounts.sight(user)
    asked = _asked()
    bodies = {body.id: name_of(body) for body in accounts.bodies(session)}
    if kind := wanted_format():
        rows = queries.desk_draws(session, sight=sight, **asked)
        return list_file(_("抽取"), _HEADER(), _cells(rows, bodies), kind=kind)
    found = queries.desk_draws(
        session, sight=sight, **asked, before=whole_argument("after") or None, limit=ROWS + 1
    )
    return render_template(
        "draws/draws.html",
        page=Page.cut(found, ROWS, key=lambda row: row.id),
        waiting=queries.waiting(session, user, at=now),
        waiting_words=desk_words.WAITING_WORDS,
        waiting_url=waiting_url,
        counts=queries.desk_counts(session, sight=sight),
        states=STATE_NAMES,
        status=asked["status"],
        bodies=bodies,
        offices=[(body.id, name_of(body)) for body in accounts.bodies(session, below=sight.body_path)],
        levels=plans.level_of,
        lead=plans.LEAD,
        plan_of=queries.plan_of,
    )


def _asked() -> dict[str, Any]:
    """The filter of the address."""
    kinds = {"yes": True, "no": False}
    status = request.args.get("status", "")
    return {
        "status": status if status in STATE_NAMES else "",
        "body_id": whole_argument("body") or None,
        "year": whole_argument("year") or None,
        "text": request.args.get("q", "").strip()[:64],
        "rehearsals": kinds.get(request.args.get("rehearsal", "")),
    }


def _HEADER() -> list[str]:  # noqa: N802 - the heading of the file, in the language of the page
    return [
        _("抽取编号"),
        _("名称"),
        _("机关"),
        _("年度计划项"),
        _("状态"),
        _("演练"),
        _("取随机数时刻"),
        _("最迟揭示"),
        _("任务数"),
        _("空缺席位"),
    ]


def _cells(rows: Iterable[Draw], bodies: dict[int | None, str]) -> Iterator[list[Any]]:
    for row in rows:
        told = [row.number, row.title, bodies.get(row.body_id, ""), row.annual_item]
        yield [
            *told,
            str(STATE_NAMES[row.status.value]),
            row.rehearsal,
            row.due,
            row.reveal_by,
            row.tasks,
            row.empty,
        ]


def waiting_url(kind: str, draw: Draw) -> str:
    """Where what waits is done."""
    endpoints = {
        "sign": "draws.sign",
        "countersign": "draws.sign",
        "commit": "draws.party",
        "hand_in": "draws.party",
        "void": "draws.void",
        "reveal": "draws.reveal",
    }
    return url_for(endpoints[kind], number=draw.number)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a signer, a party, or who confirms a void."""
    for each in queries.waiting(session, user, at=clock.now()):
        title, url = f"{each.draw.number} · {each.draw.title}", waiting_url(each.kind, each.draw)
        yield DueItem("draws", title, url, each.deadline, str(desk_words.WAITING_WORDS[each.kind]))


@bp.get("/<number>")
@requires(*READERS)
def show(number: str) -> ResponseReturnValue:
    """A draw at the desk: where it stands, the one next act, what stands on record; counts only."""
    session, now = db_session(), clock.now()
    draw = draw_seen(number)
    plan = queries.plan_of(draw)
    acts = [
        desk_words.ActTold(act.name, facts_of(act), act.by, act.at)
        for act in ledger.acts_on(session, "draw", number)
    ]
    signatures = queries.plan_signatures(session, draw)
    people = _people(session, draw, {act.by for act in acts} | {row.person for row in signatures})
    return render_template(
        "draws/draw.html",
        draw=draw,
        plan=plan,
        issuer=name_of(accounts.body_by_id(session, draw.body_id)),
        pools=queries.pool_counts(draw),
        next=next_act(session, draw, at=now),
        names_of=lambda tokens: _("、").join(people.get(token, token) for token in tokens),
        lead=plans.LEAD,
        lacking_words=lambda lacking: desk_words.lacking_words(lacking, people),
        signatures=signatures,
        lapsed=[act for act in acts if act.name == "SignatureLapsed"],
        people=people,
        roles=desk_words.ROLE_NAMES,
        lapses=desk_words.LAPSE_NAMES,
        voids=queries.voids_of(session, draw),
        void_reasons=story_words.VOID_REASONS,
        parties=parties_told(session, draw, plan),
        superseded_by=queries.superseded_by(session, number),
        deposited=_deposited(session, draw, plan),
        events=story(session, draw, acts, people),
        exclusions=story_words.exclusion_rows(queries.pool_counts(draw).excluded),
        plan_rows=plan_told(session, plan, unplaced=draw.status is DrawStatus.PREPARED),
        level=plans.level_of(plan),
        levels={**plan_words.LEVELS, "D": _("演练")},
        told=draw.preflight,
        is_public=draw.status in queries.PUBLIC,
    )


def _people(session: Session, draw: Draw, tokens: set[str]) -> dict[str, str]:
    """Names by person token: who acted, and the parties."""
    parties = {entry["party"] for entry in queries.plan_of(draw)["secrets"]}
    known = accounts.person_names(session, {*tokens, *parties, draw.by})
    return {**{token: str(name) for token, name in plan_words.PARTIES.items()}, **known}


def plan_told(session: Session, plan: dict[str, Any], *, unplaced: bool = False) -> list[tuple[str, str]]:
    """The plan in plain words; `unplaced` before the first signature gives it its place in the row."""
    bodies = {body.token: name_of(body) for body in accounts.bodies(session)}
    rows = plan_words.plan_rows(
        plan,
        items={code: registry.item(session, code).name for code in plan["items"]},
        bodies=bodies,
        regions=accounts.region_names(session, names.regions_of_scope(plan["filter"])),
        people=accounts.person_names(session, [entry["party"] for entry in plan["secrets"]]),
    )
    return [*rows[:-1], (rows[-1][0], _("签署时确定"))] if unplaced else rows


def parties_told(session: Session, draw: Draw, plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The parties of a draw at level C: who of them has committed, and who has handed in."""
    if plan["randomness"]:
        return []
    people = accounts.person_names(session, [entry["party"] for entry in plan["secrets"]])
    bodies = {body.token: name_of(body) for body in accounts.bodies(session)}
    open_parties = set(queries.unsigned_parties(session, draw, at=draw.committed_at or clock.now()))
    pairs = dict.fromkeys((entry["party"], entry["body"]) for entry in plan["secrets"])
    return [
        {
            "party": party,
            "name": people.get(party, party),
            "body": bodies.get(body, body),
            "committed": party not in open_parties,
            "handed_in": bool(queries.handed_in(session, draw, party)),
        }
        for party, body in pairs
    ]


def _deposited(session: Session, draw: Draw, plan: dict[str, Any]) -> int:
    """How many of the plan's secrets lie encrypted where the draw will be computed."""
    held = {(row.party, row.purpose) for row in queries.deposits(session, draw)}
    return sum((entry["party"], entry["purpose"]) in held for entry in plan["secrets"])


def story(
    session: Session, draw: Draw, acts: list[desk_words.ActTold], people: dict[str, str]
) -> list[dict[str, Any]]:
    """Public entries and the desk's own acts in one row, by time."""
    public = story_words.timeline(
        queries.timeline(session, draw, at=clock.now()),
        office=name_of(accounts.body_by_id(session, draw.body_id)),
        log_url=lambda index: url_for("publish.log_entry", index=index),
    )
    return sorted([*desk_words.act_rows(acts, people), *public], key=lambda row: row["at"])


@bp.get("/<number>/auditor-bundle.zip")
@requires("auditor", fresh=True)
def auditor_bundle(number: str) -> ResponseReturnValue:
    """The whole bundle of an opened draw, closed pools and all; the taking is on record."""
    draw = draw_seen(number)
    path = services.auditor_bundle(
        db_session(), draw, settings=settings(), by=current_person(), at=clock.now()
    )
    file = path.open("rb")
    shutil.rmtree(path.parent, ignore_errors=True)
    answer = send_file(file, mimetype="application/zip", as_attachment=True, download_name=f"{number}.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer
