"""How texts are compared when people search: without width, composition, or case of ASCII letters."""

import unicodedata
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Engine, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


def folded(text: str) -> str:
    """
    The text as it is searched: NFKC (`Ａ１ｶﾞ` → `A1ガ`), then A–Z as a–z; other letters keep their case.

    Both databases come to the same: SQLite calls this function, PostgreSQL has `normalize` and, under
    COLLATE "C", a `lower` that knows ASCII alone.
    """
    composed = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return composed.encode().lower().decode()


class holds(GenericFunction[bool]):  # noqa: N801 - named as it reads in SQL
    """Whether the folded text of a column holds a word that is folded already."""

    type = Boolean()
    inherit_cache = True
    name = "holds"


@compiles(holds, "sqlite")
def _holds_in_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    column, word = (compiler.process(part, **options) for part in element.clauses)
    return f"(instr(folded({column}), {word}) > 0)"


@compiles(holds, "postgresql")
def _holds_in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    column, word = (compiler.process(part, **options) for part in element.clauses)
    return f'(strpos(lower(normalize({column}, NFKC) COLLATE "C"), {word}) > 0)'


def holds_word(column: ColumnElement[str] | Any, word: str) -> ColumnElement[bool]:
    """The condition that a column holds a folded word, by characters."""
    return holds(column, word)


def teach_sqlite(engine: Engine) -> None:
    """Give each new connection of a SQLite engine the function `folded`."""

    @event.listens_for(engine, "connect")
    def teach(connection: Any, _record: Any) -> None:
        connection.create_function("folded", 1, folded, deterministic=True)
