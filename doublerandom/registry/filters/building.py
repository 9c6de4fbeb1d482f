"""A filter as a form has it: one value for each of some fields, and a rest that only the text can say."""

from collections.abc import Mapping
from typing import Final

from doublerandom.registry.filters.grammar import Comparison, Expression, Junction, Negation, canonical

FORM_FIELDS: Final = ("region", "industry", "class", "status", "kind", "tag", "special", "listing", "licence")


def taken_apart(expression: Expression | None) -> tuple[dict[str, str], str]:
    """The fields of the form that the filter fixes to one value, and the text of all the rest."""
    fields: dict[str, str] = {}
    rest: list[str] = []
    for part in _all_of(expression):
        if (
            isinstance(part, Comparison)
            and not part.contains
            and not part.order
            and len(part.values) == 1
            and part.field in FORM_FIELDS
            and part.field not in fields
        ):
            fields[part.field] = part.values[0]
        else:
            rest.append(f"({part})" if isinstance(part, Junction) else str(part))
    return fields, " and ".join(rest)


def put_together(fields: Mapping[str, str], rest: str) -> str:
    """
    The canonical text of the fields of the form and the rest, all of which must hold.

    Raises:
        BadFilterError, UnknownFilterFieldError: The rest cannot be read, or a field cannot have its value.
    """
    parts = [str(Comparison(name, (fields[name],))) for name in FORM_FIELDS if fields.get(name)]
    if own := canonical(rest):
        parts.append(f"({own})")
    return canonical(" and ".join(parts))


def fields_of(expression: Expression | None) -> set[str]:
    """The fields that a filter looks at."""
    match expression:
        case None:
            return set()
        case Negation(part):
            return fields_of(part)
        case Junction(_, parts):
            return set().union(*map(fields_of, parts))
        case Comparison(field):
            return {field}


def _all_of(expression: Expression | None) -> tuple[Expression, ...]:
    if isinstance(expression, Junction) and expression.word == "and":
        return expression.parts
    return () if expression is None else (expression,)
