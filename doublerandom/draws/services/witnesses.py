"""Who witnesses the randomness: named before it comes, on record, public with the draw."""

import unicodedata
from datetime import datetime

from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.canon import BARRED
from doublerandom.draws import queries
from doublerandom.draws.acts import WitnessNamed, WitnessStruck
from doublerandom.draws.errors import (
    WitnessNotFoundError,
    WitnessRefusedError,
    WrongDrawStateError,
)
from doublerandom.draws.models import Draw, DrawStatus, Witness
from doublerandom.ledger.trail import put_on_record

AWAITS_WITNESSES = {DrawStatus.COMMITTED, DrawStatus.VOIDED, DrawStatus.FAILED}


def name_witness(
    session: Session, draw: Draw | str, *, name: str, office: str = "", by: str, at: datetime
) -> Witness:
    """
    Name somebody who is present when the randomness comes, other than those who sign or type.

    Args:
        session: A command of its own.
        draw: The draw or its number, committed and without result.
        name: As the witness writes it; blanks around it and doubled ones do not count.
        office: Whom the witness represents; empty for a citizen.
        by: Who enters it.
        at: When.

    Raises:
        WrongDrawStateError: The draw is not committed, or has run.
        WitnessRefusedError: Somebody who signed or typed, a name that stands already, or no plain text.
    """
    name, office = _plain(name), _plain(office)
    with transaction(session):
        row = _open_draw(session, draw)
        if not name or BARRED.search(name + office):
            raise WitnessRefusedError(name=name, why="text")
        if _is_of(session, queries.people_of_randomness(session, row), name):
            raise WitnessRefusedError(name=name, why="signer")
        if any((one.name, one.office) == (name, office) for one in queries.witnesses(session, row)):
            raise WitnessRefusedError(name=name, why="twice")
        assert row.id is not None
        witness = Witness(draw_id=row.id, name=name, office=office, by=by, at=at)
        session.add(witness)
        put_on_record(session, WitnessNamed(row.number, name, office), by=by, at=at, after=(name, office))
    return witness


def strike_witness(session: Session, draw: Draw | str, witness_id: int, *, by: str, at: datetime) -> Witness:
    """
    Strike out a name that was entered by mistake; it stays on record.

    Raises:
        WrongDrawStateError: The draw is not committed, or its randomness is known: who was there, was there.
        WitnessNotFoundError: No such name stands.
    """
    with transaction(session):
        row = _open_draw(session, draw)
        if row.beacon:
            raise WrongDrawStateError(draw=row.number, status="known")
        found = next((one for one in queries.witnesses(session, row) if one.id == witness_id), None)
        if found is None:
            raise WitnessNotFoundError(draw=row.number)
        found.struck_by, found.struck_at = by, at
        session.add(found)
        act = WitnessStruck(row.number, found.name, found.office)
        put_on_record(session, act, by=by, at=at, before=(found.name, found.office))
    return found


def _open_draw(session: Session, draw: Draw | str) -> Draw:
    row = queries.draw_for_update(session, queries.number_of(draw))
    if row.status not in AWAITS_WITNESSES or row.result_root:
        raise WrongDrawStateError(draw=row.number, status=row.status)
    return row


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_of(session: Session, people: set[str], name: str) -> bool:
    """Whether one of these people is called so."""
    return name in people or name in queries.names_of(session, people).values()
