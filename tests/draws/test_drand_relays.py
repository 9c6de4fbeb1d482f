"""drand relays are asked over the network and never trusted: what verifies offline is taken, nothing else."""

import socket
import time
from datetime import timedelta

import pytest
from draws.a_relay import ANSWER, CHAIN, GOOD, OTHER, OUTSIDE, UNCOMPRESSED, a_relay
from pydantic import ValidationError

from doublerandom.config import Settings
from doublerandom.dr1.drand import time_of
from doublerandom.draws.beacon import Word, ask, drand_value, fetch_round, lottery_value, rolls_value
from doublerandom.draws.beacon.patience import pause_after

SOURCE = {"kind": "drand", "chain": CHAIN, "round": GOOD["round"]}
VALUE = {"signature": GOOD["signature"]}


@pytest.fixture(scope="module")
def relay():
    with a_relay() as relay:
        yield relay


def a_port_where_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize(
    ("behaviour", "word"),
    [
        ("good", Word.VERIFIED),
        ("bare", Word.VERIFIED),
        ("wrong", Word.WRONG_SIGNATURE),
        ("outside", Word.WRONG_SIGNATURE),
        ("uncompressed", Word.OTHER_ENCODING),
        ("capitals", Word.OTHER_ENCODING),
        ("other-round", Word.WRONG_ROUND),
        ("other-digest", Word.WRONG_DIGEST),
        ("text-round", Word.UNREADABLE),
        ("list", Word.UNREADABLE),
        ("twice", Word.UNREADABLE),
        ("page", Word.UNREADABLE),
        ("deep", Word.UNREADABLE),
        ("empty", Word.UNREADABLE),
        ("not-yet", Word.NOT_YET),
        ("too-early", Word.NOT_YET),
        ("broken", Word.NO_ANSWER),
        ("moved", Word.SENT_AWAY),
        ("huge", Word.TOO_LONG),
    ],
)
def test_an_answer_counts_when_it_is_the_signature_of_this_round(relay, behaviour, word):
    (answer,) = ask([relay / behaviour], [SOURCE], seconds=5)

    assert answer.word is word
    assert answer.value == (VALUE if word is Word.VERIFIED else None)
    assert relay.asked[-1] == f"/{behaviour}/{CHAIN}/public/{GOOD['round']}" or relay.asked[-1] == "stopped"


def test_nobody_waits_for_slow_relays(relay):
    began = time.monotonic()

    answers = ask([relay / "slow", relay / "dripping"], [SOURCE], seconds=0.3)

    assert {answer.word for answer in answers} == {Word.SLOW}
    assert time.monotonic() - began < 2


def test_several_are_asked_at_once_and_one_that_verifies_is_enough(relay):
    relays = [relay / name for name in ("wrong", "outside", "moved", "page", "good")]
    down = a_port_where_nobody_listens()

    answers = ask([*relays, down], [SOURCE], seconds=5)

    words = {answer.relay: answer.word for answer in answers}
    assert words[relay / "good"] is Word.VERIFIED
    assert words[down] is Word.UNREACHABLE
    assert [answer.value for answer in answers if answer.value] == [VALUE]


def test_rounds_are_asked_for_together(relay):
    other = SOURCE | {"round": OTHER["round"]}

    answers = ask([relay / "good", relay / "other-round"], [SOURCE, other], seconds=5)

    found = {(answer.relay, answer.source["round"]): answer.value for answer in answers}
    assert found[relay / "good", GOOD["round"]] == VALUE
    assert found[relay / "other-round", OTHER["round"]] == {"signature": OTHER["signature"]}
    assert found[relay / "good", OTHER["round"]] is None


def test_the_settings_name_the_relays(relay, settings):
    plan = {"randomness": [{"kind": "dice"}, SOURCE]}
    set_to = settings.model_copy(update={"drand_relays": f" {relay / 'good'}/ , {relay / 'wrong'},"})

    assert settings.relays == ()
    assert fetch_round(settings, plan, 1) is None
    assert set_to.relays == (relay / "good", relay / "wrong")
    assert fetch_round(set_to, plan, 1) == VALUE
    assert len(Settings(_env_file=None).relays) == 4


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x.org",
        "api.drand.sh",
        "file:///etc/passwd",
        "https://a:b@x.org",
        "https://x.org/?q",
        "https://",
    ],
)
def test_a_relay_that_is_no_web_address_stops_the_start(address):
    with pytest.raises(ValidationError, match="drand relay"):
        Settings(drand_relays=address, _env_file=None)


def test_relays_are_asked_less_often_the_longer_a_round_is_missing():
    published = time_of(GOOD["round"])

    pauses = [pause_after(published, published + timedelta(minutes=age)) for age in (0, 1, 5, 59, 60, 4000)]

    assert [pause.total_seconds() for pause in pauses] == [0, 0, 30, 30, 300, 300]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (GOOD["signature"], VALUE),
        (f"  {GOOD['signature'][:48].upper()}\n{GOOD['signature'][48:]} ", VALUE),
        ("\ufeff" + str(ANSWER).replace("'", '"'), VALUE),
        (UNCOMPRESSED, {"signature": UNCOMPRESSED}),
        (f'{{"signature": "{OUTSIDE}"}}', {"signature": OUTSIDE}),
        ('{"signature": 7}', '{"signature": 7}'),
        ('{"signature": ', '{"signature":'),
        ("", {"signature": ""}),
    ],
)
def test_a_signature_is_read_however_it_was_pasted(text, value):
    assert drand_value(text) == value


@pytest.mark.parametrize(
    ("text", "sides", "value"),
    [
        ("3094", 10, {"rolls": [3, 0, 9, 4]}),
        (" 30 94\n7.1,２ ", 10, {"rolls": [3, 0, 9, 4, 7, 1, 2]}),
        ("12 0、19", 20, {"rolls": [12, 0, 19]}),
        ("3 0 x", 10, "3 0 x"),
        ("3 0 -9", 10, {"rolls": [3, 0, 9]}),
        ("", 10, {"rolls": []}),
        ("1000", 100, "1000"),
    ],
)
def test_rolls_are_read_digit_by_digit_or_with_marks_between(text, sides, value):
    assert rolls_value(text, sides) == value


def test_lottery_numbers_are_put_in_order_where_they_are_numbers():
    assert lottery_value([["33", " 3", "１２"], ["16"]]) == {"groups": [[3, 12, 33], [16]]}
    assert lottery_value([["33", "x"], [""]]) == {"groups": [[33, "x"], [""]]}
