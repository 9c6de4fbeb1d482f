"""What can be wrong with a result."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotAllowedError, NotFoundError


class TaskNotYoursError(NotAllowedError):
    """Only a member of the task's team records its result."""

    code = "task_not_yours"


class InspectionNotFoundError(NotFoundError):
    """There is no such inspection in the asker's sight."""

    code = "inspection_not_found"


class TaskNotOpenError(ConflictingStateError):
    """The task's draw is void, or not drawn, or its result is already with the reviewer."""

    code = "task_not_open"


class NotForReviewError(ConflictingStateError):
    """The inspection is not waiting for a review."""

    code = "not_for_review"


class OwnInspectionError(NotAllowedError):
    """Nobody reviews an inspection of their own team."""

    code = "own_inspection"


class UnknownCategoryError(InvalidInputError):
    """A result category is not in force."""

    code = "unknown_category"


class UnknownMethodError(InvalidInputError):
    """The method of the check is none of the listed ones."""

    code = "unknown_method"


class UnknownMeasureError(InvalidInputError):
    """The follow-up measure is none of the listed ones."""

    code = "unknown_measure"


class NotExclusiveError(InvalidInputError):
    """'Nothing found' stands beside another category."""

    code = "not_exclusive"


class FollowUpMissingError(InvalidInputError):
    """The category needs a follow-up, or an order needs its date."""

    code = "follow_up_missing"


class FindingMissingError(InvalidInputError):
    """A finding needs words."""

    code = "finding_missing"


class ForeignItemError(InvalidInputError):
    """The item is not one of this draw's."""

    code = "foreign_item"


class ItemsIncompleteError(InvalidInputError):
    """Every item of the draw needs exactly one result."""

    code = "items_incomplete"


class VisitDateError(InvalidInputError):
    """The visit is dated before its draw or in the future."""

    code = "visit_date"


class TaskHiddenError(NotAllowedError):
    """The subject of an unannounced task is not shown to its team yet, so nothing is recorded of it."""

    code = "task_hidden"


class TooFewInspectorsError(ConflictingStateError):
    """Fewer inspectors than the law asks for are on the team: no visit begins."""

    code = "too_few_inspectors"
