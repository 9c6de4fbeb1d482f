"""What a replacement may break: one error for each rule of section 9."""

from typing import ClassVar

from doublerandom.dr1.errors import ProtocolError


class ReplacementError(ProtocolError):
    """A replacement does not follow section 9."""

    code: ClassVar[str] = "bad_replacement"
    check: ClassVar[int] = 12


class ReplacementPlaceError(ReplacementError):
    """The subject has no task in this draw now, or no seat of this number."""

    code = "replacement_place"


class ReplacementNumberError(ReplacementError):
    """The replacements are not numbered 1, 2, …: `n` stands where `expected` should."""

    code = "replacement_number"


class ReplacementOrderError(ReplacementError):
    """Of replacement `n`, `member` is not what the order of section 9 gives (`expected`)."""

    code = "replacement_order"


class ReplacementPairsError(ReplacementError):
    """The pairs known since are not ascending and distinct."""

    code = "replacement_pairs"


class NoReserveError(ReplacementError):
    """The reserve of the stratum is used up: the subject cannot be replaced in this draw."""

    code = "no_reserve"


class SomebodyLeftError(ReplacementError):
    """A direct assignment, though `expected` could take the seat."""

    code = "somebody_left"


class OnTheTeamError(ReplacementError):
    """Somebody would sit on one team twice."""

    code = "on_the_team"


class NothingReplacedError(ReplacementError):
    """The seat is empty and stays empty."""

    code = "nothing_replaced"
