"""The randomness of draws on its way in: who may enter it, what is open, who witnessed, what was refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from doublerandom.accounts import queries as accounts
from doublerandom.accounts.queries import Sight
from doublerandom.dr1 import beacon, drand
from doublerandom.dr1.canon import Record
from doublerandom.draws import plans
from doublerandom.draws.errors import SourceNotFoundError
from doublerandom.draws.models import (
    DiceEntry,
    Draw,
    DrawStatus,
    EntryState,
    Observation,
    PlanSignature,
    RelayWord,
    Witness,
)
from doublerandom.draws.queries.desk import in_sight
from doublerandom.draws.queries.records import observations, plan_of
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import facts_of

ENDED = (DrawStatus.VOIDED, DrawStatus.FAILED)


@dataclass(frozen=True)
class Source:
    """
    One source of a plan and where it stands.

    `begin` and `end`: from when until when its value is taken. `seen` is the value that was taken.
    """

    n: int
    source: Record
    begin: datetime
    end: datetime
    seen: Observation | None

    @property
    def kind(self) -> str:
        """`drand`, `lottery` or `dice`."""
        return str(self.source["kind"])

    def is_open(self, at: datetime) -> bool:
        """Whether its value is missing and would be taken now."""
        return self.seen is None and self.begin <= at <= self.end


def sources(session: Session, draw: Draw) -> list[Source]:
    """The sources of a draw's plan in plan order, each with its window and what came."""
    plan = plan_of(draw)
    seen = {row.n: row for row in observations(session, draw)}
    owed = draw.status in ENDED
    return [
        Source(n, source, *plans.window(plan, n, would_be=owed), seen.get(n))
        for n, source in enumerate(plan["randomness"])
    ]


def source(session: Session, draw: Draw, n: int) -> Source:
    """One source of a draw's plan; raises SourceNotFoundError."""
    found = sources(session, draw)
    if not 0 <= n < len(found):
        raise SourceNotFoundError(draw=draw.number)
    return found[n]


def awaiting_randomness(session: Session, *, sight: Sight) -> list[Draw]:
    """Draws in sight whose randomness may be missing: committed, or ended and not shown; by due time."""
    statement = select(Draw).where(
        col(Draw.status).in_((DrawStatus.COMMITTED, *ENDED)),
        col(Draw.revealed_at).is_(None),
        Draw.result_root == "",
        in_sight(session, sight),
    )
    return list(session.exec(statement.order_by(col(Draw.due), col(Draw.id))))


def witnesses(session: Session, draw: Draw, *, struck: bool = False) -> list[Witness]:
    """Who witnesses the randomness of a draw, in the order of entry; struck names where asked for."""
    statement = select(Witness).where(Witness.draw_id == draw.id)
    if not struck:
        statement = statement.where(col(Witness.struck_at).is_(None))
    return list(session.exec(statement.order_by(col(Witness.id))))


def people_of_randomness(session: Session, draw: Draw) -> set[str]:
    """Tokens of those who signed the plan or typed a value that stands: none of them is a witness."""
    signed = select(PlanSignature.person).where(PlanSignature.draw_id == draw.id)
    typed = select(DiceEntry.person).where(
        DiceEntry.draw_id == draw.id, DiceEntry.state != EntryState.DIFFERED
    )
    return {
        *session.exec(signed.order_by(PlanSignature.person)),
        *session.exec(typed.order_by(DiceEntry.person)),
    }


def names_of(session: Session, people: Iterable[str]) -> dict[str, str]:
    """Names by token, of those who have an account."""
    return accounts.person_names(session, sorted(set(people)))


@dataclass(frozen=True)
class Refusal:
    """
    A value that was refused.

    `value` is what was offered; empty while it could give dice or numbers away: unequal entries show once
    the source has its value. `first` and `first_by` are the other entry of two that differed.
    """

    n: int
    rule: str
    value: str
    by: str
    at: datetime
    first: str = ""
    first_by: str = ""


def refusals(session: Session, draw: Draw) -> list[Refusal]:
    """The refused values of a draw, oldest first."""
    found = []
    given = {each.n: each.source for each in sources(session, draw) if each.seen}
    differed = _differed(session, draw)
    for act in ledger.acts_on(session, "draw", draw.number):
        if act.name != "ValueRefused":
            continue
        told = facts_of(act)
        refusal = Refusal(
            told["n"], told["rule"], told["value"], act.by, act.at, told["first"], told["first_by"]
        )
        found.append(_shown(refusal, differed, given.get(refusal.n)))
    return found


def _differed(session: Session, draw: Draw) -> dict[tuple[int, str], list[DiceEntry]]:
    """The void entries by source and person, oldest first."""
    statement = select(DiceEntry).where(DiceEntry.draw_id == draw.id, DiceEntry.state == EntryState.DIFFERED)
    found: dict[tuple[int, str], list[DiceEntry]] = {}
    for row in session.exec(statement.order_by(col(DiceEntry.id))):
        found.setdefault((row.n, row.person), []).append(row)
    return found


def _shown(
    refusal: Refusal, differed: dict[tuple[int, str], list[DiceEntry]], given: Record | None
) -> Refusal:
    """The refusal with what both persons typed, where the source is `given` its value."""
    if not refusal.first_by:
        return refusal
    typed = []
    for person in (refusal.first_by, refusal.by):
        row = differed[refusal.n, person].pop(0)
        typed.append(beacon.text(given, row.value) if given else "")
    first, value = typed
    return Refusal(refusal.n, refusal.rule, value, refusal.by, refusal.at, first, refusal.first_by)


# --- drand rounds -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoundDue:
    """A drand source whose round is published and whose value is missing; `asked_at`: the last time."""

    draw: str
    draw_id: int
    n: int
    source: Record
    published: datetime
    asked_at: datetime | None


def rounds_due(session: Session, *, at: datetime) -> list[RoundDue]:
    """What relays can be asked for now: of committed draws, and of ended ones whose would-be list is owed."""
    statement = select(Draw).where(
        col(Draw.status).in_((DrawStatus.COMMITTED, *ENDED)),
        col(Draw.revealed_at).is_(None),
        Draw.result_root == "",
        col(Draw.due) <= at,
    )
    found = []
    for row in session.exec(statement.order_by(col(Draw.due), col(Draw.id))):
        for each in sources(session, row):
            if each.kind == "drand" and each.is_open(at):
                assert row.id is not None
                published = drand.time_of(each.source["round"], each.source["chain"])
                asked = _last_asked(session, row.id, each.n)
                found.append(RoundDue(row.number, row.id, each.n, each.source, published, asked))
    return found


def _last_asked(session: Session, draw_id: int, n: int) -> datetime | None:
    statement = select(RelayWord.last_at).where(RelayWord.draw_id == draw_id, RelayWord.n == n)
    return session.exec(statement.order_by(col(RelayWord.last_at).desc()).limit(1)).first()


def relay_words(session: Session, draw: Draw) -> list[RelayWord]:
    """What relays said about the sources of a draw, by source, the latest first."""
    statement = select(RelayWord).where(RelayWord.draw_id == draw.id)
    return list(
        session.exec(statement.order_by(col(RelayWord.n), col(RelayWord.last_at).desc(), col(RelayWord.id)))
    )


def relay_word(session: Session, draw_id: int, n: int, relay: str, word: str) -> RelayWord | None:
    """The row of one word of one relay about one source."""
    return session.exec(
        select(RelayWord).where(
            RelayWord.draw_id == draw_id, RelayWord.n == n, RelayWord.relay == relay, RelayWord.word == word
        )
    ).one_or_none()
