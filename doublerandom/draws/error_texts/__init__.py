"""The sentences of draws' errors, Chinese and English, each with the way out; by noun."""

from typing import Final

from doublerandom.draws.error_texts import (
    ceremony,
    drafts,
    draws,
    parties,
    preparing,
    replacements,
)

TEXTS: Final[dict[str, tuple[str, str]]] = {
    **drafts.TEXTS,
    **draws.TEXTS,
    **replacements.TEXTS,
    **ceremony.TEXTS,
    **parties.TEXTS,
    **preparing.TEXTS,
}
