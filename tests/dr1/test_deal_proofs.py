"""Proofs of empty seats: what is wrong with a wrong one is told."""

import copy

import pytest
from dr1.deal_instances import conflict, inspector, subject

from doublerandom.dr1.deal import BadProofError, Table, check_empty_seat_proof, check_empty_seat_proofs, deal

SEED = "1" * 64
SEATS = [{"seat": "lead", "skills": ["a"]}, {"seat": "member"}]


@pytest.fixture
def pools():
    """Two leads with one place each and three subjects: one goes without a lead; members are many."""
    leads = [inspector("L1", skills=["a"], capacity=1), inspector("L2", skills=["a"], capacity=1)]
    members = [inspector(f"M{number}") for number in range(3)]
    barred = inspector("L3", skills=["a"])
    subjects = [subject(f"S{number}") for number in range(3)]
    return subjects, SEATS, [*leads, *members, barred], [conflict("L3", f"S{number}") for number in range(3)]


@pytest.fixture
def done(pools):
    return deal(*pools, SEED)


@pytest.fixture
def proof(done):
    (only,) = copy.deepcopy(done.empty_seats)
    return only


def fault(pools, done, proof):
    with pytest.raises(BadProofError) as caught:
        check_empty_seat_proof(Table(*pools), done.teams, proof)
    assert caught.value.check == 10
    return caught.value.params["why"]


def test_a_good_proof_passes(pools, done, proof):
    check_empty_seat_proof(Table(*pools), done.teams, proof)

    assert sorted(proof["met"]) == ["L1", "L2"]
    assert (done.proofs[0].subject, done.proofs[0].seat) == ("S2", 0)


def test_somebody_eligible_whom_it_leaves_out_is_noticed(pools, done, proof):
    subjects, seats, people, conflicts = pools

    assert fault((subjects, seats, people, conflicts[:-1]), done, proof) == "somebody_left"


def test_an_inspector_with_room_is_noticed(pools, done, proof):
    subjects, seats, people, conflicts = pools
    roomier = [{**record, "capacity": 2} if record["id"] == "L1" else record for record in people]

    assert fault((subjects, seats, roomier, conflicts), done, proof) == "has_room_or_place_outside"


def test_a_place_left_out_is_noticed(pools, done, proof):
    del proof["places"][-1]

    assert fault(pools, done, proof) == "has_room_or_place_outside"


def test_an_inspector_left_out_is_noticed(pools, done, proof):
    del proof["met"][0]

    assert fault(pools, done, proof) == "somebody_left"


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: proof["met"].append("L9"),
        lambda proof: proof["met"].append(proof["met"][0]),
        lambda proof: proof["places"].append(proof["places"][0]),
        lambda proof: proof["places"].append(["S9", 0]),
        lambda proof: proof["places"].append(["S0", 2]),
        lambda proof: proof["places"].append(["S0", -1]),
    ],
)
def test_what_stands_twice_or_nowhere_is_noticed(pools, done, proof, change):
    change(proof)

    assert fault(pools, done, proof) == "unknown_or_repeated"


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: proof.update(subject="S1"),
        lambda proof: proof.update(seat="member"),
        lambda proof: proof["places"].reverse(),
        lambda proof: proof["places"].clear(),
    ],
)
def test_a_proof_is_of_the_seat_it_names(pools, done, proof, change):
    change(proof)

    assert fault(pools, done, proof) == "other_place"


def test_a_seat_that_is_filled_needs_no_proof(pools, done, proof):
    done.teams[2][0] = "L3"

    assert fault(pools, done, proof) == "other_place"


def test_the_proofs_are_those_of_all_empty_seats_in_dealing_order():
    pools = ([subject("S1"), subject("S2")], SEATS[:1], [inspector("M1")], [])
    done = deal(*pools, SEED)
    table = Table(*pools)

    check_empty_seat_proofs(table, done.teams, done.empty_seats)
    for wrong, why in [
        (done.empty_seats[::-1], "out_of_order"),
        (done.empty_seats[:1], "missing"),
        (done.empty_seats + done.empty_seats[:1], "out_of_order"),
    ]:
        with pytest.raises(BadProofError) as caught:
            check_empty_seat_proofs(table, done.teams, wrong)
        assert caught.value.params["why"] == why
