"""The plan: everything that sections 1 to 5 say of it, member by member and rule by rule."""

from copy import deepcopy

import pytest
from dr1.known_answers import worked_example

from doublerandom.dr1 import drand, errors, quotas
from doublerandom.dr1.canon import format_time, parse_time
from doublerandom.dr1.errors import (
    BadClosedError,
    BadConstantError,
    BadCountError,
    BadDiceError,
    BadHexError,
    BadIdError,
    BadPlanError,
    BadRateError,
    BadRoundError,
    BadSeqError,
    BadSourceError,
    BadStratumError,
    BadStringError,
    BadSupersedesError,
    BadTakeError,
    BadTimeError,
    BadTimesError,
    BadTokenError,
    DuplicatePartyError,
    MissingMemberError,
    StrataMismatchError,
    UnknownChainError,
    UnknownMemberError,
    WeakRandomnessError,
    WrongTypeError,
)
from doublerandom.dr1.plan import check_plan

DICE = {"kind": "dice", "sides": 10, "count": 40}
SSQ = {"kind": "lottery", "name": "cn-ssq", "issue": "2026088"}
KL8 = {"kind": "lottery", "name": "cn-kl8", "issue": "2026200"}
DRAND = worked_example()["plan"]["randomness"][0]


def a_plan(**changes):
    return {**worked_example()["plan"], **changes}


def parties(*names, purposes=("subject", "inspector"), bodies=None):
    """Secrets of these parties, each of a body of its own, for each purpose."""
    bodies = bodies or names
    return [
        {"party": name, "body": body, "purpose": purpose, "commitment": f"{n:064x}"}
        for n, (purpose, name, body) in enumerate(
            (purpose, name, body) for purpose in purposes for name, body in zip(names, bodies, strict=True)
        )
    ]


def test_the_example_holds():
    check_plan(a_plan())


@pytest.mark.parametrize("name", sorted(worked_example()["plan"]))
def test_every_member_is_required_and_of_one_kind(name):
    lacking = a_plan()
    held = lacking.pop(name)

    with pytest.raises(MissingMemberError):
        check_plan(lacking)
    for value in (None, 1.5, [held], {"x": held}, 1 if type(held) is bool else True):
        with pytest.raises(errors.ProtocolError):
            check_plan({**lacking, name: value})


def objects_in(value, path=()):
    """The path of every object in a value."""
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from objects_in(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from objects_in(inner, (*path, place))


@pytest.mark.parametrize("path", list(objects_in(worked_example()["plan"])), ids=str)
def test_objects_are_closed_at_any_depth(path):
    plan = deepcopy(a_plan())
    inner = plan
    for step in path:
        inner = inner[step]
    inner["further"] = "x"

    with pytest.raises(UnknownMemberError):
        check_plan(plan)


@pytest.mark.parametrize(
    "path", [("seq",), ("subjects", "size"), ("strata", 0, "take"), ("strata", 0, "excluded")]
)
def test_a_boolean_is_no_integer(path):
    plan = deepcopy(a_plan())
    inner = plan
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = True

    with pytest.raises(WrongTypeError):
        check_plan(plan)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"protocol": "dr2"}, BadConstantError),
        ({"suite": "sm3"}, BadConstantError),
        ({"issuer": "a b"}, BadTokenError),
        ({"draw": ""}, BadTokenError),
        ({"draw": "x" * 65}, BadTokenError),
        ({"annual_item": "2026/1"}, BadTokenError),
        ({"items": ["a", "b c"]}, BadTokenError),
        ({"items": "SPJY-01"}, WrongTypeError),
        ({"title": "a\u202eb"}, BadStringError),
        ({"filter": "a\nb"}, BadStringError),
        ({"log": ""}, BadPlanError),
        ({"log": "a b"}, BadPlanError),
        ({"log": "a+b"}, BadPlanError),
        ({"rules": "AB" * 32}, BadHexError),
        ({"rules": "ab" * 31}, BadHexError),
        ({"previous": "0" * 63}, BadHexError),
        ({"seq": -1}, BadCountError),
        ({"seq": 2**53}, errors.ProtocolError),
        ({"committed_at": "2023-02-30T00:00:00Z"}, BadTimeError),
        ({"due": "2023-09-15T11:00:00"}, BadTimeError),
        ({"team": []}, BadCountError),
        ({"team": [{"seat": "s"}] * 9}, BadCountError),
        ({"team": [{"seat": "a b"}]}, BadTokenError),
        ({"team": [{"seat": "s", "skills": "a"}]}, WrongTypeError),
        ({"team": [{"department": "s"}]}, MissingMemberError),
        ({"rehearsal": 0}, WrongTypeError),
        ({"closed": ["tasks"]}, BadConstantError),
        ({"closed": "subjects"}, WrongTypeError),
        ({"supersedes": "a b", "carried": []}, BadTokenError),
        ({"supersedes": "X", "carried": ["a:b"]}, BadIdError),
        ({"supersedes": None}, BadTokenError),
    ],
)
def test_values_of_another_form_are_refused(changes, error):
    with pytest.raises(error):
        check_plan(a_plan(**changes))


