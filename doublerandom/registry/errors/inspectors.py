"""Errors of inspectors."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class InspectorNotFoundError(NotFoundError):
    """No inspector has this certificate number."""

    code = "inspector_not_found"


class CertificateNotFoundError(NotFoundError):
    """The inspector has no such certificate."""

    code = "certificate_not_found"


class QualificationNotFoundError(NotFoundError):
    """The inspector has no such qualification, or a later entry has replaced it."""

    code = "qualification_not_found"


class AbsenceNotFoundError(NotFoundError):
    """The inspector has no such absence."""

    code = "absence_not_found"


class AbsenceSupersededError(ConflictingStateError):
    """A later entry has corrected this absence already."""

    code = "absence_superseded"


class AbsenceOverlapsError(InvalidInputError):
    """An absence of the same kind covers some of these days already: that one is corrected instead."""

    code = "absence_overlaps"


class PastAbsenceError(InvalidInputError):
    """Inspectors announce days to come; what is past the registrar enters."""

    code = "past_absence"


class CertificateOverlapsError(InvalidInputError):
    """A certificate of this number covers some of these days already."""

    code = "certificate_overlaps"


class DaysOutOfOrderError(InvalidInputError):
    """The last day is before the first."""

    code = "days_out_of_order"
