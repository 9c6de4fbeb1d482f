"""What commands after a draw put on record; a task is named by its commitment, never by its subject."""

from dataclasses import dataclass

from doublerandom.draws.acts.draws import DrawFact


@dataclass(frozen=True)
class ReplacementRequested(DrawFact):
    """Somebody asked to replace a subject or an inspector, or to assign one directly."""

    request: int
    what: str
    reason: str
    commitment: str
    seat: int
    evidence_file: str
    statement_digest: str


@dataclass(frozen=True)
class DirectApproved(DrawFact):
    """The head approved a direct assignment."""

    request: int


@dataclass(frozen=True)
class ReplacementRefused(DrawFact):
    """A request was refused, with the reason."""

    request: int
    reason: str


@dataclass(frozen=True)
class ReplacementWithdrawn(DrawFact):
    """A request was taken back before it was confirmed."""

    request: int


@dataclass(frozen=True)
class ReplacementLapsed(DrawFact):
    """A request lapsed, because the task got another subject."""

    request: int


@dataclass(frozen=True)
class ReplacementNotTaken(DrawFact):
    """Asking for a replacement, or refusing one, failed; what was written stands nowhere."""

    refusal: str
    """Code of the error."""


@dataclass(frozen=True)
class ReplacementConfirmed(DrawFact):
    """A second person confirmed a replacement with the signing key; it stands in the log."""

    request: int
    n: int
    what: str
    reason: str
    old: str
    commitment: str
    log_index: int
    requested_by: str
    public_key: str
    signature: str


@dataclass(frozen=True)
class EvidenceSeen(DrawFact):
    """Somebody opened the document of a request."""

    request: int
    evidence_file: str


@dataclass(frozen=True)
class VisitTimeSet(DrawFact):
    """The lead said when a task is to be visited."""

    commitment: str
    visit_at: str


@dataclass(frozen=True)
class NoVisitStated(DrawFact):
    """The lead said that no visit took place at the time that was set."""

    commitment: str
    visit_at: str


@dataclass(frozen=True)
class TaskLooked(DrawFact):
    """Somebody looked at a task before the reveal, and saw whose it is; once for person and day."""

    commitment: str


@dataclass(frozen=True)
class ListSeen(DrawFact):
    """Somebody saw a list with tasks of the draw before the reveal; once for person and day."""

    tasks: int
