"""Two offices on loopback: one log grows, the other office cosigns what extends what it saw, no more."""

import base64
import socket
import time
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread

import pytest
from conftest import NOON
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from ledger.a_neighbour import another_office
from sqlmodel import Session

from doublerandom.dr1.checkpoints import cosigned_at, sign_checkpoint
from doublerandom.ledger import keys, outside_queries, queries, witness
from doublerandom.ledger.errors import NotWitnessedError, OutsideSettingError, WitnessedAlreadyError
from doublerandom.ledger.outside_calls import UnreachableError, call
from doublerandom.ledger.witnessing import ask_witnesses, witnesses

ADDRESS = "/witness/add-checkpoint"


@pytest.fixture
def office(tmp_path, sqlite_template):
    with another_office(tmp_path / "other", sqlite_template) as found:
        yield found


@pytest.fixture
def other(office):
    """A session on the other office's database."""
    from doublerandom.web import db

    with office[0].app_context(), Session(db.engine) as session:
        yield session


@pytest.fixture
def house(settings, office, other):
    """Our settings with the other office as witness, which has listed our log."""
    _, theirs, address = office
    key = keys.log_public_hex(settings)
    witness.witness_log(other, settings.log_origin, key=key, by="admin", at=NOON)
    told = f"{address}{ADDRESS} {witness.own_verifier_key(theirs)}"
    return settings.model_copy(update={"witnesses": told})


def asked(session, house, at=NOON):
    return [(one.size, one.what) for one in ask_witnesses(session, settings=house, at=at)]


def request(settings, size, root, *, old=0, proof=(), key=None):
    """What a log sends; signed by its own key."""
    note = sign_checkpoint(settings.log_origin, size, root, key or keys.log_key(settings))
    steps = [base64.b64encode(bytes.fromhex(step)).decode() for step in proof]
    return "\n".join([f"old {old}", *steps, "", note]).encode()


def test_a_growing_log_is_cosigned_by_another_office_and_shows_it(
    client, session, house, other, office, append
):
    append()
    assert asked(session, house) == [(1, "cosigned")]
    assert asked(session, house) == []  # nothing new
    for number in range(4):
        append(text=f"note {number}")
    assert asked(session, house) == [(5, "cosigned")]

    note = client.get("/log/checkpoint").get_data(as_text=True)
    key = witness.own_verifier_key(office[1])
    assert cosigned_at(note, key) == outside_queries.last_cosignature(session, key).signed_at
    assert note.count("\n— ") == 2
    held = outside_queries.witnessed_head(other, house.log_origin)
    assert (held.size, held.root) == (5, queries.root_at(session, 5))


def test_a_witness_that_knows_more_than_we_remember_tells_its_size(session, house, other, office, append):
    for number in range(3):
        append(text=f"note {number}")
    head = queries.checkpoint(session, 2)
    request_ = f"old 0\n\n{head.note}".encode()
    assert witness.add_checkpoint(other, request_, settings=office[1], at=NOON).status == 200

    assert asked(session, house) == [(3, "cosigned")]


def test_who_gives_nothing_is_left_alone_for_a_while(session, house, other, append, settings):
    append()
    witness.end_witnessing(other, settings.log_origin, by="admin", at=NOON)

    assert asked(session, house) == [(1, "refused")]
    assert asked(session, house, NOON + timedelta(seconds=10)) == []
    assert asked(session, house, NOON + timedelta(seconds=15)) == [(1, "refused")]
    assert asked(session, house, NOON + timedelta(seconds=40)) == []
    witness.witness_log(other, settings.log_origin, key=keys.log_public_hex(settings), by="admin", at=NOON)
    assert asked(session, house, NOON + timedelta(seconds=60)) == [(1, "cosigned")]
    nobody = house.model_copy(
        update={"witnesses": house.witnesses.replace("http://127.0.0.1", "http://127.0.0.1:1/")}
    )
    append()
    assert asked(session, nobody, NOON + timedelta(hours=3)) == [(2, "unreachable")]
    with pytest.raises(NotWitnessedError):
        witness.end_witnessing(other, "nobody.test", by="admin", at=NOON)


