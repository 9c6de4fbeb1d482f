"""A plan in plain words on public pages: the words that its desk uses too."""

from doublerandom.draws.plan_words import LEVELS, PARTIES, plan_rows, source_words, stratum_in_words

__all__ = ["LEVELS", "PARTIES", "plan_rows", "source_words", "stratum_in_words"]
