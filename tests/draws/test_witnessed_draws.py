"""A draw whose commitment another office saw in time: check 4 passes for who trusts that office."""

import base64
import json
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
import time_machine
from draws.a_city import DUE, SIGNED, hours
from ledger.a_neighbour import another_office
from sqlmodel import Session

from doublerandom.db import transaction
from doublerandom.dr1.verification import verify_bundle
from doublerandom.draws import bundles
from doublerandom.ledger import keys, log, queries, witness
from doublerandom.ledger.outside import reach_outside
from doublerandom.ledger.outside_models import TimeStamp


def fourth(path, at, key):
    """Check 4 by the package and by verify.py, which agree."""
    report = verify_bundle(path, now=at, witnesses=(key,) if key else ())
    command = [
        sys.executable,
        "-I",
        "doublerandom/static/verify.py",
        str(path),
        "--now",
        f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "--json",
    ]
    told = subprocess.run([*command, *(["--witness", key] if key else [])], capture_output=True, check=False)
    other = json.loads(told.stdout)
    assert (report.exit_status, told.returncode) == (2, 2), told.stdout
    ours = report.as_json()["checks"][3]
    assert ours["status"] == other["checks"][3]["state"]
    return ours["status"]


def witness_file(path):
    with zipfile.ZipFile(path) as bundle:
        return json.loads(bundle.read("witness.json")) if "witness.json" in bundle.namelist() else None


def bundle(city, draw):
    return bundles.bundle(city.session, draw, settings=city.settings)


@pytest.fixture
def office(tmp_path, sqlite_template, settings):
    """Another office that witnesses our log; our settings with it, and its key."""
    from doublerandom.web import db

    with another_office(tmp_path / "other", sqlite_template) as (app, theirs, address):
        with app.app_context(), Session(db.engine) as session:
            key = keys.log_public_hex(settings)
            witness.witness_log(session, settings.log_origin, key=key, by="admin", at=SIGNED)
        own = witness.own_verifier_key(theirs)
        told = f"{address}/witness/add-checkpoint {own}"
        yield settings.model_copy(update={"witnesses": told}), own


def reached(session, house, at):
    with time_machine.travel(at, tick=False):
        return [one.what for one in reach_outside(session, house, at)]


def test_check_4_passes_for_who_trusts_the_witness(city, session, office):
    house, key = office
    draw = city.committed()
    assert witness_file(bundle(city, draw)) is None
    assert reached(session, house, hours(-2)) == ["noted", "cosigned"]
    assert reached(session, house, hours(-1)) == []

    assert fourth(bundle(city, draw), hours(-1), key) == "passed"
    assert fourth(bundle(city, draw), hours(-1), "") == "not_checkable"
    seen = witness_file(bundle(city, draw))
    city.observe(draw)
    draw = city.run(draw)
    assert reached(session, house, hours(1)) == ["cosigned"]  # too late for this draw
    assert fourth(bundle(city, draw), hours(1), key) == "passed"
    assert witness_file(bundle(city, draw))["checkpoint"] == seen["checkpoint"]


def test_a_witness_that_came_too_late_is_no_evidence(city, session, office):
    house, _ = office
    draw = city.committed()
    assert reached(session, house, DUE) == ["noted", "cosigned"]

    assert witness_file(bundle(city, draw)) is None


def test_a_stamp_goes_into_the_bundle(city, session):
    draw = city.committed()
    head = queries.latest_checkpoint(session)
    answer = base64.b64encode(b"a stamp").decode()
    with transaction(session):
        at = hours(-1)
        session.add(TimeStamp(size=head.size, answer=answer, stamped_at=at, server="http://tsa.test", at=at))

    assert witness_file(bundle(city, draw)) == {"checkpoint": head.note.split("\n")[:-1], "stamp": answer}
    assert fourth(bundle(city, draw), hours(-1), "") == "not_checkable"


def test_the_head_of_the_trail_is_in_the_log_once_a_day(city, session, settings):
    from doublerandom.ledger.trail_heads import note_trail_head, told_head, trail_keeps

    head = queries.last_act(session)
    index = note_trail_head(session, settings, DUE)
    assert note_trail_head(session, settings, DUE + timedelta(hours=1)) is None
    assert told_head(queries.entry(session, index)) == (head.id, head.hash)
    assert trail_keeps(session, queries.entry(session, index))
    forged = {
        **queries.entry(session, index),
        "text": queries.entry(session, index)["text"].replace(head.hash, "0" * 64),
    }
    assert not trail_keeps(session, forged)
    with transaction(session):
        log.append(session, {"type": "note", "text": "other"}, settings=settings, at=DUE)
    assert note_trail_head(session, settings, DUE + timedelta(days=1)) == index + 2
