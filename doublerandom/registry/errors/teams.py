"""Errors of standing teams."""

from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class TeamNotFoundError(NotFoundError):
    """There is no standing team of this code."""

    code = "team_not_found"


class TeamEndedError(ConflictingStateError):
    """The standing team has ended."""

    code = "team_ended"


class TeamTooSmallError(InvalidInputError):
    """A team has at least two inspectors; experts do not count."""

    code = "team_too_small"


class TeamLeadError(InvalidInputError):
    """A team has exactly one lead."""

    code = "team_lead"


class TeamMemberTwiceError(InvalidInputError):
    """Somebody stands in the list twice."""

    code = "team_member_twice"


class MemberIsExpertError(InvalidInputError):
    """An expert is none of the inspectors of a team."""

    code = "member_is_expert"


class MemberNotExpertError(InvalidInputError):
    """Only an expert goes along as one."""

    code = "member_not_expert"


class MemberElsewhereError(InvalidInputError):
    """The members of a team are of its body or below, and of its line of work."""

    code = "member_elsewhere"


class MemberNotReadyError(InvalidInputError):
    """Whoever joins a team is in the pool and has a valid certificate on the first day."""

    code = "member_not_ready"


class MemberInTeamError(InvalidInputError):
    """Nobody is in two standing teams at a time: whoever is dealt twice would exceed the capacity."""

    code = "member_in_team"
