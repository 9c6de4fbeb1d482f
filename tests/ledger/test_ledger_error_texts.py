"""Every error of the ledger says, in both languages, what is wrong and what to do."""

import re

import pytest

from doublerandom.errors import DoubleRandomError
from doublerandom.ledger import errors
from doublerandom.ledger.error_texts import TEXTS

CLASSES = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__module__ == errors.__name__
]


def test_every_error_has_a_text_and_every_text_an_error():
    assert {kind.code for kind in CLASSES} == set(TEXTS)
    assert all(issubclass(kind, DoubleRandomError) for kind in CLASSES)


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_name_known_facts_and_the_way_out(code: str):
    chinese, english = TEXTS[code]

    assert set(re.findall(r"{(\w+)}", english)) <= set(re.findall(r"{(\w+)}", chinese))
    assert chinese.count("。") >= 2 or "请" in chinese
    assert english.endswith(".")
