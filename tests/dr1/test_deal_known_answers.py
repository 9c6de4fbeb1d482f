"""The deal against the known answers, and the words of section 7 against both."""

import json
from pathlib import Path

import pytest
from dr1.naive_deal import NaiveDeal

from doublerandom.dr1.canon import H
from doublerandom.dr1.deal import Table, check_empty_seat_proofs, deal

VECTORS = Path(__file__).parent / "vectors"


@pytest.fixture(scope="module")
def worked():
    return json.loads((VECTORS / "dr1_worked_example.json").read_bytes())


@pytest.fixture(scope="module")
def telling():
    """A deal on which thirteen likely misreadings give another answer."""
    return json.loads((VECTORS / "dr1_deal.json").read_bytes())


@pytest.fixture
def worked_deal(worked):
    records = {record["id"]: record for record in worked["subjects"]}
    drawn = [records[code] for code in worked["drawn"]]
    return deal(
        drawn, worked["plan"]["team"], worked["inspectors"], worked["conflicts"], worked["seed_inspector"]
    )


def repair_case(worked, *, without=""):
    case = worked["repair"]
    subjects = [{"id": code, "region": "r"} for code in case["subjects_in_order"]]
    people = [record for record in case["inspectors"] if record["id"] != without]
    return subjects, case["seats"], people, case["conflicts"], case["seed"]


class TestTheWorkedExample:
    def test_the_teams_are_those_of_the_tasks(self, worked, worked_deal):
        tasks = [[member["inspector"] for member in task["team"]] for task in worked["tasks"]]

        assert worked_deal.teams == tasks
        assert worked_deal.empty_seats == []

    def test_everybody_of_the_pool_has_a_load_afterwards_the_excluded_too(self, worked, worked_deal):
        assert worked_deal.load_after == worked["load_after"]

    def test_a_key_is_the_hash_of_seed_load_and_id(self, worked):
        assert H(f"dr1|inspector|{worked['seed_inspector']}|0|P01") == worked["deck_key_of_P01_at_load_0"]

    def test_a_repair_fills_the_seat_that_plain_dealing_leaves_empty(self, worked):
        case = repair_case(worked)

        done = deal(*case)

        assert (
            dict(zip(worked["repair"]["subjects_in_order"], done.teams, strict=True))
            == worked["repair"]["teams"]
        )
        assert done.empty_seats == []

    def test_where_nobody_can_be_found_the_seat_stays_empty_with_its_proof(self, worked):
        case = repair_case(worked, without="D")

        done = deal(*case)

        codes = worked["repair"]["subjects_in_order"]
        assert dict(zip(codes, done.teams, strict=True)) == worked["repair"]["without_D_teams"]
        assert done.empty_seats == worked["repair"]["without_D_empty_seats"]
        check_empty_seat_proofs(Table(*case[:4]), done.teams, done.empty_seats)


class TestTheTellingDeal:
    def arguments(self, telling):
        return [telling[name] for name in ("subjects_in_order", "seats", "inspectors", "conflicts", "seed")]

    @pytest.mark.parametrize("way", [deal, NaiveDeal])
    def test_every_value_is_the_known_one(self, telling, way):
        done = way(*self.arguments(telling))

        codes = [subject["id"] for subject in telling["subjects_in_order"]]
        assert dict(zip(codes, done.teams, strict=True)) == telling["teams"]
        assert done.load_after == telling["load_after"]
        assert done.empty_seats == telling["empty_seats"]

    def test_the_known_proofs_hold(self, telling):
        teams = list(telling["teams"].values())

        check_empty_seat_proofs(Table(*self.arguments(telling)[:4]), teams, telling["empty_seats"])

    def test_the_order_of_the_pools_files_does_not_matter(self, telling):
        subjects, seats, inspectors, conflicts, seed = self.arguments(telling)

        done = deal(subjects, seats, inspectors[::-1], conflicts[::-1], seed)

        assert done.teams == list(telling["teams"].values())
        assert done.empty_seats == telling["empty_seats"]
