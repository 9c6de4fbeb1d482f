"""Codes of an authenticator (RFC 6238): SHA-1, six digits, a step of 30 seconds, one step of drift."""

import base64
import secrets
import unicodedata
from datetime import datetime
from typing import Final
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP: Final = 30
DIGITS: Final = 6
DRIFT: Final = 1
_SECRET_BYTES: Final = 20


def new_secret() -> str:
    """160 random bits in base32, as authenticators take them."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def step_of(at: datetime) -> int:
    """The number of the 30-second step in which a moment lies."""
    return int(at.timestamp()) // STEP


def code_of(secret: str, step: int) -> str:
    """The six digits of a step."""
    totp = TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303 - RFC 6238's own hash
    return totp.generate(step * STEP).decode()


def step_that_fits(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """
    The step whose code was typed: the present one or one beside it, later than step `after`; None if none.

    Source: RFC 6238, section 5.2: one step of drift, and a code serves once.
    """
    typed = plain_code(code)
    present = step_of(at)
    for step in range(max(present - DRIFT, after + 1), present + DRIFT + 1):
        if secrets.compare_digest(code_of(secret, step).encode(), typed.encode()):
            return step
    return None


def plain_code(text: str) -> str:
    """What was typed, without blanks and hyphens, full-width digits as digits, letters as capitals."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum())


def enrolment_address(secret: str, *, account: str, issuer: str) -> str:
    """The `otpauth:` address that an authenticator reads from the QR code."""
    label = f"{quote(issuer)}:{quote(account)}"
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP}"
