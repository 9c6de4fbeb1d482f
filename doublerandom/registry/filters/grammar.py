"""
Filter expressions: read, and written in one way only.

    region in (330102, 330103) and industry = 62 and established < 2020-01-01 and not name ~ '学校'
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from doublerandom.dr1.canon import BARRED
from doublerandom.registry.errors import BadFilterError, UnknownFilterFieldError
from doublerandom.registry.filters.fields import CHOICES, DATES, FIELDS, TEXTS

LONGEST: Final = 4000
DEEPEST: Final = 40
ORDERS: Final = ("<", "<=", ">", ">=")
_WORDS: Final = {"and", "or", "not", "in"}
_MARKS: Final = {"=", "!=", "~", "(", ")", ",", *ORDERS}
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<mark>!=|<=|>=|[=~(),<>])|'(?P<quoted>(?:[^']|'')*)'|(?P<word>[^\s'!=~(),<>]+))"
)
_REASONS: Final = {
    "a character that is not allowed": "有不能用的字符",
    "a quote that is not closed": "引号没有配对",
    "expected `and`, `or` or the end": "这里应是 and、or，或到此结束",
    "expected a day like 2026-01-31": "这里应是 2026-01-31 这样的日期",
    "expected a field": "这里应是字段名称",
    "expected a text": "这里应是要查找的文字",
    "expected a value": "这里应是一个值",
    "expected (": "这里应是左括号",
    "expected )": "这里应是右括号或逗号",
    "expected in": "这里应是 =、!=、in 等比较符号",
}
"""What is wrong, English to Chinese; whatever else there is says it in both by itself."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9._:-]+")


@dataclass(frozen=True)
class Comparison:
    """A field that holds one of the values; with `contains`, whose text holds the one; by `order`, a day."""

    field: str
    values: tuple[str, ...]
    contains: bool = False
    order: str = ""

    def __str__(self) -> str:
        written = [_written(value) for value in self.values]
        if self.contains or self.order:
            return f"{self.field} {'~' if self.contains else self.order} {written[0]}"
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
        UnknownFilterFieldError: A field, or a value of a field, that there is not; `at` is where it stands.
    """
    return _Reader(text).whole()


def canonical(text: str) -> str:
    """The one way to write this filter: single spaces, lower-case words, lists distinct and ascending."""
    expression = parse(text)
    return "" if expression is None else str(expression)


def _written(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return "'" + value.replace("'", "''") + "'"


class _Reader:
    """A reader by recursive descent over the tokens of one filter."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise _bad(LONGEST, f"longer than {LONGEST} characters", f"超过 {LONGEST} 个字符")
        if found := BARRED.search(text.translate({9: " ", 10: " ", 13: " "})):
            raise _bad(found.start() + 1, "a character that is not allowed")
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
            self.fail(f"more than {DEEPEST} levels", f"括号和 not 超过 {DEEPEST} 层")
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
        at = self.place()
        field = self.value("a field").lower()
        if field not in FIELDS:
            raise UnknownFilterFieldError(field=field, value="", known=", ".join(FIELDS), at=at)
        for mark, negative in (("=", False), ("!=", True)):
            if self.takes(mark):
                compared = _compared(field, [self.compared_value(field)])
                return Negation(compared) if negative else compared
        if self.takes("~"):
            if field not in TEXTS:
                self.fail(f"~ is for {', '.join(TEXTS)} only", f"~ 只用于 {'、'.join(TEXTS)}")
            return Comparison(field, (self.value("a text"),), contains=True)
        for order in ORDERS:
            if self.takes(order):
                if field not in DATES:
                    self.fail(f"{order} is for {', '.join(DATES)} only", f"{order} 只用于 {'、'.join(DATES)}")
                return Comparison(field, (self.compared_value(field),), order=order)
        negative = self.takes("not")
        self.wants("in")
        self.wants("(")
        values = [self.compared_value(field)]
        while self.takes(","):
            values.append(self.compared_value(field))
        self.wants(")")
        return Negation(_compared(field, values)) if negative else _compared(field, values)

    def compared_value(self, field: str) -> str:
        """A value that this field can have: one of its words, or a day where it is a date."""
        at = self.place()
        value = self.value("a value")
        known = CHOICES.get(field)
        if known is not None and value not in known:
            raise UnknownFilterFieldError(field=field, value=value, known=", ".join(known), at=at)
        if field in DATES and not _is_day(value):
            raise _bad(at, "expected a day like 2026-01-31")
        return value

    def place(self) -> int:
        """Where the next token stands, counted from 1."""
        return self.tokens[self.next][0] if self.next < len(self.tokens) else self.end

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
            if text and (quoted or (text not in _WORDS and text not in _MARKS)):
                self.next += 1
                return text
        return self.fail(f"expected {what}")

    def fail(self, reason: str, zh: str = "") -> str:
        raise _bad(self.place(), reason, zh)


def _bad(at: int, reason: str, zh: str = "") -> BadFilterError:
    """What is wrong at a character, in both languages."""
    return BadFilterError(at=at, reason=reason, reason_zh=zh or _REASONS[reason])


def _negated(expression: Expression) -> Expression:
    return expression.part if isinstance(expression, Negation) else Negation(expression)


def _compared(field: str, values: list[str]) -> Comparison:
    return Comparison(field, tuple(sorted(set(values), key=str.encode)))


def _is_day(value: str) -> bool:
    """Whether this is a day of the calendar, written as 2026-01-31 and no other way."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _tokens(text: str) -> list[tuple[int, str, bool]]:
    """Tokens as (place from 1, text, whether quoted); words of the grammar in lower case."""
    tokens: list[tuple[int, str, bool]] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            blanks = len(text[at:]) - len(text[at:].lstrip())
            raise _bad(at + blanks + 1, "a quote that is not closed")
        kind = found.lastgroup or ""
        word = found.group(kind)
        if kind == "quoted":
            tokens.append((found.start(kind), word.replace("''", "'"), True))
        else:
            tokens.append((found.start(kind) + 1, word.lower() if word.lower() in _WORDS else word, False))
        at = found.end()
    return tokens
