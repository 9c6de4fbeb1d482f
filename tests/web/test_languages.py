"""Two languages: each Chinese sentence of code and templates has one English twin."""

import re
from collections import defaultdict

import pytest

from doublerandom.web.extraction import sentences
from doublerandom.web.languages import english_catalogue, parts_of_english

CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


def test_every_sentence_in_code_and_templates_has_english():
    english = english_catalogue()

    missing = sorted(f"{where} {text}" for text, where in sentences() if english.get(text) is None)

    assert missing == []


def test_english_keeps_every_placeholder():
    broken = []
    for name, part in parts_of_english():
        for message in part:
            if message.id:
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                source = message.id[0] if isinstance(message.id, tuple) else message.id
                broken += [
                    (name, source)
                    for text in strings
                    if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(source))
                ]

    assert broken == []


def test_no_two_parts_disagree_on_the_english_of_a_sentence():
    told = defaultdict(set)
    for _name, part in parts_of_english():
        for message in part:
            if message.id:
                told[message.id].add(message.string)

    assert {text: english for text, english in told.items() if len(english) > 1} == {}


def test_english_holds_no_chinese():
    assert [
        m.id for _name, part in parts_of_english() for m in part if m.id and CHINESE.search(str(m.string))
    ] == []


@pytest.mark.parametrize("text", ["首页", "抽查公告"])
def test_chinese_stands_in_the_code_itself(text):
    assert english_catalogue().get(text).string != text
