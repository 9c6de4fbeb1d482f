"""The verifier of the page stands alone and is never at a loss for words."""

import re
from pathlib import Path

import doublerandom
from doublerandom.publish import verifier_words
from doublerandom.publish.verifier_sentences import SENTENCES

VERIFIER = Path(doublerandom.__file__).parent / "static" / "verifier"
MODULES = {path.name: path.read_text(encoding="utf-8") for path in VERIFIER.glob("*.js")}
ENDS = re.compile(r'(?:fail|open|passed|new Refused)\("([a-z_0-9]+)"')
OTHERS = re.compile(
    r'need\(.*, "([a-z_]+)"\);|\[\d+, "([a-z_]+)",|\["((?:warn|seeds)_[a-z_]+)"|code: "([a-z]+)"'
)
CHOSEN = re.compile(r'\? "([a-z_]+)" : "([a-z_]+)"')
MADE = {
    f"{name}_{each}"
    for name, ends in (("fate", ("void", "result", "failed", "live")), ("level", "abcd"))
    for each in ends
}
NAMED = re.compile(r'values\.push\(\["([a-z_]+)"|\[\["([a-z_]+)",|\], \["([a-z_]+)",|state\("([a-z_]+)"')


def found(*patterns: re.Pattern[str]) -> set[str]:
    return {
        name
        for pattern in patterns
        for text in MODULES.values()
        for groups in pattern.findall(text)
        for name in ([groups] if isinstance(groups, str) else groups)
        if name
    }


def test_every_outcome_has_its_sentence_and_every_sentence_an_outcome():
    codes = found(ENDS, OTHERS) | MADE

    assert codes - set(SENTENCES) == set()
    assert set(SENTENCES) - codes - found(CHOSEN) == set()


def test_every_value_and_state_has_a_name():
    known = set(verifier_words.VALUES) | set(verifier_words.STATES)

    assert found(NAMED) - known == set()
    assert {"beacon_drand", "beacon_holds", "drand_bad", "value_bad"} <= found(CHOSEN) & set(SENTENCES)
    assert set(verifier_words.CHECKS) == set(range(1, 15))


def test_sentences_name_only_what_the_script_knows_how_to_put_in():
    everything = "".join(MODULES.values())

    names = {name for text in SENTENCES.values() for name in re.findall(r"\{(\w+)\}", str(text))}

    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", everything)] == []


def test_the_verifier_imports_nothing_but_itself_and_says_what_each_module_is_for():
    for name, text in MODULES.items():
        imported = re.findall(r'from "([^"]+)"', text)
        assert all(each.startswith("./") and each[2:] in MODULES for each in imported), name
        assert text.startswith("// "), name
        assert text.count("\n") <= 300, name
        assert not re.search(r"\beval\(|new Function|innerHTML|https?:", text), name
