"""Randomness comes in: each source once, checked, at its time; and at level C the parties' secrets."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1 import beacon
from doublerandom.dr1.canon import H, Record, canon, parse_time
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.seeds import secret_commitment
from doublerandom.draws import deposits, plans, queries
from doublerandom.draws.acts import DiceTyped, SecretHandedIn, ValueObserved, ValueRefused
from doublerandom.draws.error_words import OBSERVATION
from doublerandom.draws.errors import (
    DiceDifferError,
    NotThePartyError,
    ObservationRefusedError,
    PartyMissingError,
    SamePersonError,
    SecondValueError,
    SecretRefusedError,
    WrongDrawStateError,
    WrongTimeError,
)
from doublerandom.draws.models import DiceEntry, Draw, DrawStatus, EntryState, Observation
from doublerandom.errors import DoubleRandomError
from doublerandom.ledger import log
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import put_on_record

TYPED_TWICE: Final = {"dice", "lottery"}
"""Kinds of sources that nothing but two persons' equal entries vouches for."""
AWAITS_VALUES = {DrawStatus.COMMITTED, DrawStatus.VOIDED, DrawStatus.FAILED}


@dataclass(frozen=True)
class _Offer:
    """A value as somebody enters it."""

    n: int
    value: Any
    settings: Settings
    by: str
    at: datetime
    drawn_on: date | None = None

    @property
    def day(self) -> str:
        """The drawing day as acts keep it."""
        return self.drawn_on.isoformat() if self.drawn_on else ""


def observe(
    session: Session,
    draw: Draw | str,
    *,
    n: int,
    value: Any,
    settings: Settings,
    by: str,
    at: datetime,
    drawn_on: date | None = None,
) -> Draw:
    """
    Take the observed value of source `n` (from 0): checked, logged, and never taken again.

    Dice and a lottery's numbers are typed twice: the first person's entry waits (`queries.first_entry`), and
    an equal one of another person takes it. Unequal ones are both void, on record, and both type again. A
    drand round proves itself: one entry takes it. Which roles may enter, the views check.

    When the last one is in, the beacon text is logged too. A voided or failed draw takes its values as well:
    what it would have drawn is owed to the public.

    Args:
        session: A command of its own.
        draw: The draw or its number.
        n: Number of the source in the plan.
        value: As in beacon.json: `{"signature": …}`, `{"groups": …}` or `{"rolls": …}`.
        settings: For the log.
        by: Who enters it; of dice and a lottery, another person the second time.
        at: When.
        drawn_on: Of a lottery: the drawing day on the announcement, not before the commitment's (in China).

    Raises:
        WrongDrawStateError: The draw is not committed, or has run.
        SecondValueError, WrongTimeError, ObservationRefusedError, SamePersonError, DiceDifferError: Refused.
            Every refused attempt is on record.
    """
    number = queries.number_of(draw)
    with transaction(session):
        row = queries.draw_for_update(session, number)
        offer = _Offer(n, value, settings, by, at, drawn_on)
        refusal = _refusal(session, row, offer)
        if refusal is not None:
            told = _told(queries.plan_of(row), offer)
            act = ValueRefused(number, n, told, refusal.code, drawn_on=offer.day)
            put_on_record(session, act, by=by, at=at)
        elif queries.plan_of(row)["randomness"][n]["kind"] in TYPED_TWICE:
            refusal = _typed(session, row, offer)
        else:
            _take(session, row, offer)
    if refusal is not None:
        raise refusal
    return row


def look_at(
    session: Session,
    draw: Draw | str,
    *,
    n: int,
    value: Any,
    settings: Settings,
    by: str,
    at: datetime,
    drawn_on: date | None = None,
) -> None:
    """
    Look at a value before it is entered: what `observe` would refuse is refused as there, and on record.

    Nothing else happens: whoever enters it reads its text and confirms. The arguments are those of `observe`.
    """
    row = queries.draw(session, queries.number_of(draw))
    if _refusal(session, row, _Offer(n, value, settings, by, at, drawn_on)) is not None:
        observe(session, row.number, n=n, value=value, settings=settings, by=by, at=at, drawn_on=drawn_on)