def test_eight_seats_of_one_name_are_a_team():
    check_plan(a_plan(team=[{"seat": "member"}] * 8))


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 0},
        {"rehearsal": True},
        {"rehearsal": True, "seq": 0, "previous": "1" * 64},
        {"seq": 1, "previous": "1" * 64},
        {"seq": 2},
    ],
)
def test_the_number_the_previous_plan_and_the_rehearsal_fit_each_other(changes):
    with pytest.raises(BadSeqError):
        check_plan(a_plan(**changes))


@pytest.mark.parametrize("changes", [{"seq": 2, "previous": "1" * 64}, {"seq": 0, "rehearsal": True}])
def test_a_later_plan_and_a_rehearsal_hold(changes):
    check_plan(a_plan(**changes))


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({"committed_at": "2023-09-15T10:00:00Z"}, True),
        ({"committed_at": "2023-09-15T10:00:01Z"}, False),
        ({"committed_at": "2023-09-15T12:00:00Z"}, False),
        ({"result_by": "2023-09-15T11:00:01Z"}, True),
        ({"result_by": "2023-09-15T11:00:00Z"}, False),
        ({"result_by": "2023-09-15T12:00:01Z"}, False),
        ({"reveal_by": "2023-09-15T12:00:01Z"}, True),
        ({"reveal_by": "2023-09-15T12:00:00Z"}, False),
        ({"reveal_by": "2024-10-19T09:41:07Z"}, True),
        ({"reveal_by": "2024-10-19T09:41:08Z"}, False),
        ({"randomness": [DICE], "result_by": "2023-09-16T11:00:00Z"}, True),
        ({"randomness": [DICE], "result_by": "2023-09-16T11:00:01Z"}, False),
        ({"randomness": [DRAND, DICE], "result_by": "2023-09-15T12:00:01Z"}, False),
    ],
)
def test_the_distances_of_the_times(changes, holds):
    if holds:
        check_plan(a_plan(**changes))
        return
    with pytest.raises(BadTimesError):
        check_plan(a_plan(**changes))


def test_only_sealed_pools_are_closed_and_each_once():
    check_plan(a_plan(closed=[]))
    check_plan(a_plan(closed=["inspectors", "conflicts"]))

    for names in (["subjects"], ["inspectors", "inspectors"]):
        with pytest.raises(BadClosedError):
            check_plan(a_plan(closed=names))


LOW = {"id": "low", "size": 14, "excluded": 1, "rate": "3/20", "take": 2}
HIGH = {"id": "high", "size": 6, "excluded": 1, "rate": "1/2", "take": 3}


