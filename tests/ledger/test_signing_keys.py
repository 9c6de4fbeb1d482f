"""Keys: the log's own key file, and signing keys that open with their person's PIN alone."""

import hashlib
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from conftest import NOON
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.errors import BadTokenError
from doublerandom.dr1.signatures import verify_signature
from doublerandom.ledger import keys, queries
from doublerandom.ledger.errors import (
    KeyFileError,
    LogEntryRefusedError,
    NoSigningKeyError,
    WeakPinError,
    WrongPinError,
)
from doublerandom.ledger.models import SigningKey
from doublerandom.ledger.trail import facts_of, verify_trail

PIN = "270415"


@pytest.fixture
def create(session: Session, settings: Settings) -> Callable[..., SigningKey]:
    """Register a signing key; says only what the test is about."""

    def create(person: str = "li", *, role: str = "operator", pin: str = PIN, **more) -> SigningKey:
        facts = {"name": "李明", "body": "scjg-hz", "by": "admin", "at": NOON, **more}
        return keys.create_signing_key(session, person, role=role, pin=pin, settings=settings, **facts)

    return create


class TestTheLogsOwnKey:
    def test_is_made_on_first_use_and_stays(self, settings: Settings):
        first = keys.log_public_hex(settings)

        assert keys.log_public_hex(settings) == first
        assert len(bytes.fromhex(first)) == 32

    def test_lies_where_only_its_owner_may_read(self, settings: Settings):
        keys.log_key(settings)

        place = settings.keys_dir / keys.LOG_KEY_FILE
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        assert stat.S_IMODE(settings.keys_dir.stat().st_mode) == 0o700
        assert [found.name for found in settings.keys_dir.iterdir()] == [keys.LOG_KEY_FILE]

    def test_is_on_the_disk_with_its_folder_before_it_is_used(self, settings: Settings, monkeypatch):
        synced, fsync = [], os.fsync

        def told(descriptor: int) -> None:
            synced.append(os.fstat(descriptor))
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", told)

        keys.log_key(settings)

        place = settings.keys_dir / keys.LOG_KEY_FILE
        wanted = [place, settings.keys_dir, settings.data_dir]
        assert [(found.st_ino, found.st_size > 0) for found in synced] == [
            (path.stat().st_ino, True) for path in wanted
        ]

    def test_is_one_however_many_start_at_once(self, settings: Settings):
        with ThreadPoolExecutor(16) as pool:
            found = set(pool.map(lambda _: keys.log_public_hex(settings), range(64)))

        assert len(found) == 1

    @pytest.mark.parametrize("content", ["", "00\n", "zz" * 32, "00" * 33])
    def test_is_never_replaced_where_the_file_is_damaged(self, settings: Settings, content: str):
        settings.keys_dir.mkdir(parents=True)
        place = settings.keys_dir / keys.LOG_KEY_FILE
        place.write_text(content)

        with pytest.raises(KeyFileError):
            keys.log_key(settings)

        assert place.read_text() == content


def test_a_signature_holds_under_the_key_in_the_log(session: Session, create: Callable[..., SigningKey]):
    create("li")

    public, signature = keys.sign_with(session, "li", PIN, b"dr1|plan|{}")

    verify_signature(public, signature, b"dr1|plan|{}")
    ((index, entry),) = queries.key_entries(session, [public])
    assert index == 0
    assert entry == {
        "type": "key",
        "at": "2026-03-02T04:00:00Z",
        "person": "li",
        "name": "李明",
        "role": "operator",
        "body": "scjg-hz",
        "key": public,
    }


def test_the_end_of_validity_stands_in_the_log(session: Session, create: Callable[..., SigningKey]):
    key = create(until=NOON + timedelta(days=365))

    ((_, entry),) = queries.key_entries(session, [key.public_key])
    assert entry["until"] == "2027-03-02T04:00:00Z"


def test_a_new_key_is_on_record_without_its_secret(session: Session, create: Callable[..., SigningKey]):
    key = create("li")

    (act,) = queries.acts_on(session, "person", "li")
    assert (act.name, act.by) == ("SigningKeyCreated", "admin")
    assert facts_of(act)["public_key"] == key.public_key
    assert PIN not in act.facts
    assert key.wrapped not in act.facts
    verify_trail(session)


def test_the_private_key_and_the_pin_stand_nowhere(session: Session, create: Callable[..., SigningKey]):
    key = create()

    raw = keys._unwrap(key.wrapped, PIN, context=keys._context("li", key.public_key))
    private = Ed25519PrivateKey.from_private_bytes(raw)
    assert private.public_key().public_bytes_raw().hex() == key.public_key
    assert raw.hex() not in key.wrapped
    assert PIN.encode().hex() not in key.wrapped


