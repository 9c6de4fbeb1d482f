"""Documents that prove something: judged by their content, kept in the file store by hash."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.ledger.files import FileStore, keep_file
from doublerandom.registry.errors.conflicts import BadEvidenceError

LARGEST: Final = 10 << 20
_BEGINNINGS: Final = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}


def kind_of(content: bytes) -> tuple[str, str] | None:
    """Media type and ending of a document by how it begins; None for what is none of the kinds taken."""
    return next((kind for begin, kind in _BEGINNINGS.items() if content.startswith(begin)), None)


def keep_evidence(session: Session, content: bytes, *, name: str, settings: Settings, at: datetime) -> str:
    """
    Keep a document in the caller's transaction; gives its SHA-256.

    Raises:
        BadEvidenceError: Neither PDF, JPEG nor PNG, or larger than LARGEST.
    """
    if kind_of(content) is None or len(content) > LARGEST:
        raise BadEvidenceError(name=name[:80], megabytes=LARGEST >> 20)
    return keep_file(session, FileStore(settings.files_dir), content, kind="evidence", at=at)


def evidence(sha256: str, *, settings: Settings) -> tuple[bytes, str, str]:
    """A kept document with its media type and ending; raises FileMissingError, FileDamagedError."""
    content = FileStore(settings.files_dir).read(sha256)
    media, ending = kind_of(content) or ("application/octet-stream", "bin")
    return content, media, ending
