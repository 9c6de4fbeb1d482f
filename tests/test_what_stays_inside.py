"""What the house keeps from other users of the machine, from its logs, and from careless hands."""

import stat

import click
import pytest
from click.testing import CliRunner
from conftest import NOON
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from doublerandom import migrations
from doublerandom.accounts import services as accounts
from doublerandom.app import create_app
from doublerandom.cli_house import db
from doublerandom.db import make_engine
from doublerandom.demo.cli import make
from doublerandom.ledger import queries as ledger

SECRET = "91330102MA2H0X5B0K"
INSERT = text('INSERT INTO ledger_log_mark (mark, "index") VALUES (:mark, 7)')


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(tmp_path / "made"))

    assert CliRunner().invoke(db, ["upgrade"]).exit_code == 0
    create_app(settings)

    for folder in (tmp_path / "made", settings.data_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_errors_of_the_database_do_not_say_what_it_was_given(engine, app):
    with engine.begin() as connection, pytest.raises(IntegrityError) as refused:
        connection.execute(INSERT, {"mark": SECRET})
    with app.app_context():
        assert app.extensions["sqlalchemy"].engine.hide_parameters

    assert "[SQL: " in str(refused.value)
    assert "hide_parameters=True" in str(refused.value)


def test_a_demonstration_does_not_enter_a_database_in_use(settings):
    create_app(settings)
    engine = make_engine(settings.resolved_database_url)
    migrations.upgrade(engine)
    with Session(engine) as session:
        accounts.add_regions(session, [("330000", "浙江省", "", "province")], by="admin", at=NOON)

        with pytest.raises(click.ClickException, match="DOUBLERANDOM_DATA_DIR"):
            make(settings)

        session.rollback()
        assert [act.name for act in ledger.acts(session)] == ["RegionsSeeded"]
    engine.dispose()
