"""The sentences of draws' errors, Chinese and English, each with the way out; by noun."""

from typing import Final

from doublerandom.draws.error_texts import (
    drafts,
    draws,
    parties,
)

TEXTS: Final[dict[str, tuple[str, str]]] = {
    **drafts.TEXTS,
    **draws.TEXTS,
    **parties.TEXTS,
}