def test_a_log_with_two_faces_is_not_cosigned_and_the_proof_is_kept(session, settings, other, office, append):
    theirs, log_key = office[1], keys.log_public_hex(settings)
    witness.witness_log(other, settings.log_origin, key=log_key, by="admin", at=NOON)
    for number in range(5):
        append(text=f"note {number}")
    roots = {size: bytes.fromhex(queries.root_at(session, size)) for size in range(1, 6)}

    def sent(size, root, **more):
        answer = witness.add_checkpoint(
            other, request(settings, size, root, **more), settings=theirs, at=NOON
        )
        return answer.status, answer.text.strip() if answer.status == 409 else ""

    proof = queries.consistency_proof(session, 3, 5)
    assert sent(3, roots[3])[0] == 200
    assert sent(3, roots[3], old=3)[0] == 200  # again
    assert sent(3, bytes(32), old=3) == (409, "3")  # another face
    assert sent(3, bytes(32), old=3) == (409, "3")  # which is on record once
    assert sent(2, roots[2]) == (409, "3")  # going back
    assert sent(5, roots[5], old=3, proof=proof[:-1])[0] == 422
    assert sent(5, roots[5], old=2, proof=proof) == (409, "3")
    assert sent(5, roots[5], old=6)[0] == 400
    assert sent(5, roots[5], old=3, proof=proof, key=Ed25519PrivateKey.generate())[0] == 403
    assert sent(5, roots[5], old=3, proof=proof)[0] == 200

    assert sent(3, bytes(32)) == (409, "5")  # the old fork again
    assert sent(4, roots[4]) == (409, "5")  # anyone replays what the log once signed: no trace of that
    assert [(row.reason, row.held_size, row.size) for row in outside_queries.refusals(other)] == [
        ("fork", 3, 3)
    ]
    assert [act.name for act in queries.latest_acts(other)].count("CheckpointRefused") == 1
    with pytest.raises(WitnessedAlreadyError):
        witness.witness_log(other, settings.log_origin, key=log_key, by="admin", at=NOON)


@pytest.mark.parametrize("headers", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["headers", "body"])
def test_a_dripping_answer_is_left_when_the_time_for_the_whole_call_is_over(headers):
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            peer = server.accept()[0]
            with suppress(OSError), peer:
                peer.sendall(headers)
                while not over.wait(0.02):
                    peer.sendall(b"x")

        Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(UnreachableError):
            call(f"http://127.0.0.1:{server.getsockname()[1]}/", b"x", seconds=0.1, most=1 << 20)

        assert time.monotonic() - began < 1
        over.set()


BROKEN = [
    b"old 1\n\nx",
    b"old 01\n\nx",
    b"old 0\nzz\n\nx",
    b"\xff",
    b"old 0\n" + b"AAAA\n" * 64 + b"\nx",
]


def test_broken_and_long_requests_and_unknown_logs_are_refused_without_a_session(client, settings):
    unknown = client.post(ADDRESS, data=request(settings, 1, bytes(32)))

    assert (unknown.status_code, unknown.mimetype) == (404, "text/plain")
    assert {client.post(ADDRESS, data=body).status_code for body in BROKEN} == {400}
    assert client.post(ADDRESS, data=b"x" * 20_000, content_type="text/plain").status_code == 413


@pytest.mark.parametrize(
    "told", ["http://x.test", "ftp://x.test w+00000000+AAAA", "http://x.test w+12345678+" + "A" * 44]
)
def test_a_setting_that_does_not_hold_is_named(settings, told):
    with pytest.raises(OutsideSettingError):
        witnesses(settings.model_copy(update={"witnesses": told}))
