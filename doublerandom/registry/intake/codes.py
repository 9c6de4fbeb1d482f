"""A cell that should hold a 统一社会信用代码: what it says, what was mended, or what it is instead."""

import re
from typing import Final, NamedTuple

from doublerandom.registry import uscc
from doublerandom.registry.intake.cells import BLANKS, REMOVED

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NOTHING: Final = {
    "无",
    "暂无",
    "没有",
    "未知",
    "不详",
    "无代码",
    "N/A",
    "NA",
    "NULL",
    "NONE",
    "-",
    "--",
    "/",
    "*",
    "空",
}
_ORGANISATION: Final = re.compile(r"[0-9A-Z]{8}(-?)[0-9X]")
_COOPERATIVE: Final = re.compile(r"\d{6}N[A-Z]\d{6}[0-9X]")
_FOREIGN: Final = re.compile(r"企.{1,8}字第?\s*\d+.?")
_NUMBER: Final = re.compile(r"\d(\.\d+)?E\+\d+|\d{10,}\.0*")
_ROUNDED: Final = re.compile(r"\d{15}\?{1,8}")
_IDEOGRAPH: Final = re.compile(r"[\u3400-\u9fff]")
_PLACEHOLDER: Final = re.compile(r"[lx]")


class ReadCode(NamedTuple):
    """
    `code` is valid unless `refused` is the code of the reason why not.

    `notes` are the codes of what was mended; `expected` is the check character that would be right, where the
    first 17 characters allow one; `why` names the sentence where it is
    not that of `refused`.
    """

    code: str
    notes: tuple[str, ...] = ()
    refused: str = ""
    expected: str = ""
    why: str = ""


def read_code(cell: str) -> ReadCode:
    """
    The code in a cell, in capitals and half-width; or the reason why there is none.

    Nothing is guessed: what is mended cannot change which firm is meant: case, width, blanks, controls.
    """
    notes = []
    clean = REMOVED.sub("", cell)
    if clean != cell:
        notes.append("control_char_in_cell")
    trimmed = clean.strip(BLANKS)
    if trimmed != clean:
        notes.append("code_surrounding_blanks")
    narrow = trimmed.translate(_FULL_WIDTH)
    if narrow != trimmed:
        notes.append("code_fullwidth")
    code = narrow.upper()
    if uscc.is_valid(code):
        if code != narrow:
            notes.append("code_lowercase_valid_if_upper")
        return ReadCode(code, tuple(notes))
    return ReadCode(code, tuple(notes), *_instead(narrow, code))


def _instead(narrow: str, code: str) -> tuple[str, ...]:
    """What an invalid code is instead: `refused`, `expected`, `why` of ReadCode, as far as they are known."""
    if _ROUNDED.fullmatch(code):
        return ("code_stored_as_number",)
    if len(code) == uscc.LENGTH and not _IDEOGRAPH.search(code):
        return _eighteen(narrow, code)
    if code.isascii() and code.isdigit() and len(code) in {13, 15}:
        return (f"code_old_{len(code)}_digit_regno",)
    if organisation := _ORGANISATION.fullmatch(code):
        return ("code_old_org_code_9" + ("_with_hyphen" if organisation[1] else ""),)
    for reason, applies in (
        ("code_missing", not code),
        ("code_literal_none", code in _NOTHING),
        ("code_old_15_char_coop_regno_NA", _COOPERATIVE.fullmatch(code)),
        ("code_foreign_invested_old_text_no", _FOREIGN.fullmatch(code)),
        ("code_number_format_lost", _NUMBER.fullmatch(code)),
        ("code_is_text", _IDEOGRAPH.search(code)),
    ):
        if applies:
            return (reason,)
    return (f"code_other_len{len(code)}",)


def _eighteen(narrow: str, code: str) -> tuple[str, ...]:
    well_formed = code[:8].isascii() and code[:8].isdigit() and all(one in uscc.ALPHABET for one in code)
    if _NUMBER.fullmatch(code):
        return ("code_number_format_lost",)
    if _PLACEHOLDER.search(narrow[8:17]):
        return ("code_lowercase_placeholder_x",)
    if not well_formed:
        return ("code_check_digit_wrong", "", "code_bad_characters")
    return "code_check_digit_wrong", uscc.check_character(code[:-1])