@pytest.mark.parametrize(
    ("low", "error"),
    [
        ({"id": "high"}, BadStratumError),
        ({"size": 13}, BadStratumError),
        ({"excluded": 15, "take": 0}, BadStratumError),
        ({"take": 1}, BadTakeError),
        ({"take": 3}, BadTakeError),
        ({"take": 14, "rate": "1/1"}, BadTakeError),
        ({"take": -1}, BadCountError),
        ({"rate": "03/100"}, BadRateError),
        ({"rate": "0/5"}, BadRateError),
        ({"rate": "3/2"}, BadRateError),
        ({"rate": "3/0"}, BadRateError),
        ({"rate": "3 / 20"}, BadRateError),
        ({"rate": "1/1000000000"}, BadRateError),
        ({"rate": "3/20\n"}, errors.ProtocolError),
        ({"rate": 1}, WrongTypeError),
    ],
)
def test_strata_with_other_counts_takes_or_rates_are_refused(low, error):
    with pytest.raises(error):
        check_plan(a_plan(strata=[{**LOW, **low}, HIGH]))


def test_without_a_rate_the_take_is_anything_up_to_the_records_left():
    free = {key: value for key, value in LOW.items() if key != "rate"}

    for take in (0, 1, 13):
        check_plan(a_plan(strata=[{**free, "take": take}, HIGH]))
    with pytest.raises(BadTakeError):
        check_plan(a_plan(strata=[{**free, "take": 14}, HIGH]))


def test_a_stratum_without_records_is_not_listed():
    with pytest.raises(BadStratumError):
        check_plan(a_plan(strata=[LOW, HIGH, {"id": "none", "size": 0, "excluded": 0, "take": 0}]))


@pytest.mark.parametrize(
    ("rate", "eligible", "taken"),
    [
        ("1/2", 0, 0),
        ("1/2", 1, 1),
        ("1/2", 5, 3),
        ("3/20", 13, 2),
        ("1/1", 7, 7),
        ("1/999999999", 10**9, 2),
        ("5/100", 20, 1),
    ],
)
def test_a_rate_takes_the_ceiling_in_integers(rate, eligible, taken):
    assert quotas.take(rate, eligible) == taken


def test_a_rate_is_text():
    with pytest.raises(BadRateError):
        quotas.take(0.5, 10)


@pytest.mark.parametrize(
    "counts",
    [
        {"low": (14, 1)},
        {"low": (14, 1), "high": (6, 0)},
        {"low": (14, 1), "high": (6, 1), "x": (1, 0)},
        {"low": (13, 1), "high": (6, 1)},
    ],
)
def test_strata_are_exactly_those_of_the_records(counts):
    with pytest.raises(StrataMismatchError):
        quotas.check_strata(a_plan(), counts)


def test_a_stratum_listed_twice_is_not_the_pool_s():
    with pytest.raises(StrataMismatchError):
        quotas.check_strata(a_plan(strata=[LOW, LOW, HIGH]), {"low": (14, 1), "high": (6, 1)})


@pytest.mark.parametrize(
    "changes",
    [
        {"supersedes": "HZ-0"},
        {"carried": []},
        {"supersedes": "HZ-0", "carried": ["B", "A"]},
        {"supersedes": "HZ-0", "carried": ["A", "A"]},
        {"supersedes": "HZ-0", "carried": ["A", "B", "C", "D", "E", "F"]},
        {"supersedes": "HZ-2023-000001", "carried": []},
    ],
)
def test_carried_stands_where_supersedes_does_distinct_and_ascending(changes):
    with pytest.raises(BadSupersedesError):
        check_plan(a_plan(**changes))


@pytest.mark.parametrize("carried", [[], ["A", "B"], ["A-", "A.", "A0", "AA", "A_"]])
def test_a_plan_that_supersedes_another_may_carry_its_ids(carried):
    check_plan(a_plan(supersedes="HZ-0", carried=carried))


@pytest.mark.parametrize("number", [657412, 657414, 0])
def test_the_round_is_the_first_strictly_after_due(number):
    with pytest.raises(BadRoundError):
        check_plan(a_plan(randomness=[{**DRAND, "round": number}]))


