"""The public log: canonical entries, what may be said once, times that never fall, signed tree heads."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from conftest import NOON
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session, select

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import canon
from doublerandom.dr1.log import check_entry, verify_checkpoint
from doublerandom.dr1.merkle import leaf_hash, verify_inclusion
from doublerandom.dr1.merkle import root as merkle_root
from doublerandom.ledger import keys, log, queries
from doublerandom.ledger.errors import (
    LogEntryRefusedError,
    LogEntryRepeatedError,
    LogRangeError,
    PlanNotLoggedError,
    WrongLogKeyError,
)
from doublerandom.ledger.models import LogEntry

Append = Callable[..., int]
A, B, C = (letter * 64 for letter in "abc")


def test_entries_are_kept_as_canonical_bytes_from_index_0(session: Session, append: Append):
    assert append(text="双随机") == 0
    assert append(text="一公开") == 1

    first, second = queries.log_rows(session)
    assert first.entry == '{"at":"2026-03-02T04:00:00Z","text":"双随机","type":"note"}'
    assert second.leaf_hash == leaf_hash(second.entry.encode()).hex()
    assert queries.entry(session, 1)["text"] == "一公开"
    assert queries.log_size(session) == 2


def test_the_time_never_falls(session: Session, append: Append):
    append(at=NOON)
    append(at=NOON - timedelta(hours=1))
    append(at=NOON + timedelta(seconds=1, microseconds=7))

    told = [entry["at"] for entry in queries.entries(session)]
    assert told == ["2026-03-02T04:00:00Z", "2026-03-02T04:00:00Z", "2026-03-02T04:00:01Z"]


def test_every_entry_comes_with_a_checkpoint_of_the_new_root(session: Session, append: Append):
    for number in range(5):
        append(text=str(number))
        head = queries.latest_checkpoint(session)

        assert head is not None
        assert head.size == number + 1
        assert head.root == merkle_root(row.entry.encode() for row in queries.log_rows(session)).hex()
        assert head.root == queries.root_at(session, number + 1)


def test_a_checkpoint_is_a_c2sp_signed_note(session: Session, append: Append, settings: Settings):
    append()

    head = queries.checkpoint(session, 1)
    text, signature = head.note.split("\n\n")
    assert text.split("\n") == ["log.test/dr", "1", base64.b64encode(bytes.fromhex(head.root)).decode()]
    dash, name, encoded = signature.rstrip("\n").split(" ")
    assert (dash, name) == ("—", "log.test/dr")
    raw = base64.b64decode(encoded)
    public = bytes.fromhex(keys.log_public_hex(settings))
    assert raw[:4] == hashlib.sha256(b"log.test/dr\n\x01" + public).digest()[:4]
    Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], (text + "\n").encode())


def test_an_undone_command_leaves_no_entry_and_no_gap(session: Session, append: Append, settings: Settings):
    append()

    def command() -> None:
        with transaction(session):
            log.append(session, {"type": "note", "text": "lost"}, settings=settings, at=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        command()

    assert append(text="next") == 1
    assert [entry["text"] for entry in queries.entries(session)] == ["a note", "next"]


def test_nothing_is_appended_outside_a_command(session: Session, settings: Settings):
    with pytest.raises(RuntimeError, match="inside transaction"):
        log.append(session, {"type": "note", "text": "x"}, settings=settings, at=NOON)


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("rumour", {"text": "x"}),
        ("note", {"text": "x", "more": "y"}),
        ("note", {"text": 7}),
        ("note", {"text": "a\nb"}),
        ("plan", {"draw": "2026-001", "issuer": "a", "seq": 0, "plan_hash": A}),
        ("plan", {"draw": "2026 001", "issuer": "a", "seq": 1, "plan_hash": A}),
        ("list", {"what": "menu", "name": "a", "digest": A}),
        ("key", {"person": "li", "name": "李", "role": "operator", "body": "b", "key": "00" * 32}),
    ],
)
def test_what_is_no_entry_is_refused(session: Session, append: Append, kind: str, members: dict):
    with pytest.raises(LogEntryRefusedError):
        append(kind, **members)

    assert queries.log_size(session) == 0
    assert queries.latest_checkpoint(session) is None


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("beacon", {"beacon": "dice:d10:1"}),
        ("result", {"result_root": A, "count": 1, "empty_seats": 0}),
        ("open", {"secrets": [], "keys": {"tasks": B}}),
        ("observed", {"n": 0, "value": {"rolls": [1, 2]}}),
        ("replace", {"n": 1, "what": "inspector", "reason": "ill", "old": A, "commitment": B}),
    ],
)
def test_what_a_plan_may_have_once_is_refused_the_second_time(
    session: Session, append: Append, plan_hash: str, kind: str, members: dict
):
    append(kind, draw="2026-001", plan_hash=plan_hash, **members)

    with pytest.raises(LogEntryRepeatedError):
        append(kind, draw="2026-001", plan_hash=plan_hash, **members)

    assert queries.log_size(session) == 2


@pytest.mark.parametrize(
    "members",
    [
        {"draw": "2026-002", "issuer": "scjg-hz", "seq": 1, "plan_hash": B},
        {"draw": "2026-001", "issuer": "scjg-hz", "seq": 2, "plan_hash": B},
    ],
)
def test_a_second_plan_of_one_number_is_refused(append: Append, plan_hash: str, members: dict):
    with pytest.raises(LogEntryRepeatedError):
        append("plan", **members)


def test_the_same_plan_is_refused_under_another_number(append: Append, plan_hash: str):
    with pytest.raises(LogEntryRepeatedError):
        append("plan", draw="2026-002", issuer="scjg-hz", seq=2, plan_hash=plan_hash)


def test_another_issuer_may_use_the_same_numbers(append: Append, plan_hash: str):
    assert append("plan", draw="2026-001", issuer="scjg-nb", seq=1, plan_hash=C) == 1


def test_a_commitment_stands_once_in_the_log(append: Append, plan_hash: str):
    task = {"draw": "2026-001", "plan_hash": plan_hash, "what": "inspector", "reason": "ill", "old": A}
    append("replace", n=1, commitment=B, **task)

    with pytest.raises(LogEntryRepeatedError):
        append("replace", n=2, commitment=B, **task)


def test_one_key_cannot_open_two_pools(append: Append, plan_hash: str):
    with pytest.raises(LogEntryRepeatedError):
        append("open", draw="2026-001", plan_hash=plan_hash, secrets=[], keys={"tasks": B, "conflicts": B})


def test_outcomes_and_voids_may_stand_more_than_once(append: Append, plan_hash: str):
    of_plan = {"draw": "2026-001", "plan_hash": plan_hash}

    assert append("outcome", subject="91330100X", digest=A, **of_plan) == 1
    assert append("outcome", subject="91330100Y", digest=A, **of_plan) == 2
    assert append("void", reason="wrong-pool", **of_plan) == 3


@pytest.mark.parametrize("draw", ["2026-001", "2026-002"])
def test_nothing_is_said_of_a_plan_that_is_not_in_the_log(append: Append, draw: str):
    with pytest.raises(PlanNotLoggedError):
        append("beacon", draw=draw, plan_hash=B, beacon="x")


def test_nothing_is_said_of_a_plan_under_another_draw(append: Append, plan_hash: str):
    with pytest.raises(PlanNotLoggedError):
        append("beacon", draw="2026-002", plan_hash=plan_hash, beacon="x")


def test_another_key_than_the_first_is_refused(session: Session, append: Append, settings: Settings):
    append()
    (settings.keys_dir / keys.LOG_KEY_FILE).unlink()

    with pytest.raises(WrongLogKeyError):
        append()

    assert queries.log_size(session) == 1


def test_another_origin_than_the_first_is_refused(session: Session, append: Append, settings: Settings):
    append()
    moved = settings.model_copy(update={"log_origin": "other.test/dr"})

    with pytest.raises(WrongLogKeyError), transaction(session):
        log.append(session, {"type": "note", "text": "x"}, settings=moved, at=NOON)


def test_the_entries_of_a_draw_are_found_by_its_number(session: Session, append: Append, plan_hash: str):
    append()
    append("beacon", draw="2026-001", plan_hash=plan_hash, beacon="dice:d10:1")

    found = queries.entries_of_draw(session, "2026-001")
    assert [(index, entry["type"]) for index, entry in found] == [(0, "plan"), (2, "beacon")]
    assert queries.entries_of_draw(session, "2026-002") == []


def test_a_page_of_entries_ends_before_its_end(session: Session, append: Append):
    for number in range(4):
        append(text=str(number))

    def texts(start: int, end: int) -> str:
        return "".join(entry["text"] for entry in queries.log_entries_page(session, start, end))

    assert (texts(0, 2), texts(2, 4), texts(3, 99), texts(4, 4), texts(1, 1)) == ("01", "23", "3", "", "")


def test_a_page_has_a_largest_length(
    session: Session, append: Append, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queries, "PAGE_LARGEST", 2)
    for _ in range(3):
        append()

    assert len(queries.log_entries_page(session, 0, 3)) == 2


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (2, 3), (1, 0)])
def test_a_page_outside_the_log_is_refused(session: Session, append: Append, start: int, end: int):
    append()

    with pytest.raises(LogRangeError):
        queries.log_entries_page(session, start, end)


def test_an_entry_or_checkpoint_that_is_not_there_is_refused(session: Session, append: Append):
    append()

    with pytest.raises(LogRangeError):
        queries.entry(session, 1)
    with pytest.raises(LogRangeError):
        queries.checkpoint(session, 2)


def test_rows_hold_what_their_entries_say(session: Session, plan_hash: str):
    (row,) = session.exec(select(LogEntry)).all()

    assert (row.type, row.draw, row.at) == ("plan", "2026-001", NOON)
    assert queries.entry_of(row)["plan_hash"] == plan_hash


def test_an_extract_proves_its_entries_under_the_newest_checkpoint(
    session: Session, append: Append, settings: Settings
):
    for number in range(6):
        append(text=str(number))

    extract = log.extract(session, [4, 1, 4], settings=settings)

    head = verify_checkpoint(
        extract["checkpoint"], origin=extract["origin"], public_key=bytes.fromhex(extract["key"])
    )
    assert [item["index"] for item in extract["entries"]] == [1, 4]
    for item in extract["entries"]:
        check_entry(item["entry"])
        proof = [bytes.fromhex(step) for step in item["proof"]]
        assert verify_inclusion(leaf_hash(canon(item["entry"])), item["index"], 6, proof, head.root)


def test_there_is_no_extract_of_what_is_not_in_the_log(session: Session, append: Append, settings: Settings):
    with pytest.raises(LogRangeError):
        log.extract(session, [], settings=settings)
    append()
    with pytest.raises(LogRangeError):
        log.extract(session, [1], settings=settings)


def test_lists_are_found_by_their_digest(session: Session, append: Append):
    append()
    append("list", what="annual_plan", name="2026", digest=A)
    append("list", what="rule_set", name="rules-1", digest=B)

    found = queries.list_entries(session, [B, C])
    assert [(index, entry["name"]) for index, entry in found] == [(2, "rules-1")]
