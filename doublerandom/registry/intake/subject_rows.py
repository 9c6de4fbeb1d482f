"""One row of a file of subjects: taken with its fields as they are kept, or refused for its own reason."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from doublerandom.dr1.canon import ID
from doublerandom.registry.intake.cells import BLANKS, ERROR_MARK, NOTHING, cleaned, day_of
from doublerandom.registry.intake.codes import read_code
from doublerandom.registry.intake.columns import Columns
from doublerandom.registry.intake.findings import NOTED, REFUSED, Finding, finding, joined

LONGEST: Final = {
    "name": 255,
    "address": 512,
    "authority": 128,
    "category": 64,
    "capital": 64,
    "business": 100_000,
}
CODED: Final = {"", "enterprise", "self_employed", "cooperative", "institution"}
PROVINCES: Final = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽",
    "福建", "江西", "山东",
    "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃",
    "青海", "宁夏",
    "新疆", "香港", "澳门", "台湾", "兵团", "国家", "总局",
)  # fmt: skip
_STATUSES: Final = {
    "": "", "active": "active", "deregistered": "deregistered", "revoked": "revoked",
    "moved_out": "moved_out",
    "存续": "active", "在业": "active", "开业": "active", "在营": "active", "正常": "active",
    "登记": "active",
    "确立": "active", "存续(在营、开业、在册)": "active", "注销": "deregistered", "已注销": "deregistered",
    "吊销": "revoked",
    "已吊销": "revoked", "吊销,未注销": "revoked", "吊销未注销": "revoked", "撤销": "revoked",
    "被撤销": "revoked",
    "吊销,已注销": "deregistered", "吊销已注销": "deregistered", "迁出": "moved_out", "已迁出": "moved_out",
}  # fmt: skip
_KINDS: Final = {
    "": "", "企业": "enterprise", "个体": "self_employed", "个体户": "self_employed",
    "个体工商户": "self_employed",
    "合作社": "cooperative", "农民专业合作社": "cooperative", "事业单位": "institution",
    "机构": "institution",
    "产品": "product", "项目": "project", "场所": "site", "活动": "activity",
    **{kind: kind for kind in (*sorted(CODED - {""}), "product", "project", "site", "activity")},
}  # fmt: skip
_CLASS: Final = re.compile(r"([A-D])[类级]?")
_REGION: Final = re.compile(r"\d{6}(?:\d{3}){0,2}")
_INDUSTRY: Final = re.compile(r"([A-T])?(\d{2,4})|[A-T]")
_COMMA: Final = str.maketrans("（），", "(),")


class JudgedRow(NamedTuple):
    """`values` by field, or None for a row that is not taken; a finding where there is something to say."""

    values: dict[str, str] | None
    finding: Finding | None


@lru_cache(maxsize=10_000)
def status_of(text: str) -> str | None:
    """The registration status that a cell means; None if none."""
    return _STATUSES.get(text.strip(BLANKS).translate(_COMMA))


@lru_cache(maxsize=10_000)
def kind_of(text: str) -> str | None:
    """The kind of subject that a cell means; None if none."""
    return _KINDS.get(text.strip(BLANKS))


@lru_cache(maxsize=10_000)
def class_of(text: str) -> str | None:
    """The credit-risk class that a cell means; None if none."""
    text = text.strip(BLANKS).upper()
    if text in NOTHING:
        return ""
    found = _CLASS.fullmatch(text)
    return found[1] if found else None


@lru_cache(maxsize=10_000)
def region_of(text: str) -> str | None:
    """The division code in a cell, with trailing zeros of longer codes dropped; None if none."""
    text = text.strip(BLANKS)
    if text in NOTHING:
        return ""
    if not _REGION.fullmatch(text) or not text.isascii():
        return None
    return text[:6] if not text[6:].strip("0") else text


@lru_cache(maxsize=10_000)
def industry_of(text: str) -> str | None:
    """The GB/T 4754 code in a cell: digits without the letter of their section, or the letter alone."""
    text = text.strip(BLANKS).upper()
    if text in NOTHING:
        return ""
    found = _INDUSTRY.fullmatch(text)
    return (found[2] or text) if found and text.isascii() else None


@lru_cache(maxsize=10_000)
def is_province(text: str) -> bool:
    """Whether a cell can stand in a column of provinces."""
    text = text.strip(BLANKS)
    return text in NOTHING or text.startswith(PROVINCES) or bool(_REGION.fullmatch(text))


@lru_cache(maxsize=10_000)
def is_capital(text: str) -> bool:
    """Whether a cell can stand in a column of registered capital: an amount, or nothing."""
    text = text.strip(BLANKS)
    return text in NOTHING or (
        len(text) <= LONGEST["capital"] and (any(one.isdigit() for one in text) or "元" in text)
    )


READ: Final[Mapping[str, tuple[Callable[[str], str | None], str]]] = {
    "established": (day_of, "date_unreadable"),
    "status": (status_of, "status_unknown"),
    "kind": (kind_of, "kind_unknown"),
    "credit_class": (class_of, "credit_class_unknown"),
    "credit_class_on": (day_of, "date_unreadable"),
    "region": (region_of, "region_not_a_code"),
    "industry": (industry_of, ""),
}
FITTING: Final[Mapping[str, Callable[[str], bool]]] = {"province": is_province, "capital": is_capital}


def judge_row(columns: Columns, line: int, cells: Sequence[str]) -> JudgedRow:
    """
    What becomes of one row.

    The first that applies: a blank row is nothing; a formula's error, shifted columns, an invalid code, a
    missing name, an unreadable field, a text that is too long refuse it; else it is taken, with a note where
    it was mended.
    """
    if not any(cell.strip(BLANKS) for cell in cells):
        return JudgedRow(None, None)
    if wrong := formula_error(columns, line, cells) or _shifted(columns, line, cells):
        return JudgedRow(None, wrong)
    values = columns.values(cells)
    kind = kind_of(values.get("kind", ""))
    notes: list[Finding] = []
    refused = _take_code(columns, values, notes, line, coded=kind is None or kind in CODED)
    if refused is None:
        texts = cleaned(columns, values, line, leave=frozenset(READ) | {"code"})
        values, notes = texts.values, notes + texts.notes
        refused = _take_fields(columns, values, notes, line)
    if refused is not None:
        return JudgedRow(None, refused)
    values.pop("province", None)
    return JudgedRow(values, joined(notes) if notes else None)


def formula_error(columns: Columns, line: int, cells: Sequence[str]) -> Finding | None:
    """The refusal of a row of a workbook in which a formula gives an error where we look for a value."""
    for field, place in columns.places.items():
        if place < len(cells) and cells[place].startswith(ERROR_MARK):
            heading = columns.heading(field)
            return finding(line, REFUSED, "cell_formula_error", cells[place][1:], heading=heading)
    return None


def _shifted(columns: Columns, line: int, cells: Sequence[str]) -> Finding | None:
    width = len(columns.header)
    code = "broken_quoting_shifted_columns"
    if len(cells) < width or any(cell.strip(BLANKS) for cell in cells[width:]):
        where = {
            "where_zh": f"应有 {width} 列，实有 {len(cells)} 列",
            "where_en": f"{len(cells)} cells, not {width}",
        }
        return finding(line, REFUSED, code, ",".join(cells), **where)
    for field, fits in FITTING.items():
        if field in columns.places and not fits(cell := cells[columns.places[field]]):
            heading = columns.heading(field)
            where = {
                "where_zh": f"“{heading}”一栏是“{cell[:40]}”",
                "where_en": f"{heading} reads {cell[:40]}",
            }
            return finding(line, REFUSED, code, cell, **where)
    return None


def _take_code(
    columns: Columns, values: dict[str, str], notes: list[Finding], line: int, *, coded: bool
) -> Finding | None:
    cell = values["code"]
    read = read_code(cell)
    if coded and read.refused:
        facts: dict[str, Any] = {"expected": read.expected, "length": len(read.code), "why": read.why}
        return finding(line, REFUSED, read.refused, cell, **facts)
    if not ID.fullmatch(read.code):
        return finding(line, REFUSED, "code_not_an_id" if read.code else "code_missing", cell)
    values["code"] = read.code
    heading = columns.heading("code")
    notes.extend(finding(line, NOTED, code, cell, heading=heading) for code in read.notes)
    return None


def _take_fields(columns: Columns, values: dict[str, str], notes: list[Finding], line: int) -> Finding | None:
    name = values["name"]
    if not name:
        return finding(line, REFUSED, "name_missing", name)
    if "?" in name or "\ufffd" in name:
        notes.append(finding(line, NOTED, "name_lost_char_question_mark", name))
    for field, longest in LONGEST.items():
        if len(values.get(field, "")) > longest:
            facts: dict[str, Any] = {"heading": columns.heading(field), "longest": longest}
            return finding(line, REFUSED, "too_long", values[field], **facts)
    for field in READ.keys() & values.keys():
        read, refused = READ[field]
        meant = read(values[field])
        if meant is None and refused:
            return finding(line, REFUSED, refused, values[field], heading=columns.heading(field))
        if meant is None:
            notes.append(
                finding(line, NOTED, "industry_not_a_code", values[field], heading=columns.heading(field))
            )
        values[field] = meant or ""
    if values.get("kind", "") not in CODED and not values.get("region"):
        heading = columns.heading("region") if "region" in columns.places else "行政区划代码"
        return finding(line, REFUSED, "region_not_a_code", "", heading=heading)
    return None
