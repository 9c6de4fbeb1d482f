"""Replacements: who comes next for a seat, which subject comes next, and the replay of a whole file."""

import random
from collections import Counter

import pytest
from dr1.deal_instances import conflict, inspector, random_instance, subject
from dr1.naive_deal import NaiveDeal

from doublerandom.dr1.canon import H
from doublerandom.dr1.deal import deal
from doublerandom.dr1.replacement import (
    AfterDeal,
    NoReserveError,
    NothingReplacedError,
    OnTheTeamError,
    ReplacementError,
    ReplacementNumberError,
    ReplacementOrderError,
    ReplacementPairsError,
    ReplacementPlaceError,
    SomebodyLeftError,
    next_inspector,
    next_subject,
    replaced_inspector,
    replaced_subject,
    replay,
)
from doublerandom.dr1.tasks import task_object

SEED = "2" * 64
DRAW = "HZ-2026-000001"


def by_key(load, codes, seed=SEED):
    """The ids in the order of their keys, all of one load; `sha256sum` gives the same."""
    return sorted(codes, key=lambda code: H(f"dr1|inspector|{seed}|{load}|{code}"))


def after_deal(subjects, seats, inspectors, conflicts=(), reserve=(), seed=SEED):
    dealt = deal(subjects, seats, inspectors, conflicts, seed)
    return AfterDeal(
        subjects=subjects,
        seats=seats,
        inspectors=inspectors,
        conflicts=conflicts,
        seed=seed,
        dealt=dealt,
        reserve=lambda stratum: [record for record in reserve if record["stratum"] == stratum],
    )


def line_of(replacement, seats, **changes):
    """The line of replacements.jsonl for a replacement."""
    line = {
        "n": replacement.n,
        "reason": "ill",
        "salt": "0" * 64,
        "task": task_object(DRAW, replacement.subject, replacement.team, seats),
    }
    for member in ("old", "new"):
        if getattr(replacement, member):
            line[member] = getattr(replacement, member)
    if replacement.seat is not None:
        line["seat"] = replacement.seat
    if replacement.conflicts:
        line["conflicts"] = list(replacement.conflicts)
    line.update(changes)
    return line


@pytest.fixture
def seats():
    return [{"seat": "lead"}, {"seat": "member"}]


@pytest.fixture
def five():
    return [inspector(code) for code in "ABCDE"]


