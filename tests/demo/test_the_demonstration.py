"""The demonstration: complete, resumable, verifiable, and everywhere marked as one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from a_demonstration import demo_settings
from click import ClickException
from sqlmodel import Session, select

from doublerandom import clock
from doublerandom.accounts.core import ROLES
from doublerandom.app import create_app
from doublerandom.credit.models import CreditRecord, CreditStatus
from doublerandom.db import make_engine
from doublerandom.demo import foundations
from doublerandom.demo.city import OFFICES, PEOPLE
from doublerandom.demo.cli import make
from doublerandom.demo.stage import Stage
from doublerandom.demo.steps import Step, do, pending, steps
from doublerandom.dr1.verification import verify_bundle
from doublerandom.draws import bundles
from doublerandom.draws import queries as draws
from doublerandom.draws.models import DrawStatus
from doublerandom.draws.pools import find_record, open_pool
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import verify_trail
from doublerandom.migrations import upgrade
from doublerandom.registry import queries as registry
from doublerandom.web import db

PROGRAM = "doublerandom/static/verify.py"
RISKIER = {"A": "B", "B": "C", "C": "D", "D": "D"}


def all_draws(session):
    return draws.draws(session, limit=100)


def draw_of(session, status, number="YC-SCJG-"):
    """The city's one draw in that state that is no rehearsal and supersedes none."""
    found = [each for each in all_draws(session) if each.status is status and not each.rehearsal]
    return next(each for each in found if each.number.startswith(number) and not each.supersedes)


def sizes(session):
    return ledger.last_act(session).id, ledger.log_size(session)


@pytest.fixture
def stage(tmp_path) -> Iterator[Stage]:
    """A demonstration that has not begun."""
    settings = demo_settings(tmp_path / "data")
    settings.data_dir.mkdir()
    engine = make_engine(settings.resolved_database_url)
    upgrade(engine)
    now = clock.now()
    (settings.data_dir / "begun").write_text(now.isoformat(), encoding="ascii")
    with Session(engine) as session:
        yield Stage(session, settings, now, settings.data_dir / "offices")
    engine.dispose()


class TestWhatItHolds:
    def test_a_city_of_twenty_thousand_subjects_and_a_small_county(self, demo):
        today = clock.local(clock.now()).date()
        county = [row for row in registry.inspectors(demo) if row.certificate.startswith("SMSJ")]

        assert registry.subjects_count(demo) == 20_913
        assert len(registry.inspectors(demo)) == 306
        assert len(county) == 4
        assert len(registry.items_in_force(demo, on=today)) == 59
        assert len([office for office in OFFICES if office.inspectors and office.token.startswith("yc")]) == 6

    def test_standing_teams_days_away_and_papers_of_inspectors(self, demo):
        today = clock.local(clock.now()).date()
        teams = registry.teams_for(demo, lines=[], region="990100", on=today)
        rows = registry.inspectors_for(demo, lines=["scjg"], region="990100", on=today)
        reasons = {row.excluded for row in rows}

        assert [team.code for team in teams] == ["YC-SCJG-T01", "YC-SCJG-T02", "YC-XFZD-T01"]
        assert {"leave", "duty", "expert", "certificate-suspended", "certificate-expired"} <= reasons
        assert registry.certificates_ending(demo, below="yc-gov/yc-scjg/", until=today + timedelta(days=45))

    def test_draws_in_every_state(self, demo):
        found = [each for each in all_draws(demo) if not each.rehearsal]

        states = {each.status for each in found}
        assert states >= {DrawStatus.COMMITTED, DrawStatus.DRAWN, DrawStatus.REVEALED, DrawStatus.VOIDED}
        assert len({each.body_id for each in found}) == 2
        assert draw_of(demo, DrawStatus.COMMITTED).due > clock.now()

    def test_a_rehearsal_is_on_the_real_round_of_2023(self, demo):
        rehearsal = next(each for each in all_draws(demo) if each.rehearsal and each.revealed_at)

        source = draws.plan_of(rehearsal)["randomness"][0]
        assert (source["kind"], source["round"]) == ("drand", 657413)
        assert rehearsal.status is DrawStatus.REVEALED

    def test_another_waits_for_its_dice_until_tomorrow(self, demo):
        rehearsal = next(each for each in all_draws(demo) if each.rehearsal and not each.drawn_at)

        (dice,) = draws.sources(demo, rehearsal)
        assert (dice.kind, dice.is_open(clock.now())) == ("dice", True)
        assert dice.end > clock.now() + timedelta(hours=20)

    def test_one_draw_is_open_by_grade_and_one_closed_by_class(self, demo):
        by_grade, by_class = draw_of(demo, DrawStatus.REVEALED), draw_of(demo, DrawStatus.DRAWN)

        assert {each["id"] for each in draws.plan_of(by_grade)["strata"]} >= {"grade-a", "grade-d"}
        assert "closed" not in draws.plan_of(by_grade)
        assert {each["id"] for each in draws.plan_of(by_class)["strata"]} >= {"class-a", "class-d"}
        assert draws.plan_of(by_class)["closed"] == ["subjects"]

    def test_the_trail_holds(self, demo):
        verify_trail(demo)

    def test_nobody_has_a_role_that_does_not_exist(self):
        assert {role for person in PEOPLE for role in person.roles} <= set(ROLES)


