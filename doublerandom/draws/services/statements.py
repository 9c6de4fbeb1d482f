"""What is written in requests to replace: no code, no name of a subject; a refusal is on record."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.db import transaction
from doublerandom.draws import queries
from doublerandom.draws.acts import ReplacementNotTaken
from doublerandom.draws.errors import CodeNamedError, SubjectNamedError
from doublerandom.draws.queries import TaskView
from doublerandom.errors import DoubleRandomError
from doublerandom.ledger.trail import put_on_record
from doublerandom.registry import queries as registry

_WORD: Final = re.compile(r"[A-Z0-9][A-Z0-9._-]*")
_LONG: Final = 15  # of a code with its digits; the shorter ones are known to the registry or are none


def refuse_names(session: Session, task: TaskView, text: str, *, by: str, at: datetime) -> None:
    """
    Refuse a text that may name a subject before the reveal.

    Codes are refused whosever they are, so that nobody learns who was drawn by trying. The subject itself is
    looked for only where who writes knows it: a member of the team to whom it is shown.

    Raises:
        CodeNamedError: Something in it looks like a code, or is one of the registry's.
        SubjectNamedError: It names the subject.
    """
    if task.revealed_at is not None:
        return
    told = text.upper()
    words = _WORD.findall(told)
    known = {subject.code for subject in registry.subjects_by_codes(session, sorted(set(words)))}
    for word in words:
        if word in known or (len(word) >= _LONG and sum(map(str.isdigit, word)) > _LONG // 2):
            raise CodeNamedError(text=word[:40])
    if _sees_subject(session, task, by=by, at=at) and task.subject_name.upper() in told:
        raise SubjectNamedError(draw=task.draw)


def _sees_subject(session: Session, task: TaskView, *, by: str, at: datetime) -> bool:
    certificate = accounts.certificates_by_person(session).get(by, "")
    on_the_team = bool(certificate) and certificate in task.people
    return on_the_team and bool(task.subject_name) and not task.seen_by_team(at).hidden


@contextmanager
def not_taken_on_record(session: Session, number: str, *, by: str, at: datetime) -> Iterator[None]:
    """Around a command on a draw: that it was refused, and by which rule, is on record without its words."""
    try:
        yield
    except DoubleRandomError as refused:
        with transaction(session):
            queries.draw_for_update(session, number)
            put_on_record(session, ReplacementNotTaken(number, refused.code), by=by, at=at)
        raise
