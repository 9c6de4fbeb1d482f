"""The log for people: explorer, entries with their proofs, two sizes compared, checkpoints, witnesses."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws.reasons import ALL_REASONS
from doublerandom.draws.story_words import VOID_REASONS
from doublerandom.ledger import keys, log_queries, witness, witnessing
from doublerandom.ledger import outside_queries as outside
from doublerandom.ledger import queries as ledger
from doublerandom.publish import checkpoint_pages, entry_words, proof_steps
from doublerandom.publish.audit_material import DatabaseMaterial
from doublerandom.publish.errors import LogEntryNotFoundError, LogRangeError
from doublerandom.publish.witness_views import ADD_CHECKPOINT
from doublerandom.web import Page, answers_json, db_session, lang, public, settings, whole_argument

bp = Blueprint("log_pages", __name__, url_prefix="/log")
PAGE: Final = 50
LONGEST: Final = 100


def _bodies(session: Session) -> dict[str, str]:
    """Names of all bodies by token, in the language of the page."""
    return {
        body.token: body.name_en if lang() == "en" and body.name_en else body.name
        for body in accounts.bodies(session)
    }


def _words(session: Session) -> dict[str, Any]:
    """What templates need to tell an entry in words."""
    bodies, reasons = _bodies(session), {**ALL_REASONS, **VOID_REASONS}
    return {
        "kind_names": entry_words.KIND_NAMES,
        "told": entry_words.told,
        "moment": entry_words.moment,
        "bodies": bodies,
        "in_words": lambda entry: entry_words.in_words(entry, bodies=bodies, reasons=reasons),
    }


def log() -> ResponseReturnValue:
    """存证日志: the entries, the newest first, by kind, issuer, draw and day; `q` goes to what it names."""
    session = db_session()
    size, asked = ledger.log_size(session), request.args.get("q", "").strip()[:LONGEST]
    if asked and (place := _place(session, asked, size)):
        return redirect(place, code=303)
    since, until = _span(request.args.get("day", ""))
    filters = {name: request.args.get(name, "").strip()[:LONGEST] for name in ("kind", "issuer", "draw")}
    rows = log_queries.log_page(
        session, **filters, since=since, until=until, before=whole_argument("after"), limit=PAGE + 1
    )
    filtered = any(filters.values()) or since is not None
    page = Page.cut(rows, PAGE, key=lambda row: row.index, total=None if filtered else size)
    shown = Page([(row.index, ledger.entry_of(row)) for row in page], page.total, page.next_after)
    return render_template(
        "publish/log.html",
        page=shown,
        checkpoint=checkpoint_pages.row(session, ledger.latest_checkpoint(session)),
        size=size,
        asked=asked,
        filtered=filtered,
        **_words(session),
    )


def _place(session: Session, asked: str, size: int) -> str:
    """Where a plan hash, an index or a draw number leads; empty where it names nothing in the log."""
    compact = "".join(asked.split()).lower()
    if len(compact) == 64 and (index := log_queries.index_of_plan(session, compact)) is not None:
        return url_for("publish.log_entry", index=index)
    if asked.isascii() and asked.isdigit() and len(asked) <= 10 and int(asked) < size:
        return url_for("publish.log_entry", index=int(asked))
    if log_queries.log_page(session, draw=asked.upper(), limit=1):
        return url_for("publish.log", draw=asked.upper())
    return ""


def _span(day: str) -> tuple[datetime | None, datetime | None]:
    """The local day asked for, from its beginning to its end; nothing where it is none."""
    try:
        first = datetime.combine(date.fromisoformat(day), time(), tzinfo=clock.local(clock.now()).tzinfo)
        return first, first + timedelta(days=1)
    except (ValueError, OverflowError):
        return None, None


def entry(index: int) -> ResponseReturnValue:
    """One entry, and how it leads to the root of a tree of any size that holds it."""
    session = db_session()
    present = ledger.log_size(session)
    if index >= present:
        raise LogEntryNotFoundError(index=index, size=present)
    asked = whole_argument("size")
    size = asked if asked is not None and index < asked <= present else present
    row = next(ledger.log_rows(session, index, index + 1))
    told = ledger.entry_of(row)
    proof = ledger.inclusion_proof(session, index, size)
    steps = proof_steps.inclusion_steps(index, size, row.leaf_hash, proof)
    return render_template(
        "publish/log_entry.html",
        index=index,
        entry=told,
        size=size,
        present=present,
        leaf=row.leaf_hash,
        text=row.entry,
        steps=steps,
        shell=proof_steps.inclusion_shell(row.entry, steps),
        root=ledger.root_at(session, size),
        checkpoint=checkpoint_pages.row(session, ledger.checkpoint(session, size)),
        **_words(session),
    )


@bp.get("/consistency")
@public
def consistency() -> ResponseReturnValue:
    """Two sizes of the log: that the smaller tree is the beginning of the larger one, step by step."""
    session = db_session()
    present = ledger.log_size(session)
    first, second = whole_argument("first"), whole_argument("second")
    found: dict[str, Any] = {}
    wrong = bool(request.args)
    if first is not None and second is not None and 0 < first <= second <= present:
        wrong = False
        proof = ledger.consistency_proof(session, first, second)
        root, later = ledger.root_at(session, first), ledger.root_at(session, second)
        start, low, high = proof_steps.consistency_start(first, second, root, proof)
        steps = proof_steps.consistency_steps(first, second, root, proof)
        found = {"roots": (root, later), "start": (start, low, high), "steps": steps, "proof": proof}
        found["shell"] = proof_steps.consistency_shell(start, steps)
    return render_template(
        "publish/log_consistency.html", first=first, second=second, present=present, wrong=wrong, **found
    )


@bp.get("/comparison")
@public
def comparison() -> ResponseReturnValue:
    """A checkpoint that somebody kept against the log as it is now: consistent, or not."""
    text = request.args.get("checkpoint", "")
    session = db_session()
    return render_template(
        "publish/log_comparison.html",
        text=text,
        verdict=checkpoint_pages.compared(session, text, settings()) if text.strip() else None,
        present=ledger.log_size(session),
    )


@bp.get("/checkpoints")
@public
def checkpoints() -> ResponseReturnValue:
    """Signed tree heads, the newest first, with who outside the office saw them."""
    session, kept = db_session(), request.args.get("kept", "") == "1"
    found = outside.checkpoints_page(session, before=whole_argument("after"), limit=PAGE + 1, kept=kept)
    page = Page.cut(found, PAGE, key=lambda row: row.size)
    rows = checkpoint_pages.rows(session, page.rows)
    return render_template("publish/log_checkpoints.html", page=Page(rows, None, page.next_after), kept=kept)


@bp.get("/checkpoints/<int:size>.txt")
@public
def checkpoint_file(size: int) -> ResponseReturnValue:
    """One checkpoint to keep: the signed note with the lines of its witnesses."""
    session = db_session()
    present = ledger.log_size(session)
    if not 0 < size <= present:
        raise LogRangeError(value=size, size=present)
    note = outside.note_with_witnesses(session, ledger.checkpoint(session, size))
    answer = Response(note, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="checkpoint-{size}.txt"'
    return answer


@bp.get("/witnesses")
@public
def witnesses() -> ResponseReturnValue:
    """Who cosigns this log, whose logs this office cosigns, what it refused, how to become a witness."""
    session, house = db_session(), settings()
    asked = {each.key: each.url for each in witnessing.sound_witnesses(house)}
    known = sorted({*asked, *outside.witness_keys(session)})
    theirs = [(key, asked.get(key, ""), outside.last_cosignature(session, key)) for key in known]
    logs = outside.witnessed_logs(session)
    return render_template(
        "publish/log_witnesses.html",
        theirs=[(*row, outside.last_failure(session, row[0]) if row[1] else None) for row in theirs],
        logs=[(row, outside.witnessed_head(session, row.origin)) for row in logs],
        refusals=outside.refusals(session),
        own_key=witness.own_verifier_key(house),
        log_key=keys.log_public_hex(house),
        address=(house.base_url or request.url_root).rstrip("/"),
        add_checkpoint=ADD_CHECKPOINT,
        last_stamp=outside.last_stamp(session),
    )


@bp.get("/draws/<number>.json")
@public
@answers_json
def draw_evidence(number: str) -> ResponseReturnValue:
    """Plan and signatures of a draw in the log, and the drawn once they are public: what an audit needs."""
    found = DatabaseMaterial(db_session()).evidence(number)
    if found is None:
        raise LogRangeError(value=number, size=ledger.log_size(db_session()))
    return checkpoint_pages.canonical(found)


@bp.get("/lists/<digest>.json")
@public
@answers_json
def list_text(digest: str) -> ResponseReturnValue:
    """The annual plan whose digest a `list` entry holds: `sha256sum` of this file gives the digest."""
    found = DatabaseMaterial(db_session()).annual_plan(digest)
    if found is None:
        raise LogRangeError(value=digest[:64], size=ledger.log_size(db_session()))
    return checkpoint_pages.canonical(found)