class TestAnInspectorIsReplaced:
    def test_the_next_is_the_first_by_the_keys_before_the_places_own_turn(self, seats, five):
        """S1 takes the first two of load 0. Before the turn of its second seat, one had load 1."""
        first, second, third, *_ = by_key(0, "ABCDE")
        after = after_deal([subject("S1"), subject("S2")], seats, five)

        assert after.team("S1") == (first, second)
        assert next_inspector(after, "S1", 0) == third
        assert next_inspector(after, "S1", 1) == third

    def test_at_a_later_turn_the_loads_of_that_turn_count(self, seats, five):
        """After S1 three are left with load 0; S2 takes two, so the fifth is next at both its seats."""
        order = by_key(0, "ABCDE")
        after = after_deal([subject("S1"), subject("S2")], seats, five)

        assert after.team("S2") == (order[2], order[3])
        assert next_inspector(after, "S2", 0) == order[4]
        assert next_inspector(after, "S2", 1) == order[4]

    def test_later_turns_and_other_replacements_do_not_change_the_keys(self, seats, five):
        order = by_key(0, "ABCDE")
        after = after_deal([subject("S1"), subject("S2")], seats, five)

        after.apply(replaced_inspector(after, "S2", 0))

        assert after.team("S2") == (order[4], order[3])
        assert next_inspector(after, "S1", 0) == order[2]

    def test_nobody_is_asked_twice_at_one_subject(self, seats, five):
        order = by_key(0, "ABCDE")
        after = after_deal([subject("S1")], seats, five)

        for _ in range(2):
            after.apply(replaced_inspector(after, "S1", 0))

        assert after.team("S1") == (order[3], order[1])
        assert next_inspector(after, "S1", 1) == order[4]

    def test_a_conflict_known_since_keeps_the_pair_apart_from_then_on(self, seats, five):
        order = by_key(0, "ABCDE")
        after = after_deal([subject("S1")], seats, five)
        pair = f"{order[2]}:S1"

        replacement = replaced_inspector(after, "S1", 0, conflicts=[pair])
        after.apply(replacement)

        assert replacement.new == order[3]
        assert next_inspector(after, "S1", 1) == order[4]

    def test_conflicts_exclusions_regions_and_departments_of_the_pools_still_hold(self):
        seats = [{"seat": "lead", "department": "x", "skills": ["a"]}]
        people = [
            inspector("A", skills=["a"]),
            inspector("B", skills=["a"]),
            inspector("C", skills=["a"], excluded="leave"),
            inspector("D", skills=["a"], department="y"),
            inspector("E", skills=["a"], regions=["r9"]),
            inspector("F"),
            inspector("G", skills=["a", "b"], load=3),
        ]
        after = after_deal([subject("S1")], seats, people, [conflict("B", "S1")])

        assert after.team("S1") == ("A",)
        assert next_inspector(after, "S1", 0) == "G"

    def test_room_is_that_of_the_present_counts(self):
        """Both have one place; when A gives one up, A has room again, elsewhere."""
        people = [inspector("A", capacity=1), inspector("B", capacity=1)]
        after = after_deal([subject("S1"), subject("S2")], [{"seat": "lead"}], people)
        (here,), (there,) = after.team("S1"), after.team("S2")

        gone = replaced_inspector(after, "S1", 0)
        after.apply(gone)

        assert (gone.old, gone.new, after.team("S1")) == (here, "", ("",))
        assert next_inspector(after, "S2", 0) == here
        after.apply(replaced_inspector(after, "S2", 0))
        assert after.team("S2") == (here,)
        assert next_inspector(after, "S1", 0) == there

    def test_an_empty_seat_can_be_filled_once_there_is_room(self):
        people = [inspector("A", capacity=1), inspector("B", capacity=1, regions=["r2"])]
        after = after_deal([subject("S1"), subject("S2")], [{"seat": "lead"}], people)
        with pytest.raises(NothingReplacedError):
            replaced_inspector(after, "S2", 0)

        after.apply(replaced_inspector(after, "S1", 0))
        filling = replaced_inspector(after, "S2", 0)

        assert (filling.what, filling.old, filling.new) == ("inspector", "", "A")

    def test_direct_assignment_only_where_nobody_is_eligible(self, seats, five):
        after = after_deal([subject("S1")], seats[:1], five[:2])
        first, second = by_key(0, "AB")
        with pytest.raises(SomebodyLeftError) as caught:
            replaced_inspector(after, "S1", 0, direct="Z")
        assert caught.value.params["expected"] == second

        after.apply(replaced_inspector(after, "S1", 0))
        direct = replaced_inspector(after, "S1", 0, direct="Z")
        with pytest.raises(OnTheTeamError):
            replaced_inspector(after, "S1", 0, direct=second)
        after.apply(direct)

        assert (direct.what, direct.old, after.team("S1")) == ("direct", second, ("Z",))
        assert first in after.replaced_at("S1")

    @pytest.mark.parametrize(("code", "seat"), [("S9", 0), ("S1", 2), ("S1", -1)])
    def test_a_place_that_is_not_there_is_refused(self, seats, five, code, seat):
        after = after_deal([subject("S1")], seats, five)

        with pytest.raises(ReplacementPlaceError):
            next_inspector(after, code, seat)

    @pytest.mark.parametrize("pairs", [["B:S1", "A:S1"], ["A:S1", "A:S1"]])
    def test_pairs_known_since_are_ascending_and_distinct(self, seats, five, pairs):
        after = after_deal([subject("S1")], seats, five)

        with pytest.raises(ReplacementPairsError):
            replaced_inspector(after, "S1", 0, conflicts=pairs)
        assert after.number == 0


