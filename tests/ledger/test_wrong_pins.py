"""Wrong signing PINs are counted and on record whatever the command's rollback undoes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from conftest import NOON
from sqlalchemy import Engine
from sqlmodel import Session, select

from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.errors import ConflictingStateError
from doublerandom.ledger import queries
from doublerandom.ledger.errors import WrongPinError, WrongPinLockedError
from doublerandom.ledger.models import PinAttempt
from doublerandom.ledger.pins import pin_attempt
from doublerandom.ledger.trail import facts_of, verify_trail


def fail(session: Session, settings: Settings, person: str = "li", at=NOON, error=WrongPinError) -> None:
    """A command that ends with an error after the PIN was asked for."""
    with pin_attempt(session, person, settings=settings, at=at), transaction(session):
        raise error


def fail_often(session: Session, settings: Settings, times: int, person: str = "li") -> None:
    for _ in range(times):
        with pytest.raises(WrongPinError):
            fail(session, settings, person)


def wrong(session: Session, person: str = "li") -> list[dict]:
    return [facts_of(act) for act in queries.acts_on(session, "person", person)]


def test_each_wrong_pin_is_on_record_and_the_last_one_locks(session: Session, settings: Settings):
    fail_often(session, settings, settings.sign_in_attempts)

    with pytest.raises(WrongPinLockedError) as refused:
        fail(session, settings)

    assert refused.value.params == {"minutes": settings.sign_in_window_minutes}
    assert [found["count"] for found in wrong(session)] == [1, 2, 3, 4, 5]
    assert [found["locked"] for found in wrong(session)] == [False, False, False, False, True]
    verify_trail(session)


def test_after_the_window_the_person_may_try_again(session: Session, settings: Settings):
    fail_often(session, settings, settings.sign_in_attempts)
    later = NOON + timedelta(minutes=settings.sign_in_window_minutes)

    with pytest.raises(WrongPinError):
        fail(session, settings, at=later)

    assert wrong(session)[-1] == {"on_id": "li", "count": 1, "locked": False}
    assert len(session.exec(select(PinAttempt)).all()) == 1


def test_another_persons_pins_are_counted_apart(session: Session, settings: Settings):
    fail_often(session, settings, settings.sign_in_attempts, "wang")

    with pytest.raises(WrongPinError):
        fail(session, settings, "li")


def test_a_right_pin_forgets_the_wrong_ones(session: Session, settings: Settings):
    fail_often(session, settings, settings.sign_in_attempts - 1)

    with pin_attempt(session, "li", settings=settings, at=NOON), transaction(session):
        pass

    assert session.exec(select(PinAttempt)).all() == []


def test_what_fails_for_another_reason_does_not_count(session: Session, settings: Settings):
    for _ in range(settings.sign_in_attempts + 1):
        with pytest.raises(ConflictingStateError):
            fail(session, settings, error=ConflictingStateError)

    assert wrong(session) == []
    assert session.exec(select(PinAttempt)).all() == []


def test_many_at_once_get_no_more_attempts_than_one_after_the_other(engine: Engine, settings: Settings):
    def attempt(_: int) -> str:
        with Session(engine) as session:
            try:
                fail(session, settings)
            except (WrongPinError, WrongPinLockedError) as error:
                return error.code

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(attempt, range(12)))

    assert found == ["wrong_pin"] * 5 + ["wrong_pin_locked"] * 7
