"""
The scope of a draw as expression text: read, written canonically, and turned into a condition on subjects.

    region in (330102, 330103) and industry = 62 and not name ~ '学校'

Words: `and`, `or`, `not`, parentheses; `=`, `!=`, `in (…)`; `~` (contains) for names. A region whose
code ends in 00 means all below it; an industry means all classes that begin with it. No text means everyone.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, SQLColumnExpression, String, and_, false, func, not_, or_, true
from sqlmodel import col, select

from doublerandom.accounts.core import region_subtree_prefix
from doublerandom.dr1.canon import BARRED
from doublerandom.registry.errors import BadFilterError, UnknownFilterFieldError
from doublerandom.registry.models import RegistrationStatus, Subject, SubjectKind, SubjectStanding

FIELDS: Final = ("class", "grade", "industry", "kind", "name", "region", "status", "tag")
LONGEST: Final = 4000
DEEPEST: Final = 40
_WORDS: Final = {"and", "or", "not", "in"}
_TOKEN: Final = re.compile(r"\s*(?:(?P<mark>!=|[=~(),])|'(?P<quoted>(?:[^']|'')*)'|(?P<word>[^\s'!=~(),]+))")
_PLAIN: Final = re.compile(r"[A-Za-z0-9._:-]+")


@dataclass(frozen=True)
class Comparison:
    """A field that holds one of the values; with `contains`, whose text holds the one value."""

    field: str
    values: tuple[str, ...]
    contains: bool = False

    def __str__(self) -> str:
        written = [_written(value) for value in self.values]
        if self.contains:
            return f"{self.field} ~ {written[0]}"
        return (
            f"{self.field} = {written[0]}" if len(written) == 1 else f"{self.field} in ({', '.join(written)})"
        )


@dataclass(frozen=True)
class Negation:
    """What its part does not hold for."""

    part: "Expression"

    def __str__(self) -> str:
        return f"not ({self.part})" if isinstance(self.part, Junction) else f"not {self.part}"


@dataclass(frozen=True)
class Junction:
    """Several parts joined by one word, `and` or `or`."""

    word: str
    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return f" {self.word} ".join(
            f"({part})" if isinstance(part, Junction) else str(part) for part in self.parts
        )


Expression = Comparison | Negation | Junction


def parse(text: str) -> Expression | None:
    """
    Read a filter; None for the empty one.

    Raises:
        BadFilterError: The text is no expression; `at` is where, counted in characters from 1.
        UnknownFilterFieldError: A field, kind or status that there is not.
    """
    return _Reader(text).whole()


def canonical(text: str) -> str:
    """The one way to write this filter: single spaces, lower-case words, lists distinct and ascending."""
    expression = parse(text)
    return "" if expression is None else str(expression)


def condition(expression: Expression | None, *, bodies: Collection[int], on: date) -> ColumnElement[bool]:
    """
    The filter as a condition on `Subject`.

    Args:
        expression: What `parse` gave.
        bodies: Ids of the bodies whose grades and tags are meant.
        on: The day on which grades and tags must be valid.
    """
    match expression:
        case None:
            return true()
        case Negation(part):
            return not_(condition(part, bodies=bodies, on=on))
        case Junction(word, parts):
            joined = [condition(part, bodies=bodies, on=on) for part in parts]
            return and_(*joined) if word == "and" else or_(*joined)
        case Comparison(field, values, contains):
            return _contains(values[0]) if contains else _holds(field, values, bodies, on)


def standing_in_force(kind: str, *, bodies: Collection[int], on: date) -> ColumnElement[bool]:
    """The condition on `SubjectStanding`: of this kind, said by one of these bodies, valid on that day."""
    return and_(
        col(SubjectStanding.body_id).in_(bodies),
        col(SubjectStanding.kind) == kind,
        col(SubjectStanding.valid_from) <= on,
        or_(col(SubjectStanding.valid_to).is_(None), col(SubjectStanding.valid_to) >= on),
    )


def _holds(field: str, values: tuple[str, ...], bodies: Collection[int], on: date) -> ColumnElement[bool]:
    if field == "region":
        return or_(*(begins(col(Subject.region), region_subtree_prefix(value)) for value in values))
    if field == "industry":
        return or_(*(begins(col(Subject.industry), value) for value in values))
    if field in {"tag", "grade"}:
        if not bodies:
            return false()
        said = select(SubjectStanding.subject_id).where(
            standing_in_force(field, bodies=bodies, on=on), col(SubjectStanding.value).in_(values)
        )
        return col(Subject.id).in_(said)
    column = {
        "kind": col(Subject.kind),
        "status": col(Subject.status),
        "class": col(Subject.credit_class),
        "name": col(Subject.name),
    }[field]
    return column.in_(values)


def begins(column: SQLColumnExpression[str], prefix: str) -> ColumnElement[bool]:
    """Whether the text begins with the prefix, by characters, on every database and collation alike."""
    return func.substr(column, 1, len(prefix), type_=String) == prefix


def _contains(text: str) -> ColumnElement[bool]:
    """By characters, upper and lower case apart: LIKE would differ between databases."""
    return func.replace(Subject.name, text, "", type_=String) != Subject.name


def _written(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return "'" + value.replace("'", "''") + "'"


class _Reader:
    """A reader by recursive descent over the tokens of one filter."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise BadFilterError(at=LONGEST, reason=f"longer than {LONGEST} characters")
        if found := BARRED.search(text.translate({9: " ", 10: " ", 13: " "})):
            raise BadFilterError(at=found.start() + 1, reason="a character that is not allowed")
        self.tokens = list(_tokens(text))
        self.next = 0
        self.depth = 0
        self.end = len(text) + 1

    def whole(self) -> Expression | None:
        if not self.tokens:
            return None
        expression = self.junction("or")
        if self.next < len(self.tokens):
            self.fail("expected `and`, `or` or the end")
        return expression

    def junction(self, word: str) -> Expression:
        parts = [self.junction("and") if word == "or" else self.single()]
        while self.takes(word):
            parts.append(self.junction("and") if word == "or" else self.single())
        flat: list[Expression] = []
        for part in parts:
            flat.extend(part.parts if isinstance(part, Junction) and part.word == word else (part,))
        return flat[0] if len(flat) == 1 else Junction(word, tuple(flat))

    def single(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"more than {DEEPEST} levels")
        if self.takes("not"):
            expression: Expression = _negated(self.single())
        elif self.takes("("):
            expression = self.junction("or")
            self.wants(")")
        else:
            expression = self.comparison()
        self.depth -= 1
        return expression

    def comparison(self) -> Expression:
        field = self.value("a field").lower()
        if field not in FIELDS:
            raise UnknownFilterFieldError(field=field, value="", known=", ".join(FIELDS))
        if self.takes("="):
            return _compared(field, [self.value("a value")])
        if self.takes("!="):
            return Negation(_compared(field, [self.value("a value")]))
        if self.takes("~"):
            if field != "name":
                self.fail("~ is for names only")
            return Comparison(field, (self.value("a text"),), contains=True)
        negative = self.takes("not")
        self.wants("in")
        self.wants("(")
        values = [self.value("a value")]
        while self.takes(","):
            values.append(self.value("a value"))
        self.wants(")")
        return Negation(_compared(field, values)) if negative else _compared(field, values)

    def takes(self, token: str) -> bool:
        if self.next < len(self.tokens) and self.tokens[self.next][1:] == (token, False):
            self.next += 1
            return True
        return False

    def wants(self, token: str) -> None:
        if not self.takes(token):
            self.fail(f"expected {token}")

    def value(self, what: str) -> str:
        if self.next < len(self.tokens):
            _, text, quoted = self.tokens[self.next]
            if text and (quoted or (text not in _WORDS and text not in {"=", "!=", "~", "(", ")", ","})):
                self.next += 1
                return text
        return self.fail(f"expected {what}")

    def fail(self, reason: str) -> str:
        at = self.tokens[self.next][0] if self.next < len(self.tokens) else self.end
        raise BadFilterError(at=at, reason=reason)


def _negated(expression: Expression) -> Expression:
    return expression.part if isinstance(expression, Negation) else Negation(expression)


def _compared(field: str, values: list[str]) -> Comparison:
    known = {"kind": SubjectKind, "status": RegistrationStatus}.get(field)
    for value in values:
        if known is not None and value not in list(known):
            raise UnknownFilterFieldError(field=field, value=value, known=", ".join(known))
    return Comparison(field, tuple(sorted(set(values), key=str.encode)))


def _tokens(text: str) -> list[tuple[int, str, bool]]:
    """Tokens as (place from 1, text, whether quoted); words of the grammar in lower case."""
    tokens: list[tuple[int, str, bool]] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            blanks = len(text[at:]) - len(text[at:].lstrip())
            raise BadFilterError(at=at + blanks + 1, reason="a quote that is not closed")
        kind = found.lastgroup or ""
        word = found.group(kind)
        if kind == "quoted":
            tokens.append((found.start(kind), word.replace("''", "'"), True))
        else:
            tokens.append((found.start(kind) + 1, word.lower() if word.lower() in _WORDS else word, False))
        at = found.end()
    return tokens