class TestASubjectIsReplaced:
    def test_the_first_of_the_stratums_reserve_not_yet_used_comes(self, seats, five):
        reserve = [subject("R1", stratum="other"), subject("R2"), subject("R3")]
        after = after_deal([subject("S1"), subject("S2")], seats, five, reserve=reserve)

        first = replaced_subject(after, "S2")
        after.apply(first)
        second = replaced_subject(after, "S1")
        after.apply(second)

        assert (first.new, second.new) == ("R2", "R3")
        with pytest.raises(NoReserveError):
            next_subject(after, "R3")
        with pytest.raises(ReplacementPlaceError):
            after.team("S1")

    def test_each_seat_keeps_its_inspector_where_eligible(self, seats, five):
        after = after_deal([subject("S1")], seats, five, reserve=[subject("R1")])
        team = after.team("S1")

        assert replaced_subject(after, "S1").team == team

    def test_whoever_may_not_go_there_makes_room_for_the_next_of_the_old_turn(self, seats, five):
        """R1 is barred for the first: the third of load 0 comes, though S2 has been dealt since."""
        first, second, third, *_ = by_key(0, "ABCDE")
        pairs = [conflict(first, "R1")]
        after = after_deal([subject("S1"), subject("S2")], seats, five, pairs, [subject("R1")])

        replacement = replaced_subject(after, "S1")

        assert replacement.team == (third, second)

    def test_a_conflict_known_since_counts_for_keeping_too(self, seats, five):
        _, second, third, fourth, _ = by_key(0, "ABCDE")
        after = after_deal([subject("S1")], seats, five, reserve=[subject("R1")])
        first = after.team("S1")[0]

        replacement = replaced_subject(after, "S1", conflicts=sorted([f"{first}:R1", f"{third}:R1"]))

        assert replacement.team == (fourth, second)

    def test_nobody_who_stays_is_put_on_the_team_again(self):
        """The lead of r1 may not go to r2. Of those who may, M is on the team already."""
        people = [inspector("L", regions=["r1"]), inspector("M", load=1), inspector("N", load=9)]
        seats = [{"seat": "lead"}, {"seat": "member"}]
        after = after_deal([subject("S1")], seats, people, reserve=[subject("R1", "r2")])

        assert after.team("S1") == ("L", "M")
        assert replaced_subject(after, "S1").team == ("N", "M")

    def test_a_seat_that_was_empty_is_filled_where_the_new_subject_allows_it(self):
        people = [inspector("A"), inspector("B", regions=["r2"], load=4)]
        seats = [{"seat": "lead"}, {"seat": "member"}]
        after = after_deal([subject("S1")], seats, people, reserve=[subject("R1", "r2"), subject("R2", "r3")])

        assert after.team("S1") == ("A", "")
        after.apply(replaced_subject(after, "S1"))
        assert after.team("R1") == ("A", "B")
        after.apply(replaced_subject(after, "R1"))
        assert after.team("R2") == ("A", "")

    def test_whoever_leaves_a_seat_of_the_task_has_room_for_another_of_its_seats(self):
        """M, assigned directly to another kind of seat, holds all that M may; M's own seat is empty."""
        people = [inspector("M", department="b", capacity=1), inspector("L", department="a", regions=["r9"])]
        seats = [{"seat": "lead", "department": "a"}, {"seat": "member", "department": "b"}]
        after = after_deal([subject("S1")], seats, people, reserve=[subject("R1")])
        after.apply(replaced_inspector(after, "S1", 1, conflicts=["M:S1"]))
        after.apply(replaced_inspector(after, "S1", 0, direct="M"))

        assert after.team("S1") == ("M", "")
        assert replaced_subject(after, "S1").team == ("", "M")

    def test_the_new_subject_keeps_the_turn_of_the_old(self, seats, five):
        order = by_key(0, "ABCDE")
        subjects = [subject("S1"), subject("S2")]
        after = after_deal(subjects, seats, five, reserve=[subject("R1")])

        after.apply(replaced_subject(after, "S2"))

        assert after.team("R1") == (order[2], order[3])
        assert next_inspector(after, "R1", 0) == order[4]


