"""Merkle trees of RFC 6962: roots, proofs, and the refusal of everything that is none."""

import hashlib

import pytest
from dr1.known_answers import vectors
from hypothesis import given
from hypothesis import strategies as st

from doublerandom.dr1 import merkle
from doublerandom.dr1.errors import BadMerkleHashError, BadMerkleSizeError

KNOWN = vectors("rfc6962_merkle")
DATA = [bytes.fromhex(leaf) for leaf in KNOWN["leaves_hex"]]
LEAVES = [bytes.fromhex(leaf) for leaf in KNOWN["leaf_hashes"]]
ROOTS = {int(size): bytes.fromhex(root) for size, root in KNOWN["roots_by_size"].items()}


def leaves_of(number: int) -> list[bytes]:
    return [merkle.leaf_hash(str(n).encode()) for n in range(number)]


def plain_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962, word by word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return merkle.node_hash(plain_root(hashes[:k]), plain_root(hashes[k:]))


def test_the_known_leaves_and_roots():
    assert [merkle.leaf_hash(data) for data in DATA] == LEAVES
    assert merkle.leaf_hashes(DATA) == LEAVES
    for size, root in ROOTS.items():
        assert merkle.root(DATA[:size]) == root
        assert merkle.root_of_hashes(LEAVES[:size]) == root


def test_the_empty_tree_is_the_hash_of_nothing():
    assert merkle.root([]).hex() == KNOWN["empty_root"]
    assert merkle.Accumulator().root() == merkle.EMPTY_ROOT


@pytest.mark.parametrize("case", KNOWN["inclusion"], ids=lambda case: f"{case['index']} of {case['size']}")
def test_the_known_inclusion_proofs(case):
    index, size, path = case["index"], case["size"], [bytes.fromhex(step) for step in case["path"]]

    assert merkle.inclusion_proof(LEAVES, index, size) == path
    assert merkle.verify_inclusion(LEAVES[index], index, size, path, ROOTS[size])


@pytest.mark.parametrize("case", KNOWN["consistency"], ids=lambda case: f"{case['old']} to {case['new']}")
def test_the_known_consistency_proofs(case):
    old, new, path = case["old"], case["new"], [bytes.fromhex(step) for step in case["path"]]

    assert merkle.consistency_proof(LEAVES, old, new) == path
    assert merkle.verify_consistency(old, new, ROOTS[old], ROOTS[new], path)


@given(st.lists(st.integers(0, 40), max_size=8))
def test_an_accumulator_fed_in_any_pieces_gives_the_plain_root(pieces):
    tree, leaves = merkle.Accumulator(), leaves_of(sum(pieces))
    start = 0
    for piece in pieces:
        tree.extend(leaves[start : start + piece])
        start += piece

    resumed = merkle.Accumulator(tree.size, tree.peaks)

    assert tree.size == len(leaves)
    assert tree.root() == resumed.root() == merkle.root_of_hashes(leaves) == plain_root(leaves)


def test_a_tree_of_several_chunks_has_the_plain_root():
    leaves = leaves_of(10001)
    tree = merkle.Accumulator()
    for leaf in leaves:
        tree.append(leaf)

    assert merkle.root(str(n).encode() for n in range(10001)) == tree.root() == plain_root(leaves)


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_every_leaf_is_proved_and_only_at_its_place(case):
    size, index = case
    leaves = leaves_of(size)
    tree = merkle.Tree(leaves)

    proof = tree.inclusion_proof(index)

    assert tree.root == plain_root(leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, tree.root)
    assert not merkle.verify_inclusion(leaves[index], (index + 1) % (size + 1), size, proof, tree.root)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, size, proof, tree.root)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, leaves[0]], tree.root)
    assert not proof or not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], tree.root)


@given(st.integers(1, 70).flatmap(lambda second: st.tuples(st.integers(1, second), st.just(second))))
def test_growth_is_proved_and_nothing_else(case):
    first, second = case
    leaves = leaves_of(second)
    old, new = plain_root(leaves[:first]), plain_root(leaves)

    proof = merkle.consistency_proof(leaves, first, second)

    assert merkle.verify_consistency(first, second, old, new, proof)
    other = merkle.leaf_hash(b"other")
    assert not merkle.verify_consistency(first, second, other, new, proof)
    assert not merkle.verify_consistency(first, second, old, other, proof)
    assert not merkle.verify_consistency(first, second, old, new, [*proof, other])
    assert not proof or not merkle.verify_consistency(first, second, old, new, proof[:-1])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8), (0, 9), (3, 3)])
def test_no_proof_of_inclusion_outside_the_tree(index, size):
    with pytest.raises(BadMerkleSizeError):
        merkle.inclusion_proof(LEAVES, index, size)
    assert not merkle.verify_inclusion(LEAVES[0], index, min(size, index), [], LEAVES[0])


@pytest.mark.parametrize(("first", "second"), [(0, 8), (0, 0), (5, 4), (1, 9), (-1, 3)])
def test_no_proof_of_consistency_from_nothing_or_backwards(first, second):
    with pytest.raises(BadMerkleSizeError):
        merkle.consistency_proof(LEAVES, first, second)
    assert not merkle.verify_consistency(first, min(second, first - 1), ROOTS[1], ROOTS[1], [])


def test_an_empty_tree_proves_nothing():
    with pytest.raises(BadMerkleSizeError):
        merkle.Tree([])
    with pytest.raises(BadMerkleSizeError):
        merkle.Tree(LEAVES).inclusion_proof(8)
    assert not merkle.verify_consistency(0, 3, merkle.EMPTY_ROOT, ROOTS[3], [])


@pytest.mark.parametrize("wrong", [b"", b"x" * 31, b"x" * 33])
def test_hashes_of_another_length_are_refused(wrong):
    with pytest.raises(BadMerkleHashError):
        merkle.root_of_hashes([LEAVES[0], wrong])
    with pytest.raises(BadMerkleHashError):
        merkle.Accumulator().append(wrong)
    with pytest.raises(BadMerkleHashError):
        merkle.Tree([wrong])
    assert not merkle.verify_inclusion(wrong, 0, 1, [], wrong)
    assert not merkle.verify_inclusion(LEAVES[0], 0, 2, [wrong], ROOTS[2])
    assert not merkle.verify_consistency(1, 1, wrong, wrong, [])
    assert not merkle.verify_consistency(1, 2, ROOTS[1], ROOTS[2], [wrong])


@pytest.mark.parametrize(("size", "peaks"), [(1, []), (0, LEAVES[:1]), (3, LEAVES[:1]), (-1, LEAVES[:1])])
def test_peaks_that_do_not_fit_the_size_are_refused(size, peaks):
    with pytest.raises(BadMerkleSizeError):
        merkle.Accumulator(size, peaks)