class TestMakingItAgain:
    def test_again_changes_nothing(self, another):
        engine = make_engine(another.resolved_database_url)
        with Session(engine) as session:
            before = sizes(session)

        make(another)

        with Session(engine) as session:
            assert sizes(session) == before
        engine.dispose()

    def test_an_interrupted_step_leaves_nothing_and_is_done_the_next_time(self, stage):
        for step in steps()[:2]:
            do(stage, step)
        before = sizes(stage.session)

        def half(stage):
            foundations.fill_pools(stage)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            do(stage, Step("pools", "", half))

        assert sizes(stage.session) == before
        assert registry.subjects_count(stage.session) == 0
        assert [step.name for step in pending(stage)] == [step.name for step in steps()[2:]]

    def test_what_was_interrupted_ends_like_what_was_not(self, stage, demo):
        for step in steps()[:4]:
            do(stage, step)
        stage.session.close()

        make(stage.settings)

        with Session(stage.session.get_bind()) as session:
            assert pending(Stage(session, stage.settings, stage.today, stage.folder)) == []
            assert ledger.log_size(session) == ledger.log_size(demo)
            assert [draw.number for draw in all_draws(session)] == [draw.number for draw in all_draws(demo)]

    def test_started_after_its_hour_the_countdown_that_failed_is_superseded_by_the_next(
        self, another, monkeypatch
    ):
        engine = make_engine(another.resolved_database_url)
        for late, list_is_known in ((timedelta(hours=30), True), (timedelta(hours=100), False)):
            with Session(engine) as session:
                (old,) = draws.next_draws(session, at=clock.now())
            now = old.due + late
            monkeypatch.setattr(clock, "now", lambda now=now: now)

            make(another)

            with Session(engine) as session:
                (new,) = draws.next_draws(session, at=now)
                owed = draws.drawn_codes(session, draws.draw(session, old.number))
                assert draws.draw(session, old.number).status is DrawStatus.FAILED
                assert new.supersedes == old.number
                assert bool(owed) is list_is_known
                assert draws.plan_of(new)["carried"] == sorted(owed)
        engine.dispose()

    def test_started_within_its_hour_the_countdown_still_runs(self, another, monkeypatch):
        engine = make_engine(another.resolved_database_url)
        with Session(engine) as session:
            (old,) = draws.next_draws(session, at=clock.now())
        monkeypatch.setattr(clock, "now", lambda: old.due + timedelta(minutes=30))

        make(another)

        with Session(engine) as session:
            (new,) = draws.next_draws(session, at=clock.now())
            assert draws.draw(session, old.number).status is DrawStatus.DRAWN
            assert new.supersedes == ""
        engine.dispose()

    def test_a_house_in_use_is_not_made_a_demonstration(self, stage):
        foundations.found_offices(stage)
        before = sizes(stage.session)

        with pytest.raises(ClickException):
            make(stage.settings)

        assert sizes(stage.session) == before


