"""Roots and proofs of the log: known answers of RFC 6962, its recursive definition, the stored tree."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from conftest import NOON
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1 import merkle
from doublerandom.dr1.errors import BadMerkleHashError, BadMerkleSizeError
from doublerandom.ledger import queries, tree
from doublerandom.ledger.errors import LogBrokenError, LogRangeError
from doublerandom.ledger.models import LogEntry, LogNode

VECTORS = Path(__file__).parents[1] / "dr1" / "vectors" / "rfc6962_merkle.json"
KNOWN = json.loads(VECTORS.read_text(encoding="utf-8"))


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, over leaf hashes, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return hashlib.sha256(b"\1" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2, word for word."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole=whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], whole=False), naive_root(leaves[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def grown(leaves: Sequence[bytes]) -> dict[tree.Node, bytes]:
    """All stored subtrees after appending leaf by leaf, each time from the peaks alone."""
    known: dict[tree.Node, bytes] = {}
    for index, leaf in enumerate(leaves):
        held = {node: known[node] for node in tree.peaks((0, index))}
        known.update(tree.grow(index, leaf, held))
    return known


def roots(known: dict[tree.Node, bytes], spans: list[tree.Span]) -> list[bytes]:
    return [tree.fold([known[node] for node in tree.peaks(span)]) for span in spans]


def store(session: Session, leaves: Sequence[bytes]) -> None:
    """A log of these leaves (the known answers are over bytes that are no entries)."""
    with transaction(session):
        for index, leaf in enumerate(leaves):
            session.add(LogEntry(index=index, type="note", at=NOON, entry="{}", leaf_hash=leaf.hex()))
        for (level, index), value in grown(leaves).items():
            session.add(LogNode(level=level, index=index, hash=value.hex()))


class TestKnownAnswers:
    @pytest.fixture(autouse=True)
    def known_log(self, session: Session) -> None:
        store(session, [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in KNOWN["leaves_hex"]])

    def test_leaves_and_roots_of_every_size(self, session: Session):
        assert [row.leaf_hash for row in queries.log_rows(session)] == KNOWN["leaf_hashes"]
        assert {str(n): queries.root_at(session, n) for n in range(1, 9)} == KNOWN["roots_by_size"]

    def test_every_inclusion_proof(self, session: Session):
        assert len(KNOWN["inclusion"]) > 20
        for case in KNOWN["inclusion"]:
            assert queries.inclusion_proof(session, case["index"], case["size"]) == case["path"]

    def test_every_consistency_proof(self, session: Session):
        assert len(KNOWN["consistency"]) > 5
        for case in KNOWN["consistency"]:
            assert queries.consistency_proof(session, case["old"], case["new"]) == case["path"]


@given(size=st.integers(1, 300), data=st.data())
def test_the_stored_subtrees_give_what_the_recursive_definition_gives(size: int, data: st.DataObject):
    leaves = [merkle.leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    first = data.draw(st.integers(1, size))

    known = grown(leaves)

    assert roots(known, [(0, size)]) == [naive_root(leaves)]
    assert roots(known, [(0, first)]) == [naive_root(leaves[:first])]
    assert roots(known, tree.inclusion_spans(index, size)) == naive_path(index, leaves)
    assert roots(known, tree.consistency_spans(first, size)) == naive_subproof(first, leaves)


@given(size=st.integers(1, 300))
def test_a_tree_of_n_leaves_keeps_fewer_than_2n_subtrees_and_completes_few_at_once(size: int):
    leaves = [bytes(32)] * size

    known = grown(leaves)

    assert len(known) == sum(size >> level for level in range(size.bit_length()))
    assert len(tree.finished_by(size - 1)) <= size.bit_length()


def test_every_proof_of_a_real_log_holds(session: Session, append: Callable[..., int]):
    size = 21
    for number in range(size):
        append(text=str(number))
    leaves = [bytes.fromhex(row.leaf_hash) for row in queries.log_rows(session)]
    roots_by_size = {n: bytes.fromhex(queries.checkpoint(session, n).root) for n in range(1, size + 1)}

    for n in (1, 2, 3, 8, 15, 16, 20, 21):
        for index in range(n):
            proof = [bytes.fromhex(step) for step in queries.inclusion_proof(session, index, n)]
            assert merkle.verify_inclusion(leaves[index], index, n, proof, roots_by_size[n])
        for first in range(1, n + 1):
            proof = [bytes.fromhex(step) for step in queries.consistency_proof(session, first, n)]
            assert merkle.verify_consistency(first, n, roots_by_size[first], roots_by_size[n], proof)


def test_a_proof_takes_two_queries_whatever_the_size(engine: Engine, session: Session):
    store(session, [merkle.leaf_hash(bytes([number])) for number in range(200)])
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: seen.append(statement))

    queries.inclusion_proof(session, 77, 199)

    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 2


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 2), (2, 2), (0, 3), (0, -1)])
def test_no_inclusion_proof_outside_the_log(
    session: Session, append: Callable[..., int], index: int, size: int
):
    append()
    append()

    with pytest.raises(LogRangeError):
        queries.inclusion_proof(session, index, size)


@pytest.mark.parametrize(("first", "second"), [(0, 1), (0, 0), (2, 1), (1, 3), (-1, 1)])
def test_no_consistency_proof_from_an_empty_or_missing_size(
    session: Session, append: Callable[..., int], first: int, second: int
):
    append()
    append()

    with pytest.raises(LogRangeError):
        queries.consistency_proof(session, first, second)


def test_an_empty_log_has_no_root_and_no_checkpoint(session: Session):
    assert queries.log_size(session) == 0
    assert queries.latest_checkpoint(session) is None
    with pytest.raises(LogRangeError):
        queries.root_at(session, 0)


def test_empty_sizes_and_hashes_of_another_length_are_refused():
    with pytest.raises(BadMerkleSizeError):
        tree.fold([])
    with pytest.raises(BadMerkleSizeError):
        tree.inclusion_spans(0, 0)
    with pytest.raises(BadMerkleSizeError):
        tree.consistency_spans(0, 1)
    with pytest.raises(BadMerkleHashError):
        tree.fold([bytes(32), bytes(31)])


def test_a_missing_subtree_is_noticed(
    session: Session, append: Callable[..., int], tamper: Callable[[str, str], None]
):
    append()
    append()
    tamper("ledger_log_node", "DELETE FROM ledger_log_node WHERE level = 1")

    with pytest.raises(LogBrokenError):
        queries.root_at(session, 2)
