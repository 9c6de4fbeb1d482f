"""What holds for every deal: equal to the words, no rule broken, full whenever max-flow says so, fair."""

from collections import Counter

import networkx as nx
import pytest
from dr1.deal_instances import conflict, inspector, instances, random_instance, subject
from dr1.naive_deal import NaiveDeal
from hypothesis import given, settings

from doublerandom.dr1.canon import H
from doublerandom.dr1.deal import Table, check_empty_seat_proofs, deal

SEED = "0" * 64


def most_seats(subjects, seats, inspectors, conflicts):
    """How many places can be filled at all: max-flow, each inspector at most once for a subject."""
    words = NaiveDeal([], seats, inspectors, conflicts, "")
    words.subjects = subjects
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for number in range(len(subjects)):
        for seat in range(len(seats)):
            graph.add_edge("source", (number, seat), capacity=1)
            for code in words.eligible((number, seat)):
                graph.add_edge((number, seat), ("once", number, code), capacity=1)
                graph.add_edge(("once", number, code), code, capacity=1)
                graph.add_edge(code, "sink", capacity=words.capacity[code])
    return nx.maximum_flow_value(graph, "source", "sink")


def filled(done):
    return sum(bool(code) for team in done.teams for code in team)


def same(fast, words):
    assert fast.teams == words.teams
    assert fast.empty_seats == words.empty_seats
    assert fast.load_after == words.load_after
    assert fast.gained == words.gained


class TestTheWords:
    @settings(max_examples=400, deadline=None)
    @given(instances())
    def test_the_fast_deal_equals_the_words(self, instance):
        same(deal(*instance), NaiveDeal(*instance))

    def test_it_equals_them_on_many_larger_deals_too(self):
        repaired = 0
        for number in range(600):
            instance = random_instance(number)
            fast = deal(*instance)
            same(fast, NaiveDeal(*instance))
            repaired += [code for team in fast.teams for code in team] != fast.gained

        assert repaired > 50

    def test_it_equals_them_where_the_search_is_long(self):
        """A ring of regions, each inspector in two of them, capacities that just suffice."""
        ring = 8
        people = [
            inspector(f"I{at:02}", regions=[f"r{at % ring}", f"r{(at + 1) % ring}"], capacity=2 + at % 2)
            for at in range(ring * 3)
        ]
        subjects = [subject(f"S{at:02}", f"r{at * at % ring}") for at in range(30)]
        pairs = [conflict(f"I{at:02}", f"S{at:02}") for at in range(ring * 3)]
        instance = (subjects, [{"seat": "a"}, {"seat": "b"}], people, pairs, SEED)

        same(deal(*instance), NaiveDeal(*instance))


class TestTheRules:
    @settings(max_examples=300, deadline=None)
    @given(instances())
    def test_no_rule_is_ever_broken(self, instance):
        subjects, seats, inspectors, conflicts, _ = instance
        records = {record["id"]: record for record in inspectors}

        done = deal(*instance)

        barred = {(pair["inspector"], pair["subject"]) for pair in conflicts}
        for target, team in zip(subjects, done.teams, strict=True):
            present = [code for code in team if code]
            assert len(set(present)) == len(present)
            for seat, code in zip(seats, team, strict=True):
                if code:
                    record = records[code]
                    assert "excluded" not in record
                    assert (code, target["id"]) not in barred
                    assert seat.get("department", record["department"]) == record["department"]
                    assert set(seat.get("skills", ())) <= set(record["skills"])
                    assert not record["regions"] or target["region"] in record["regions"]
        dealt = Counter(code for team in done.teams for code in team if code)
        assert all(number <= records[code].get("capacity", number) for code, number in dealt.items())
        assert done.load_after == {code: record["load"] + dealt[code] for code, record in records.items()}

    @settings(max_examples=200, deadline=None)
    @given(instances())
    def test_as_many_seats_are_filled_as_max_flow_can_fill(self, instance):
        done = deal(*instance)

        assert filled(done) == most_seats(*instance[:4])

    def test_larger_deals_are_as_full_as_max_flow_can_fill_them(self):
        for number in range(60):
            instance = random_instance(number)
            assert filled(deal(*instance)) == most_seats(*instance[:4])

    @settings(max_examples=200, deadline=None)
    @given(instances())
    def test_every_proof_of_an_empty_seat_holds(self, instance):
        done = deal(*instance)

        check_empty_seat_proofs(Table(*instance[:4]), done.teams, done.empty_seats)


class TestSmallThings:
    def test_a_standing_team_takes_one_seat_and_is_kept_out_by_its_own_code(self):
        teams = [inspector("T1", members=["P1", "P2"]), inspector("T2", members=["P3"])]
        seats = [{"seat": "lead"}, {"seat": "member"}]

        free = deal([subject("S1")], seats, teams, [], SEED)
        barred = deal([subject("S1")], seats, teams, [conflict("T1", "S1"), conflict("P3", "S1")], SEED)

        assert sorted(free.teams[0]) == ["T1", "T2"]
        assert barred.teams == [["T2", ""]]

    def test_nothing_drawn_nothing_dealt(self):
        done = deal([], [{"seat": "lead"}], [inspector("A", load=3)], [], SEED)

        assert (done.teams, done.empty_seats, done.load_after) == ([], [], {"A": 3})

    def test_without_anybody_every_seat_is_empty_and_its_proof_is_itself(self):
        done = deal([subject("S1")], [{"seat": "a"}, {"seat": "b"}], [], [], SEED)

        assert done.teams == [["", ""]]
        assert [proof["places"] for proof in done.empty_seats] == [[["S1", 0]], [["S1", 1]]]
        assert [proof["met"] for proof in done.empty_seats] == [[], []]

    def test_a_capacity_of_nought_is_met_and_holds_nothing(self):
        done = deal([subject("S1")], [{"seat": "a"}], [inspector("A", capacity=0)], [], SEED)

        assert done.empty_seats == [{"met": ["A"], "places": [["S1", 0]], "seat": "a", "subject": "S1"}]

    def test_the_least_loaded_comes_first_and_the_load_carried_counts_not_against_capacity(self):
        people = [inspector("A", load=5, capacity=1), inspector("B", load=7, capacity=1)]

        done = deal([subject("S1"), subject("S2")], [{"seat": "a"}], people, [], SEED)

        assert done.teams == [["A"], ["B"]]
        assert done.load_after == {"A": 6, "B": 8}


class TestFairness:
    @pytest.mark.parametrize("place", [(0, 0), (0, 1), (2, 0), (4, 1)])
    def test_inspectors_of_equal_standing_have_equal_chances_of_every_seat(self, place):
        number, seat = place
        people = [inspector(f"P{at}", regions=["r1"]) for at in range(8)]
        noise = [
            inspector("Q1", department="y"),
            inspector("Q2", regions=["r9"]),
            inspector("Q3", excluded="leave"),
        ]
        subjects = [subject(f"S{at}") for at in range(5)]
        seats = [{"seat": "lead", "department": "x"}, {"seat": "member", "department": "x"}]

        seen = Counter(
            deal(subjects, seats, people + noise, [], H(f"dr1-sim|{run}")).teams[number][seat]
            for run in range(2000)
        )

        assert seen.keys() == {record["id"] for record in people}
        chi_square = sum((count - 250) ** 2 / 250 for count in seen.values())
        assert chi_square < 29.88  # 7 degrees of freedom, one in ten thousand
