"""
The rule set in words: its chapters, what each parameter means and on which rule it stands, in two languages.

Data, as the rule set itself is: pages, forms, comparisons and error sentences all read this one table.
"""

import re
from typing import Final

from doublerandom.registry.rule_words import afterwards, drawing
from doublerandom.registry.rule_words.parameters import Chapter, Pair, Parameter

__all__ = ["CHAPTERS", "Chapter", "Pair", "Parameter", "path_words"]

CHAPTERS: Final[dict[str, Chapter]] = {
    chapter.name: chapter for chapter in (*drawing.CHAPTERS, *afterwards.CHAPTERS)
}
_HEAD: Final[dict[str, Pair]] = {
    "body": ("制定机关", "body"),
    "domain": ("领域", "domain"),
    "version": ("版本", "version"),
    "valid_from": ("施行日期", "first day"),
}
_STEP: Final = re.compile(r"\[(\d+)\]")


def path_words(where: str) -> Pair:
    """The path to a member (`rules.strata.quotas[0].quota.rate`) in words; what is unknown stays as it is."""
    steps = [_STEP.sub("", step) for step in where.removeprefix("rules").strip(".").split(".")]
    rows = [int(found) + 1 for found in _STEP.findall(where)]
    name = steps[0]
    if name in _HEAD or name not in CHAPTERS:
        return _HEAD.get(name, (name or "细则", name or "rules"))
    chapter = CHAPTERS[name]
    labels = [chapter.label, *_labels(chapter, steps[1:])]
    if rows:
        labels.insert(2 if chapter.form == "object" else 1, (f"第 {rows[0]} 行", f"row {rows[0]}"))
    return "·".join(label[0] for label in labels), ", ".join(label[1] for label in labels)


def _labels(chapter: Chapter, steps: list[str]) -> list[Pair]:
    """What the steps inside a chapter are called."""
    parameters: tuple[Parameter, ...] = chapter.parameters
    labels: list[Pair] = []
    if chapter.form == "rows":
        parameters = parameters[0].columns
    path = ""
    for step in steps:
        path = f"{path}.{step}" if path else step
        found = next((each for each in parameters if each.path == path), None)
        if found is not None:
            labels.append(found.label)
            parameters, path = found.columns, ""
    return labels or ([(path, path)] if path else [])
