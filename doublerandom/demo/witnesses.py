"""Witnesses in the demonstration: a neighbouring office cosigns the city's log, the city cosigns its."""

from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from doublerandom.demo.stage import Stage
from doublerandom.dr1.checkpoints import cosign_checkpoint, sign_checkpoint, witness_key
from doublerandom.dr1.merkle import root
from doublerandom.draws import queries as draws
from doublerandom.ledger import keys, queries, trail_heads, witness, witnessing

NAME: Final = "linjiang.example/witness"
ORIGIN: Final = "linjiang.example/log"


def have_the_log_witnessed(stage: Stage) -> None:
    """
    The neighbour signed each commitment five minutes after it was logged, and the newest checkpoint today.

    There is no second server to ask: its key lies in the demonstration's own folder of keys.
    """
    private = Ed25519PrivateKey.from_private_bytes(keys.key_from_file(stage.settings, "demo-witness.key"))
    key = witness_key(NAME, private.public_key().public_bytes_raw())
    trail_heads.note_trail_head(stage.session, stage.settings, stage.today)
    for row in draws.draws(stage.session, limit=1000):
        entries = queries.entries_of_draw(stage.session, row.number)
        if entries and row.committed_at is not None:
            _cosign(stage, private, key, entries[0][0] + 1, minutes=5)
    head = queries.latest_checkpoint(stage.session)
    assert head is not None
    _cosign(stage, private, key, head.size, minutes=1)
    _witness_the_neighbour(stage, private)


def _cosign(stage: Stage, private: Ed25519PrivateKey, key: str, size: int, *, minutes: int) -> None:
    head = queries.checkpoint(stage.session, size)
    at = head.at.replace(second=0) + timedelta(minutes=minutes)
    line = cosign_checkpoint(head.note, NAME, private, at)
    witnessing.keep_cosignature(stage.session, key, size, line.encode(), at=at)


def _witness_the_neighbour(stage: Stage, private: Ed25519PrivateKey) -> None:
    """The neighbour's log, small as it is, comes to us."""
    public = private.public_key().public_bytes_raw().hex()
    witness.witness_log(stage.session, ORIGIN, key=public, by="system", at=stage.today)
    leaves = [f"linjiang {number}".encode() for number in range(12)]
    note = sign_checkpoint(ORIGIN, len(leaves), root(leaves), private)
    answer = witness.add_checkpoint(
        stage.session, f"old 0\n\n{note}".encode(), settings=stage.settings, at=stage.today
    )
    assert answer.status == 200
