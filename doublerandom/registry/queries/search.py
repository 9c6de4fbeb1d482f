"""
Searching subjects as people search: words in name, code, address or tag, and a filter, page by page.

The index of bigrams (or a table beside, say of tags) gives candidates; the texts themselves decide. Where
there are more than MANY candidates the words are common: rows are then looked at in the order of codes until
a page is full, which is soon. Rows that the index does not hold yet are candidates too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, true
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from doublerandom.accounts import queries as accounts_queries
from doublerandom.accounts.queries import Sight
from doublerandom.folding import folded, holds_word
from doublerandom.registry import bigrams, filters
from doublerandom.registry.membership import JOINED
from doublerandom.registry.models import Subject, SubjectStanding
from doublerandom.registry.queries.search_index import among, hits, unindexed
from doublerandom.registry.queries.subjects import code_bytes

MANY: Final = 4_000
LATE: Final = 20_000
COUNTED: Final = 10_000
MOST_WORDS: Final = 8
MOST_DRIVERS: Final = 4
SORTS: Final = ("code", "-code", "name", "-name")
_STREAM: Final = 5000


@dataclass(frozen=True)
class Wanted:
    """
    What is searched.

    Args:
        words: What stands in the search box; each word, between blanks, must be in one of the texts.
        expression: A filter that was read, or None.
        region_prefix: Only subjects whose region begins so: the searcher's sight.
        lists_of: Bodies whose pools hold subjects of elsewhere: those who ever joined are in sight too.
        bodies: Ids of the bodies whose tags, grades and other words count.
        on: The day on which those must be valid.
    """

    words: str = ""
    expression: filters.Expression | None = None
    region_prefix: str = ""
    lists_of: tuple[int, ...] = ()
    bodies: tuple[int, ...] = ()
    on: date = date.max


def wanted_in_sight(
    session: Session, sight: Sight, *, words: str = "", filter_text: str = "", on: date
) -> Wanted:
    """
    What somebody with this sight searches: subjects of the region, members of lists of bodies in sight.

    Raises:
        BadFilterError, UnknownFilterFieldError: The filter cannot be read.
    """
    bodies = tuple(body.id for body in accounts_queries.bodies(session, below=sight.body_path) if body.id)
    elsewhere = (
        select(SubjectStanding.id)
        .join(Subject, col(Subject.id) == col(SubjectStanding.subject_id))
        .where(_joined(bodies), not_(filters.begins(col(Subject.region), sight.region_prefix)))
        .order_by(col(SubjectStanding.id))
    )
    return Wanted(
        words=words,
        expression=filters.parse(filter_text),
        region_prefix=sight.region_prefix,
        lists_of=() if session.exec(elsewhere.limit(1)).first() is None else bodies,
        bodies=bodies,
        on=on,
    )


def _joined(bodies: Sequence[int]) -> ColumnElement[bool]:
    """The word of a body that a subject is in its pool."""
    return and_(
        col(SubjectStanding.body_id).in_(bodies),
        col(SubjectStanding.kind) == "member",
        col(SubjectStanding.value) == JOINED,
    )


class Hit(NamedTuple):
    """A subject on the list."""

    id: int
    code: str
    name: str
    region: str
    address: str
    industry: str
    kind: str
    status: str
    credit_class: str
    credit_class_on: date | None
    established: date | None


class Found(NamedTuple):
    """
    A page of hits.

    Args:
        hits: One more than asked for where there is a next page.
        total: How many there are altogether, where that is known cheaply; at most COUNTED + 1 otherwise.
        exact: Whether `total` is exact.
        any_order: Whether the result is small enough to be put in the order of names.
    """

    hits: list[Hit]
    total: int | None
    exact: bool
    any_order: bool


def search(
    session: Session, wanted: Wanted, *, sort: str = "code", after: str = "", limit: int = 50
) -> Found:
    """
    A page of what is wanted, and one hit more where there is another page.

    Args:
        session: The session.
        wanted: Words, filter, sight.
        sort: One of SORTS; by name only where few are found, else by code.
        after: The code that the page before ended with.
        limit: Rows of a page.
    """
    asked = _asked(session, wanted)
    few = _candidates(session, asked)
    if few is not None:
        return _among_few(session, asked, few, sort=sort, after=after, limit=limit)
    backwards = sort == "-code"
    code = code_bytes(session)
    statement = _hits().where(_holds(asked))
    if after:
        statement = statement.where(code < after if backwards else code > after)
    statement = statement.order_by(code.desc() if backwards else code).limit(limit + 1)
    rows = [Hit._make(row) for row in session.execute(statement)]
    total, exact = (None, False) if asked.words else _counted(session, asked)
    return Found(rows, total, exact, any_order=False)


def search_stream(session: Session, wanted: Wanted) -> Iterator[Hit]:
    """All that is wanted, ascending by code bytes, as a stream."""
    statement = _hits().where(_narrowed(session, wanted)).order_by(code_bytes(session))
    for row in session.execute(statement, execution_options={"yield_per": _STREAM}):
        yield Hit._make(row)


def found_ids(session: Session, wanted: Wanted, *, most: int) -> list[int]:
    """The ids of all that is wanted, ascending, at most `most` + 1 of them."""
    statement = sa_select(col(Subject.id)).where(_narrowed(session, wanted)).order_by(col(Subject.id))
    return list(session.scalars(statement.limit(most + 1)))


def hits_by_ids(session: Session, ids: Sequence[int], *, limit: int | None = None) -> list[Hit]:
    """These subjects by code bytes; the first `limit` of them."""
    statement = _hits().where(among(session, col(Subject.id), ids)).order_by(code_bytes(session))
    return [Hit._make(row) for row in session.execute(statement.limit(limit))]


def exclusions_of(session: Session, ids: Sequence[int], *, body_id: int, on: date) -> set[int]:
    """Those of the subjects that this body excludes from draws on that day."""
    said = sa_select(col(SubjectStanding.subject_id)).where(
        filters.standing_in_force("excluded", bodies=[body_id], on=on),
        among(session, col(SubjectStanding.subject_id), ids),
    )
    return set(session.scalars(said.order_by(col(SubjectStanding.id))))


class _Asked(NamedTuple):
    """A search, its folded words, and for each word the tags that hold it."""

    wanted: Wanted
    words: tuple[str, ...]
    tags: dict[str, tuple[str, ...]]


def _asked(session: Session, wanted: Wanted) -> _Asked:
    words = tuple(dict.fromkeys(folded(wanted.words).split()))[:MOST_WORDS]
    if not words or not wanted.bodies:
        return _Asked(wanted, words, {})
    value = col(SubjectStanding.value)
    known = (
        sa_select(value)
        .where(
            col(SubjectStanding.kind) == "tag",
            col(SubjectStanding.body_id).in_(wanted.bodies),
            or_(*(holds_word(value, word) for word in words)),
        )
        .distinct()
        .order_by(value)
    )
    tags = session.scalars(known).all()
    return _Asked(wanted, words, {word: tuple(tag for tag in tags if word in folded(tag)) for word in words})


def _candidates(session: Session, asked: _Asked) -> list[int] | None:
    """Ids among which all that is wanted is, where few enough can be; None where there are more than MANY."""
    for statement in _drivers(asked.wanted):
        ids = set(session.scalars(statement.limit(MANY + 1)))
        if len(ids) <= MANY:
            return sorted(ids)
    late = unindexed(session, most=LATE)
    if late is None:
        return None
    indexed = _index_hits(session, asked)
    if indexed is None:
        return None
    return sorted({*late, *indexed})


def _index_hits(session: Session, asked: _Asked) -> set[int] | None:
    """What the index (or a tag) gives for the words and marks; None where that is more than MANY."""
    words = (*asked.words, *_names_in(asked.wanted.expression))
    marks = _marks(asked.wanted)
    if not words and not marks:
        return None
    found = hits(session, words, marks, most=MANY)
    if found is None:
        return None
    for word in asked.words:
        if asked.tags.get(word):
            found |= set(session.scalars(_tagged(asked, word).limit(MANY + 1)))
    return found if len(found) <= MANY else None


def _drivers(wanted: Wanted) -> list[Select[Any]]:
    """Ids that tables beside give for parts of the filter that all must hold; each alone is enough."""
    drivers = []
    for part in _all_of(wanted.expression):
        if isinstance(part, filters.Comparison) and not part.contains:
            whose = filters.subjects_holding(part.field, part.values, bodies=wanted.bodies, on=wanted.on)
            if whose is not None:
                drivers.append(whose)
    return drivers[:MOST_DRIVERS]


def _all_of(expression: filters.Expression | None) -> tuple[filters.Expression, ...]:
    """The parts that must all hold."""
    if isinstance(expression, filters.Junction) and expression.word == "and":
        return expression.parts
    return () if expression is None else (expression,)


def _names_in(expression: filters.Expression | None) -> Iterator[str]:
    """Texts that `~` asks for, where they are nothing but ideographs: nothing folds or joins with those."""
    for part in _all_of(expression):
        if isinstance(part, filters.Comparison) and part.contains and part.field in {"name", "address"}:
            (text,) = part.values
            if len(text) > 1 and all("\u4e00" <= letter <= "\u9fff" for letter in text):
                yield text


def _marks(wanted: Wanted) -> list[list[str]]:
    """Lists of marks, of each of which a subject must have one."""
    found = []
    if not wanted.lists_of and len(wanted.region_prefix) in {2, 4, 6}:
        found.append([f"r{wanted.region_prefix}"])
    for part in _all_of(wanted.expression):
        if isinstance(part, filters.Comparison) and not part.contains and not part.order:
            marks = bigrams.marks_of(part.field, part.values)
            if marks is not None:
                found.append(marks)
    return found


def _narrowed(session: Session, wanted: Wanted) -> ColumnElement[bool]:
    """What must hold of a subject, with the candidates where they are few."""
    asked = _asked(session, wanted)
    few = _candidates(session, asked)
    return _holds(asked) if few is None else and_(among(session, col(Subject.id), few), _holds(asked))


def _holds(asked: _Asked) -> ColumnElement[bool]:
    """What must hold of a subject; cheap conditions first."""
    wanted = asked.wanted
    return and_(
        _in_sight(wanted),
        filters.condition(wanted.expression, bodies=wanted.bodies, on=wanted.on),
        *(_holds_word(asked, word) for word in asked.words),
    )


def _in_sight(wanted: Wanted) -> ColumnElement[bool]:
    if not wanted.region_prefix:
        return true()
    inside = filters.begins(col(Subject.region), wanted.region_prefix)
    if not wanted.lists_of:
        return inside
    members = sa_select(col(SubjectStanding.subject_id)).where(_joined(wanted.lists_of))
    return or_(inside, col(Subject.id).in_(members))


def _holds_word(asked: _Asked, word: str) -> ColumnElement[bool]:
    holding = [holds_word(col(text), word) for text in (Subject.name, Subject.address)]
    if word.isascii():
        holding.append(holds_word(col(Subject.code), word))
    if asked.tags.get(word):
        holding.append(col(Subject.id).in_(_tagged(asked, word)))
    return or_(*holding)


def _tagged(asked: _Asked, word: str) -> Select[Any]:
    """Ids of the subjects with a tag that holds the word."""
    in_force = filters.standing_in_force("tag", bodies=asked.wanted.bodies, on=asked.wanted.on)
    tags = col(SubjectStanding.value).in_(asked.tags[word])
    return sa_select(col(SubjectStanding.subject_id)).where(in_force, tags)


def _hits() -> Select[Any]:
    return sa_select(*(col(getattr(Subject, field)) for field in Hit._fields))


def _counted(session: Session, asked: _Asked) -> tuple[int | None, bool]:
    """How many there are, up to COUNTED + 1."""
    some = sa_select(col(Subject.id)).where(_holds(asked)).limit(COUNTED + 1)
    count = session.execute(sa_select(func.count()).select_from(some.subquery())).scalar_one()
    return count, count <= COUNTED


def _among_few(
    session: Session, asked: _Asked, few: list[int], *, sort: str, after: str, limit: int
) -> Found:
    """A page of few candidates: codes and names are put in order here, the page's rows are then read."""
    holding = and_(among(session, col(Subject.id), few), _holds(asked))
    statement = sa_select(col(Subject.code), col(Subject.name), col(Subject.id)).where(holding)
    keys = [_Key(code.encode(), name, number) for code, name, number in session.execute(statement)]
    by_name, backwards = sort.removeprefix("-") == "name", sort.startswith("-")
    keys.sort(key=lambda key: (key.name if by_name else "", key.code), reverse=backwards)
    page = keys[_start(keys, after.encode(), by_code=not by_name, backwards=backwards) :][: limit + 1]
    rows = {hit.id: hit for hit in hits_by_ids(session, [key.id for key in page])}
    return Found([rows[key.id] for key in page], len(keys), exact=True, any_order=True)


def _start(keys: "list[_Key]", after: bytes, *, by_code: bool, backwards: bool) -> int:
    """The place behind the code `after`, or behind where it would stand among codes; else the first."""
    if not after:
        return 0
    found = next((place for place, key in enumerate(keys, 1) if key.code == after), 0)
    if found or not by_code:
        return found
    return sum(key.code > after if backwards else key.code < after for key in keys)


class _Key(NamedTuple):
    """What a small result is put in order by."""

    code: bytes
    name: str
    id: int