def _refusal(session: Session, draw: Draw, offer: _Offer) -> DoubleRandomError | None:
    """Why this value is not taken, or None."""
    plan = queries.plan_of(draw)
    n, at = offer.n, offer.at
    if draw.status not in AWAITS_VALUES or draw.result_root:
        return WrongDrawStateError(draw=draw.number, status=draw.status)
    if not 0 <= n < len(plan["randomness"]):
        return ObservationRefusedError(n=n, rule="no such source")
    if (again := _again(session, draw, offer)) is not None:
        return again
    if rule := _broken_rule(plan, offer):
        return ObservationRefusedError(n=n, rule=rule)
    begin, end = plans.window(plan, n, would_be=draw.status is not DrawStatus.COMMITTED)
    if not begin <= at <= logged_at(session, draw, at) <= end:
        return WrongTimeError(n=n, after=begin.isoformat(), before=end.isoformat())
    return None


def _again(session: Session, draw: Draw, offer: _Offer) -> DoubleRandomError | None:
    """Why it is one value too many: the source has its own, or the same person types again."""
    if any(row.n == offer.n for row in queries.observations(session, draw)):
        return SecondValueError(n=offer.n)
    first = queries.first_entry(session, draw, offer.n)
    if first is not None and first.person == offer.by:
        return SamePersonError(person=offer.by)
    return None


def _broken_rule(plan: Record, offer: _Offer) -> str:
    """Which rule the value breaks, empty for none: the reason where there are words for it, else a code."""
    source = plan["randomness"][offer.n]
    try:
        beacon.check_value(source, offer.value)
    except ProtocolError as error:
        reason = str(error.params.get("reason", ""))
        return reason if reason in OBSERVATION else error.code
    is_drawn = source["kind"] != "lottery" or _is_drawing_day(plan, offer)
    return "" if is_drawn else "drawing_day"


def _is_drawing_day(plan: Record, offer: _Offer) -> bool:
    """Whether the lottery may have been drawn that day, by the calendar in China."""
    committed = local(parse_time(plan["committed_at"])).date()
    return offer.drawn_on is not None and committed <= offer.drawn_on <= local(offer.at).date()


def _told(plan: Record, offer: _Offer) -> str:
    """
    A refused value as the trail keeps it: of what is typed twice its digest alone.

    The other person looks at the dice or the announcement and not at what the first one typed.
    """
    sources = plan["randomness"]
    if 0 <= offer.n < len(sources) and sources[offer.n]["kind"] in TYPED_TWICE:
        return f"H={H(_as_text(offer.value))}"
    return _as_text(offer.value)


def _typed(session: Session, draw: Draw, offer: _Offer) -> DiceDifferError | None:
    """Keep the first person's entry; take it with the second's equal one, or make both void."""
    assert draw.id is not None
    n, value, by, at = offer.n, offer.value, offer.by, offer.at
    typed = DiceEntry(draw_id=draw.id, n=n, person=by, value=value, at=at)
    first = queries.waiting_dice(session, draw, n)
    if first is None:
        session.add(typed)
        digest = H(f"{draw.number}|{n}|{canon(value).decode()}")
        put_on_record(session, DiceTyped(draw.number, n, digest, offer.day), by=by, at=at)
        return None
    source = queries.plan_of(draw)["randomness"][n]
    equal = beacon.text(source, first.value) == beacon.text(source, value)
    first.state = typed.state = EntryState.TAKEN if equal else EntryState.DIFFERED
    session.add_all([first, typed])
    session.flush()
    if equal:
        _take(session, draw, offer, first_by=first.person)
        return None
    refused = DiceDifferError(n=n)
    digests = [f"H={H(_as_text(typed.value))}" for typed in (typed, first)]
    act = ValueRefused(draw.number, n, digests[0], refused.code, digests[1], first.person, drawn_on=offer.day)
    put_on_record(session, act, by=by, at=at)
    return refused


