"""Which stored subtrees of an RFC 6962 tree give a root, an inclusion proof or a consistency proof."""

from collections.abc import Mapping, Sequence

from doublerandom.dr1.errors import BadMerkleSizeError
from doublerandom.dr1.merkle import check_hashes, node_hash

Node = tuple[int, int]
"""(level, index): the full subtree over leaves index·2^level … (index+1)·2^level − 1."""
Span = tuple[int, int]
"""(first, end) of leaves; `first` is a multiple of a power of two ≥ end − first, as RFC 6962 splits."""


def finished_by(index: int) -> list[Node]:
    """The subtrees that leaf `index` completes, from the leaf upwards."""
    nodes = [(0, index)]
    while nodes[-1][1] & 1:
        level, position = nodes[-1]
        nodes.append((level + 1, position >> 1))
    return nodes


def grow(index: int, leaf: bytes, known: Mapping[Node, bytes]) -> list[tuple[Node, bytes]]:
    """Hashes of the subtrees that leaf `index` completes; `known` holds the peaks of the tree before it."""
    grown = [((0, index), leaf)]
    for node in finished_by(index)[1:]:
        level, position = node
        grown.append((node, node_hash(known[level - 1, 2 * position], grown[-1][1])))
    return grown


def peaks(span: Span) -> list[Node]:
    """The full subtrees that make up a span, largest first."""
    first, end = span
    nodes = []
    for level in reversed(range((end - first).bit_length())):
        if (end - first) >> level & 1:
            nodes.append((level, first >> level))
            first += 1 << level
    return nodes


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose roots are the audit path (RFC 6962, 2.1.1) of a leaf, from the leaf up."""
    if not 0 <= index < size:
        raise BadMerkleSizeError(index=index, size=size)
    first, end = 0, size
    spans: list[Span] = []
    while end - first > 1:
        split = first + _largest_power_below(end - first)
        if index < split:
            spans.append((split, end))
            end = split
        else:
            spans.append((first, split))
            first = split
    return spans[::-1]


def consistency_spans(first: int, second: int) -> list[Span]:
    """The spans whose roots prove that `second` leaves extend `first` leaves (RFC 6962, 2.1.2)."""
    if not 0 < first <= second:
        raise BadMerkleSizeError(first=first, second=second)
    low, high, whole = 0, second, True
    spans: list[Span] = []
    while first != high:
        split = low + _largest_power_below(high - low)
        if first <= split:
            spans.append((split, high))
            high = split
        else:
            spans.append((low, split))
            low, whole = split, False
    if not whole:
        spans.append((low, high))
    return spans[::-1]


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over the peaks of a span, given largest first; at least one."""
    if not hashes:
        raise BadMerkleSizeError(size=0)
    check_hashes(hashes)
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def _largest_power_below(n: int) -> int:
    """The largest power of two smaller than n, for n ≥ 2."""
    return 1 << ((n - 1).bit_length() - 1)
