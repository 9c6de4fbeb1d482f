"""Randomness: drand rounds and signatures, lottery groups, dice, and the beacon text they make."""

import hashlib
from datetime import UTC, datetime

import pytest
from dr1.known_answers import vectors, worked_example
from hypothesis import given
from hypothesis import strategies as st

from doublerandom.dr1 import beacon, drand
from doublerandom.dr1.errors import (
    BadBeaconError,
    BadDiceError,
    BadDrandError,
    BadLotteryError,
    BadRoundError,
    UnknownChainError,
)

KNOWN = vectors("drand")
QUICKNET = KNOWN["networks"]["quicknet"]
CHAIN = QUICKNET["chain_hash"]
ROUNDS = [known for known in KNOWN["rounds"] if known["network"] == "quicknet"]
SIGNATURE = ROUNDS[0]["signature"]
SOURCE = {"kind": "drand", "chain": CHAIN, "round": 657413}
SSQ = {"kind": "lottery", "name": "cn-ssq", "issue": "2026088"}
KL8 = {"kind": "lottery", "name": "cn-kl8", "issue": "2026200"}
DICE = {"kind": "dice", "sides": 10, "count": 40}


def test_the_pinned_network_is_the_known_one():
    pinned = drand.NETWORKS[CHAIN]

    assert list(drand.NETWORKS) == [CHAIN]
    assert pinned.public_key == QUICKNET["public_key_g2"]
    assert (pinned.period, pinned.genesis) == (QUICKNET["period"], QUICKNET["genesis_time"])
    assert pinned.dst.decode() == QUICKNET["dst"]


def test_the_chain_hash_is_the_hash_of_what_is_pinned():
    pinned = drand.QUICKNET
    described = pinned.period.to_bytes(4, "big") + pinned.genesis.to_bytes(8, "big")
    described += bytes.fromhex(pinned.public_key) + bytes.fromhex(QUICKNET["group_hash"]) + b"quicknet"

    assert hashlib.sha256(described).hexdigest() == CHAIN


@pytest.mark.parametrize("known", ROUNDS, ids=lambda known: str(known["round"]))
def test_a_real_round_verifies_and_its_text_holds_its_randomness(known):
    source = {**SOURCE, "round": known["round"]}

    drand.verify(CHAIN, known["round"], known["signature"])

    text = beacon.beacon_text([source], [{"signature": known["signature"]}])
    assert text == f"drand:{CHAIN}:{known['round']}:{known['randomness']}"


def test_a_round_of_a_network_with_another_key_verifies_against_that_key_only():
    known = next(known for known in KNOWN["rounds"] if known["network"] == "test key")
    network = drand.Network("test", known["public_key"], 3, 0, QUICKNET["dst"].encode())

    drand.verify_with(network, known["round"], known["signature"])

    with pytest.raises(BadDrandError):
        drand.verify(CHAIN, known["round"], known["signature"])


@pytest.mark.parametrize("known", KNOWN["must_reject"], ids=lambda known: known["why"][:30])
def test_what_must_be_rejected_is(known):
    with pytest.raises(BadDrandError):
        drand.verify(CHAIN, known["round"], known["signature"])
    with pytest.raises(BadDrandError):
        beacon.beacon_text([{**SOURCE, "round": known["round"]}], [{"signature": known["signature"]}])


@pytest.mark.parametrize(
    "signature",
    [
        SIGNATURE.upper(),
        SIGNATURE[:-1],
        SIGNATURE + "0",
        SIGNATURE + "\n",
        " " + SIGNATURE[1:],
        "9" + SIGNATURE[1:],
        "3" + SIGNATURE[1:],
        "c0" + "0" * 94,
        "0" * 96,
        "f" * 96,
        "",
        None,
        bytes.fromhex(SIGNATURE),
    ],
)
def test_no_other_encoding_is_taken(signature):
    with pytest.raises(BadDrandError):
        drand.verify(CHAIN, 657413, signature)


@given(st.integers(0, 95), st.sampled_from("0123456789abcdef"))
def test_one_digit_changed_is_refused(place, digit):
    changed = SIGNATURE[:place] + digit + SIGNATURE[place + 1 :]

    if changed == SIGNATURE:
        drand.verify(CHAIN, 657413, changed)
        return
    with pytest.raises(BadDrandError):
        drand.verify(CHAIN, 657413, changed)


@pytest.mark.parametrize("number", [0, -1, 2**64, True, 657413.0, "657413", None])
def test_what_is_no_round_is_refused(number):
    with pytest.raises(BadRoundError):
        drand.verify(CHAIN, number, SIGNATURE)
    with pytest.raises(BadRoundError):
        drand.time_of(number)


@pytest.mark.parametrize(
    "chain", ["ab" * 32, CHAIN.upper(), KNOWN["networks"]["default"]["chain_hash"], None, []]
)
def test_a_chain_that_is_not_pinned_is_refused(chain):
    with pytest.raises(UnknownChainError):
        drand.verify(chain, 657413, SIGNATURE)
    with pytest.raises(UnknownChainError):
        drand.round_after(datetime(2026, 1, 1, tzinfo=UTC), chain)