class TestReplay:
    @pytest.fixture
    def world(self, seats, five):
        def fresh():
            return after_deal(
                [subject("S1"), subject("S2")], seats, five, [conflict("A", "R1")], [subject("R1")]
            )

        return fresh

    @pytest.fixture
    def lines(self, world, seats):
        after = world()
        made = []
        for step in (
            lambda: replaced_inspector(after, "S1", 0),
            lambda: replaced_subject(after, "S2"),
            lambda: replaced_inspector(after, "S1", 1, conflicts=[f"{next_inspector(after, 'S1', 1)}:S1"]),
            lambda: replaced_inspector(after, "R1", 0),
            lambda: replaced_inspector(after, "S1", 0),
            lambda: replaced_inspector(after, "S1", 0, direct="Z"),
        ):
            made.append(step())
            after.apply(made[-1])
        return [line_of(replacement, seats) for replacement in made]

    def test_a_true_file_is_derived_line_by_line(self, world, lines):
        done = replay(world(), lines, DRAW)

        assert [replacement.n for replacement in done] == [1, 2, 3, 4, 5, 6]
        assert [replacement.what for replacement in done] == [
            "inspector",
            "subject",
            "inspector",
            "inspector",
            "inspector",
            "direct",
        ]
        assert "new" not in lines[4]
        assert [(r.task_subject, r.subject) for r in done[:2]] == [("S1", "S1"), ("S2", "R1")]

    @pytest.mark.parametrize(
        ("at", "change", "error"),
        [
            (0, {"n": 2}, ReplacementNumberError),
            (1, {"n": 3}, ReplacementNumberError),
            (0, {"new": "E9"}, ReplacementOrderError),
            (0, {"old": "E9"}, ReplacementOrderError),
            (0, {"seat": 1}, ReplacementOrderError),
            (0, {"seat": 7}, ReplacementPlaceError),
            (1, {"old": "S3"}, ReplacementPlaceError),
            (1, {"old": "S1"}, ReplacementOrderError),
            (1, {"new": "S1"}, ReplacementOrderError),
            (2, {"conflicts": []}, ReplacementOrderError),
            (2, {"conflicts": ["B:S1", "A:S1"]}, ReplacementPairsError),
            (4, {"new": "Z"}, ReplacementOrderError),
            (5, {"seat": 1}, ReplacementError),
        ],
    )
    def test_a_line_that_does_not_follow_the_order_is_named(self, world, lines, at, change, error):
        lines[at] = {**lines[at], **change}

        with pytest.raises(error) as caught:
            replay(world(), lines, DRAW)

        assert caught.value.check == 12
        assert caught.value.params["n"] == lines[at]["n"]

    def test_a_task_that_is_not_that_of_the_team_is_named(self, world, lines):
        lines[0]["task"]["team"].reverse()

        with pytest.raises(ReplacementOrderError) as caught:
            replay(world(), lines, DRAW)

        assert caught.value.params["member"] == "task"

    def test_a_line_left_out_is_noticed(self, world, lines):
        with pytest.raises(ReplacementNumberError):
            replay(world(), lines[1:], DRAW)

    def test_a_replacement_made_before_another_was_applied_cannot_be_applied(self, world):
        after = world()
        first, second = replaced_inspector(after, "S1", 0), replaced_inspector(after, "S1", 1)
        after.apply(first)

        with pytest.raises(ReplacementNumberError):
            after.apply(second)


class LoadsBefore(NaiveDeal):
    """The plain deal, with the loads noted just before each place's turn."""

    def deal_place(self, place):
        self.__dict__.setdefault("before", {})[place] = self.load_after
        super().deal_place(place)


def plain_next(words, teams, place, replaced):
    """Section 9 word for word: scan everybody, sort by key."""
    number = place[0]
    counts = Counter(code for team in teams for code in team if code)
    words.dealt = {code: words.before[place][code] - words.load[code] for code in words.dealt}
    found = [
        code
        for code in words.eligible(place)
        if code not in teams[number] and code not in replaced and counts[code] < words.capacity[code]
    ]
    return found[0] if found else ""


def test_who_is_next_is_who_the_words_say_on_many_random_draws():
    asked = 0
    for number in range(120):
        instance = random_instance(number, subjects=8, people=10)
        subjects, seats, people, pairs, seed = instance
        words = LoadsBefore(*instance)
        after = after_deal(subjects, seats, people, pairs, seed=seed)
        teams = [list(team) for team in words.teams]
        chance = random.Random(number)
        replaced = {at: set() for at in range(len(subjects))}
        for _ in range(12):
            place = (chance.randrange(len(subjects)), chance.randrange(len(seats)))
            at, seat = place
            expected = plain_next(words, teams, place, replaced[at])
            assert next_inspector(after, subjects[at]["id"], seat) == expected
            if expected or teams[at][seat]:
                after.apply(replaced_inspector(after, subjects[at]["id"], seat))
                replaced[at].add(teams[at][seat])
                teams[at][seat] = expected
                asked += bool(expected)

    assert asked > 100