class TestVerification:
    def test_every_bundle_verifies_by_package_and_by_program(self, demo, demonstration):
        for draw in all_draws(demo):
            path = bundles.bundle(demo, draw, settings=demonstration)

            report = verify_bundle(path)
            ran = subprocess.run(
                [sys.executable, "-I", PROGRAM, str(path)], capture_output=True, text=True, check=False
            )

            assert (draw.number, report.failures) == (draw.number, ())
            assert ran.returncode in {0, 2}, ran.stdout
            assert "不通过" not in ran.stdout


class TestConflicts:
    def test_the_declared_pair_is_kept_apart_although_the_subject_is_drawn(self, demo, demonstration):
        draw = draw_of(demo, DrawStatus.REVEALED)
        stage = Stage(demo, demonstration, clock.now(), demonstration.data_dir)
        subject = foundations.declared_subject(stage)

        task = next(each for each in draws.tasks_of_draw(demo, draw) if each.subject == subject)

        assert "YCSJ-0001" not in task.team
        assert all(task.team)
        pools = draws.frozen_pools(demo, draw)
        with open_pool(pools["conflicts"], draw.number, demonstration) as file:
            pairs = [line for line in file if b"YCSJ-0001" in line and subject.encode() in line]
        assert len(pairs) == 1

    def test_no_team_of_any_draw_holds_a_pair_of_the_frozen_conflicts(self, demo, demonstration):
        for draw in all_draws(demo):
            if draw.rehearsal:
                continue
            with open_pool(draws.frozen_pools(demo, draw)["conflicts"], draw.number, demonstration) as file:
                kept = [json.loads(line) for line in file]
            barred = {(each["inspector"], each["subject"]) for each in kept if not each.get("waived")}

            for task in draws.tasks_of_draw(demo, draw):
                assert not {(member, task.subject) for member in task.team} & barred


class TestTheLoop:
    """A published result, its credit consequence, the next draw by class."""

    @pytest.fixture
    def moved(self, demo, demonstration):
        """Imported class, frozen stratum of each penalised subject in the draw by class."""
        draw = draw_of(demo, DrawStatus.DRAWN)
        penalised = demo.exec(
            select(CreditRecord).where(
                CreditRecord.kind == "penalty", CreditRecord.status == CreditStatus.ACTIVE
            )
        )
        found = []
        with open_pool(draws.frozen_pools(demo, draw)["subjects"], draw.number, demonstration) as file:
            for record in penalised:
                frozen = find_record(file, record.subject)
                if frozen is not None:
                    day = date.fromisoformat(draws.plan_of(draw)["committed_at"][:10])
                    imported = registry.subject_as_of(demo, record.subject, on=day).credit_class
                    found.append((record.subject, imported, frozen["stratum"]))
        return found

    def test_a_confirmed_penalty_puts_its_subject_into_another_stratum(self, moved):
        assert moved
        for _, imported, stratum in moved:
            assert stratum == f"class-{RISKIER[imported].lower()}"
        assert any(stratum != f"class-{imported.lower()}" for _, imported, stratum in moved)

    def test_the_imported_class_stands_as_it_was(self, demo, moved):
        today = clock.local(clock.now()).date()
        for code, _imported, _ in moved:
            subject = registry.subject(demo, code)
            changed = [row for row in registry.changes_of(demo, subject.id) if row.field == "credit_class"]

            assert all(row.batch_id for row in changed)  # by an import of classes, never by a measure
            assert [row.effect for row in registry.measures_in_force(demo, subject.id, on=today)] == ["raise"]


class TestEveryPageSaysSo:
    def test_every_page_that_anybody_can_open_says_that_it_is_a_demonstration(self, demonstration):
        app = create_app(demonstration)
        client = app.test_client()
        with app.app_context():
            numbers = [draw.number for draw in all_draws(db.session)]
        pages = ["/", "/items", "/items/SC-01", "/draws", "/results", "/results/1", "/log", "/log/3"]
        pages += ["/verify", "/sign-in", "/no-such-page", *(f"/draws/{number}" for number in numbers)]

        for page in pages:
            text = client.get(page).get_data(as_text=True)
            assert 'class="demo-banner"' in text, page
            assert "演示系统：数据均为虚构" in text, page
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
