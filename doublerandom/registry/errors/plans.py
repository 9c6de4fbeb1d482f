"""Errors of plans."""

from doublerandom.errors import ConflictingStateError, NotFoundError


class WrongPlanStateError(ConflictingStateError):
    """The annual plan is not in a state in which this can be done."""

    code = "wrong_plan_state"


class PlanLineNotFoundError(NotFoundError):
    """No annual plan has a line of this number."""

    code = "plan_line_not_found"