def _take(session: Session, draw: Draw, offer: _Offer, *, first_by: str = "") -> None:
    assert draw.id is not None
    n, value, settings, by, at = offer.n, offer.value, offer.settings, offer.by, offer.at
    session.add(Observation(draw_id=draw.id, n=n, value=value, by=by, at=at))
    session.flush()
    act = ValueObserved(draw.number, n, value, first_by, offer.day)
    put_on_record(session, act, by=by, at=at, after=value)
    if not draw.rehearsal:
        entry = {"type": "observed", "draw": draw.number, "plan_hash": draw.plan_hash, "n": n, "value": value}
        log.append(session, entry, settings=settings, at=at)
    sources = queries.plan_of(draw)["randomness"]
    seen = queries.observations(session, draw)
    if len(seen) == len(sources):
        log_beacon(
            session, draw, beacon.beacon_text(sources, [row.value for row in seen]), settings=settings, at=at
        )


def logged_at(session: Session, draw: Draw, at: datetime) -> datetime:
    """The time that an entry made now will bear, which never falls; a rehearsal makes none."""
    last = None if draw.rehearsal else ledger.last_entry(session)
    return max(at, last.at) if last else at


def log_beacon(session: Session, draw: Draw, text: str, *, settings: Settings, at: datetime) -> None:
    """Put the beacon text into the public log, in the caller's transaction."""
    draw.beacon = text
    if not draw.rehearsal:
        entry = {"type": "beacon", "draw": draw.number, "plan_hash": draw.plan_hash, "beacon": text}
        log.append(session, entry, settings=settings, at=at)


def _as_text(value: Any) -> str:
    """A value as text: canonical, or what Python says of it; cut short."""
    try:
        text = canon(value).decode()
    except ProtocolError:
        text = repr(value)
    return text if len(text) <= 2000 else f"{text[:2000]}… H={H(text)}"


def hand_in(
    session: Session,
    draw: Draw | str,
    *,
    party: str,
    purpose: str,
    secret: str,
    settings: Settings,
    by: str,
    at: datetime,
) -> Draw:
    """
    Take the secret that a party committed to (level C), after the plan is logged and before `result_by`.

    Raises:
        WrongDrawStateError: The plan is not logged, or the draw has run.
        PartyMissingError: The plan lists no such party for this purpose.
        NotThePartyError: Somebody else than the party hands it in.
        SecretRefusedError: It does not open the commitment, was handed in before, or comes too late.
    """
    number = queries.number_of(draw)
    with transaction(session):
        row = queries.draw_for_update(session, number)
        if row.status not in AWAITS_VALUES or row.result_root:
            raise WrongDrawStateError(draw=number, status=row.status)
        plan = queries.plan_of(row)
        promised = _promise(plan, party, purpose)
        if by != party:
            raise NotThePartyError(party=party)
        if (purpose, party) in deposits.opened(queries.deposits(session, row), number, settings).secrets:
            raise SecretRefusedError(party=party, why="second")
        if row.status is DrawStatus.COMMITTED and at > row.result_by:
            raise SecretRefusedError(party=party, why="late")
        if secret_commitment(plan["issuer"], number, purpose, party, secret) != promised:
            raise SecretRefusedError(party=party, why="commitment")
        assert row.id is not None
        deposits.deposit(
            session,
            row.id,
            number,
            purpose=purpose,
            party=party,
            plain=secret.encode(),
            settings=settings,
        )
        put_on_record(session, SecretHandedIn(number, party, purpose), by=by, at=at)
    return row


def _promise(plan: Record, party: str, purpose: str) -> str:
    for entry in plan["secrets"]:
        if (entry["party"], entry["purpose"]) == (party, purpose):
            return str(entry["commitment"])
    raise PartyMissingError(party=party)
