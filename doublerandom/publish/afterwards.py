"""What the public page of a draw says of what came after: replacements, and seats left empty with proofs."""

from typing import Any, Final

from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom.draws import queries as draws_queries
from doublerandom.draws.plans import is_closed
from doublerandom.draws.reasons import ALL_REASONS, KIND_NAMES
from doublerandom.ledger import queries as ledger_queries
from doublerandom.registry.names import seat_name

MOST_PROOFS: Final = 20


def told_afterwards(session: Session, draw: draws_queries.Draw) -> dict[str, Any]:
    """Counts and reasons at once; who left and came once the draw is open, and not of closed subjects."""
    plan = draws_queries.plan_of(draw)
    shown = draw.revealed_at is not None and not is_closed(plan)
    seats = [seat["seat"] for seat in plan["team"]]
    entries = {
        entry["n"]: index
        for index, entry in ledger_queries.entries_of_draw(session, draw.number)
        if entry["type"] == "replace"
    }
    rows = [_row(row, seats, entries, shown=shown) for row in draws_queries.done_replacements(session, draw)]
    return {
        "replaced": rows,
        "replaced_counts": draws_queries.replacement_counts(session, draw),
        "particulars": shown,
        "proofs": [_proof(seat) for seat in draw.empty_seats[:MOST_PROOFS]],
        "fates": _fates(rows) if shown else {},
    }


def _row(row: Any, seats: list[str], entries: dict[int, int], *, shown: bool) -> dict[str, Any]:
    """One replacement; the names are not even handed to the page before they may be seen."""
    told = {
        "n": row.n,
        "kind": row.kind.value,
        "what": KIND_NAMES[row.kind.value],
        "reason": ALL_REASONS.get(row.reason, row.reason),
        "at": row.decided_at,
        "commitment": row.commitment,
        "index": entries.get(row.n),
    }
    if not shown:
        return told
    return told | {
        "seat": seat_name(seats[row.seat]) if row.seat >= 0 else "",
        "old": row.old,
        "new": row.new,
        "subject": row.subject,
        "subject_name": row.subject_name,
    }


def _fates(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Of subjects that were replaced or came in place of one: what became of them, by code."""
    fates: dict[str, str] = {}
    for row in rows:
        if row["kind"] == "subject":
            fates[row["new"]] = _("按候补次序接替（第 %(n)s 次更换），列入检查", n=row["n"])
            fates[row["old"]] = _("因“%(reason)s”已更换（第 %(n)s 次）", reason=row["reason"], n=row["n"])
    return fates


def own_fate(session: Session, draw: draws_queries.Draw, code: str) -> dict[str, Any]:
    """What became of a subject after the deal, and when, once the draw is open; empty where nothing did."""
    if draw.revealed_at is None:
        return {}
    seats = [seat["seat"] for seat in draws_queries.plan_of(draw)["team"]]
    rows = [
        _row(row, seats, {}, shown=True)
        for row in draws_queries.done_replacements(session, draw)
        if row.seat < 0 and code in (row.old, row.new)
    ]
    return {"words": _fates(rows)[code], "at": rows[-1]["at"]} if rows else {}


def _proof(seat: dict[str, Any]) -> dict[str, Any]:
    """Why a seat is empty, in words."""
    met, places = seat["met"], seat["places"]
    if not met:
        words = _("没有一名检查人员合格：区域、职责、资格或回避不符。")
    else:
        words = _(
            "合格的 %(people)s 人（%(who)s）都已达到名额上限；他们所占的和相关的 %(places)s 个位置之间，"
            "怎样互换也空不出人来。",
            people=len(met),
            who=_("、").join(met[:8]) + ("…" if len(met) > 8 else ""),
            places=len(places),
        )
    return {"subject": seat["subject"], "seat": seat_name(seat["seat"]), "words": words}
