"""Pools: their records, their lines read fast and as strictly as one by one, their roots and leaves."""

import hashlib
import hmac
import io
from pathlib import Path

import numpy as np
import pytest
from dr1.known_answers import pool_of, worked_example
from hypothesis import example, given
from hypothesis import strategies as st

from doublerandom.dr1 import merkle, pools
from doublerandom.dr1.canon import canon, parse
from doublerandom.dr1.errors import (
    BadConflictIdError,
    BadCountError,
    BadHexError,
    BadIdError,
    BadPoolKeyError,
    BadStringError,
    BadTokenError,
    DuplicateIdError,
    MissingMemberError,
    NotCanonicalError,
    NotLinesError,
    PoolMismatchError,
    ProtocolError,
    UnknownPoolError,
    UnsortedIdsError,
    WrongTypeError,
)
from doublerandom.dr1.lines import _Reader, scan
from doublerandom.dr1.records import check_record

EXAMPLE = worked_example()
KEY = bytes(range(32))
SUBJECT = {"id": "S1", "name": "甲「一」店", "region": "330102", "stratum": "low"}
INSPECTOR = {"id": "P1", "department": "scjg", "regions": ["330102"], "skills": ["a", "b"], "load": 0}
CONFLICT = {"id": "P1:S1", "inspector": "P1", "subject": "S1", "ground": "barred"}
RECORDS = {"subjects": SUBJECT, "inspectors": INSPECTOR, "conflicts": CONFLICT}


def subjects(number: int, **more) -> list[dict]:
    return [{**SUBJECT, "id": f"S{n:05}", "name": f"第{n}店", **more} for n in range(number)]


@pytest.mark.parametrize("pool", RECORDS)
def test_a_record_needs_each_of_its_members(pool):
    for name in RECORDS[pool]:
        lacking = {key: value for key, value in RECORDS[pool].items() if key != name}

        with pytest.raises(MissingMemberError):
            check_record(pool, lacking)


@pytest.mark.parametrize("pool", RECORDS)
def test_further_attributes_are_strings_or_integers(pool):
    check_record(pool, {**RECORDS[pool], "industry": "62", "year": -1, "note": ""})

    for value in (True, None, 1.5, [], ["a"], {}):
        with pytest.raises(WrongTypeError):
            check_record(pool, {**RECORDS[pool], "further": value})
    with pytest.raises(ProtocolError):
        check_record(pool, {**RECORDS[pool], "Further": "x"})
    with pytest.raises(ProtocolError):
        check_record(pool, {**RECORDS[pool], "further": "a\nb"})


@pytest.mark.parametrize(
    ("pool", "change", "error"),
    [
        ("subjects", {"id": "S 1"}, BadIdError),
        ("subjects", {"id": "S/1"}, BadIdError),
        ("subjects", {"id": "S:1"}, BadIdError),
        ("subjects", {"id": "甲"}, BadIdError),
        ("subjects", {"id": "S" * 32}, BadIdError),
        ("subjects", {"id": 1}, BadIdError),
        ("subjects", {"name": 1}, WrongTypeError),
        ("subjects", {"region": "a b"}, BadTokenError),
        ("subjects", {"stratum": ""}, BadTokenError),
        ("subjects", {"excluded": ""}, BadTokenError),
        ("subjects", {"excluded": True}, BadTokenError),
        ("inspectors", {"load": True}, WrongTypeError),
        ("inspectors", {"load": -1}, BadCountError),
        ("inspectors", {"capacity": -1}, BadCountError),
        ("inspectors", {"capacity": False}, WrongTypeError),
        ("inspectors", {"regions": "330102"}, WrongTypeError),
        ("inspectors", {"skills": [1]}, BadTokenError),
        ("inspectors", {"members": ["a:b"]}, BadIdError),
        ("inspectors", {"department": 5}, BadTokenError),
        ("conflicts", {"id": "P1:S2"}, BadConflictIdError),
        ("conflicts", {"id": "P1|S1"}, BadConflictIdError),
        ("conflicts", {"ground": "a b"}, BadTokenError),
        ("conflicts", {"inspector": "P:1", "id": "P:1:S1"}, BadIdError),
    ],
)
def test_members_of_another_kind_are_refused_in_records_and_in_files(pool, change, error):
    record = {**RECORDS[pool], **change}

    with pytest.raises(error):
        check_record(pool, record)
    with pytest.raises(error):
        pools.freeze(pool, [record])


