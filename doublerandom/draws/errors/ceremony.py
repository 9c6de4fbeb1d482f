"""What the ceremony refuses."""

from collections.abc import Mapping
from typing import ClassVar

from doublerandom.draws import error_words as words
from doublerandom.error_words import Worded, Words
from doublerandom.errors import ConflictingStateError, InvalidInputError, NotFoundError


class SourceNotFoundError(NotFoundError):
    """The plan has no such source, or it is of another kind."""

    code = "source_not_found"


class WitnessNotFoundError(NotFoundError):
    """There is no such witness of this draw."""

    code = "witness_not_found"


class WitnessNeededError(ConflictingStateError):
    """Dice are rolled before a third person, whose name is entered first."""

    code = "witness_needed"


class WitnessRefusedError(Worded, InvalidInputError):
    """The name cannot be that of a witness; `why` says why."""

    code = "witness_refused"
    codes: ClassVar[Mapping[str, Words]] = {"why": words.WITNESS}


class WitnessTypesError(ConflictingStateError):
    """Whoever witnesses the dice does not type them."""

    code = "witness_types"
