"""Tasks: the drawn subject with its team, committed to one by one and by a root over all (section 8)."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from doublerandom.dr1.canon import HEX64, H, Record, canon
from doublerandom.dr1.errors import BadHexError, BadPoolKeyError, BadTaskError
from doublerandom.dr1.members import closed, ident, list_of, token
from doublerandom.dr1.merkle import Tree, leaf_hash, leaf_hashes, root, verify_inclusion

_KEY_BYTES: Final = 32
_TASK: Final = closed(
    {"draw": token, "subject": ident, "team": list_of(closed({"inspector": ident, "seat": token}))},
)


@dataclass(frozen=True)
class TaskProof:
    """Where a task's commitment stands: its index among `count` sorted ones, and its Merkle path (hex)."""

    index: int
    count: int
    path: list[str]


def task_object(draw: str, subject: str, team: Sequence[str], seats: Sequence[Record]) -> Record:
    """The task of one subject.

    Args:
        draw: The draw's number.
        subject: The subject's id.
        team: An inspector's id for each seat, "" for an empty one, which is left out.
        seats: The plan's team, in the same order.
    """
    filled = [
        {"inspector": inspector, "seat": seat["seat"]}
        for inspector, seat in zip(team, seats, strict=True)
        if inspector
    ]
    return {"draw": draw, "subject": subject, "team": filled}


def check_task(task: Any) -> None:
    """Raise a ProtocolError unless this is a task object."""
    _TASK(task, "task")


def task_salt(key: bytes, subject: str, n: int | None = None) -> str:
    """The salt (64 hex digits) that opens a task; of the n-th replacement's new task where `n` is given.

    Args:
        key: The draw's task key: 32 random bytes.
        subject: The id of the task's subject.
        n: The replacement's number, from 1.
    """
    if type(key) is not bytes or len(key) != _KEY_BYTES:
        raise BadPoolKeyError(reason="task key not 32 bytes")
    suffix = "" if n is None else f"|{n}"
    return hmac.digest(key, f"dr1|task|{subject}{suffix}".encode(), "sha256").hex()


def task_commitment(salt: str, task: Record) -> str:
    """What the log may show of a task before the visit: the hash of salt and task."""
    if type(salt) is not str or not HEX64.fullmatch(salt):
        raise BadHexError(where="salt", value=salt)
    return H(f"dr1|task|{salt}|{canon(task).decode()}")


def task_commitments(key: bytes, tasks: Iterable[Record]) -> list[str]:
    """The commitment of each task of a result, in order."""
    return [task_commitment(task_salt(key, task["subject"]), task) for task in tasks]


def result_root(commitments: Iterable[str]) -> str:
    """The root over the commitments (hex) sorted by value; in hex."""
    return root(_sorted_leaves(commitments)).hex()


def task_proof(commitments: Iterable[str], commitment: str) -> TaskProof:
    """Where one commitment stands under the result's root; raise BadTaskError if it does not."""
    return task_proofs(commitments, [commitment])[0]


def task_proofs(commitments: Iterable[str], wanted: Iterable[str]) -> list[TaskProof]:
    """Where each wanted commitment stands under the result's root; raise BadTaskError if one does not."""
    ordered = _sorted_leaves(commitments)
    place = {leaf.hex(): index for index, leaf in enumerate(ordered)}
    tree = Tree(leaf_hashes(ordered)) if ordered else None
    proofs = []
    for commitment in wanted:
        if tree is None or commitment not in place:
            raise BadTaskError(commitment=commitment)
        path = [step.hex() for step in tree.inclusion_proof(place[commitment])]
        proofs.append(TaskProof(place[commitment], len(ordered), path))
    return proofs


def verify_task(task: Record, salt: str, proof: TaskProof, root_hex: str) -> bool:
    """Whether the task shown at a visit stands under the logged root of the result."""
    leaf = leaf_hash(bytes.fromhex(task_commitment(salt, task)))
    path = [bytes.fromhex(step) for step in proof.path]
    return verify_inclusion(leaf, proof.index, proof.count, path, bytes.fromhex(root_hex))


def _sorted_leaves(commitments: Iterable[str]) -> list[bytes]:
    found = []
    for commitment in commitments:
        if not HEX64.fullmatch(commitment):
            raise BadHexError(where="commitment", value=commitment)
        found.append(bytes.fromhex(commitment))
    return sorted(found)
