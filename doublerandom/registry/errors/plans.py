"""Errors of plans."""

from collections.abc import Mapping
from typing import ClassVar, Final

from doublerandom.error_words import Worded, Words
from doublerandom.errors import ConflictingStateError, NotFoundError

STATUS_WORDS: Final = {
    "draft": ("草稿", "a draft"),
    "submitted": ("待批准", "waiting for approval"),
    "approved": ("已批准", "approved"),
    "published": ("已公布", "published"),
    "amended": ("已被修订", "amended by a later version"),
    "closed": ("已结束", "closed"),
}


class WrongPlanStateError(Worded, ConflictingStateError):
    """The annual plan is not in a state in which this can be done."""

    code = "wrong_plan_state"
    codes: ClassVar[Mapping[str, Words]] = {"status": STATUS_WORDS}


class PlanLineNotFoundError(NotFoundError):
    """No annual plan has a line of this number."""

    code = "plan_line_not_found"


class PlanNotReadyError(ConflictingStateError):
    """An annual plan lacks lines, or a line lacks what it needs."""

    code = "plan_not_ready"


class AmendmentNotReasonedError(ConflictingStateError):
    """An amendment lacks its reason or its approval number."""

    code = "amendment_not_reasoned"


class NoPublishedPlanError(ConflictingStateError):
    """The year has no published plan of this body that could be amended."""

    code = "no_published_plan"


class PlanOpenError(ConflictingStateError):
    """The year's plan of this body is being drafted, approved or in force already."""

    code = "plan_open"