def test_what_is_no_record_and_no_pool_is_refused():
    with pytest.raises(WrongTypeError):
        check_record("subjects", [SUBJECT])
    for read in (
        lambda: check_record("tasks", {}),
        lambda: pools.freeze("tasks", []),
        lambda: list(scan("x", [])),
    ):
        with pytest.raises(UnknownPoolError):
            read()
    with pytest.raises(WrongTypeError):
        pools.freeze("subjects", [{**SUBJECT, "further": {1}}])


@pytest.mark.parametrize("key", [None, KEY])
def test_ids_are_distinct_and_ascend(key):
    first, second = subjects(2)

    with pytest.raises(DuplicateIdError):
        pools.freeze("subjects", [first, {**first, "name": "other"}], key)
    with pytest.raises(UnsortedIdsError):
        pools.freeze("subjects", [second, first], key)


def test_ids_are_compared_by_bytes():
    records = [{**SUBJECT, "id": subject_id} for subject_id in ("A-1", "A.1", "A1", "AA", "A_", "Aa")]

    assert pools.freeze("subjects", records).size == 6


def test_an_id_is_not_repeated_across_batches_of_a_long_file():
    records = subjects(9000)

    with pytest.raises(DuplicateIdError):
        pools.freeze("subjects", [*records[:8192], records[8191]])


def test_a_public_pool_is_the_tree_over_its_canonical_lines():
    records = subjects(20000, excluded="leave")

    commitment = pools.freeze("subjects", records)

    assert commitment.root == merkle.root(canon(record) for record in records).hex()
    assert commitment.member() == {"root": commitment.root, "sealed": False, "size": 20000}


def test_a_sealed_pool_is_the_tree_over_its_salted_leaves_sorted_by_value():
    records = pool_of(EXAMPLE, "inspectors")
    leaves = []
    for record in records:
        salt = hmac.new(KEY, f"dr1|salt|inspectors|{record['id']}".encode(), "sha256").hexdigest()
        leaves.append(hashlib.sha256(b"dr1|leaf|" + salt.encode() + b"|" + canon(record)).digest())
        assert pools.leaf_salt(KEY, "inspectors", record["id"]) == salt
        assert pools.sealed_leaf(KEY, "inspectors", record) == leaves[-1]

    commitment = pools.freeze("inspectors", records, KEY)

    assert commitment.root == merkle.root(sorted(leaves)).hex()
    assert commitment.sealed
    assert pools.leaves("inspectors", records, KEY) == [leaf.hex() for leaf in sorted(leaves)]


def test_an_empty_pool_is_an_empty_file(tmp_path):
    (tmp_path / "conflicts.jsonl").write_bytes(b"")

    for key in (None, KEY):
        commitment = pools.freeze_lines("conflicts", tmp_path / "conflicts.jsonl", key)
        assert (commitment.root, commitment.size) == (merkle.EMPTY_ROOT.hex(), 0)
    pool = pools.load_subjects([])
    assert pool.counts() == {}
    assert pool.position("S1") is None


def test_a_pool_other_than_the_plan_s_is_named():
    with pytest.raises(PoolMismatchError):
        pools.check_commitment("subjects", pools.freeze("subjects", subjects(3)), EXAMPLE["plan"]["subjects"])


@pytest.mark.parametrize("key", [b"", b"x" * 31, "a" * 32, bytearray(32)])
def test_pool_keys_are_32_bytes(key):
    with pytest.raises(BadPoolKeyError):
        pools.freeze("inspectors", [], key)
    with pytest.raises(BadPoolKeyError):
        pools.leaf_salt(key, "inspectors", "P1")


