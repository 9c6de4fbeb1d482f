"""Proofs of the log drawn step by step: which hash on which side gives what, and the shell lines for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from doublerandom.dr1.merkle import node_hash
from doublerandom.ledger import tree

_HASHED: Final = "xxd -r -p | sha256sum | cut -c1-64"


@dataclass(frozen=True)
class Step:
    """
    One step: `hash` (the root over leaves `first` to `last`) joins on the left or the right.

    `result` is what comes of it, the root over leaves `low` to `high`; `old` is the same in the older tree,
    empty where that has no part in the step.
    """

    hash: str
    first: int
    last: int
    left: bool
    result: str
    low: int
    high: int
    old: str = ""


def inclusion_steps(index: int, size: int, leaf: str, proof: Sequence[str]) -> list[Step]:
    """From the leaf hash at `index` up to the root of `size` leaves."""
    value, low, high = bytes.fromhex(leaf), index, index
    steps = []
    for told, (first, end) in zip(proof, tree.inclusion_spans(index, size), strict=True):
        left = end <= low
        value = _joined(bytes.fromhex(told), value, left=left)
        low, high = min(low, first), max(high, end - 1)
        steps.append(Step(told, first, end - 1, left, value.hex(), low, high))
    return steps


def consistency_start(first: int, second: int, first_root: str, proof: Sequence[str]) -> tuple[str, int, int]:
    """The hash that both trees have in common, and its first and last leaf: where both roots begin."""
    if first & (first - 1) == 0 or first == second:
        return first_root, 0, first - 1
    low, end = tree.consistency_spans(first, second)[0]
    return proof[0], low, end - 1


def consistency_steps(first: int, second: int, first_root: str, proof: Sequence[str]) -> list[Step]:
    """From the hash in common up to both roots: what joins left is in both trees, what joins right is new."""
    start, low, high = consistency_start(first, second, first_root, proof)
    spans = tree.consistency_spans(first, second)
    pairs = list(zip(proof, spans, strict=True))
    if proof and first & (first - 1):
        pairs = pairs[1:]
    old = new = bytes.fromhex(start)
    steps = []
    for told, (begin, end) in pairs:
        left = end <= low
        new = _joined(bytes.fromhex(told), new, left=left)
        old = _joined(bytes.fromhex(told), old, left=True) if left else old
        low, high = min(low, begin), max(high, end - 1)
        steps.append(Step(told, begin, end - 1, left, new.hex(), low, high, old.hex() if left else ""))
    return steps


def _joined(told: bytes, value: bytes, *, left: bool) -> bytes:
    return node_hash(told, value) if left else node_hash(value, told)


def inclusion_shell(text: str, steps: Sequence[Step]) -> str:
    """Lines for any shell with xxd: the leaf of the text, each step, the root as checkpoints have it."""
    quoted = text.replace("'", "'\\''")
    lines = [f"h=$( {{ printf '\\000'; printf '%s' '{quoted}'; }} | sha256sum | cut -c1-64 )"]
    lines += [_shell_step("h", step) for step in steps]
    return "\n".join([*lines, "echo $h", "printf '%s' $h | xxd -r -p | base64"])


def consistency_shell(start: str, steps: Sequence[Step]) -> str:
    """Lines that give both roots from the hash in common."""
    lines = [f"old={start}", f"new={start}"]
    for step in steps:
        if step.left:
            lines.append(_shell_step("old", step))
        lines.append(_shell_step("new", step))
    return "\n".join([*lines, "echo $old", "echo $new"])


def _shell_step(name: str, step: Step) -> str:
    pair = f"{step.hash} ${name}" if step.left else f"${name} {step.hash}"
    return f"{name}=$( printf '01%s%s' {pair} | {_HASHED} )"
