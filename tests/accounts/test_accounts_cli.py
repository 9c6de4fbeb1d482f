"""The commands with which an installation begins: regions, bodies, people, signing keys."""

import pytest
from click.testing import CliRunner
from sqlmodel import Session

from doublerandom.accounts import queries
from doublerandom.cli import main
from doublerandom.db import make_engine
from doublerandom.ledger import queries as ledger

BODY = [
    "body",
    "hz-scjg",
    "--name",
    "杭州市市场监管局",
    "--line",
    "scjg",
    "--level",
    "city",
    "--region",
    "330100",
]
USER = ["user", "li", "--name", "李", "--person", "p-li", "--body", "hz-scjg", "--role", "planner"]
TWO = ["--by", "p-wang", "--second", "p-han"]
KEY = ["signing-key", "p-li", "--role", "operator"]


@pytest.fixture
def run(database_url, settings, monkeypatch):
    """Run a command of `doublerandom accounts` on a fresh database."""
    monkeypatch.setenv("DOUBLERANDOM_DATABASE_URL", database_url)
    monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("DOUBLERANDOM_TESTING", "true")
    return lambda arguments, typed="": CliRunner().invoke(main, ["accounts", *arguments], input=typed)


def test_an_installation_begins_with_a_body_a_person_and_a_key_in_the_log(run, database_url):
    assert run(BODY).exit_code == 0
    assert run([*USER, *TWO], "a long passphrase\n" * 2).exit_code == 0
    made = run(KEY, "314159\n" * 2)

    engine = make_engine(database_url)
    with Session(engine) as session:
        assert queries.user_by_person(session, "p-li").name == "李"
        assert ledger.entry(session, 0)["key"] == made.output.split()[-1]
    engine.dispose()


def test_the_regions_are_entered_once(run):
    assert int(run(["regions"]).output.replace(",", "")) > 3000
    assert run(["regions"]).output.strip() == "0"


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        ([*USER, *TWO], "a long passphrase\n" * 2),
        (USER, "a long passphrase\n" * 2),
        (KEY, "314159\n" * 2),
        ([*BODY[:-1], "33"], ""),
    ],
)
def test_what_cannot_be_done_is_said_in_both_languages_with_exit_code_2(run, arguments, typed):
    refused = run(arguments, typed)

    assert refused.exit_code == 2
    assert any("一" <= letter <= "鿿" for letter in refused.output)
    assert "Traceback" not in refused.output
