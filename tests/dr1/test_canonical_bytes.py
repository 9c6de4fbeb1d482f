"""Canonical JSON: one way to write each value, and every other way refused."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doublerandom.dr1 import canon as canons
from doublerandom.dr1.canon import BARRED, LARGEST, canon, parse
from doublerandom.dr1.errors import (
    BadIdError,
    BadKeyError,
    BadNumberError,
    BadStringError,
    BadTimeError,
    BadTokenError,
    BadValueError,
    NotCanonicalError,
    NotLinesError,
    ProtocolError,
    TooDeepError,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]).filter(lambda c: not BARRED.match(c)))
INTEGERS = st.integers(-LARGEST, LARGEST)
KEYS = st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True)
VALUES = st.recursive(
    TEXTS | INTEGERS | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_are_those_of_an_independent_encoder(value):
    independent = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    assert canon(value) == independent


@given(VALUES)
def test_what_canon_writes_parse_reads_back(value):
    assert parse(canon(value)) == value


@given(
    VALUES, st.integers(0, 10**6), st.sampled_from([b" ", b"\n", b"0", b"\\", b'"', b"\xef\xbb\xbf", b"e0"])
)
def test_bytes_put_in_anywhere_are_refused_or_are_canonical_themselves(value, place, more):
    data = canon(value)
    place %= len(data) + 1
    changed = data[:place] + more + data[place:]

    try:
        read = parse(changed)
    except ProtocolError:
        return

    assert canon(read) == changed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b"\xef\xbb\xbf1",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a": 1}',
        b'"\\u0041"',
        b'"\\u4e2d"',
        b'"\\/"',
        b"-0",
        b"01",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\\ud800"',
        b"[1,]",
        b"NaN",
        b"{",
    ],
)
def test_other_bytes_for_a_value_are_refused(data):
    with pytest.raises((NotCanonicalError, BadValueError)):
        parse(data)


@pytest.mark.parametrize(
    "data", [b"null", b"1.0", b"1e3", b"[0.5]", b'{"a":null}', b"123456789012345678901234567890"]
)
def test_null_floats_and_integers_beyond_64_bits_are_refused(data):
    with pytest.raises((BadValueError, NotCanonicalError)):
        parse(data)


@pytest.mark.parametrize(
    "value", [None, 1.0, (1,), {1}, b"x", datetime(2026, 1, 1, tzinfo=UTC), [None], {"a": 0.5}]
)
def test_values_that_json_of_the_protocol_does_not_know_are_refused(value):
    with pytest.raises(BadValueError):
        canon(value)


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**63, 2**64, -(2**70)])
def test_integers_beyond_2_53_are_refused(number):
    with pytest.raises(BadNumberError):
        canon([number])
    with pytest.raises(ProtocolError):
        parse(str(number).encode())


@pytest.mark.parametrize("number", [LARGEST, -LARGEST, 0])
def test_integers_up_to_2_53_less_one_are_accepted(number):
    assert parse(canon(number)) == number


@pytest.mark.parametrize(
    "barred", [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, *range(0x202A, 0x202F)]
)
def test_barred_characters_are_refused(barred):
    with pytest.raises(BadStringError):
        canon({"a": f"x{chr(barred)}y"})
    with pytest.raises(ProtocolError):
        parse(b'"' + chr(barred).encode() + b'"')


@pytest.mark.parametrize("barred", [*range(0x2066, 0x206A), 0xD800, 0xDFFF])
def test_isolates_and_lone_surrogates_are_refused(barred):
    with pytest.raises(BadStringError):
        canon(chr(barred))


@pytest.mark.parametrize(
    "allowed", [0x20, 0x7E, 0xA0, 0x2027, 0x202F, 0x2065, 0x206A, 0xFEFE, 0x1F600, 0x300]
)
def test_the_neighbours_of_barred_characters_are_accepted_and_not_normalised(allowed):
    assert canon(f"e{chr(allowed)}") == f'"e{chr(allowed)}"'.encode()


@pytest.mark.parametrize("key", ["", "A", "a-b", "1a", "_a", "é", "a\n", 1, None])
def test_names_of_members_are_lower_case_words(key):
    with pytest.raises(BadKeyError):
        canon({key: 1})


def test_a_nest_deeper_than_any_object_of_the_protocol_is_refused_without_a_crash():
    value = []
    for _ in range(5000):
        value = [value]

    with pytest.raises(TooDeepError):
        canon(value)
    with pytest.raises(ProtocolError):
        parse(b"[" * 5000 + b"]" * 5000)


@pytest.mark.parametrize("token", ["a", "A", "0", "a.b:c_d-e", "x" * 64])
def test_tokens(token):
    canons.check_token(token)

    assert canons.is_token(token)


@pytest.mark.parametrize("token", ["", "-a", ".a", "a b", "a|b", "a/b", "中", "x" * 65, "a\n", 1, True, None])
def test_what_is_no_token(token):
    with pytest.raises(BadTokenError):
        canons.check_token(token)


@pytest.mark.parametrize("subject_id", ["a", "91330100MA27U05291", "x" * 31, "0-1_2.3"])
def test_ids(subject_id):
    canons.check_id(subject_id)

    assert canons.is_id(subject_id)


@pytest.mark.parametrize("subject_id", ["", "a b", "a/b", "a:b", "甲", "x" * 32, "-a", "a\n", 7])
def test_what_is_no_id(subject_id):
    with pytest.raises(BadIdError):
        canons.check_id(subject_id)


@pytest.mark.parametrize("text", ["2023-09-15T11:00:00Z", "2024-02-29T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_times_read_and_write_the_same(text):
    assert canons.format_time(canons.parse_time(text)).rjust(20, "0") == text


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29T00:00:00Z",
        "2023-13-01T00:00:00Z",
        "2023-01-01T24:00:00Z",
        "2023-01-01T23:59:60Z",
        "0000-01-01T00:00:00Z",
        "2023-01-01 00:00:00Z",
        "2023-01-01T00:00:00",
        "2023-01-01T00:00:00z",
        "2023-01-01T00:00:00+00:00",
        "2023-01-01T00:00:00.0Z",
        "2023-1-01T00:00:00Z",
        "２０２３-01-01T00:00:00Z",
        "2023-01-01T00:00:00Z\n",
        20230101,
    ],
)
def test_what_is_no_time(text):
    with pytest.raises(BadTimeError):
        canons.parse_time(text)


def test_times_of_other_zones_are_written_in_utc_and_a_time_without_zone_is_refused():
    noon = datetime(2026, 3, 2, 12, 0, 0, 999999, tzinfo=timezone(timedelta(hours=8)))

    assert canons.format_time(noon) == "2026-03-02T04:00:00Z"
    with pytest.raises(BadTimeError):
        canons.format_time(noon.replace(tzinfo=None))


def test_lines_are_parted_at_0a_only_and_every_line_is_closed():
    assert canons.split_lines(b"") == []
    assert canons.split_lines(b'"a\r"\n"\x85"\n') == [b'"a\r"', b'"\x85"']
    assert canons.parse_line(b"[1]\n") == [1]
    for unclosed in (b"[1]", b"[1]\n[2]"):
        with pytest.raises(NotLinesError):
            canons.split_lines(unclosed)
    with pytest.raises(NotLinesError):
        canons.parse_line(b"[1]")


def test_an_error_tells_its_code_and_parameters():
    with pytest.raises(BadTokenError) as caught:
        canons.check_token("a b", "plan.draw")

    assert caught.value.code == "bad_token"
    assert caught.value.check == 1
    assert str(caught.value) == "bad_token(where='plan.draw', value='a b')"
    assert str(ProtocolError()) == "protocol"
