"""The check characters of 统一社会信用代码: one by one and in bulk they are what python-stdnum says."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry.a_registry import a_code
from stdnum.cn import uscc as stdnum

from doublerandom.registry import uscc
from doublerandom.registry.intake.codes import read_code

CODES = st.text("0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ-", min_size=18, max_size=18)
FIRST = st.builds(
    str.__add__, st.text("0123456789", min_size=8, max_size=8), st.text(uscc.ALPHABET, min_size=9, max_size=9)
)


@given(FIRST)
def test_the_check_character_is_that_of_stdnum(first17):
    assert uscc.check_character(first17) == stdnum.calc_check_digit(first17)


@given(st.lists(st.one_of(CODES, FIRST.map(lambda first: first + uscc.check_character(first))), min_size=1))
def test_bulk_and_single_validity_are_that_of_stdnum(codes):
    rows = uscc.rows_of("".join(codes).encode())

    expected = ["-" not in code and stdnum.is_valid(code) for code in codes]
    assert uscc.valid(rows).tolist() == expected
    assert [uscc.is_valid(code) for code in codes] == expected


@given(st.lists(FIRST, min_size=1))
def test_bulk_check_characters_are_the_single_ones(firsts):
    rows = uscc.rows_of("".join(first + "0" for first in firsts).encode())

    assert uscc.check_characters(rows).tobytes().decode() == "".join(map(uscc.check_character, firsts))


@given(st.binary(min_size=18, max_size=18))
def test_bytes_that_are_no_code_are_not_valid(code):
    rows = uscc.rows_of(code)

    assert uscc.valid(rows).tolist() == [code.isascii() and uscc.is_valid(code.decode("latin-1"))]


def test_every_single_wrong_character_is_found():
    code = a_code(1)
    wrong = [code[:n] + one + code[n + 1 :] for n in range(18) for one in uscc.ALPHABET if one != code[n]]

    assert not uscc.valid(uscc.rows_of("".join(wrong).encode())).any()


def test_a_first_part_of_another_length_has_no_check_character():
    with pytest.raises(ValueError, match="9133"):
        uscc.check_character("9133")


@pytest.mark.realdata
def test_all_four_thousand_real_codes_are_valid_in_bulk(real_data):
    with (real_data / "cn_enterprises_4000_utf8.csv").open(encoding="utf-8-sig", newline="") as file:
        codes = [row["统一社会信用代码"] for row in csv.DictReader(file)]

    assert np.all(uscc.valid(uscc.rows_of("".join(codes).encode())))
    assert all(map(stdnum.is_valid, codes))


@pytest.mark.parametrize(
    ("cell", "refused"),
    [
        ("", "code_missing"),
        ("　", "code_missing"),
        ("无", "code_literal_none"),
        ("N/A", "code_literal_none"),
        ("320104000006516", "code_old_15_digit_regno"),
        ("3202111101863", "code_old_13_digit_regno"),
        ("320981NA001107X", "code_old_15_char_coop_regno_NA"),
        ("321202NB000003X", "code_old_15_char_coop_regno_NA"),
        ("企合苏镇分字第0014", "code_foreign_invested_old_text_no"),
        ("13497257-7", "code_old_org_code_9_with_hyphen"),
        ("134972577", "code_old_org_code_9"),
        ("9.13306E+17", "code_number_format_lost"),
        ("913306210000000000.0", "code_number_format_lost"),
        ("正在办理", "code_is_text"),
        ("91653000l068581070", "code_lowercase_placeholder_x"),
        ("91450108MA5K91D4A7", "code_check_digit_wrong"),
        ("H-4601043500387-21", "code_check_digit_wrong"),
        ("91220521664295839", "code_other_len17"),
        ("（C）460103000699-", "code_other_len16"),
    ],
)
def test_what_is_no_code_is_called_what_it_is(cell, refused):
    assert read_code(cell).refused == refused


@pytest.mark.parametrize(
    ("around", "notes"),
    [
        ("{}", ()),
        ("\u3000{} ", ("code_surrounding_blanks",)),
        ("{}\u0007", ("control_char_in_cell",)),
        ("\ufeff{}", ("control_char_in_cell",)),
    ],
)
def test_what_surrounds_a_code_is_removed_and_noted(around, notes):
    read = read_code(around.format(a_code(1)))

    assert (read.code, read.notes, read.refused) == (a_code(1), notes, "")


def test_small_and_full_width_characters_are_mended_and_noted():
    wide = "".join(chr(ord(one) + 0xFEE0) for one in a_code(1).lower())

    read = read_code(wide)

    assert (read.code, read.refused) == (a_code(1), "")
    assert read.notes == ("code_fullwidth", "code_lowercase_valid_if_upper")


def test_the_reason_of_a_wrong_check_character_names_the_right_one():
    wrong = a_code(1)[:-1] + ("0" if a_code(1)[-1] != "0" else "1")

    assert read_code(wrong).expected == a_code(1)[-1]


@given(st.text(max_size=40))
def test_no_cell_makes_the_reader_fail(cell):
    read = read_code(cell)

    assert bool(read.refused) != uscc.is_valid(read.code)
