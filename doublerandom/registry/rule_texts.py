"""A rule set told to people: each parameter's value in words, and what changed from one to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from doublerandom.registry.forms.conflicts import GROUND_NAMES
from doublerandom.registry.names import SKILL_NAMES, line_name, seat_name
from doublerandom.registry.rule_words import CHAPTERS, Chapter, Pair, Parameter

YES: Final[Pair] = ("是", "yes")
NO: Final[Pair] = ("否", "no")
SEPARATOR: Final[Pair] = ("、", ", ")
PART: Final[Pair] = ("；", "; ")
COLON: Final[Pair] = ("：", ": ")
ABSENT: Final = object()


@dataclass(frozen=True)
class Line:
    """One parameter as it is told: where it stands, its name, its value, why it is there, on which rule."""

    path: str
    label: str
    value: str
    why: str = ""
    source: str = ""


@dataclass(frozen=True)
class Change:
    """A parameter that differs between two rule sets; an empty side does not have it."""

    label: str
    before: str
    after: str


def member(value: Any, path: str) -> Any:
    """What stands at a dotted path of an object, or ABSENT."""
    for step in filter(None, path.split(".")):
        if not isinstance(value, Mapping) or step not in value:
            return ABSENT
        value = value[step]
    return value


def words_of(parameter: Parameter, value: Any, language: int) -> str:
    """A value in words; `language` is 0 for Chinese, 1 for English."""
    match parameter.kind:
        case "flag" | "choice":
            options = {True: YES, False: NO} if parameter.kind == "flag" else parameter.options
            return str(options.get(value, (value, value))[language])
        case "whole" if parameter.unit[0]:
            return f"{value:,} {parameter.unit[language]}"
        case "tokens" | "texts":
            return SEPARATOR[language].join(token_words(parameter.path, each) for each in value) or "—"
        case "wholes":
            return SEPARATOR[language].join(f"{each:,}" for each in value)
        case "token":
            return token_words(parameter.path, value)
        case _:
            return f"{value:,}" if type(value) is int else str(value)


def token_words(path: str, token: str) -> str:
    """What people call a token that stands at a path: a ground, a line of work, a qualification, a seat."""
    match path:
        case "hard" | "soft":
            return str(GROUND_NAMES.get(token, token))
        case "department":
            return line_name(token)
        case "skills":
            return str(SKILL_NAMES.get(token, token))
        case "seat":
            return seat_name(token)
        case _:
            return token


def rows_of(chapter: Chapter, parameter: Parameter, value: Any) -> Sequence[Mapping[str, Any]]:
    """The rows that a parameter of rows stands for."""
    found = value if chapter.form == "rows" else member(value, parameter.path)
    return [] if found is ABSENT else found


def cells(parameter: Parameter, row: Mapping[str, Any], language: int) -> dict[str, str]:
    """A row in words by the path of its columns; what it does not have is empty."""
    return {
        column.path: ""
        if (value := member(row, column.path)) is ABSENT
        else words_of(column, value, language)
        for column in parameter.columns
    }


def lines_of(name: str, value: Any, language: int) -> list[Line]:
    """A section told line by line; of a table each row is a line under the name of its first columns."""
    chapter = CHAPTERS[name]
    lines: list[Line] = []
    for parameter in chapter.parameters:
        if parameter.kind == "rows":
            lines += _row_lines(chapter, parameter, value, language)
        elif (found := member(value, parameter.path)) is not ABSENT:
            lines.append(
                Line(
                    parameter.path,
                    parameter.label[language],
                    words_of(parameter, found, language),
                    parameter.why[language],
                    parameter.source,
                )
            )
    return lines


def _row_lines(chapter: Chapter, parameter: Parameter, value: Any, language: int) -> list[Line]:
    keys = 2 if chapter.name in {"display", "categories"} and parameter.columns[0].path != "code" else 1
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for row in rows_of(chapter, parameter, value):
        told = cells(parameter, row, language)
        head = " ".join(filter(None, list(told.values())[:keys]))
        seen[head] = seen.get(head, 0) + 1
        rest = PART[language].join(
            f"{column.label[language]}{COLON[language]}{told[column.path]}"
            for column in parameter.columns[keys:]
            if told[column.path]
        )
        path = f"{parameter.path}[{head}:{seen[head]}]"
        lines.append(Line(path, f"{parameter.label[language]} {head}", rest or head))
    return lines


def changes(before: Mapping[str, Any], after: Mapping[str, Any], language: int) -> dict[str, list[Change]]:
    """
    What differs between two rule set objects, by section in the order of the chapters.

    Sections that are the same are left out; a section that one side leaves open has that side empty.
    """
    found: dict[str, list[Change]] = {}
    for name in CHAPTERS:
        left, right = before.get(name, ABSENT), after.get(name, ABSENT)
        if left == right:
            continue
        old = {} if left is ABSENT else {line.path: line for line in lines_of(name, left, language)}
        new = {} if right is ABSENT else {line.path: line for line in lines_of(name, right, language)}
        found[name] = [
            Change(
                (new.get(path) or old[path]).label,
                old[path].value if path in old else "",
                new[path].value if path in new else "",
            )
            for path in [*old, *(path for path in new if path not in old)]
            if path not in old or path not in new or old[path].value != new[path].value
        ]
        if not found[name]:
            found[name] = [Change(_ORDER[language], _heads(old), _heads(new))]
    return found


_ORDER: Final[Pair] = ("次序", "order")


def _heads(lines: Mapping[str, Line]) -> str:
    return " → ".join(line.label for line in lines.values())
