"""
Between commitment and reveal nobody reads, on any page or from any API, who was drawn.

Subjects stand on many pages rightly: in lists, pools, searches. So the same house is read twice, in two
worlds where other dice fell (see two_worlds.py): an answer that is not the same in both has told something of
the draw. Hashes and the dice themselves differ, and are put alike first.
"""

import io
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, redirect_stderr
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from draws_pages.readers import LIST_FILE, OWN_TASKS, Asked, Fillings, questions, read, readers
from draws_pages.two_worlds import LATER, ON_THE_TEAM, World, dice_of, two_worlds
from flask import Flask
from flask.testing import FlaskClient
from visitors import csrf_token, send

from doublerandom.accounts import access_codes
from doublerandom.app import create_app
from doublerandom.draws import queries
from doublerandom.ledger import queries as ledger
from doublerandom.publish import certificates
from doublerandom.web import db

NUMBERS_DIFFER = ("/registry/inspectors", "/registry/teams", "/registry/me", "/me/second-factor")
"""How many tasks somebody was dealt is no secret (and a second factor is new): who is named is compared."""
PLACES = "/desk/draws/<number>/replacements"
"""Who decides on a replacement knows its place: the region, not the subject."""
ASKED_FOR = re.compile(r"^accounts_access_code|\|(?:AccessCodeIssued|OwnRecordOpened)\|")
"""What enterprises ask about themselves."""
HASHES = re.compile(
    r"(?:[0-9a-f]{4}[ \n]+){3,}[0-9a-f]{4}"
    r"|[0-9a-f]{4} [0-9a-f]{4} … [0-9a-f]{4} [0-9a-f]{4}"
    r"|[0-9a-f]{8,}|[A-Za-z0-9+/_-]{24,}={0,2}"
)


@dataclass
class Reading:
    """What everybody was told in one world, and what the programs wrote into their logs meanwhile."""

    world: World
    n: int
    answers: dict[Asked, str]
    recused: set[str]
    logs: str

    def allowed(self, who: str) -> set[str]:
        """The drawn subjects that somebody knows by their work: the team its own, the head of recusals."""
        if who == "inspector":
            return self.world.shown_to(ON_THE_TEAM)
        return self.recused if who == "head" else set()

    def named(self, asked: Asked) -> set[str]:
        """The subjects that an answer names, by code or by name."""
        codes, text = self.world.city.codes, self.answers[asked]
        found = {code for code in re.findall(r"91330\d{3}MA\w{8}", text) if code in codes}
        return found | {codes[int(n)] for n in re.findall(r"第(\d+)号餐馆", text)}

    def told(self, asked: Asked, *, own: bool = False) -> str:
        """The answer with all put alike that may differ: hashes, dice, and with `own` who is allowed."""
        codes = {code: f"⟦{n}⟧" for n, code in enumerate(self.world.city.codes)}
        for code in self.allowed(asked.who) if own else ():
            codes[code] = "⟦own⟧"
        names = [codes[code] for code in self.world.city.codes]
        text = re.sub("|".join(codes), lambda found: codes[found[0]], self.answers[asked])
        text = re.sub(r"第(\d+)号餐馆", lambda found: names[int(found[1])], text)
        for between in ".", ",", " ":
            text = text.replace(between.join(map(str, dice_of(self.n)["rolls"])), "⟦dice⟧")
        if asked.rule.startswith(PLACES):
            text = re.sub(r"\b33010[23]\b", "⟦region⟧", text)
        if asked.rule.startswith(NUMBERS_DIFFER):
            return " ".join(re.findall(r"⟦\w+⟧", text))
        return HASHES.sub("⟦hash⟧", text)