@pytest.mark.parametrize("pin", ["270416", "", "27041", " 2704 15"])
def test_a_wrong_pin_signs_nothing(session: Session, create: Callable[..., SigningKey], pin: str):
    create()

    with pytest.raises(WrongPinError):
        keys.sign_with(session, "li", pin, b"x")


@pytest.mark.parametrize("pin", ["２７０４１５", " 270415 "])
def test_a_pin_typed_in_full_width_or_with_blanks_around_is_the_same(
    session: Session, create: Callable[..., SigningKey], pin: str
):
    key = create()

    assert keys.sign_with(session, "li", pin, b"x")[0] == key.public_key


@pytest.mark.parametrize("pin", ["", "27041", "111111", "123456", "987654", "１２３４５６", "      1"])
def test_a_pin_that_is_guessed_first_is_refused(
    session: Session, create: Callable[..., SigningKey], pin: str
):
    with pytest.raises(WeakPinError):
        create(pin=pin)

    assert queries.signing_keys(session, "li") == []
    assert queries.log_size(session) == 0


def test_a_longer_phrase_is_welcome(session: Session, create: Callable[..., SigningKey]):
    key = create(pin="西湖 alte Brücke")

    assert keys.sign_with(session, "li", "西湖 alte Brücke", b"x")[0] == key.public_key


@pytest.mark.parametrize(("person", "role"), [("li si", "operator"), ("李", "operator"), ("li", "a role")])
def test_what_is_no_token_makes_no_key(
    session: Session, create: Callable[..., SigningKey], person: str, role: str
):
    with pytest.raises((BadTokenError, LogEntryRefusedError)):
        create(person, role=role)

    assert queries.log_size(session) == 0


def test_a_person_without_a_key_signs_nothing(session: Session, create: Callable[..., SigningKey]):
    create("wang")

    with pytest.raises(NoSigningKeyError):
        keys.sign_with(session, "li", PIN, b"x")


def test_the_key_of_the_asked_role_signs(session: Session, create: Callable[..., SigningKey]):
    operator = create(role="operator")
    supervisor = create(role="supervisor", pin="860233")

    assert keys.sign_with(session, "li", PIN, b"x", role="operator")[0] == operator.public_key
    assert keys.sign_with(session, "li", "860233", b"x", role="supervisor")[0] == supervisor.public_key
    with pytest.raises(NoSigningKeyError):
        keys.sign_with(session, "li", PIN, b"x", role="party")


def test_the_newest_key_signs(session: Session, create: Callable[..., SigningKey]):
    create(pin="860233")
    newer = create()

    assert keys.sign_with(session, "li", PIN, b"x")[0] == newer.public_key
    with pytest.raises(WrongPinError):
        keys.sign_with(session, "li", "860233", b"x")


def test_an_expired_key_signs_nothing(session: Session, create: Callable[..., SigningKey]):
    key = create(until=NOON + timedelta(days=1))

    assert keys.sign_with(session, "li", PIN, b"x", at=NOON)[0] == key.public_key
    with pytest.raises(NoSigningKeyError):
        keys.sign_with(session, "li", PIN, b"x", at=NOON + timedelta(days=1))


def test_a_wrapped_key_opens_in_no_other_row(session: Session, create: Callable[..., SigningKey]):
    key = create("li")
    other = create("wang")
    with transaction(session):
        other.wrapped = key.wrapped
        session.add(other)

    with pytest.raises(WrongPinError):
        keys.sign_with(session, "wang", PIN, b"x")


def test_a_wrapped_key_that_asks_for_too_much_memory_is_refused(
    session: Session, create: Callable[..., SigningKey]
):
    key = create("li")
    with transaction(session):
        key.wrapped = "1f" + key.wrapped[2:]
        session.add(key)

    with pytest.raises(WrongPinError):
        keys.sign_with(session, "li", PIN, b"x")


def test_outside_tests_the_pin_is_stretched_by_scrypt_with_n_2_to_the_15(
    session: Session, settings: Settings
):
    real = settings.model_copy(update={"testing": False})
    facts = {"name": "李", "role": "operator", "body": "scjg-hz", "by": "admin", "at": NOON}

    key = keys.create_signing_key(session, "li", pin=PIN, settings=real, **facts)

    raw = bytes.fromhex(key.wrapped)
    assert raw[0] == 15
    stretched = hashlib.scrypt(PIN.encode(), salt=raw[1:17], n=2**15, r=8, p=1, maxmem=2**26, dklen=32)
    assert keys._wrapping_key(PIN, raw[1:17], 15) == stretched
    assert keys.sign_with(session, "li", PIN, b"x")[0] == key.public_key


def test_a_key_may_be_made_inside_another_command(session: Session, create: Callable[..., SigningKey]):
    with transaction(session):
        create("li")
        create("wang")

    assert queries.log_size(session) == 2
    verify_trail(session)
