"""Ed25519 as the protocol wants it: keys of small order and loose encodings are refused, section 1."""

import re
from typing import Final

from doublerandom.dr1.errors import BadSignatureError

_PRIME: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
# y of the points of order 8; with 0, 1 and -1 these are all points whose order divides 8 (both signs of x).
_ORDER_EIGHT: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER: Final = frozenset({0, 1, _PRIME - 1, _ORDER_EIGHT, _PRIME - _ORDER_EIGHT})
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")


def is_public_key(key: str) -> bool:
    """Whether `key` is 64 lower-case hex digits of a canonical point encoding that is not of small order."""
    if _KEY.fullmatch(key) is None:
        return False
    y = int.from_bytes(bytes.fromhex(key), "little") & (2**255 - 1)
    return y < _PRIME and y not in _SMALL_ORDER


def verify_signature(key: str, signature: str, text: bytes) -> None:
    """
    Check an Ed25519 signature (RFC 8032) by `key` over `text`; both in lower-case hex.

    Raises:
        BadSignatureError: Malformed, a key of small order, S >= L, or not by this key.
    """
    # cryptography is heavy to import and most of the protocol does without it
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    if not is_public_key(key) or _SIGNATURE.fullmatch(signature) is None:
        raise BadSignatureError(key=key)
    raw = bytes.fromhex(signature)
    if int.from_bytes(raw[32:], "little") >= _ORDER:
        raise BadSignatureError(key=key)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(raw, text)
    except (InvalidSignature, ValueError) as error:
        raise BadSignatureError(key=key) from error
