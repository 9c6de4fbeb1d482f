"""Messages about draws, left in the transaction of what happened; counts alone, never who was drawn."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.accounts import services as messages
from doublerandom.clock import local
from doublerandom.draws import queries
from doublerandom.draws.models import Draw

SIGNERS: Final = ("planner", "supervisor")
WATCHERS: Final = ("planner", "supervisor", "administrator", "overseer")


def address(draw: Draw) -> str:
    """The path of a draw's page at the desk."""
    return f"/desk/draws/{draw.number}"


def holders(
    session: Session, draw: Draw, roles: Collection[str], *, at: datetime, above: bool = False
) -> list[str]:
    """Who holds one of the roles at the draw's body (and the bodies above it), stand-ins too."""
    path = accounts.body_by_id(session, draw.body_id).path
    return list(accounts.holders_for(session, path, roles, above=above, on=local(at).date()))


def concerned(session: Session, draw: Draw, *, at: datetime) -> list[str]:
    """Planners and supervisors of the draw's body, who prepared it and who signed it."""
    signed = [row.person for row in queries.plan_signatures(session, draw) if row.role != "party"]
    return [*holders(session, draw, SIGNERS, at=at), draw.by, *signed]


def watchers(session: Session, draw: Draw, *, at: datetime) -> set[str]:
    """Who hears of an alarm: those who watch at the body and above it, and who is concerned."""
    above = holders(session, draw, WATCHERS, at=at, above=True)
    return {*above, *concerned(session, draw, at=at)}


def _tell(
    session: Session,
    draw: Draw,
    kind: str,
    *,
    to: Collection[str],
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    url: str = "",
    key: str = "",
) -> None:
    """Leave a message about a draw; rehearsals are nobody's business but their planner's."""
    if draw.rehearsal:
        return
    messages.send(
        session,
        to=to,
        kind=kind,
        params={"draw": draw.number, **(facts or {})},
        url=url or address(draw),
        at=at,
        key=f"draw|{draw.number}|{key or kind}",
    )


def tell_committed(session: Session, draw: Draw, *, at: datetime) -> None:
    """The plan is in the log: planners and supervisors know the hour."""
    facts = {"title": draw.title, "due": draw.due.isoformat()}
    _tell(session, draw, "committed", to=concerned(session, draw, at=at), at=at, facts=facts)


def tell_lapsed(session: Session, draw: Draw, why: str, signer: str, *, at: datetime) -> None:
    """The first signature lapsed: whoever gave it signs again."""
    to = [signer, *holders(session, draw, ("planner",), at=at)]
    key = f"lapsed|{draw.plan_hash}"
    _tell(session, draw, f"lapsed_{why}", to=to, at=at, key=key)


def tell_drawn(session: Session, draw: Draw, dealt: Mapping[str, int], *, at: datetime) -> None:
    """
    The draw has run: planners and supervisors get counts, each inspector how many tasks are new.

    Args:
        session: Joins the command that ran it.
        draw: The draw.
        dealt: How many tasks each certificate number has.
        at: When.
    """
    facts = {"tasks": draw.tasks, "empty": draw.empty}
    _tell(session, draw, "drawn", to=concerned(session, draw, at=at), at=at, facts=facts)
    people = accounts.accounts_of_certificates(session)
    by_count: dict[int, list[str]] = {}
    for certificate, count in dealt.items():
        by_count.setdefault(count, []).extend(people.get(certificate, ()))
    for count, to in sorted(by_count.items()):
        _tell(session, draw, "tasks", to=to, at=at, facts={"count": count}, url="/tasks")


def tell_failed(session: Session, draw: Draw, reason: str, *, at: datetime) -> None:
    """The draw failed: `no-result` or `not-opened`."""
    kind = f"failed_{reason.replace('-', '_')}"
    _tell(session, draw, kind, to=concerned(session, draw, at=at), at=at)


def tell_revealed(session: Session, draw: Draw, *, at: datetime) -> None:
    """The draw is open to everybody."""
    _tell(session, draw, "revealed", to=concerned(session, draw, at=at), at=at)


def tell_void(session: Session, draw: Draw, kind: str, void_id: int | None, *, at: datetime) -> None:
    """A void was asked for (`void_requested`), taken back (`void_withdrawn`) or confirmed (`voided`)."""
    to = concerned(session, draw, at=at)
    _tell(session, draw, kind, to=to, at=at, key=f"{kind}|{void_id}")


def tell_awaited(session: Session, draw: Draw, waiting: queries.Awaited, *, at: datetime) -> None:
    """
    Values or secrets are missing, an hour before `due` (`value_soon`) or at it (`value_missing`).

    Parties hear of their own secret only. Told before, nothing is told.
    """
    kind = "value_soon" if at < draw.due else "value_missing"
    facts = {"count": len(waiting), "due": draw.due.isoformat(), "result_by": draw.result_by.isoformat()}
    to = [*concerned(session, draw, at=at), *waiting.parties]
    _tell(session, draw, kind, to=to, at=at, facts=facts)