@pytest.mark.parametrize("key", ["", "ab", "AB" * 32, "zz" * 32, 7])
def test_keys_are_written_as_64_lower_case_digits(key):
    with pytest.raises(BadPoolKeyError):
        pools.key_bytes(key)


def test_leaves_without_a_key_are_hex_distinct_and_ascending():
    low, high = "0" * 64, "f" * 64

    assert pools.root_of_leaves([low, high]).size == 2
    with pytest.raises(DuplicateIdError):
        pools.root_of_leaves([low, low])
    with pytest.raises(UnsortedIdsError):
        pools.root_of_leaves([high, low])
    with pytest.raises(BadHexError):
        pools.root_of_leaves([low + "\n"])


def test_a_path_a_file_and_an_iterable_of_lines_are_the_same(tmp_path):
    lines = list(pools.record_lines(subjects(30000, address="某市某区某路" * 3)))
    path = tmp_path / "subjects.jsonl"
    path.write_bytes(b"".join(lines))

    by_lines = pools.freeze_lines("subjects", lines)

    assert path.stat().st_size > 3 << 20
    assert pools.freeze_lines("subjects", path) == by_lines
    assert pools.freeze_lines("subjects", io.BytesIO(path.read_bytes())) == by_lines
    with path.open("rb") as file:
        assert pools.freeze_lines("subjects", file) == by_lines


@pytest.mark.parametrize("wrong", [b"a", b'{"id":"S1"', b'{"id":"S1"}'])
def test_a_line_that_is_not_closed_is_refused(tmp_path, wrong):
    path = Path(tmp_path / "subjects.jsonl")
    path.write_bytes(canon(SUBJECT) + b"\n" + wrong)

    with pytest.raises(NotLinesError):
        pools.freeze_lines("subjects", path)
    with pytest.raises(NotLinesError):
        pools.freeze_lines("subjects", [canon(SUBJECT) + b"\n", wrong])


def test_an_empty_line_and_a_carriage_return_are_refused(tmp_path):
    for data in (b"\n", canon(SUBJECT) + b"\n\n", canon(SUBJECT) + b"\r\n"):
        (tmp_path / "subjects.jsonl").write_bytes(data)

        with pytest.raises(NotCanonicalError):
            pools.freeze_lines("subjects", tmp_path / "subjects.jsonl")


