"""What drafts of draws refuse."""

from collections.abc import Mapping
from typing import ClassVar

from doublerandom.draws import error_words as words
from doublerandom.error_words import Worded, Words
from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class DraftNotFoundError(NotFoundError):
    """There is no such draft, or it is not in the asker's sight."""

    code = "draft_not_found"


class DraftClosedError(Worded, ConflictingStateError):
    """The draft is being worked on, has become a draw, or was given up: nothing of it is changed."""

    code = "draft_closed"
    codes: ClassVar[Mapping[str, Words]] = {"state": words.DRAFT_STATES}


class DueTooSoonError(Worded, InvalidInputError):
    """The randomness is due an hour after the plan is signed at least."""

    code = "due_too_soon"
    times = ("due",)


class DueOutsideLineError(InvalidInputError):
    """A draw lies within the days that the published plan names for its line."""

    code = "due_outside_line"


class ResultTimeError(InvalidInputError):
    """The result comes within the hour after the randomness, without drand within a day."""

    code = "result_time"


class RevealTimeError(InvalidInputError):
    """The reveal comes after the result, within 400 days."""

    code = "reveal_time"


class SourcesWeakError(InvalidInputError):
    """The sources chosen are too few, or one of them cannot be as it was described."""

    code = "sources_weak"


class PartiesTooFewError(InvalidInputError):
    """Level C needs three parties of three bodies, one of them outside the office and its superiors."""

    code = "parties_too_few"


class BatchesRefusedError(InvalidInputError):
    """Batches are counted in whole numbers from 1, and only the whole of key items is drawn in batches."""

    code = "batches_refused"


class SeatsRefusedError(InvalidInputError):
    """A team has one to eight seats."""

    code = "seats_refused"
