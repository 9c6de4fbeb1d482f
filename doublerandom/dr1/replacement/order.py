"""Who comes next for a seat, and which subject comes next (section 9)."""

from collections.abc import Collection, Iterable, Sequence

from doublerandom.dr1.canon import Record
from doublerandom.dr1.replacement.after_deal import AfterDeal, Replacement
from doublerandom.dr1.replacement.rules import (
    NoReserveError,
    NothingReplacedError,
    OnTheTeamError,
    ReplacementPairsError,
    ReplacementPlaceError,
    SomebodyLeftError,
)


def next_inspector(after: AfterDeal, subject: str, seat: int, conflicts: Iterable[str] = ()) -> str:
    """
    Who comes next for a seat whose inspector is replaced, or which is empty; `""` if there is nobody.

    Candidates are eligible, not on the team, not replaced at this subject before, with room by the present
    counts; the first by the keys as the loads stood just before that place's turn in the deal. No repair.

    Args:
        after: The draw as it stands.
        subject: A subject with a task now.
        seat: The seat's number, from 0.
        conflicts: The pairs `<inspector>:<subject>` that have become known and are not in `after` yet.

    Raises:
        ReplacementPlaceError: There is no such place.
    """
    team = after.team(subject)
    if not 0 <= seat < len(after.seats):
        raise ReplacementPlaceError(subject=subject, seat=seat)
    return _first(after, after.record(subject), seat, team, turn_of=subject, known=frozenset(conflicts))


def next_subject(after: AfterDeal, subject: str) -> Record:
    """
    The record of the subject that comes for one replaced: the first of its stratum's reserve not yet used.

    Raises:
        ReplacementPlaceError: The subject has no task now.
        NoReserveError: The reserve is used up.
    """
    reserve = after.reserve(after.record(subject)["stratum"])
    if not reserve:
        raise NoReserveError(subject=subject)
    return reserve[0]


def replaced_inspector(
    after: AfterDeal, subject: str, seat: int, *, conflicts: Iterable[str] = (), direct: str = ""
) -> Replacement:
    """
    The replacement of whoever holds a seat, or of nobody on an empty one; changes nothing (see `apply`).

    Args:
        after: The draw as it stands.
        subject: A subject with a task now.
        seat: The seat's number, from 0.
        conflicts: The pairs that have become known, ascending.
        direct: Who is assigned directly; only where nobody is eligible.

    Raises:
        ReplacementPlaceError: There is no such place.
        ReplacementPairsError: The pairs are not ascending and distinct.
        SomebodyLeftError: A direct assignment, though somebody is eligible.
        OnTheTeamError: The one assigned directly is on this team.
        NothingReplacedError: The seat is empty and stays so.
    """
    pairs = _pairs(conflicts)
    expected = next_inspector(after, subject, seat, pairs)
    team = after.team(subject)
    if direct and expected:
        raise SomebodyLeftError(subject=subject, seat=seat, expected=expected)
    if direct in team and direct:
        raise OnTheTeamError(subject=subject, seat=seat, inspector=direct)
    new = expected or direct
    if not new and not team[seat]:
        raise NothingReplacedError(subject=subject, seat=seat)
    return Replacement(
        n=after.number + 1,
        what="direct" if direct else "inspector",
        task_subject=subject,
        subject=subject,
        seat=seat,
        old=team[seat],
        new=new,
        team=(*team[:seat], new, *team[seat + 1 :]),
        conflicts=pairs,
    )


def replaced_subject(after: AfterDeal, subject: str, *, conflicts: Iterable[str] = ()) -> Replacement:
    """
    The replacement of a subject by the next of its reserve, with the new team; changes nothing (see `apply`).

    It takes the old one's turn. Each seat keeps its inspector if eligible for the new subject; the others,
    and those that were empty, are then filled in seat order as by `next_inspector`: whoever leaves a seat of
    this task has that room again, and may come to another of its seats.

    Raises:
        ReplacementPlaceError, NoReserveError: As of `next_subject`.
        ReplacementPairsError: The pairs are not ascending and distinct.
    """
    pairs = _pairs(conflicts)
    record = next_subject(after, subject)
    known = frozenset(pairs)
    team = [
        code if after.is_eligible(code, record, seat, known) else ""
        for seat, code in enumerate(after.team(subject))
    ]
    leaving = {code for code in after.team(subject) if code and code not in team}
    for seat, code in enumerate(team):
        if not code:
            team[seat] = _first(after, record, seat, team, turn_of=subject, known=known, leaving=leaving)
    return Replacement(
        n=after.number + 1,
        what="subject",
        task_subject=subject,
        subject=record["id"],
        seat=None,
        old=subject,
        new=record["id"],
        team=tuple(team),
        conflicts=pairs,
    )


def _first(
    after: AfterDeal,
    record: Record,
    seat: int,
    team: Sequence[str],
    *,
    turn_of: str,
    known: frozenset[str],
    leaving: Collection[str] = (),
) -> str:
    out = {*team, *after.replaced_at(record["id"])}
    codes = [
        code
        for code in after.candidates(record, seat, leaving)
        if code not in out and after.is_eligible(code, record, seat, known)
    ]
    return after.first_by_keys(codes, turn_of, seat)


def _pairs(conflicts: Iterable[str]) -> tuple[str, ...]:
    pairs = tuple(conflicts)
    if list(pairs) != sorted(set(pairs)):
        raise ReplacementPairsError(conflicts=list(pairs))
    return pairs
