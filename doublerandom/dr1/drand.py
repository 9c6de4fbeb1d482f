"""drand: pinned networks, the round a due time gives, and offline verification of a round's signature."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from doublerandom.dr1.errors import BadDrandError, BadRoundError, UnknownChainError

_SIGNATURE: Final = re.compile(r"[0-9a-f]{96}")


@dataclass(frozen=True)
class Network:
    """A drand network whose signatures are compressed G1 points over the round number alone."""

    chain: str
    public_key: str
    period: int
    genesis: int
    dst: bytes


QUICKNET: Final = Network(
    chain="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    period=3,
    genesis=1692803367,
    dst=b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_",
)
NETWORKS: Final = MappingProxyType({QUICKNET.chain: QUICKNET})
NOT_THE_ENCODING: Final = "another encoding or outside the subgroup"
_LAST_ROUND: Final = (253402300799 - QUICKNET.genesis) // QUICKNET.period  # of year 9999, where datetime ends


def network(chain: Any) -> Network:
    """The pinned network of this chain hash; raise UnknownChainError for any other."""
    if type(chain) is not str or chain not in NETWORKS:
        raise UnknownChainError(chain=chain)
    return NETWORKS[chain]


def round_after(due: datetime, chain: str = QUICKNET.chain) -> int:
    """The first round strictly after `due` (aware): floor((due − genesis) / period) + 2.

    Raises:
        BadRoundError: `due` is so early that the rule gives no round.
    """
    pinned = network(chain)
    if due.tzinfo is None:
        raise BadRoundError(due=due.isoformat())
    number = int((due.timestamp() - pinned.genesis) // pinned.period) + 2
    if number < 1:
        raise BadRoundError(due=due.isoformat())
    return number


def time_of(number: int, chain: str = QUICKNET.chain) -> datetime:
    """When a round (from 1) is published, in UTC; raise BadRoundError for one that is none."""
    pinned = network(chain)
    if type(number) is not int or not 1 <= number <= _LAST_ROUND:
        raise BadRoundError(round=number)
    return datetime.fromtimestamp(pinned.genesis + (number - 1) * pinned.period, UTC)


def verify(chain: str, number: int, signature: Any) -> None:
    """Check that `signature` is the network's signature of the round, in its one accepted encoding.

    Args:
        chain: The hash of a pinned network.
        number: The round, from 1.
        signature: 96 lower-case hex digits: the 48 bytes of the compressed G1 point.

    Raises:
        UnknownChainError, BadRoundError: See there.
        BadDrandError: Another encoding, no point, outside the subgroup, of another round or key.
    """
    verify_with(network(chain), number, signature)


def verify_with(pinned: Network, number: int, signature: Any) -> None:
    """As `verify`, against a network given whole."""
    # The pairing library takes long to load and most of the protocol does without it.
    from py_arkworks_bls12381 import GT, G1Point, G2Point  # noqa: PLC0415

    if type(number) is not int or not 1 <= number <= _LAST_ROUND:
        raise BadRoundError(round=number)
    if type(signature) is not str or not _SIGNATURE.fullmatch(signature):
        raise BadDrandError(round=number, reason="not 96 lower-case hex digits")
    raw = bytes.fromhex(signature)
    try:
        point = G1Point.from_compressed_bytes(raw)
    except ValueError as error:
        raise BadDrandError(round=number, reason=str(error)) from None
    if bytes(point.to_compressed_bytes()) != raw or not point.is_in_subgroup() or point == G1Point.identity():
        raise BadDrandError(round=number, reason=NOT_THE_ENCODING)
    message = hashlib.sha256(number.to_bytes(8, "big")).digest()
    hashed = G1Point.hash_to_curve(message, pinned.dst)
    key = G2Point.from_compressed_bytes(bytes.fromhex(pinned.public_key))
    if GT.pairing(point, G2Point()) != GT.pairing(hashed, key):
        raise BadDrandError(round=number, reason="not the network's signature of this round")
