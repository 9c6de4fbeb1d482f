"""Filters are read as they are meant and written in one way only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doublerandom.dr1.canon import canon
from doublerandom.registry.errors import BadFilterError, UnknownFilterFieldError
from doublerandom.registry.filters import (
    CHOICES,
    DATES,
    FIELDS,
    Comparison,
    Junction,
    Negation,
    canonical,
    parse,
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("  \n ", ""),
        ("region=330102", "region = 330102"),
        ("REGION in ( 330103,330102 ,330103)", "region in (330102, 330103)"),
        ("region in (330102)", "region = 330102"),
        ("status != revoked", "not status = revoked"),
        ("kind not in (site, product)", "not kind in (product, site)"),
        ("not not class = A", "class = A"),
        ("not (class = A)", "not class = A"),
        ("class = A AND (grade = B and tag = x)", "class = A and grade = B and tag = x"),
        ("class = A or grade = B and tag = x", "class = A or (grade = B and tag = x)"),
        ("not (class = A or grade = B)", "not (class = A or grade = B)"),
        ("name ~ '学校'", "name ~ '学校'"),
        ("name ~ 'it''s'", "name ~ 'it''s'"),
        ("tag = 'and'", "tag = 'and'"),
        ("tag = 'x'", "tag = x"),
        ("tag = 食品", "tag = '食品'"),
        ("tag = 'a<b'", "tag = 'a<b'"),
        ("established<2020-01-01", "established < 2020-01-01"),
        ("class_on   >=  '2026-03-01'", "class_on >= 2026-03-01"),
        ("established in (2020-01-02, 2020-01-01)", "established in (2020-01-01, 2020-01-02)"),
        ("code ~ MA2 and address ~ 路", "code ~ MA2 and address ~ '路'"),
        ("member = left or listing = abnormal_list", "member = left or listing = abnormal_list"),
    ],
)
def test_a_filter_has_one_written_form(text, written):
    assert canonical(text) == written
    assert canonical(written) == written


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("region", 7),
        ("region =", 9),
        ("region in ()", 12),
        ("region in (1,)", 14),
        ("(region = 1", 12),
        ("region = 1)", 11),
        ("region = 1 region = 2", 12),
        ("= 1", 1),
        ("name ~ 'x", 8),
        ("region ~ 1", 10),
        ("and", 1),
        ("region = ''", 10),
        ("region = 1\u202e", 11),
        ("not " * 50 + "region = 1", 161),
        ("x" * 5000, 4000),
        ("established < 2020-1-1", 15),
        ("established = soon", 15),
        ("class < B", 9),
        ("established >< 2020-01-01", 14),
    ],
)
def test_what_is_no_filter_is_refused_with_the_place(text, at):
    with pytest.raises(BadFilterError) as refused:
        parse(text)

    assert refused.value.params["at"] == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("owner = x", 1),
        ("status = alive", 10),
        ("kind in (enterprise, ufo)", 22),
        ("class = A and member = 'in'", 24),
    ],
)
def test_unknown_fields_and_words_are_refused_with_the_place(text, at):
    with pytest.raises(UnknownFilterFieldError) as refused:
        parse(text)

    assert refused.value.params["at"] == at


DAYS = st.dates().map(str)
VALUES = st.text("AZaz09._-' 学、~()=,", min_size=1, max_size=5)
COMPARISONS = st.one_of(
    st.builds(
        lambda field, values: Comparison(field, tuple(sorted(values, key=str.encode))),
        st.sampled_from([field for field in FIELDS if field not in {*CHOICES, *DATES}]),
        st.sets(VALUES, min_size=1, max_size=3),
    ),
    st.sampled_from(sorted(CHOICES)).flatmap(
        lambda field: st.sampled_from(CHOICES[field]).map(lambda value: Comparison(field, (value,)))
    ),
    st.builds(
        lambda field, order, day: Comparison(field, (day,), order=order),
        st.sampled_from(DATES),
        st.sampled_from(["", "<", "<=", ">", ">="]),
        DAYS,
    ),
    st.builds(
        lambda field, value: Comparison(field, (value,), contains=True),
        st.sampled_from(["name", "address", "code", "office"]),
        VALUES,
    ),
)


@given(
    st.recursive(
        COMPARISONS,
        lambda parts: st.one_of(
            parts.map(Negation),
            st.builds(
                Junction, st.sampled_from(["and", "or"]), st.lists(parts, min_size=2, max_size=3).map(tuple)
            ),
        ),
        max_leaves=6,
    )
)
def test_what_is_written_is_read_back_the_same(expression):
    written = canonical(str(expression))

    assert canonical(written) == written
    assert canon(written)


@given(st.text("region =in()'~!,<>andornot 12学", max_size=40))
def test_no_text_makes_the_reader_fail_otherwise(text):
    try:
        written = canonical(text)
    except (BadFilterError, UnknownFilterFieldError):
        return

    assert canonical(written) == written
