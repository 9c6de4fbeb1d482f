"""What is refused after a draw: replacements, times of visits."""

from collections.abc import Mapping
from typing import ClassVar

from doublerandom.draws import error_words as words
from doublerandom.error_words import Worded, Words
from doublerandom.errors import ConflictingStateError, InvalidInputError, NotAllowedError, NotFoundError


class ReplacementNotFoundError(NotFoundError):
    """There is no such request in the asker's sight."""

    code = "replacement_not_found"


class NotReplaceableError(Worded, ConflictingStateError):
    """A task is replaced before its visit, in a draw that stands; `why` says what is in the way."""

    code = "not_replaceable"
    codes: ClassVar[Mapping[str, Words]] = {"why": words.NOT_REPLACEABLE}


class ReplacementWaitsError(ConflictingStateError):
    """One request for a place waits at a time."""

    code = "replacement_waits"


class NotWaitingError(ConflictingStateError):
    """The request was confirmed, refused or withdrawn before."""

    code = "replacement_not_waiting"


class ReplacementReasonError(InvalidInputError):
    """A reason that is not on the closed list of its kind."""

    code = "replacement_reason"


class EvidenceMissingError(InvalidInputError):
    """This reason is proved by a document."""

    code = "replacement_evidence_missing"


class SubjectNamedError(InvalidInputError):
    """A statement names the subject, which nobody but the team knows yet."""

    code = "subject_named"


class CodeNamedError(InvalidInputError):
    """A statement holds what looks like a subject's code, whether it was drawn or not."""

    code = "code_named"


class NoSuchSeatError(InvalidInputError):
    """The task has no seat of this number, or nobody sits on it."""

    code = "no_such_seat"


class NoOpenPlaceError(InvalidInputError):
    """The inspector holds no place of this draw that still waits for its visit."""

    code = "no_open_place"


class ReserveUsedUpError(ConflictingStateError):
    """The reserve of the stratum is used up."""

    code = "reserve_used_up"


class SomebodyEligibleError(ConflictingStateError):
    """A direct assignment, though somebody is next in order."""

    code = "somebody_eligible"


class NobodyNextError(ConflictingStateError):
    """The seat is empty, and nobody is next in order."""

    code = "nobody_next"


class DirectRefusedError(Worded, InvalidInputError):
    """Who is to be assigned directly cannot go; `why` says why."""

    code = "direct_refused"
    codes: ClassVar[Mapping[str, Words]] = {"why": words.DIRECT}


class HeadMissingError(ConflictingStateError):
    """A direct assignment is approved by the head before it is confirmed."""

    code = "head_missing"


class ConcernedError(NotAllowedError):
    """Whoever is of the team, before or after, does not decide on its replacement."""

    code = "concerned_in_replacement"


class NotTheLeadError(NotAllowedError):
    """The lead of the team says when the visit is to be."""

    code = "not_the_lead"


class VisitTimeError(InvalidInputError):
    """A visit is set some time ahead, of a task that waits for it."""

    code = "visit_time"


class VisitPassedError(ConflictingStateError):
    """The time that was set has passed, and nobody said that no visit took place."""

    code = "visit_passed"


class VisitShownError(ConflictingStateError):
    """The team of an unannounced task saw its subject: the visit is not put off any more."""

    code = "visit_shown"


class NoVisitError(ConflictingStateError):
    """There is no visit to deny: none was set, its time has not come, or its result is recorded."""

    code = "no_visit"
