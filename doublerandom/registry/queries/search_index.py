"""The search index of subjects as it is asked: FTS5 on SQLite, an array of bigrams on PostgreSQL."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    TextClause,
    and_,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    or_,
    table,
    text,
)
from sqlalchemy import select as sa_select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col, select

from doublerandom.folding import holds_word
from doublerandom.registry import bigrams
from doublerandom.registry.models import SearchQueue, SearchState, Subject

VERSION_BITS: Final = 32
"""A row of SQLite's index is the subject's number; above these bits, the queue's row it was made anew for."""

_FTS: Final = text(
    "SELECT rowid & 4294967295 FROM registry_search_index"
    " WHERE registry_search_index MATCH :asked LIMIT :most"
)


def indexed_to(session: Session) -> int:
    """The number up to which subjects are in the index."""
    return session.exec(select(SearchState.indexed_to).order_by(col(SearchState.id))).first() or 0


def unindexed(session: Session, *, most: int) -> list[int] | None:
    """Subjects that the index does not hold as they are now; None where there are more than `most`."""
    new = sa_select(col(Subject.id)).where(col(Subject.id) > indexed_to(session)).order_by(col(Subject.id))
    changed = sa_select(col(SearchQueue.subject_id)).order_by(col(SearchQueue.id))
    late = [*session.scalars(new.limit(most + 1)), *session.scalars(changed.limit(most + 1))]
    return sorted(set(late)) if len(late) <= most else None


def hits(
    session: Session, words: Sequence[str], marks: Sequence[Sequence[str]], *, most: int
) -> set[int] | None:
    """
    Subjects that may hold all words, and have one mark of each list; None where there are more than `most`.

    Words of one character are not looked for on PostgreSQL; without anything to look for the answer is None.
    """
    if session.get_bind().dialect.name == "sqlite":
        ids = list(session.scalars(_FTS, {"asked": _asked(words, marks), "most": most + 1}))
    else:
        wanted = [pair for word in words for pair in bigrams.pairs(word)]
        if not wanted and not marks:
            return None
        # with a limit the planner hopes to meet enough rows soon, and reads the table instead of the index
        session.execute(text("SET LOCAL enable_seqscan = off"))
        ids = list(session.scalars(_arrays(words, wanted, marks).limit(most + 1)))
        session.execute(text("SET LOCAL enable_seqscan TO DEFAULT"))
    return set(ids) if len(ids) <= most else None


def among(session: Session, number: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a number is one of these, as one value however many they are."""
    if session.get_bind().dialect.name == "sqlite":
        listed = func.json_each(literal(json.dumps(list(ids)))).table_valued("value")
        return number.in_(sa_select(listed.c.value))  # type: ignore[no-any-return]
    return number == any_(cast(literal(list(ids), ARRAY(Integer)), ARRAY(Integer)))  # type: ignore[no-any-return]


def _asked(words: Sequence[str], marks: Sequence[Sequence[str]]) -> str:
    """The question in the words of FTS5."""
    parts = [f"{{name code address}} : {bigrams.phrase(word)}" for word in words]
    parts += [f"marks : ({' OR '.join(map(bigrams.mark_token, some))})" for some in marks]
    return " AND ".join(f"({part})" for part in parts)


def _arrays(words: Sequence[str], pairs: Sequence[str], marks: Sequence[Sequence[str]]) -> Select[Any]:
    """
    The question to PostgreSQL: all pairs, and of each list of marks one; then a look at the texts.

    Pairs are looked for in any order, so many more rows may have them than hold the words.
    """
    index = table("registry_search_index", column("subject_id", Integer), column("grams", ARRAY(Text)))
    grams: Any = index.c.grams
    asked = [grams.contains(list(dict.fromkeys(pairs)))] if pairs else []
    asked += [grams.overlap([f"##{mark}" for mark in some]) for some in marks]
    texts = (col(Subject.name), col(Subject.address), col(Subject.code))
    asked += [or_(*(holds_word(each, word) for each in texts)) for word in words]
    here = col(Subject.id) == index.c.subject_id
    return sa_select(index.c.subject_id).join_from(index, Subject, here).where(and_(*asked))


def put_statement(session: Session) -> TextClause:
    """The statement that puts rows into the index: see `services.search`."""
    if session.get_bind().dialect.name == "sqlite":
        return text(
            "INSERT INTO registry_search_index (rowid, name, code, address, marks)"
            " VALUES (:id, :name, :code, :address, :marks)"
        )
    return text(
        "INSERT INTO registry_search_index (subject_id, grams) VALUES (:id, :grams)"
        " ON CONFLICT (subject_id) DO UPDATE SET grams = excluded.grams"
    ).bindparams(bindparam("grams", type_=ARRAY(Text)))
