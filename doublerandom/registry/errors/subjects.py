"""Errors of subjects."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class SubjectNotFoundError(NotFoundError):
    """No subject has this code."""

    code = "subject_not_found"


class NotInPoolError(ConflictingStateError):
    """The subject is not in the body's pool, so that it cannot leave."""

    code = "not_in_pool"


class OutsideRegionError(InvalidInputError):
    """A subject outside the region cannot join the pool of a body whose pool is its region."""

    code = "outside_region"


class OperatorNeededError(InvalidInputError):
    """A product, project, site or activity names the enterprise answerable; others have none."""

    code = "operator_needed"


class SourceNeededError(InvalidInputError):
    """Base fields change by the registration source, or by a document that is named."""

    code = "source_needed"


class StandingEndedError(ConflictingStateError):
    """What was said ended already, or cannot be ended so."""

    code = "standing_ended"
