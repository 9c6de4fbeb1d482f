"""
The one filter language: of a draw's scope, of the list of subjects, of saved filters and bulk acts.

    region in (330102, 330103) and industry = 62 and not name ~ '学校' and established < 2020-01-01

Words: `and`, `or`, `not`, parentheses; `=`, `!=`, `in (…)`; `~` (contains) for names, addresses and codes;
`<`, `<=`, `>`, `>=` for days. A region whose code ends in 00 means all below it; an industry means all
classes that begin with it. No text means everyone. `grammar` reads and writes it, `conditions` makes SQL of
it, `evaluation` judges one subject in plain Python: all three agree.
"""

from doublerandom.registry.filters.building import (
    FORM_FIELDS,
    fields_of,
    put_together,
    taken_apart,
)
from doublerandom.registry.filters.conditions import begins, condition, standing_in_force, subjects_holding
from doublerandom.registry.filters.evaluation import Facts, evaluate
from doublerandom.registry.filters.fields import CHOICES, DATES, FIELDS, TEXTS
from doublerandom.registry.filters.grammar import (
    LONGEST,
    Comparison,
    Expression,
    Junction,
    Negation,
    canonical,
    parse,
)

__all__ = [
    "CHOICES",
    "DATES",
    "FIELDS",
    "FORM_FIELDS",
    "LONGEST",
    "TEXTS",
    "Comparison",
    "Expression",
    "Facts",
    "Junction",
    "Negation",
    "begins",
    "canonical",
    "condition",
    "evaluate",
    "fields_of",
    "parse",
    "put_together",
    "standing_in_force",
    "subjects_holding",
    "taken_apart",
]