@pytest.mark.parametrize(
    ("sources", "error"),
    [
        ([DRAND, DRAND], BadSourceError),
        ([DICE, DICE], BadSourceError),
        ([SSQ, KL8, SSQ], BadSourceError),
        ([{"kind": "coin"}], BadSourceError),
        (["drand"], BadSourceError),
        ([{}], BadSourceError),
        ([{**DRAND, "kind": ["drand"]}], BadSourceError),
        ([{**DRAND, "chain": "ab" * 32}], UnknownChainError),
        ([{**DRAND, "chain": "default"}], BadHexError),
        ([{**DRAND, "round": True}], WrongTypeError),
        ([{**DRAND, "url": "x"}], UnknownMemberError),
        ([{**SSQ, "name": "cn-dlt"}], BadConstantError),
        ([{**SSQ, "issue": "第1期"}], BadTokenError),
        ([{**SSQ, "issue": 2026088}], BadTokenError),
        ([{**DICE, "sides": 1}], BadDiceError),
        ([{**DICE, "sides": 101}], BadDiceError),
        ([{**DICE, "sides": 6, "count": 49}], BadDiceError),
        ([{**DICE, "count": 38}], BadDiceError),
        ([{**DICE, "sides": 2, "count": 127}], BadDiceError),
        ([SSQ], WeakRandomnessError),
        ([KL8], WeakRandomnessError),
        ([SSQ, {**SSQ, "issue": "2026089"}], WeakRandomnessError),
    ],
)
def test_sources_that_no_plan_may_name(sources, error):
    with pytest.raises(error):
        check_plan(a_plan(randomness=sources))


@pytest.mark.parametrize(
    "sources",
    [
        [DICE],
        [{**DICE, "count": 39}],
        [{**DICE, "sides": 6, "count": 50}],
        [{**DICE, "sides": 2, "count": 128}],
        [{**DICE, "sides": 100, "count": 2**53 - 1}],
        [SSQ, KL8],
        [DRAND, SSQ],
        [SSQ, DRAND, DICE],
        [DICE, {**DICE, "count": 41}],
        [{**SSQ, "issue": issue} for issue in "abc"],
    ],
)
def test_sources_that_a_plan_may_name(sources):
    check_plan(a_plan(randomness=sources))


def test_the_round_follows_due_wherever_it_falls():
    for seconds in range(7):
        due = format_time(parse_time(f"2023-09-15T11:00:0{seconds}Z"))
        number = drand.round_after(parse_time(due))
        check_plan(a_plan(due=due, randomness=[{**DRAND, "round": number}]))


@pytest.mark.parametrize(
    "change",
    [
        {"party": "operator"},
        {"commitment": "88e1b68cbbc73fe7faeca19e4201b4b05f2491d974ed101e378f580a14c70b89"},
    ],
)
def test_a_party_and_a_commitment_stand_once(change):
    secrets = a_plan()["secrets"]
    secrets[1] = {**secrets[1], **change}

    with pytest.raises(DuplicatePartyError):
        check_plan(a_plan(secrets=secrets))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"purpose": "task"}, BadConstantError),
        ({"party": "a b"}, BadTokenError),
        ({"body": 1}, BadTokenError),
        ({"commitment": "x"}, BadHexError),
    ],
)
def test_secrets_of_another_form_are_refused(change, error):
    with pytest.raises(error):
        check_plan(a_plan(secrets=[{**a_plan()["secrets"][0], **change}]))


def test_with_a_source_a_purpose_may_have_no_secrets():
    check_plan(a_plan(secrets=[]))


def test_without_a_source_three_parties_of_three_bodies_stand_for_each_purpose():
    check_plan(a_plan(randomness=[], secrets=parties("a", "b", "c")))

    for secrets in (
        [],
        parties("a", "b"),
        parties("a", "b", "c", purposes=["subject"]),
        parties("a", "b", "c", bodies=["x", "x", "y"]),
        [*parties("a", "b", "c"), *parties("d")][1:4],
    ):
        with pytest.raises(WeakRandomnessError):
            check_plan(a_plan(randomness=[], secrets=secrets))
