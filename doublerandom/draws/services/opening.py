"""Opening a draw: secrets and keys into the log, tasks and order to the public; and the auditor's bundle."""

import hashlib
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.pools import key_bytes, load_subjects
from doublerandom.dr1.seeds import secrets_of, seed
from doublerandom.draws import bundles, plans, queries
from doublerandom.draws.acts import AuditorBundleMade, DrawOpened
from doublerandom.draws.errors import NotYetRevealedError, WrongDrawStateError
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.outcomes import known_secrets
from doublerandom.draws.pools import open_pool
from doublerandom.draws.services import notices
from doublerandom.draws.services.outcomes import keep_order
from doublerandom.ledger import log
from doublerandom.ledger.trail import put_on_record


def reveal(
    session: Session, draw: Draw | str, *, settings: Settings, by: str = "system", at: datetime
) -> Draw:
    """
    Open a drawn draw: at `reveal_by` (from ten minutes before, to be in time), or when all is visited.

    Secrets and keys go into the public log; of closed subjects their key, the `subject` secrets and the task
    key stay with auditors. A rehearsal, which has no visits, may be opened as soon as it has run.

    Raises:
        WrongDrawStateError: It has not run, or is open.
        NotYetRevealedError: Before its time, and not every visit is done.
    """
    number = queries.number_of(draw)
    with transaction(session):
        row = queries.draw_for_update(session, number)
        if row.status is not DrawStatus.DRAWN:
            raise WrongDrawStateError(draw=number, status=row.status)
        if not may_reveal(session, row, at):
            raise NotYetRevealedError(draw=number, reveal_by=row.reveal_by.isoformat())
        row.status = DrawStatus.REVEALED
        open_up(session, row, settings=settings, by=by, at=at)
        notices.tell_revealed(session, row, at=at)
    return row


def may_reveal(session: Session, draw: Draw, at: datetime) -> bool:
    """Whether a drawn draw may be opened now."""
    if draw.rehearsal or at >= draw.reveal_by - plans.REVEAL_AHEAD:
        return True
    return queries.all_visited(session, draw)


def open_up(session: Session, draw: Draw, *, settings: Settings, by: str, at: datetime) -> None:
    """Log the `open` entry, show proofs and ticket order; in the caller's transaction."""
    plan = queries.plan_of(draw)
    known = known_secrets(session, draw, settings)
    secrets, keys = known.secrets_json(plan, public=True), known.keys_json(plan, public=True)
    if not draw.rehearsal:
        entry = {
            "type": "open",
            "draw": draw.number,
            "plan_hash": draw.plan_hash,
            "secrets": secrets,
            "keys": keys,
        }
        log.append(session, entry, settings=settings, at=at)
    draw.revealed_at = at
    if not plans.is_closed(plan):
        draw.empty_seats = known.proofs
        _lay_down_order(session, draw, settings=settings, at=at)
    put_on_record(session, DrawOpened(draw.number, draw.plan_hash, tuple(keys)), by=by, at=at)


def _lay_down_order(session: Session, draw: Draw, *, settings: Settings, at: datetime) -> None:
    pools = queries.frozen_pools(session, draw)
    if pools["subjects"].order_sha256:
        return
    plan = queries.plan_of(draw)
    known = known_secrets(session, draw, settings)
    key = key_bytes(known.keys["subjects"]) if plan["subjects"]["sealed"] else None
    with open_pool(pools["subjects"], draw.number, settings) as file:
        pool = load_subjects(file, key)
    found = seed(
        draw.plan_hash,
        "subject",
        draw.beacon,
        secrets_of(known.secrets_json(plan), "subject"),
        rehearsal=draw.rehearsal,
    )
    keep_order(session, draw, pool, found, settings=settings, at=at)


def auditor_bundle(session: Session, draw: Draw | str, *, settings: Settings, by: str, at: datetime) -> Path:
    """
    The whole bundle of an opened draw, closed pools and all, for an auditor; the taking is on record.

    It is made for this one taking and lies alone in a folder: the caller takes both away when it is sent.

    Raises:
        WrongDrawStateError: The draw is not open yet: until then an auditor sees what everybody sees.
    """
    number = queries.number_of(draw)
    row = queries.draw(session, number)
    if row.revealed_at is None:
        raise WrongDrawStateError(draw=number, status=row.status)
    path = bundles.whole_bundle(session, row, settings=settings)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction(session):
        put_on_record(session, AuditorBundleMade(number, digest), by=by, at=at)
    return path
