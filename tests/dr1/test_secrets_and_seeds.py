"""Secrets open their commitments in the plan's order; a seed hangs on each of its parts."""

import hashlib

import pytest
from dr1.known_answers import worked_example
from hypothesis import given
from hypothesis import strategies as st

from doublerandom.dr1 import seeds
from doublerandom.dr1.errors import BadSecretError

EXAMPLE = worked_example()
PLAN = EXAMPLE["plan"]
OPENED = [
    {
        "party": one["party"],
        "purpose": one["purpose"],
        "secret": EXAMPLE["secrets"][one["purpose"]][one["party"]],
    }
    for one in PLAN["secrets"]
]
HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)


def test_a_commitment_is_the_hash_of_the_text_of_section_5():
    text = "dr1|secret|hz-scjg|HZ-1|subject|operator|" + "4" * 64

    found = seeds.secret_commitment("hz-scjg", "HZ-1", "subject", "operator", "4" * 64)

    assert found == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "opened",
    [
        [],
        OPENED[:3],
        [*OPENED, OPENED[0]],
        [OPENED[1], OPENED[0], *OPENED[2:]],
        [OPENED[2], OPENED[3], OPENED[0], OPENED[1]],
        [{**OPENED[0], "secret": "0" * 64}, *OPENED[1:]],
        [{**OPENED[0], "secret": "AB" * 32}, *OPENED[1:]],
        [{**OPENED[0], "party": "other"}, *OPENED[1:]],
        [{**OPENED[0], "purpose": "task"}, *OPENED[1:]],
        [{**OPENED[0], "body": "hz-scjg"}, *OPENED[1:]],
        [{key: OPENED[0][key] for key in ("party", "secret")}, *OPENED[1:]],
        [None, *OPENED[1:]],
        {},
        None,
    ],
)
def test_secrets_missing_changed_or_in_another_order_are_refused(opened):
    with pytest.raises(BadSecretError):
        seeds.check_secrets(PLAN, opened)


def test_where_subjects_are_closed_the_inspectors_secrets_stand_alone():
    seeds.check_secrets(PLAN, OPENED[2:], purposes=("inspector",))

    with pytest.raises(BadSecretError):
        seeds.check_secrets(PLAN, OPENED, purposes=("inspector",))


def test_a_plan_without_secrets_has_none_to_open():
    seeds.check_secrets({**PLAN, "secrets": []}, [])

    assert (
        seeds.seed("ab" * 32, "subject", "", {})
        == hashlib.sha256(
            b"dr1|seed|" + b"ab" * 32 + b"|subject||",
        ).hexdigest()
    )


@given(st.dictionaries(st.sampled_from(["a", "a.b", "a-b", "B", "z:1"]), HEX, max_size=5), st.randoms())
def test_the_parties_order_does_not_matter_and_is_by_bytes(secrets, random):
    shuffled = list(secrets.items())
    random.shuffle(shuffled)

    found = seeds.seed("ab" * 32, "inspector", "beacon", dict(shuffled))

    joined = ",".join(f"{party}={secrets[party]}" for party in sorted(secrets, key=str.encode))
    text = f"dr1|seed|{'ab' * 32}|inspector|beacon|{joined}"
    assert found == hashlib.sha256(text.encode()).hexdigest()


def test_every_part_changes_the_seed():
    whole = ("ab" * 32, "subject", "beacon", {"a": "1" * 64}, False)
    others = ("cd" * 32, "inspector", "other", {"a": "2" * 64}, True)

    found = {seeds.seed(*whole)} | {
        seeds.seed(*[*whole[:place], other, *whole[place + 1 :]]) for place, other in enumerate(others)
    }

    assert len(found) == 6


def test_the_seeds_of_a_plan_take_each_purpose_s_own_secrets():
    found = seeds.seeds(PLAN, EXAMPLE["plan_hash"], EXAMPLE["beacon"], OPENED)

    assert found == {"subject": EXAMPLE["seed_subject"], "inspector": EXAMPLE["seed_inspector"]}
    rehearsal = seeds.seeds({**PLAN, "rehearsal": True}, EXAMPLE["plan_hash"], EXAMPLE["beacon"], OPENED)
    assert rehearsal["subject"] == seeds.seed(
        EXAMPLE["plan_hash"],
        "subject",
        EXAMPLE["beacon"],
        EXAMPLE["secrets"]["subject"],
        rehearsal=True,
    )
