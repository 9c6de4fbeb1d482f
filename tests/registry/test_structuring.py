"""Free texts of ratios and frequencies: read where they say one thing wholly, else left to a person."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doublerandom.dr1.quotas import parse_rate
from doublerandom.registry.errors import InvalidRecordError
from doublerandom.registry.structuring import (
    check_quota,
    check_times,
    quota_of,
    rate_of,
    rate_text,
    times_of,
)


def at_least(rate: str) -> dict:
    return {"kind": "rate", "rate": rate}


def at_most(rate: str) -> dict:
    return {"kind": "at_most", "rate": rate}


@pytest.mark.parametrize(
    ("text", "quota"),
    [
        ("每年不低于5%", at_least("1/20")),
        ("按比例抽查，不少于3%", at_least("3/100")),
        ("抽查比例不少于2‰", at_least("1/500")),
        ("≥20%", at_least("1/5")),
        ("５％", at_least("1/20")),
        ("0.5%", at_least("1/200")),
        ("不超过总数的2%", at_most("1/50")),
        ("根据实际需要，一般不超过 10%/年。", at_most("1/10")),
        ("100%", {"kind": "all"}),
        ("全部", {"kind": "all"}),
        ("20户", {"kind": "fixed", "number": 20}),
    ],
)
def test_a_ratio_that_says_one_thing_is_read(text, quota):
    assert quota_of(text) == quota
    check_quota(quota)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "根据实际情况确定",
        "不低于3%或按专项计划确定",
        "市局抽查比例不少于30%",
        "省级不超过2%，市、县质监部门结合当地实际制定检查计划",
        "10-20%",
        "60-70家",
        "三级≥50%,二级≥30%,一定比例的一级及以下",
        "M50%",
        "0%",
        "120%",
        "不超过100%",
        "1户(实际以联合双随机牵头单位抽查数为准。)",
    ],
)
def test_a_ratio_that_leaves_a_choice_is_left_to_a_person(text):
    assert quota_of(text) is None


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("每年一次", {"per": "year", "times": 1, "bound": "exactly", "of": "batch"}),
        ("2次/年", {"per": "year", "times": 2, "bound": "exactly", "of": "batch"}),
        ("每季度不少于1次", {"per": "quarter", "times": 1, "bound": "at_least", "of": "batch"}),
        ("每半年组织1次", {"per": "half", "times": 1, "bound": "exactly", "of": "batch"}),
        ("根据实际需要，一般不超过2次/年", {"per": "year", "times": 2, "bound": "at_most", "of": "batch"}),
        (
            "对同一单位每2年抽查不超过1次",
            {"per": "year", "times": 1, "bound": "at_most", "of": "subject", "every": 2},
        ),
        (
            "在许可有效期内对同一个单位的检查不超过2次。",
            {"per": "validity", "times": 2, "bound": "at_most", "of": "subject"},
        ),
    ],
)
def test_a_frequency_that_says_one_thing_is_read(text, times):
    assert times_of(text) == times
    check_times(times)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "根据实际情况确定",
        "1—2次/年",
        "每年1次20%；或者每年2次各10%",
        "市级局每年组织1次；县级局每月组织1次",
        "每月",
    ],
)
def test_a_frequency_that_leaves_a_choice_is_left_to_a_person(text):
    assert times_of(text) is None


def test_every_text_of_the_real_list_is_read_wholly_or_not_at_all(real_data, capsys):
    path = real_data / "zhejiang_random_inspection_items_2017.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    quotas = [quota_of(row["抽查比例"]) for row in rows]
    times = [times_of(row["抽查频次"]) for row in rows]

    for quota, often in zip(quotas, times, strict=True):
        check_quota(quota)
        check_times(often)
    read = (len(rows), sum(map(bool, quotas)), sum(map(bool, times)))
    with capsys.disabled():
        print(  # noqa: T201 - the coverage is for whoever runs the tests
            f"\nreal list: {read[0]} items, {read[1]} ratios and {read[2]} frequencies read"
        )
    assert read == (79, 40, 64)
    unread = {row["抽查比例"] for row, quota in zip(rows, quotas, strict=True) if quota is None}
    assert all("%" not in text or any(mark in text for mark in "或局，") for text in unread)


@given(st.integers(1, 99), st.sampled_from(["不少于", "不超过", ""]), st.sampled_from(["%", "‰"]))
def test_rates_that_are_read_are_rates_of_the_rules(number, bound, mark):
    quota = quota_of(f"{bound}{number}{mark}")

    assert parse_rate(quota["rate"])
    assert quota["kind"] == ("at_most" if bound == "不超过" else "rate")
    assert rate_of(rate_text(quota["rate"])) == quota["rate"]


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text):
    check_quota(quota_of(text))
    check_times(times_of(text))


@pytest.mark.parametrize(
    ("typed", "rate"), [("5%", "1/20"), ("1/3", "1/3"), ("2‰", "1/500"), ("0.1", "1/10")]
)
def test_a_typed_ratio_is_a_rate(typed, rate):
    assert rate_of(typed) == rate


@pytest.mark.parametrize("typed", ["", "x", "0", "101%", "-1%", "1/0"])
def test_what_is_no_ratio_is_none(typed):
    assert rate_of(typed) is None


def test_a_rate_that_no_mark_can_write_stays():
    assert rate_text("1/3") == "1/3"


@pytest.mark.parametrize(
    "quota",
    [
        {"kind": "some"}, {"kind": "rate"}, {"kind": "rate", "rate": "2/1"}, {"kind": "fixed", "number": -1},
        {"kind": "fixed", "number": "1"}, {"kind": "all", "rate": "1/2"},
    ],
)  # fmt: skip
def test_what_is_no_quota_is_refused(quota):
    with pytest.raises(InvalidRecordError):
        check_quota(quota)


@pytest.mark.parametrize(
    "wrong", [{"per": "age"}, {"times": 0}, {"times": "1"}, {"every": 0}, {"bound": "?"}, {"more": 1}]
)
def test_what_is_no_frequency_is_refused(wrong):
    times = {"per": "year", "times": 1, "bound": "exactly", "of": "batch"}

    with pytest.raises(InvalidRecordError):
        check_times({**times, **wrong})
