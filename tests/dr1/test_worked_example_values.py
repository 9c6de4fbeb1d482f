"""Every value of the worked example, from pools to seeds, tickets, order and tasks."""

import hashlib

import pytest
from dr1.known_answers import pool_of, worked_example

from doublerandom.dr1 import beacon, plan, pools, quotas, seeds, tasks, tickets
from doublerandom.dr1.canon import H, canon, parse

EXAMPLE = worked_example()
PLAN = EXAMPLE["plan"]


def test_the_first_subject_has_the_example_s_canonical_bytes():
    assert pools.pool_line(EXAMPLE["subjects"][0]).decode() == EXAMPLE["canon_first_subject"]


@pytest.mark.parametrize("name", ["subjects", "inspectors", "conflicts"])
def test_each_pool_gives_the_plan_s_root_and_size(name):
    key = pools.key_bytes(EXAMPLE["keys"][name]) if name in EXAMPLE["keys"] else None

    commitment = pools.freeze(name, pool_of(EXAMPLE, name), key)

    pools.check_commitment(name, commitment, PLAN[name])


@pytest.mark.parametrize("name", ["inspectors", "conflicts"])
def test_the_leaves_of_a_sealed_pool_give_the_same_root_without_its_key(name):
    leaves = pools.leaves(name, pool_of(EXAMPLE, name), pools.key_bytes(EXAMPLE["keys"][name]))

    assert pools.root_of_leaves(leaves).member() == PLAN[name]


def test_the_plan_holds_and_has_its_canonical_bytes_and_hash():
    plan.check_plan(PLAN)

    assert canon(PLAN).decode() == EXAMPLE["plan_canon"]
    assert parse(EXAMPLE["plan_canon"].encode()) == PLAN
    assert plan.plan_hash(PLAN) == EXAMPLE["plan_hash"]
    assert hashlib.sha256(plan.signing_text(PLAN)).hexdigest() == EXAMPLE["plan_hash"]


def test_the_strata_are_those_of_the_records_and_the_rates_give_the_takes():
    quotas.check_strata(PLAN, quotas.strata_counts(EXAMPLE["subjects"]))

    for stratum in PLAN["strata"]:
        assert quotas.take(stratum["rate"], stratum["size"] - stratum["excluded"]) == stratum["take"]


def test_every_secret_opens_its_commitment():
    opened = [
        {
            "party": entry["party"],
            "purpose": entry["purpose"],
            "secret": EXAMPLE["secrets"][entry["purpose"]][entry["party"]],
        }
        for entry in PLAN["secrets"]
    ]

    seeds.check_secrets(PLAN, opened)

    assert seeds.seeds(PLAN, EXAMPLE["plan_hash"], EXAMPLE["beacon"], opened) == {
        "subject": EXAMPLE["seed_subject"],
        "inspector": EXAMPLE["seed_inspector"],
    }


def test_the_beacon_text_and_both_seeds_follow():
    text = beacon.beacon_text(PLAN["randomness"], EXAMPLE["observed"])

    assert text == EXAMPLE["beacon"]
    for purpose in ("subject", "inspector"):
        found = seeds.seed(EXAMPLE["plan_hash"], purpose, text, EXAMPLE["secrets"][purpose])
        assert found == EXAMPLE[f"seed_{purpose}"]


def test_the_same_plan_as_a_rehearsal_has_another_seed():
    rehearsal = {**PLAN, **EXAMPLE["in_a_rehearsal"]["plan_changes"]}
    plan.check_plan(rehearsal)

    found = plan.plan_hash(rehearsal)

    assert found == EXAMPLE["in_a_rehearsal"]["plan_hash"]
    secrets = EXAMPLE["secrets"]["subject"]
    seed = seeds.seed(found, "subject", EXAMPLE["beacon"], secrets, rehearsal=True)
    assert seed == EXAMPLE["in_a_rehearsal"]["seed_subject"]


@pytest.mark.parametrize("other", EXAMPLE["other_beacon_texts"], ids=lambda other: other["source"]["kind"])
def test_lottery_and_dice_have_the_example_s_texts(other):
    beacon.check_source(other["source"])
    beacon.check_value(other["source"], other["seen"])

    assert beacon.text(other["source"], other["seen"]) == other["text"]


def test_every_subject_has_its_ticket():
    found = {
        record["id"]: tickets.ticket(EXAMPLE["seed_subject"], record["id"]) for record in EXAMPLE["subjects"]
    }

    assert found == EXAMPLE["tickets"]
    seed = EXAMPLE["seed_subject"]
    assert found["S0001"] == hashlib.sha256(f"dr1|subject|{seed}|S0001".encode()).hexdigest()


def test_the_orders_the_drawn_list_and_the_reserve_follow():
    selection = tickets.select_records(EXAMPLE["seed_subject"], EXAMPLE["subjects"], PLAN["strata"])

    assert selection.drawn == EXAMPLE["drawn"]
    for name, order in EXAMPLE["order_by_stratum"].items():
        assert selection.order(name) == order
    assert selection.reserve("high") == EXAMPLE["order_by_stratum"]["high"][3:]


def test_carried_ids_are_drawn_first():
    selection = tickets.select_records(
        EXAMPLE["seed_subject"],
        EXAMPLE["subjects"],
        PLAN["strata"],
        EXAMPLE["with_carried"]["carried"],
    )

    assert selection.drawn == EXAMPLE["with_carried"]["drawn"]


def test_the_task_commitments_give_the_result_root():
    key = pools.key_bytes(EXAMPLE["keys"]["tasks"])

    commitments = tasks.task_commitments(key, EXAMPLE["tasks"])

    assert (
        dict(zip([task["subject"] for task in EXAMPLE["tasks"]], commitments, strict=True))
        == (EXAMPLE["task_commitments"])
    )
    assert tasks.result_root(commitments) == EXAMPLE["result_root"]


def test_the_deck_key_is_a_plain_hash():
    text = f"dr1|inspector|{EXAMPLE['seed_inspector']}|0|P01"

    assert H(text) == EXAMPLE["deck_key_of_P01_at_load_0"]