@pytest.fixture(scope="module")
def readings(sqlite_template, compiled_templates, tmp_path_factory) -> Iterator[list[Reading]]:
    """Both worlds, read by everybody two days after the draws."""
    with (
        redirect_stderr(io.StringIO()) as logs,
        two_worlds(tmp_path_factory.mktemp("w"), sqlite_template) as two,
    ):
        fillings = _fillings(two)
        with time_machine.travel(LATER, tick=False):
            found: list[Reading] = []
            for n, world in enumerate(two):
                app = create_app(world.city.settings)
                app.jinja_env.bytecode_cache = compiled_templates
                start = logs.tell()
                recused, answers = _everything(app, world, fillings, found[0].answers if found else {})
                found.append(Reading(world, n, answers, recused, logs.getvalue()[start:]))
                with app.app_context():
                    for engine in db.engines.values():
                        engine.dispose()
            yield found


def _fillings(two: list[World]) -> Fillings:
    """Subjects of which the two worlds tell different things, and whatever else stands in addresses."""
    here, there = (set(queries.drawn_codes(world.city.session, world.draws["open"])) for world in two)
    first, second = min(here - two[1].drawn), min(there - two[0].drawn)
    closed = set(queries.drawn_codes(two[0].city.session, two[0].draws["closed"]))
    session = two[0].city.session
    draws = two[0].draws
    requests = {
        draw.number: [row.id or 0 for row in queries.replacements(session, draw)] for draw in draws.values()
    }
    entries = ledger.entries_of_draw(session, draws["open"].number)
    return Fillings(
        codes=(first, second, min(closed - two[1].drawn)),
        first=next(index for index, entry in entries if entry["type"] == "observed"),
        size=ledger.log_size(session),
        asked_about=(draws["open"].number, draws["closed"].number),
        requests=requests,
    )


def _everything(
    app: Flask, world: World, fillings: Fillings, asked_there: dict[Asked, str]
) -> tuple[set[str], dict[Asked, str]]:
    """Every answer, and whom an inspector asked to be recused from before."""
    clients = readers(app, fillings)
    recused = _apply_for_recusals(clients, world)
    answers = {}
    files = [asked for asked in asked_there if asked.is_file]
    for asked in [*questions(app, world, fillings, all_roles=not asked_there), *files]:
        told = answers[asked] = read(clients[asked.who].get(asked.address))
        known = {one.address for one in answers if one.is_file}
        links = [link.replace("&amp;", "&") for link in LIST_FILE.findall(told) if not asked_there]
        for link in sorted({*links} - known):
            file = Asked(asked.who, asked.rule, link, is_file=True)
            answers[file] = read(clients[file.who].get(file.address))
    return recused, answers | _papers(app, world) | _sent(clients, world, fillings)


def _papers(app: Flask, world: World) -> dict[Asked, str]:
    """What the certificate of each draw prints."""
    found, session = {}, world.city.session
    with app.test_request_context("/?lang=zh"):
        for kind, draw in world.draws.items():
            values = {**certificates.values_of(session, draw), "qr": ""} if kind != "prepared" else {}
            found[Asked("nobody", "certificate", kind)] = json.dumps(values, ensure_ascii=False)
    return found


def _apply_for_recusals(clients: dict[str, FlaskClient], world: World) -> set[str]:
    """An inspector asks to be recused from two own tasks; the head grants one."""
    own = [task for task in world.tasks("closed") if ON_THE_TEAM in task.people][:2]
    for n, task in enumerate(own):
        page = f"/tasks/{task.id}/change"
        answer = send(clients["inspector"], f"{page}/recusal", page, ground="relative", statement="亲属任职")
        assert answer.status_code == 303, answer.text
        if n:
            send(clients["head"], f"/conflicts/{n}/decision", "/conflicts/review", decision="uphold")
    for who in ("inspector", "head"):
        clients[who].get("/me")  # where it is told that it is done
    return {task.subject for task in own}


