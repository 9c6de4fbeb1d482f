"""What the parties of a draw at level C are refused."""

from collections.abc import Mapping
from typing import ClassVar

from doublerandom.draws import error_words as words
from doublerandom.error_words import Worded, Words
from doublerandom.errors import InvalidInputError


class CommitmentRefusedError(Worded, InvalidInputError):
    """Commitments that are none, or one that stands twice; `why` says which."""

    code = "commitment_refused"
    codes: ClassVar[Mapping[str, Words]] = {"why": words.COMMITMENT}
