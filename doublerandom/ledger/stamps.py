"""RFC 3161 stamps: an authority outside the office puts its time under the checkpoint that covers a plan."""

import base64
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.checkpoints import checkpoint_text
from doublerandom.ledger import outside_queries, queries
from doublerandom.ledger.errors import OutsideSettingError
from doublerandom.ledger.outside_calls import UnreachableError, call
from doublerandom.ledger.outside_models import TimeStamp
from doublerandom.ledger.witnessing import Asked, fail, may_ask

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampRequest

QUERY_TYPE: Final = "application/timestamp-query"


def stamp_plans(session: Session, *, settings: Settings, at: datetime) -> list[Asked]:
    """
    Have the newest checkpoint stamped, where a plan stands in the log that no stamp covers yet.

    What is stamped is what the log signs: the checkpoint's first three lines with their newlines. The whole
    answer is kept once it verifies under the certificates trusted; a server that fails is left alone as
    witnesses are.

    Raises:
        OutsideSettingError: The file of certificates is missing or holds none.
    """
    plan = outside_queries.last_plan_index(session)
    last = outside_queries.last_stamp(session)
    if not settings.stamp_url or plan < 0 or (last is not None and last.size > plan):
        return []
    if not may_ask(session, settings.stamp_url, since=last.at if last else None, at=at):
        return []
    head = queries.latest_checkpoint(session)
    assert head is not None  # there is a plan in the log
    size, text = head.size, checkpoint_text(settings.log_origin, head.size, bytes.fromhex(head.root))
    session.rollback()  # no snapshot is held while the server is waited for
    return [_stamp(session, size, text.encode(), settings=settings, at=at)]


def _stamp(session: Session, size: int, text: bytes, *, settings: Settings, at: datetime) -> Asked:
    """Ask for one stamp and keep it."""
    # the client is heavy to import, and most offices have no stamp server
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415

    url = settings.stamp_url
    request = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        status, answer = call(url, request.as_bytes(), kind=QUERY_TYPE, seconds=settings.outside_seconds)
    except UnreachableError as error:
        return fail(session, url, size, "unreachable", str(error), who=url, at=at)
    if status != 200:
        return fail(session, url, size, "refused", str(status), who=url, at=at)
    try:
        stamped_at = _verified(answer, text, request, settings)
    except _InvalidStampError as error:
        return fail(session, url, size, "invalid", str(error), who=url, at=at)
    with transaction(session):
        if not outside_queries.stamps(session, [size]):  # else another process was faster
            told = base64.b64encode(answer).decode()
            session.add(TimeStamp(size=size, answer=told, stamped_at=stamped_at, server=url[:255], at=at))
    return Asked(url, size, "stamped")


class _InvalidStampError(Exception):
    """The answer is no stamp of what was sent, or not by an authority that is trusted."""


def _verified(answer: bytes, text: bytes, request: "TimeStampRequest", settings: Settings) -> datetime:
    """The time in the stamp, once signature, chain, nonce and hash hold."""
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response  # noqa: PLC0415

    builder = VerifierBuilder.from_request(request)
    for certificate in trusted_certificates(settings):
        if certificate.issuer == certificate.subject:
            builder = builder.add_root_certificate(certificate)
        else:
            builder = builder.add_intermediate_certificate(certificate)
    try:
        found = decode_timestamp_response(answer)
        builder.build().verify_message(found, text)
    except (VerificationError, ValueError) as error:
        raise _InvalidStampError(str(error)) from error
    return found.tst_info.gen_time


def trusted_certificates(settings: Settings) -> "list[Certificate]":
    """The certificates of the setting; raises OutsideSettingError."""
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415

    try:
        return load_pem_x509_certificates(Path(settings.stamp_certificate).read_bytes())
    except (OSError, ValueError) as error:
        raise OutsideSettingError(
            setting="DOUBLERANDOM_STAMP_CERTIFICATE", value=settings.stamp_certificate
        ) from error
