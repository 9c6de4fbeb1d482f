"""The audit trail: one act for each thing changed, in its transaction, chained, without secrets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, ClassVar

import pytest
from conftest import NOON
from pydantic import BaseModel
from sqlmodel import Session, select

from doublerandom.accounts.models import Region
from doublerandom.db import transaction
from doublerandom.dr1.canon import ZEROS, H, canon
from doublerandom.dr1.errors import BadTokenError
from doublerandom.ledger import queries, trail
from doublerandom.ledger.errors import TrailBrokenError
from doublerandom.ledger.models import Act
from doublerandom.ledger.trail import Fact, fingerprint, plain, put_on_record, verify_trail


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class RegionNamed(Fact):
    on_kind: ClassVar[str] = "region"
    code: str
    name: Any = ""

    @property
    def on_id(self) -> str:
        return self.code


@dataclass(frozen=True)
class FieldNamed(Fact):
    on_kind: ClassVar[str] = "region"
    on_id: str


@dataclass(frozen=True)
class MethodNamed(Fact):
    on_kind: ClassVar[str] = "region"
    code: str

    def on_id(self) -> str:
        return self.code


class Reading(BaseModel):
    person: str
    pages: int | None


@dataclass(frozen=True)
class Homeless(Fact):
    on_kind: ClassVar[str] = "region"
    code: str


def record(session: Session, act: Fact, *, by: str = "li", at: datetime = NOON, **sides: Any) -> Act:
    with transaction(session):
        return put_on_record(session, act, by=by, at=at, **sides)


def test_an_act_says_who_did_what_to_what_and_when(session: Session):
    record(session, RegionNamed("330100", "杭州市"), by="wang-1")

    (act,) = queries.acts_on(session, "region", "330100")
    assert (act.id, act.by, act.name, act.at) == (1, "wang-1", "RegionNamed", NOON)
    assert trail.facts_of(act) == {"code": "330100", "name": "杭州市"}


def test_acts_are_numbered_without_gap_and_chained_by_hash(session: Session):
    for code in ("1", "2", "3"):
        record(session, RegionNamed(code))

    acts = list(queries.acts(session))
    assert [act.id for act in acts] == [1, 2, 3]
    assert [act.previous_hash for act in acts] == [ZEROS, acts[0].hash, acts[1].hash]
    verify_trail(session)


def test_the_hash_is_over_the_canonical_columns(session: Session):
    act = record(session, RegionNamed("330100"))

    columns = {
        "id": 1,
        "at": "2026-03-02T04:00:00Z",
        "by": "li",
        "name": "RegionNamed",
        "on_kind": "region",
        "on_id": "330100",
        "facts": '{"code":"330100","name":""}',
        "before_hash": "",
        "after_hash": "",
        "previous_hash": ZEROS,
    }
    assert act.hash == H("dr-act|" + canon(columns).decode())


def test_the_thing_before_and_after_stands_there_by_its_hash(session: Session):
    with transaction(session):
        region = Region(code="330100", name="杭州", level="city")
        session.add(region)
        before = fingerprint(region)
        region.name = "杭州市"
        act = put_on_record(session, RegionNamed("330100"), by="li", at=NOON, before=before, after=region)

    told = '{"code":"330100","level":"city","name":"%s","parent":""}'
    assert act.before_hash == H(told % "杭州")
    assert act.after_hash == H(told % "杭州市")


def test_what_is_undone_leaves_no_act(session: Session):
    def command() -> None:
        with transaction(session):
            put_on_record(session, RegionNamed("1"), by="li", at=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        command()

    assert not session.exec(select(Act)).all()


def test_several_acts_of_one_command_follow_each_other(session: Session):
    with transaction(session):
        first = put_on_record(session, RegionNamed("1"), by="li", at=NOON)
        second = put_on_record(session, RegionNamed("2"), by="li", at=NOON)

    assert (first.id, second.id, second.previous_hash) == (1, 2, first.hash)
    verify_trail(session)


def test_nothing_is_put_on_record_outside_a_command(session: Session):
    with pytest.raises(RuntimeError, match="inside transaction"):
        put_on_record(session, RegionNamed("1"), by="li", at=NOON)


def test_whoever_acts_has_a_token(session: Session):
    with pytest.raises(BadTokenError):
        record(session, RegionNamed("1"), by="李 四")

    assert queries.last_act(session) is None


@pytest.mark.parametrize("act", [FieldNamed("330100"), MethodNamed("330100")])
def test_the_number_of_the_thing_may_be_a_field_or_a_method(session: Session, act: Fact):
    assert record(session, act).on_id == "330100"


@pytest.mark.parametrize("act", [Homeless("1"), FieldNamed(""), FieldNamed("x" * 129)])
def test_an_act_that_does_not_say_on_what_is_refused(session: Session, act: Fact):
    with pytest.raises(TypeError, match="does not say what it was done to"):
        record(session, act)


@pytest.mark.parametrize(
    "name",
    ["pin", "password", "secret", "party_secrets", "salt", "private_hex", "pool_key", "task_keys", "seed"],
)
def test_a_fact_named_like_a_secret_cannot_even_be_written_down(name: str):
    with pytest.raises(TypeError, match="secrets are not put on record"):
        type("Leak", (Fact,), {"__annotations__": {name: str}})


@pytest.mark.parametrize("name", ["public_key", "spinning", "key", "keyword", "pinned_at"])
def test_a_fact_that_only_sounds_like_a_secret_is_fine(name: str):
    assert type("Fine", (Fact,), {"__annotations__": {name: str}})


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("一行\n两行", "一行\\u000a两行"),
        ("\\u000a", "\\\\u000a"),
        (True, True),
        (7, 7),
        (NOON, "2026-03-02T04:00:00Z"),
        (datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=8))), "2026-03-02T04:00:00Z"),
        (date(2026, 3, 2), "2026-03-02"),
        (Decimal("1.50"), "1.50"),
        (0.1, "0.1"),
        (b"\x00\xff", "00ff"),
        (PurePosixPath("a/b"), "a/b"),
        (Colour.RED, "red"),
        ({"b", "a"}, ["a", "b"]),
        (("x", None), ["x", []]),
        ({"a": None, "b": 1}, {"b": 1}),
        ({"91330100": "x", "11330100": "y"}, [["11330100", "y"], ["91330100", "x"]]),
        (Homeless("7"), {"code": "7"}),
        (Reading(person="li", pages=None), {"person": "li"}),
        (Region(code="1", name="n", level="city"), {"code": "1", "level": "city", "name": "n", "parent": ""}),
    ],
)
def test_every_kind_of_fact_has_one_canonical_form(value: Any, told: Any):
    assert plain(value) == told
    canon(plain(value))


def test_what_has_no_canonical_form_is_refused():
    with pytest.raises(TypeError, match="cannot be put on record"):
        plain(object())


@pytest.mark.parametrize("column", ["by", "facts", "on_id", "after_hash", "name"])
def test_a_changed_act_is_found(session: Session, tamper: Callable[[str, str], None], column: str):
    for code in ("1", "2", "3"):
        record(session, RegionNamed(code))
    tamper("ledger_act", f"UPDATE ledger_act SET {column} = '{'0' * 64}' WHERE id = 2")

    with pytest.raises(TrailBrokenError) as broken:
        verify_trail(session)

    assert broken.value.params == {"act": 2, "what": "hash"}


def test_an_act_with_another_time_is_found(session: Session, tamper: Callable[[str, str], None]):
    record(session, RegionNamed("1"))
    tamper("ledger_act", "UPDATE ledger_act SET at = '2026-03-02 04:00:01+00:00'")

    with pytest.raises(TrailBrokenError):
        verify_trail(session)


def test_an_act_taken_out_is_found(session: Session, tamper: Callable[[str, str], None]):
    for code in ("1", "2", "3"):
        record(session, RegionNamed(code))
    tamper("ledger_act", "DELETE FROM ledger_act WHERE id = 2")

    with pytest.raises(TrailBrokenError) as broken:
        verify_trail(session)

    assert broken.value.params == {"act": 2, "what": "number"}


def test_an_act_rewritten_with_its_hash_is_found_by_the_next(
    session: Session, tamper: Callable[[str, str], None]
):
    record(session, RegionNamed("1"))
    record(session, RegionNamed("2"))
    forged = queries.acts_on(session, "region", "1")[0].model_copy(update={"by": "wang"})
    tamper("ledger_act", f"UPDATE ledger_act SET by = 'wang', hash = '{trail.act_hash(forged)}' WHERE id = 1")

    with pytest.raises(TrailBrokenError) as broken:
        verify_trail(session)

    assert broken.value.params == {"act": 2, "what": "chain"}


def test_the_latest_acts_come_newest_first_and_page_backwards(session: Session):
    for code in "12345":
        record(session, RegionNamed(code), at=NOON.astimezone(UTC))

    assert [act.id for act in queries.latest_acts(session, limit=2)] == [5, 4]
    assert [act.id for act in queries.latest_acts(session, limit=2, before=4)] == [3, 2]
