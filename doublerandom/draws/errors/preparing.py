"""What is refused while a draw is prepared: manual exclusions, whole populations, merging, the work."""

from collections.abc import Mapping
from typing import ClassVar

from doublerandom.draws import error_words as words
from doublerandom.error_words import Worded, Words
from doublerandom.errors import ConflictingStateError, InvalidInputError, NotAllowedError, NotFoundError


class ExclusionNotFoundError(NotFoundError):
    """There is no such manual exclusion in the asker's sight."""

    code = "exclusion_not_found"


class ExclusionRefusedError(Worded, InvalidInputError):
    """A manual exclusion lacks what it needs; `why` says what."""

    code = "exclusion_refused"
    codes: ClassVar[Mapping[str, Words]] = {"why": words.EXCLUSION}


class ExclusionDecidedError(ConflictingStateError):
    """A manual exclusion is decided once, and lifted once."""

    code = "exclusion_decided"


class ExclusionOwnerError(NotAllowedError):
    """Only who asked for an exclusion takes the request back."""

    code = "exclusion_owner"


class BasisChangedError(Worded, ConflictingStateError):
    """What a draw was prepared from is not as it was; `what` says which of it. The draw is prepared anew."""

    code = "basis_changed"
    codes: ClassVar[Mapping[str, Words]] = {"what": words.BASIS}


class PreparedTooLongAgoError(ConflictingStateError):
    """A prepared draw lapses after some days, since the registry goes on changing."""

    code = "prepared_too_long_ago"


class BatchDrawnError(ConflictingStateError):
    """This batch of a plan line was drawn already; the next draw is the next batch."""

    code = "batch_drawn"


class ExclusionSamePersonError(ConflictingStateError):
    """Who asked for an exclusion does not decide on it."""

    code = "exclusion_same_person"


class WholeRefusedError(InvalidInputError):
    """The whole population is drawn only where every item is a key item."""

    code = "whole_refused"


class TooFewSeatsError(InvalidInputError):
    """A team has fewer seats than a visit needs inspectors; experts do not count."""

    code = "too_few_seats"


class OfferNotFoundError(NotFoundError):
    """There is no such offer to merge, or it is not for the asker's body."""

    code = "offer_not_found"


class OfferRefusedError(Worded, ConflictingStateError):
    """Two preparations cannot become one draw; `why` says why."""

    code = "offer_refused"
    codes: ClassVar[Mapping[str, Words]] = {"why": words.OFFER}


class WorkStoppedError(ConflictingStateError):
    """The planner stopped the preparation; nothing was made."""

    code = "work_stopped"


class NotWorkingError(ConflictingStateError):
    """Nobody works on this draft."""

    code = "not_working"
