"""Papers are PDF/A, equal for equal values, and take no markup from what they print."""

from datetime import UTC, datetime

import pytest

from doublerandom.documents.qr import qr_image
from doublerandom.documents.typesetting import pdf

AT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def values(**changed):
    return {
        "lang": "zh",
        "title": "随机抽取证书",
        "number": "A-1",
        "number_words": "抽取编号 A-1",
        "subject": "餐饮抽查",
        "issuer": "云川市市场监督管理局",
        "sentence": "",
        "state": "",
        "mark": "",
        "facts": [["年度计划项", "1"]],
        "strata_head": ["层", "户数"],
        "strata": [["a", "1"]],
        "randomness": [],
        "beacon": ["随机数原文", "dice:d10:" + ".".join("3099147725" * 4)],
        "hashes": [["计划摘要", "ab12 " * 16]],
        "people": [["经办", "李", "局", "2026-03-04 13:06"]],
        "words": dict.fromkeys(("what", "strata", "randomness", "hashes", "people"), "—"),
        "how": "",
        "address": "https://example.org/draws/A-1",
        "qr": qr_image("https://example.org/draws/A-1"),
        "qr_words": "",
        "day": "2026年3月4日",
        "footer": "",
    } | changed


def test_a_paper_is_pdf_a_of_its_values_and_its_moment_alone():
    paper = pdf("certificate", values(), at=AT)

    assert paper.startswith(b"%PDF-1.")
    assert b"<pdfaid:part>2</pdfaid:part>" in paper
    assert paper == pdf("certificate", values(), at=AT)
    assert paper != pdf("certificate", values(number="A-2"), at=AT)


@pytest.mark.parametrize(
    "markup", ["#panic()", "*$[", '#read("/etc/passwd")', '"; #let x = 1', "@nobody <label>"]
)
def test_what_is_printed_is_never_markup(markup):
    assert pdf("certificate", values(subject=markup, title=markup), at=AT).startswith(b"%PDF")