TEXT = st.text(st.sampled_from('aé甲\\"/\u2027\u202f\xa0\ufefe😀 '), max_size=5)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["a", "further", "jd", "note", "zz"]),
    TEXT | st.integers(-(2**53) + 1, 2**53 - 1),
    max_size=3,
)
RECORD = st.one_of(
    st.tuples(
        st.just("subjects"),
        st.builds(
            lambda name, out: {**SUBJECT, "name": name, **out},
            TEXT,
            st.sampled_from([{}, {"excluded": "x:1"}]),
        ),
    ),
    st.tuples(
        st.just("inspectors"),
        st.builds(
            lambda lists, load, more: {**INSPECTOR, "regions": lists, "load": load, **more},
            st.lists(st.sampled_from(["r1", "r:2"]), max_size=3),
            st.sampled_from([0, 7, 10**15, 2**53 - 1]),
            st.sampled_from([{}, {"members": ["a", "b"], "capacity": 2}, {"excluded": "leave"}]),
        ),
    ),
    st.tuples(st.just("conflicts"), st.just(CONFLICT)),
)
PIECES = st.sampled_from(
    [
        *(
            b"",
            b'"',
            b"\\",
            b"\\u0041",
            b"\\n",
            b"\\/",
            b'\\"',
            b" ",
            b"\n",
            b"\r",
            b"\t",
            b"\0",
            b"\x7f",
            b"\xff",
        ),
        *(b"\xc2\x85", b"\xc2\xa0", b"\xe2\x80\xa7", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xe2\x81\xa6"),
        *(
            b"\xe2\x81\xaa",
            b"\xef\xbb\xbf",
            b"\xed\xa0\x80",
            b"\xe2",
            b"0",
            b"-",
            b"-0",
            b"1.0",
            b"e1",
            b"null",
        ),
        *(b"true", b",", b":", b"{", b"}", b"[]", b'"a":1,', b',"zz":1', b'"further":"x",', b'"id":"S1",'),
    ],
)


def read_slowly(pool: str, line: bytes) -> dict | None:
    """The record of one line by the plain words of the protocol, None where it is refused."""
    try:
        record = parse(line)
        check_record(pool, record)
    except ProtocolError:
        return None
    return record


@given(RECORD, ATTRIBUTES, PIECES, st.integers(0, 500), st.integers(0, 3))
@example(("subjects", SUBJECT), {}, b"\xe2\x80\xa8", 21, 0)
@example(("subjects", SUBJECT), {"further": 2**53 - 1}, b"", 0, 0)
@example(("subjects", SUBJECT), {"zz": 1}, b',"zz":1', 68, 0)
def test_the_fast_reader_accepts_exactly_what_the_slow_one_does(of_pool, attributes, piece, place, dropped):
    pool, record = of_pool[0], {**of_pool[1], **attributes}
    line = canon(record)
    place %= len(line) + 1
    changed = line[:place] + piece + line[place + dropped :]
    reader = _Reader(pool)
    reader.rows(line + b"\n", [line])

    wanted = [read_slowly(pool, part) for part in changed.split(b"\n")]
    found = None
    try:
        found = reader.rows(changed + b"\n", changed.split(b"\n"))
    except ProtocolError:
        assert None in wanted

    if found is not None:
        assert found == [tuple(one.get(name, "").encode() for name in reader.groups) for one in wanted]


@pytest.mark.parametrize("barred", "\u007f\u0080\u0085\u009f\u2028\u202e\u2066\u2069\ufeff")
def test_barred_characters_are_refused_wherever_they_stand_in_a_file(barred):
    lines = list(pools.record_lines(subjects(50)))

    for place in (0, 25, 49):
        changed = [*lines]
        changed[place] = changed[place].replace("店".encode(), f"{barred}店".encode())
        with pytest.raises(BadStringError):
            pools.freeze_lines("subjects", changed)


def test_the_reader_learns_the_attributes_it_meets_but_not_without_end():
    reader = _Reader("subjects")

    for n in range(60):
        line = canon({**SUBJECT, f"x{n}": n, "a": "b"})
        assert [
            dict(zip(reader.groups, row, strict=True))["id"] for row in reader.rows(line + b"\n", [line])
        ] == [b"S1"]

    assert len(reader.attributes) == 40
    assert reader.pattern.fullmatch(canon({**SUBJECT, "x1": "y", "x2": -3}) + b"\n")


def test_subjects_are_loaded_with_their_strata_regions_and_exclusions():
    records = pool_of(EXAMPLE, "subjects")

    pool = pools.subject_pool(records)

    assert pool.commitment.member() == EXAMPLE["plan"]["subjects"]
    assert [subject_id.decode() for subject_id in pool.ids] == [record["id"] for record in records]
    assert pool.counts() == {"low": (14, 1), "high": (6, 1)}
    assert pool.reasons == {"inspected-within-12-months": 1, "deregistered": 1}
    assert [pool.strata[code] for code in pool.stratum_codes] == [record["stratum"] for record in records]
    assert np.flatnonzero(pool.excluded).tolist() == [6, 16]
    for record in records:
        assert pool.deal_record(record["id"]) == {key: record[key] for key in ("id", "region", "stratum")}
    assert pool.position("S9999") is None
    with pytest.raises(KeyError):
        pool.deal_record("S00011")


def test_a_pool_whose_subjects_are_all_excluded_is_loaded_as_such():
    pool = pools.subject_pool(subjects(3, excluded="closed"))

    assert pool.counts() == {"low": (3, 3)}
    assert pool.excluded.all()


def test_sealed_subjects_are_loaded_under_their_key():
    records = subjects(100)

    pool = pools.subject_pool(records, KEY)

    assert pool.commitment == pools.freeze("subjects", records, KEY)
