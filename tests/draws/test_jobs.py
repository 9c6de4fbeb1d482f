"""The loop: what is due is done, once, and by one process."""

from datetime import timedelta

from click.testing import CliRunner
from draws.a_city import DUE, hours

from doublerandom import clock, jobs, migrations
from doublerandom.db import make_engine
from doublerandom.draws import queries
from doublerandom.draws.models import DrawStatus


def due(city, at):
    return [(done.draw, done.what) for done in jobs.run_due(city.session, city.settings, at)]


def test_draws_run_and_open_by_themselves(city):
    draw = city.committed()
    number = draw.number

    assert due(city, DUE) == []
    city.observe(draw)
    assert due(city, DUE) == [(number, "run")]
    assert due(city, hours(1)) == []
    opening = queries.draw(city.session, number).reveal_by - timedelta(minutes=5)
    assert due(city, opening) == [(number, "revealed")]
    assert due(city, opening + timedelta(days=9)) == []


def test_overdue_draws_fail_and_what_they_would_have_drawn_is_shown(city):
    draw = city.observe(city.committed())
    number = draw.number

    assert due(city, hours(2)) == [(number, "failed"), (number, "shown")]
    assert queries.draw(city.session, number).status is DrawStatus.FAILED


def test_a_stop_over_the_reveal_fails_in_public_and_opens_late(city):
    draw = city.drawn()

    assert due(city, draw.reveal_by + timedelta(hours=1)) == [(draw.number, "failed"), (draw.number, "shown")]


def test_a_voided_draw_is_shown_when_its_randomness_comes(city):
    draw = city.void(city.committed(), hours(-1))

    assert due(city, DUE) == []
    city.observe(draw)
    assert due(city, DUE) == [(draw.number, "shown")]


def test_one_draw_in_trouble_does_not_stop_the_others(city):
    broken = city.observe(city.committed())
    pool = queries.frozen_pools(city.session, broken)["inspectors"]
    (city.settings.files_dir / pool.sha256[:2] / pool.sha256).unlink()
    sound = city.committed(plan_line="2026-008", due=hours(2), at=hours(0.5), signed=hours(0.5))
    city.observe(sound, at=hours(2))
    sound_number, broken_number = sound.number, broken.number

    found = [
        (done.draw, done.what, done.code) for done in jobs.run_due(city.session, city.settings, hours(0.9))
    ]
    assert found == [(broken_number, "error", "storage_damaged")]
    later = [(broken_number, "failed"), (sound_number, "run"), (broken_number, "error")]
    assert due(city, hours(2.1)) == later


def test_a_disk_that_fails_at_one_draw_does_not_stop_the_others(city):
    broken, sound = city.committed(), city.committed(plan_line="2026-008")
    for draw in (broken, sound):
        city.observe(draw)
    pool = queries.frozen_pools(city.session, broken)["inspectors"]
    place = city.settings.files_dir / pool.sha256[:2] / pool.sha256
    place.unlink()
    place.mkdir()
    sound_number, broken_number = sound.number, broken.number

    found = jobs.run_due(city.session, city.settings, DUE)

    assert found == [jobs.Done(broken_number, "error", "unexpected"), jobs.Done(sound_number, "run")]


def test_the_second_process_waits_for_the_first(city, engine):
    draw = city.observe(city.committed())
    city.session.rollback()
    first, second = (jobs.leadership(engine, city.settings) for _ in range(2))

    assert first.held()
    assert not second.held()
    assert jobs.tick(engine, city.settings, second, DUE) == []
    assert first.held()
    assert [done.what for done in jobs.tick(engine, city.settings, first, DUE)] == ["run"]
    first.release()
    assert second.held()
    second.release()
    assert draw


def test_the_command_does_what_is_due_once(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(tmp_path))
    engine = make_engine(f"sqlite:///{tmp_path / 'doublerandom.db'}")
    migrations.upgrade(engine)
    engine.dispose()

    done = CliRunner().invoke(jobs.jobs, ["--once"])

    assert done.exit_code == 0, done.output
    assert done.output == ""


def test_the_command_says_what_failed_and_that_another_process_leads(city, database_url, engine, monkeypatch):
    broken = city.observe(city.committed())
    number, reads = broken.number, queries.frozen_pools(city.session, broken)["inspectors"].sha256
    (city.settings.files_dir / reads[:2] / reads).unlink()
    city.session.rollback()
    monkeypatch.setattr(clock, "now", lambda: hours(0.5))
    for name, value in (
        ("DATABASE_URL", database_url),
        ("DATA_DIR", str(city.settings.data_dir)),
        ("LOG_ORIGIN", city.settings.log_origin),
        ("DRAND_RELAYS", ""),
    ):
        monkeypatch.setenv(f"DOUBLERANDOM_{name}", value)

    failed = CliRunner().invoke(jobs.jobs, ["--once"])
    assert (failed.exit_code, failed.stdout.splitlines()) == (
        1,
        [f"{number} error storage_damaged", f"{number} raised result_late"],
    )
    lead = jobs.leadership(engine, city.settings)
    assert lead.held()
    idle = CliRunner().invoke(jobs.jobs, ["--once"])
    lead.release()
    assert (idle.exit_code, idle.stdout) == (0, "")
    assert "another process" in idle.stderr
