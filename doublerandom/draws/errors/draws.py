"""What draws refuse: one class per rule; their codes and times read as words in the sentences."""

from collections.abc import Mapping
from typing import ClassVar

from doublerandom.draws import error_words as words
from doublerandom.error_words import Worded, Words
from doublerandom.errors import ConflictingStateError, InvalidInputError, NotAllowedError, NotFoundError


class DrawNotFoundError(NotFoundError):
    """There is no draw with this number."""

    code = "draw_not_found"


class TaskNotFoundError(NotFoundError):
    """There is no such task, or it is not yet to be seen."""

    code = "task_not_found"


class RecordNotFoundError(NotFoundError):
    """The pool of this draw holds no record with this code."""

    code = "record_not_in_pool"


class WrongDrawStateError(Worded, ConflictingStateError):
    """The draw is in a state in which this cannot be done; `status` says which."""

    code = "wrong_draw_state"
    codes: ClassVar[Mapping[str, Words]] = {"status": words.STATUS}


# --- preparing ----------------------------------------------------------------------------------------------


class PlanLineNotPublishedError(ConflictingStateError):
    """A draw can only be prepared from a line of a published annual plan of the same body."""

    code = "plan_line_not_published"


class ItemNotInForceError(ConflictingStateError):
    """An item of the plan line is not in force: nothing may be inspected under it."""

    code = "item_not_in_force"


class EmptyPoolError(InvalidInputError):
    """The scope holds no subject."""

    code = "empty_pool"


class NothingToDrawError(InvalidInputError):
    """The quotas take nobody."""

    code = "nothing_to_draw"


class ThinPoolError(InvalidInputError):
    """Some subjects have fewer eligible inspectors than their team has seats."""

    code = "thin_pool"


class DrawNumberTakenError(ConflictingStateError):
    """A draw number is never used again."""

    code = "draw_number_taken"


class LivePlanError(ConflictingStateError):
    """Another draw of this body for the same line of the annual plan is committed and not finished."""

    code = "live_plan"


class MustSupersedeError(ConflictingStateError):
    """The last draw for this line was voided or failed: the next one supersedes it and carries its list."""

    code = "must_supersede"


class PlanRefusedError(Worded, InvalidInputError):
    """The protocol refuses the plan; `rule` is its code."""

    code = "plan_refused"
    codes: ClassVar[Mapping[str, Words]] = {"rule": words.PLAN}


class SupersedesError(Worded, ConflictingStateError):
    """Only a voided or failed draw of the same body, whose outcome is settled, is superseded, and once."""

    code = "cannot_supersede"
    codes: ClassVar[Mapping[str, Words]] = {"why": words.SUPERSEDES}


# --- signing ------------------------------------------------------------------------------------------------


class SignatureLapsedError(ConflictingStateError):
    """Another plan of the issuer was logged since the first signature, or its time ran out."""

    code = "signature_lapsed"


class SignerRoleError(NotAllowedError):
    """Whoever signs holds the role of the signature now, own or lent."""

    code = "signer_role"


class SamePersonError(NotAllowedError):
    """The second signature, confirmation or entry of dice comes from another person than the first."""

    code = "same_person"


class TooLateToSignError(ConflictingStateError):
    """The first signature comes an hour before the randomness at least, the second before it."""

    code = "too_late_to_sign"


class SignatureMissingError(ConflictingStateError):
    """The operator signs first; at level C every party has signed before."""

    code = "signature_missing"


class PartyMissingError(InvalidInputError):
    """Somebody who is no party of this draw, or a commitment that was not made for it."""

    code = "party_missing"


# --- randomness ---------------------------------------------------------------------------------------------


class ObservationRefusedError(Worded, InvalidInputError):
    """An observed value was refused; that is on record. `rule` says why."""

    code = "observation_refused"
    codes: ClassVar[Mapping[str, Words]] = {"rule": words.OBSERVATION}


class SecondValueError(ConflictingStateError):
    """A source has one value; a second one is refused, and that is on record."""

    code = "second_value"


class DiceDifferError(ConflictingStateError):
    """Two persons typed dice or numbers differently; both entries are void, and that is on record."""

    code = "dice_differ"


class WrongTimeError(Worded, ConflictingStateError):
    """The value comes before its time, or after it; that is on record."""

    code = "wrong_time"
    times = ("after", "before")


class NotThePartyError(NotAllowedError):
    """A secret is handed in by the party that made it and by nobody else."""

    code = "not_the_party"


class SecretRefusedError(Worded, InvalidInputError):
    """A secret that does not open its commitment, or comes before the plan is logged, or a second time."""

    code = "secret_refused"
    codes: ClassVar[Mapping[str, Words]] = {"why": words.SECRET}


# --- drawing, opening, ending -------------------------------------------------------------------------------


class NotDueError(Worded, ConflictingStateError):
    """The draw runs at its time, not before."""

    code = "not_due"
    times = ("due",)


class RandomnessMissingError(ConflictingStateError):
    """Not every source of randomness has its value, or a secret is missing."""

    code = "randomness_missing"


class TooLateToDrawError(ConflictingStateError):
    """A result would come too late to stand: the draw has failed."""

    code = "too_late_to_draw"


class NotYetRevealedError(ConflictingStateError):
    """A draw opens at its time, or when every visit is done."""

    code = "not_yet_to_reveal"


class VisitedError(ConflictingStateError):
    """A draw with a visit cannot be voided any more."""

    code = "visited"


class VisitStatedError(ConflictingStateError):
    """The time that a lead set for a visit has passed, and nobody said that none took place."""

    code = "visit_stated"


class VoidRequestedError(ConflictingStateError):
    """One request to void waits at a time; it is confirmed or withdrawn before another is made."""

    code = "void_requested"


class NoVoidRequestError(ConflictingStateError):
    """There is no request to void that waits for its confirmation."""

    code = "no_void_request"


class UnknownReasonError(InvalidInputError):
    """A reason outside the closed list."""

    code = "unknown_reason"


class TouchedRefusedError(InvalidInputError):
    """A void's reason that concerns no particular subjects frees none; and codes are real and distinct."""

    code = "touched_refused"


class StorageDamagedError(ConflictingStateError):
    """A frozen pool on disk is not the one that was committed to; nothing is computed from it."""

    code = "storage_damaged"
    status = 500
