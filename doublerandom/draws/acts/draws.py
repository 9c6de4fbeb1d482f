"""What commands on draws put on record; no secret, no key and no drawn subject stands here."""

from dataclasses import dataclass
from typing import Any, ClassVar

from doublerandom.ledger.trail import Fact


@dataclass(frozen=True)
class DrawFact(Fact):
    """An act on one draw."""

    on_kind: ClassVar[str] = "draw"
    draw: str

    @property
    def on_id(self) -> str:
        """The draw's number."""
        return self.draw


@dataclass(frozen=True)
class DrawPrepared(DrawFact):
    """A draw was prepared: pools frozen, plan written."""

    plan_hash: str
    annual_item: str
    preflight: dict[str, Any]


@dataclass(frozen=True)
class CommitmentSigned(DrawFact):
    """A party signed its commitment (level C); one that it handed in before lapsed."""

    party: str
    purpose: str
    public_key: str
    commitment: str = ""


@dataclass(frozen=True)
class PlanSigned(DrawFact):
    """Operator or supervisor signed the plan."""

    role: str
    plan_hash: str
    public_key: str
    signature: str


@dataclass(frozen=True)
class SignatureLapsed(DrawFact):
    """
    A signature lapsed, `why` says how.

    `overtaken`: another plan was logged before the second; `due`: its hour came; `replaced`: its party sent
    another commitment.
    """

    plan_hash: str
    public_key: str
    signature: str
    why: str


@dataclass(frozen=True)
class DrawCommitted(DrawFact):
    """The plan is in the public log (a rehearsal's is not: index −1)."""

    plan_hash: str
    seq: int
    log_index: int


@dataclass(frozen=True)
class SecretHandedIn(DrawFact):
    """A party handed in the secret it had committed to."""

    party: str
    purpose: str


@dataclass(frozen=True)
class ValueObserved(DrawFact):
    """
    A source of randomness has its value.

    Of dice and a lottery `first_by` typed it first, who acts typed it second, with the drawing day that they
    read on the announcement (`drawn_on`, ISO).
    """

    n: int
    value: dict[str, Any]
    first_by: str = ""
    drawn_on: str = ""


@dataclass(frozen=True)
class DiceTyped(DrawFact):
    """
    The first of two persons typed dice or a lottery's numbers.

    `digest` is H of draw, source and value, not the value; `drawn_on` is the lottery's drawing day.
    """

    n: int
    digest: str
    drawn_on: str = ""


@dataclass(frozen=True)
class ValueRefused(DrawFact):
    """
    A value, a second one or one at a wrong time was refused. `value` is what was offered, as text.

    Of dice and a lottery it is `H=` and H of the text: whoever types them too looks at the dice or at the
    announcement. Where two persons typed differently `first` is that of what `first_by` had typed: both are
    void. `drawn_on` is the lottery's drawing day as told.
    """

    n: int
    value: str
    rule: str
    first: str = ""
    first_by: str = ""
    drawn_on: str = ""


@dataclass(frozen=True)
class DrawExecuted(DrawFact):
    """The draw ran: once."""

    plan_hash: str
    beacon: str
    result_root: str
    tasks: int
    empty: int


@dataclass(frozen=True)
class DrawOpened(DrawFact):
    """Secrets and keys were opened."""

    plan_hash: str
    opened: tuple[str, ...]


@dataclass(frozen=True)
class VoidRequested(DrawFact):
    """Somebody asked to void the draw; `touched` is H of draw and code of each subject concerned."""

    reason: str
    statement: str
    touched: tuple[str, ...] = ()


@dataclass(frozen=True)
class VoidWithdrawn(DrawFact):
    """A request to void was taken back before it was confirmed."""

    reason: str
    requested_by: str
    requested_at: str


@dataclass(frozen=True)
class DrawVoided(DrawFact):
    """
    A second person confirmed the void, and `touched` (as in VoidRequested) with it.

    Where that person's key signed it, the signature is over `dr-void|draw|plan hash|reason|touched`.
    """

    reason: str
    requested_by: str
    would_be_root: str
    touched: tuple[str, ...] = ()
    public_key: str = ""
    signature: str = ""


@dataclass(frozen=True)
class WouldBeShown(DrawFact):
    """The result that a voided or failed draw would have had was computed."""

    result_root: str


@dataclass(frozen=True)
class DrawFailed(DrawFact):
    """
    The draw failed by itself: no result, or not opened, in time.

    `lacking` names what had not come: `source n`, or `party/purpose` of a secret.
    """

    reason: str
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaskVisited(DrawFact):
    """A task's visit is done; the task is named by its commitment."""

    commitment: str


@dataclass(frozen=True)
class TaskDisclosed(DrawFact):
    """A task's outcome is public; the task is named by its commitment."""

    commitment: str


@dataclass(frozen=True)
class AuditorBundleMade(DrawFact):
    """An auditor took the whole bundle of a draw, closed pools and all."""

    sha256: str
