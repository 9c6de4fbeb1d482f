"""What the public page of a draw says: in the words that its desk uses too."""

from doublerandom.draws.story_words import (
    EVENT_TITLES,
    EXCLUSION_NAMES,
    VOID_REASONS,
    exclusion_rows,
    timeline,
)

__all__ = ["EVENT_TITLES", "EXCLUSION_NAMES", "VOID_REASONS", "exclusion_rows", "timeline"]