def test_the_round_after_a_time_is_the_known_one():
    known = KNOWN["round_formula"]["strictly_after_vector_quicknet"]

    assert drand.round_after(datetime.fromtimestamp(known["unix"], UTC)) == known["round"]
    assert drand.time_of(known["round"]).timestamp() == known["time_of_round"]
    for other in KNOWN["round_formula"]["vectors_quicknet"]:
        assert drand.round_after(datetime.fromtimestamp(other["unix"], UTC)) == other["round"] + 1


@given(st.integers(QUICKNET["genesis_time"] - 3, 4 * 10**9))
def test_the_round_after_a_time_is_the_first_strictly_after_it(seconds):
    due = datetime.fromtimestamp(seconds, UTC)

    number = drand.round_after(due)

    assert drand.time_of(number) > due
    assert number == 1 or drand.time_of(number - 1) <= due


@pytest.mark.parametrize(
    "due",
    [
        datetime.fromtimestamp(QUICKNET["genesis_time"] - 4, UTC),
        datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    ],
)
def test_there_is_no_round_before_the_first_nor_after_a_time_without_zone(due):
    with pytest.raises(BadRoundError):
        drand.round_after(due)


def test_lottery_groups_are_written_ascending():
    value = {"groups": [[33, 3, 12, 7, 9, 21], [16]]}

    assert beacon.text(SSQ, value) == "lottery:cn-ssq:2026088:3.7.9.12.21.33./16./"
    assert beacon.text(KL8, {"groups": [list(range(80, 60, -1))]}) == (
        "lottery:cn-kl8:2026200:" + ".".join(map(str, range(61, 81))) + "./"
    )


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [[1, 2, 3, 4, 5, 6]],
        [[1, 2, 3, 4, 5], [1]],
        [[1, 2, 3, 4, 5, 6, 7], [1]],
        [[1, 2, 3, 4, 5, 5], [1]],
        [[0, 2, 3, 4, 5, 6], [1]],
        [[1, 2, 3, 4, 5, 34], [1]],
        [[1, 2, 3, 4, 5, 6], [17]],
        [[1, 2, 3, 4, 5, 6], [1, 2]],
        [[1, 2, 3, 4, 5, 6], [1], []],
        [[1], [1, 2, 3, 4, 5, 6]],
        [[True, 2, 3, 4, 5, 6], [1]],
        [["1", 2, 3, 4, 5, 6], [1]],
        [[1.0, 2, 3, 4, 5, 6], [1]],
        [{1, 2, 3, 4, 5, 6}, [1]],
        "1.2.3.4.5.6./1./",
        None,
    ],
)
def test_lottery_groups_of_another_shape_are_refused(groups):
    with pytest.raises(BadLotteryError):
        beacon.text(SSQ, {"groups": groups})


@pytest.mark.parametrize(
    "rolls",
    [
        [],
        [1] * 39,
        [1] * 41,
        [10] + [1] * 39,
        [-1] + [1] * 39,
        [True] + [1] * 39,
        [1.0] + [1] * 39,
        "1" * 40,
        None,
    ],
)
def test_rolls_outside_the_sides_too_few_or_too_many_are_refused(rolls):
    with pytest.raises(BadDiceError):
        beacon.text(DICE, {"rolls": rolls})


@pytest.mark.parametrize(
    "value", [None, [], {}, {"rolls": [1], "more": 1}, {"Rolls": [1]}, {"signature": SIGNATURE, "x": 1}]
)
def test_an_observed_value_has_its_one_member(value):
    for source in (SOURCE, SSQ, DICE):
        with pytest.raises(BadBeaconError):
            beacon.check_value(source, value)


def test_a_malformed_signature_has_no_text():
    with pytest.raises(BadDrandError):
        beacon.text(SOURCE, {"signature": SIGNATURE.upper()})


def test_several_sources_are_joined_in_plan_order():
    dice = worked_example()["other_beacon_texts"][1]
    drawn = {"groups": [[1, 2, 3, 4, 5, 6], [7]]}

    text = beacon.beacon_text([SSQ, SOURCE, DICE], [drawn, {"signature": SIGNATURE}, dice["seen"]])

    assert text == f"lottery:cn-ssq:2026088:1.2.3.4.5.6./7./,{worked_example()['beacon']},{dice['text']}"
    assert beacon.beacon_text([], []) == ""


@pytest.mark.parametrize("values", [[], [{}, {}], None, {}, {"signature": SIGNATURE}])
def test_there_is_one_value_for_each_source(values):
    with pytest.raises(BadBeaconError):
        beacon.beacon_text([SOURCE], values)


def test_the_level_is_that_of_the_best_source():
    assert [beacon.level(sources) for sources in ([DICE, SOURCE], [DICE, SSQ], [])] == ["A", "B", "C"]


def test_the_numbers_of_outcomes():
    assert beacon.outcomes(SSQ) == 17721088
    assert beacon.outcomes(KL8) == 3535316142212174320
    assert beacon.outcomes(DICE) == 10**40
