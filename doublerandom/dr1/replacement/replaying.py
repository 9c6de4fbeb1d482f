"""Replacements made again from their file, line by line (check 12)."""

from collections.abc import Iterable

from doublerandom.dr1.canon import Record
from doublerandom.dr1.replacement.after_deal import AfterDeal, Replacement
from doublerandom.dr1.replacement.order import next_inspector, replaced_inspector, replaced_subject
from doublerandom.dr1.replacement.rules import ReplacementError, ReplacementNumberError, ReplacementOrderError
from doublerandom.dr1.tasks import task_object


def replay(after: AfterDeal, lines: Iterable[Record], draw: str) -> list[Replacement]:
    """
    Derive every replacement in order and compare it with its line of replacements.jsonl (check 12).

    Args:
        after: The draw just after its deal; where a line fails, it stands after the last that held.
        lines: The file's lines, their members and types checked.
        draw: The draw's number, as in the tasks.

    Returns:
        The replacements; `what` of each is to be compared with the log's entry.

    Raises:
        ReplacementError: A line is not what section 9 gives; `n` in `params` says which.
    """
    done = []
    for line in lines:
        if line["n"] != after.number + 1:
            raise ReplacementNumberError(n=line["n"], expected=after.number + 1)
        try:
            replacement = _derive(after, line)
            _compare(replacement, line, task_object(draw, replacement.subject, replacement.team, after.seats))
        except ReplacementError as error:
            error.params["n"] = line["n"]
            raise
        after.apply(replacement)
        done.append(replacement)
    return done


def _derive(after: AfterDeal, line: Record) -> Replacement:
    conflicts = line.get("conflicts", ())
    if "seat" not in line:
        return replaced_subject(after, line.get("old", ""), conflicts=conflicts)
    subject, seat = line["task"]["subject"], line["seat"]
    expected = next_inspector(after, subject, seat, conflicts)
    direct = "" if expected else line.get("new", "")
    return replaced_inspector(after, subject, seat, conflicts=conflicts, direct=direct)


def _compare(replacement: Replacement, line: Record, task: Record) -> None:
    for member, expected in (("old", replacement.old), ("new", replacement.new)):
        if line.get(member, "") != expected:
            raise ReplacementOrderError(member=member, expected=expected, found=line.get(member, ""))
    if line["task"] != task:
        raise ReplacementOrderError(member="task", expected=task, found=line["task"])
