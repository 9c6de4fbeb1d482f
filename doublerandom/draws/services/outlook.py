"""Whether somebody is next in order, told before a replacement is confirmed: not who."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.draws import queries
from doublerandom.draws.afterwards import base_of
from doublerandom.draws.models import Draw, Replacement
from doublerandom.draws.services.confirming import preview
from doublerandom.errors import DoubleRandomError

LARGEST: Final = 50_000
"""Of larger pools it is not looked at beforehand: it takes the whole draw's computing."""


def outlook(
    session: Session, draw: Draw, replacement: Replacement, *, settings: Settings, at: datetime
) -> str | DoubleRandomError:
    """`next`, `nobody` (the seat is left empty), what refuses it, or the empty text: not looked at."""
    if queries.frozen_pools(session, draw)["subjects"].size > LARGEST:
        return ""
    try:
        found, _ = preview(session, draw, base_of(session, draw, settings), replacement, on=local(at).date())
    except DoubleRandomError as refused:
        return refused
    return "next" if found.new else "nobody"
