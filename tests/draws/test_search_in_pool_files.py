"""Looking a code up in a large file costs a few reads, never a scan."""

import io
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doublerandom.dr1.canon import H
from doublerandom.dr1.pools import record_lines, subject_pool
from doublerandom.dr1.tickets import select
from doublerandom.draws.order import WIDTH, order_lines, rank
from doublerandom.draws.search import find_fixed, find_line, record_id

SEED = H("some seed")


class CountingFile(io.BytesIO):
    """A file that counts how often, and how much of it, was read."""

    def __init__(self, data):
        super().__init__(data)
        self.reads, self.bytes = 0, 0

    def read(self, size=-1):
        data = super().read(size)
        self.reads += 1
        self.bytes += len(data)
        return data

    def readline(self, size=-1):
        data = super().readline(size)
        self.reads += 1
        self.bytes += len(data)
        return data


def some_records(number, stratum=lambda n: "low" if n % 10 else "high", **others):
    return [
        {"id": f"S{n:06d}", "name": f"第{n}号" * (1 + n % 7), "region": "330102", "stratum": stratum(n)}
        | ({"excluded": "status-revoked"} if n % 13 == 5 else {})
        | others
        for n in range(number)
    ]


def a_plan(records, carried=()):
    plan = {"strata": []}
    for name in ("high", "low"):
        inside = [record for record in records if record["stratum"] == name]
        shut = sum("excluded" in record for record in inside)
        plan["strata"].append({"id": name, "size": len(inside), "excluded": shut, "take": 3})
    return plan | ({"carried": sorted(carried)} if carried else {})


def test_a_record_among_a_hundred_thousand_costs_few_reads():
    data = b"".join(record_lines(some_records(100_000)))

    for code in ("S000000", "S054321", "S099999", "S1", "A", "Z"):
        file = CountingFile(data)
        line = find_line(file, code.encode(), record_id)
        assert (line is not None) is (len(code) == 7)
        assert file.reads <= 60
        assert file.bytes < 10_000


def test_a_place_among_a_hundred_thousand_costs_few_reads():
    records = some_records(100_000)
    plan = a_plan(records)
    data = b"".join(order_lines(plan, subject_pool(records), SEED))
    file = CountingFile(data)

    assert len(data) == WIDTH * sum("excluded" not in record for record in records)
    assert rank(file, plan, stratum="low", code="S054321", seed=SEED) is not None
    assert file.reads <= 20


@given(st.sets(st.text("abc19", min_size=1, max_size=8)), st.text("abc19", min_size=1, max_size=8))
def test_search_finds_exactly_what_is_there(keys, wanted):
    lines = [key.encode() + b"|" + b"x" * (len(key) * 7 % 23) for key in sorted(keys)]
    file = io.BytesIO(b"".join(line + b"\n" for line in lines))

    found = find_line(file, wanted.encode(), lambda line: line.split(b"|")[0])

    assert (found is not None) is (wanted in keys)
    for key, line in zip(sorted(keys), lines, strict=True):
        assert find_line(file, key.encode(), lambda item: item.split(b"|")[0]) == line


@given(st.sets(st.integers(0, 10**6), max_size=40), st.integers(0, 10**6))
def test_search_among_lines_of_one_width_gives_the_number(keys, wanted):
    ordered = sorted(f"{key:07d}" for key in keys)
    file = io.BytesIO("".join(f"{key}  \n" for key in ordered).encode())

    place = find_fixed(file, f"{wanted:07d}".encode(), 10)

    assert place == (ordered.index(f"{wanted:07d}") if wanted in keys else None)


@pytest.mark.parametrize("carried", [(), ("S000020", "S000041", "S000043")])
def test_the_order_file_is_the_order_of_the_protocol(carried):
    records = some_records(200)
    plan, pool = a_plan(records, carried), subject_pool(records)
    file = io.BytesIO(b"".join(order_lines(plan, pool, SEED)))
    selection = select(SEED, pool, plan["strata"], plan.get("carried", ()))

    for stratum in ("high", "low"):
        order = selection.order(stratum)
        places = [rank(file, plan, stratum=stratum, code=code, seed=SEED) for code in order]
        assert places == list(range(1, len(order) + 1))
    assert rank(file, plan, stratum="low", code="S000005", seed=SEED) is None
    lines = file.getvalue().splitlines()
    assert lines == sorted(lines)
    first = lines[0].decode()
    assert first[5:69] == sha256(f"dr1|subject|{SEED}|{first[69:].strip()}".encode()).hexdigest()
