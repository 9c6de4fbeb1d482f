"""The documentation agrees with the program: links, settings, commands, rules, the first people."""

import json
import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from docs.reading import DOCS, ROOT

from doublerandom.cli import LazyGroup, main
from doublerandom.config import Settings
from doublerandom.registry.intake.columns import KINDS, REQUIRED
from doublerandom.registry.rules import check_rules

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
MADE_BY_BROWSER_TEST = {"docs/images/draw-page.png"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", text_of(path)), re.MULTILINE)
    plain = [re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower() for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def broken(path: Path) -> list[str]:
    found = []
    for link in LINK.findall(FENCED.sub("", text_of(path))):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (path.parent / place).resolve() if place else path
        known = target.exists() or target.relative_to(ROOT).as_posix() in MADE_BY_BROWSER_TEST
        if not known or (anchor and anchor not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_leads_somewhere(path):
    assert broken(path) == []


def test_the_operators_guide_lists_every_setting_with_its_default():
    told = dict(
        re.findall(r"^\| `DOUBLERANDOM_(\w+)` \| (.+?) \|", text_of(DOCS / "operators.md"), re.MULTILINE)
    )

    settings = {
        name.upper(): "empty" if field.default == "" else f"`{str(field.default).lower()}`"
        for name, field in Settings.model_fields.items()
    }

    assert told == settings


def test_the_operators_guide_lists_every_command():
    told = set(re.findall(r"^\| `doublerandom (\w+)", text_of(DOCS / "operators.md"), re.MULTILINE))

    assert told == set(LazyGroup.lazy)


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_shown_for_imports_are_understood(kind):
    tables = text_of(DOCS / "operators.md").split("### Columns")[1].split("###")[0].split("\n\n")
    table = next(each for each in tables if re.search(rf"^\|.*\b{kind} \|", each))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if "|" in line]
    place = rows[0].index(kind)

    told = {row[place + 1].strip("`"): row[place] for row in rows[2:] if row[place]}

    for field, heading in told.items():
        assert re.sub(r"[* ]|\(or.*\)", "", heading) in KINDS[kind][field]
    assert {field for field, heading in told.items() if heading.startswith("**")} >= set(REQUIRED[kind])


def members(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(members, value.values()))
    return set().union(*map(members, value)) if isinstance(value, list) else set()


def test_the_example_of_a_rule_set_holds_and_each_member_is_explained():
    text = text_of(DOCS / "rules.md")
    example = json.loads(re.findall(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0])

    check_rules(example)

    explained = set(re.findall(r"`(?:\w+\.)?(\w+)`", text.split("## Members")[1]))
    assert members(example) - explained == set()


def test_the_commands_for_the_first_people_make_an_office_that_can_sign(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DOUBLERANDOM_TESTING", "true")
    answers = {"user": "a long passphrase\n" * 2, "signing-key": "314159\n" * 2}
    lines = re.findall(r"^\$ doublerandom (accounts [^#\n]*)", text_of(DOCS / "operators.md"), re.MULTILINE)

    for line in lines:
        arguments = shlex.split(line)
        done = CliRunner().invoke(main, arguments, input=answers.get(arguments[1], ""))
        assert done.exit_code == 0, done.output

    with closing(sqlite3.connect(tmp_path / "doublerandom.db")) as database:
        signers = database.execute("select person, role from ledger_signing_key order by role").fetchall()
    assert signers == [("p-li", "operator"), ("p-zhou", "supervisor")]


def test_the_readme_names_the_demonstrations_accounts():
    """Parsed, not imported: the demonstration needs packages that only it uses."""
    text = text_of(ROOT / "README.md")
    city = (ROOT / "doublerandom/demo/city.py").read_text(encoding="utf-8")

    accounts = set(re.findall(r'^    Person\("([\w-]+)"', city, re.MULTILINE))
    told = set(re.findall(r"`([\w-]+)`", text.split("## 演示账户")[1].split("## 五分钟")[0]))

    assert accounts == told - set(re.findall(r'^(?:PASSWORD|PIN) = "([\w-]+)"', city, re.MULTILINE))
    assert accounts < told


def test_every_make_target_that_the_documents_name_is_there():
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))

    named = {name for path in DOCUMENTS for name in re.findall(r"(?:`|\$ )make ([a-z]+)", text_of(path))}

    assert named - targets == set()