def _sent(clients: dict[str, FlaskClient], world: World, fillings: Fillings) -> dict[Asked, str]:
    """What is answered to those who send something: an enterprise its code, another body's system visits."""
    found = {}
    session, nobody = world.city.session, clients["nobody"]
    for code in fillings.codes:
        access = access_codes.issue_access_code(session, code, days=90, by="zhang", at=LATER)
        for number in fillings.asked_about:
            page = f"/draws/{number}/own-record"
            form = {"csrf_token": csrf_token(nobody, page), "subject": code, "access_code": access}
            found[Asked("nobody", "own record", f"{page} {code}")] = read(nobody.post(page, data=form))
    head = {"Authorization": f"Bearer {world.api_key}", "Idempotency-Key": "1"}
    visits = [
        {"key": f"V{n}", "code": code, "visited_on": "2026-03-04"} for n, code in enumerate(fillings.codes)
    ]
    answer = nobody.post("/api/v1/visits", json={"visits": visits}, headers=head)
    assert answer.status_code == 200
    return found | {Asked("nobody", "api", "/api/v1/visits"): read(answer)}


def test_no_answer_depends_on_who_was_drawn(readings):
    one, other = readings

    assert one.world.drawn != other.world.drawn
    assert one.answers.keys() > other.answers.keys()
    asked_twice = [asked for asked in other.answers if asked.who != "inspector"]
    differ = [asked for asked in asked_twice if _differ(one, other, asked)]
    assert [asked for asked in differ if one.told(asked, own=True) != other.told(asked, own=True)] == []
    assert {asked.who for asked in differ} <= {"head"}
    statuses = Counter(told[:3] for told in one.answers.values())
    assert statuses["200"] > 400
    assert statuses["500"] == 0


def _differ(one: Reading, other: Reading, asked: Asked) -> bool:
    return one.answers[asked] != other.answers[asked] and one.told(asked) != other.told(asked)


def test_no_other_role_is_named_a_subject_that_is_not_named_to_whoever_was_asked_twice(readings):
    one, other = readings
    named_at: dict[str, set[str]] = {}
    for asked in other.answers:
        named_at.setdefault(asked.address, set()).update(one.named(asked))
    more = {
        asked: found
        for asked in one.answers.keys() - other.answers.keys()
        if (found := one.named(asked) - named_at.get(asked.address, set()) - one.allowed(asked.who))
    }

    assert more == {}


def test_an_inspector_reads_of_own_tasks_and_of_no_others_and_of_unannounced_ones_in_time(readings):
    for reading in readings:
        own = reading.allowed("inspector")
        read_of = {
            who: {code for asked in reading.answers if asked.who == who for code in reading.named(asked)}
            for who in OWN_TASKS
        }
        unannounced = [task for task in reading.world.tasks("unannounced") if ON_THE_TEAM in task.people]

        assert read_of == {"inspector": own, "outside": set()}
        assert any(task.subject in own for task in unannounced)


def test_no_secret_and_no_key_stands_in_an_answer_a_log_or_a_table(readings):
    for reading in readings:
        secrets = reading.world.secrets()
        tables = "\n".join(_rows(reading.world.city.settings.data_dir / "house.db"))

        assert len(secrets) > 30
        for told in (*reading.answers.values(), reading.logs, tables):
            assert not [secret for secret in secrets if secret in told]


def test_trail_messages_log_entries_and_logs_name_no_subject_and_tables_do_where_they_must(readings):
    for reading in readings:
        data = reading.world.city.settings.data_dir
        before = _rows(data.parents[1] / "before" / "data" / "house.db")
        new = [row for row in _rows(data / "house.db") if row not in before]
        drawn = re.compile("|".join(reading.world.drawn))
        named = {row.split("|")[0] for row in new if drawn.search(row) and not ASKED_FOR.search(row)}

        assert {"ledger_act", "accounts_message", "ledger_log_entry"} <= {row.split("|")[0] for row in new}
        assert named <= {"draws_task", "draws_replacement"}
        assert not [code for code in reading.world.drawn if code in reading.logs]


def _rows(path: Path) -> set[str]:
    """Every row of every table of a file, as text."""
    found = set()
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' ORDER BY name"
        )
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                found.add("|".join([table, *map(str, row)]))
    return found
