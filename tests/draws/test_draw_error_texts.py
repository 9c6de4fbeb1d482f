"""Every refusal of a draw has its sentence in both languages, with the way out."""

import inspect as python_inspect
import re
import string

from doublerandom.draws import errors
from doublerandom.draws.error_texts import TEXTS
from doublerandom.errors import DoubleRandomError


def codes():
    return {
        kind.code
        for _, kind in python_inspect.getmembers(errors, python_inspect.isclass)
        if issubclass(kind, DoubleRandomError) and kind.__module__.startswith(errors.__name__)
    }


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_its_sentences_and_no_sentence_is_left_over():
    assert set(TEXTS) == codes()


def test_both_languages_tell_of_the_same_facts():
    for zh, en in TEXTS.values():
        assert fields(zh) == fields(en)
        assert re.search(r"[\u4e00-\u9fff]", zh)
        assert not re.search(r"[\u4e00-\u9fff]", en)
