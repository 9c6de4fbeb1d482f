"""What can be wrong with a credit record."""

from doublerandom.errors import ConflictingStateError, NotAllowedError, NotFoundError


class CreditRecordNotFoundError(NotFoundError):
    """There is no such credit record in the asker's sight."""

    code = "credit_record_not_found"


class CreditDecidedError(ConflictingStateError):
    """The record was confirmed or rejected before."""

    code = "credit_decided"


class OwnCreditCaseError(NotAllowedError):
    """Who inspected, recorded or reviewed the result does not decide its consequence."""

    code = "own_credit_case"
