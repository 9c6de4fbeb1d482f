"""`doublerandom demo`: makes the demonstration, resumes where it stopped, and serves it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doublerandom.config import Settings

if TYPE_CHECKING:
    from sqlmodel import Session


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--serve/--no-serve", default=True, help="Serve the site when it is made.")
def demo(host: str, port: int, *, serve: bool) -> None:
    """Make a demonstration city and a small county (all invented), run their draws, and serve the site."""
    os.environ.setdefault("DOUBLERANDOM_DATA_DIR", "demo-data")
    os.environ.setdefault("DOUBLERANDOM_LOG_ORIGIN", "demo.doublerandom.invalid/log")
    settings = Settings(demo=True)
    make(settings)
    click.echo(_welcome(f"http://{host}:{port}"))
    if serve:
        from doublerandom.server import run

        with _worker(settings):
            run(settings, bind=f"{host}:{port}")


@contextmanager
def _worker(settings: Settings) -> Iterator[None]:
    """The worker beside the site, as an office runs it: what is due happens by itself; ends with the site."""
    command = [sys.executable, "-c", "from doublerandom.cli import main; main()", "jobs"]
    with (settings.data_dir / "worker.log").open("ab") as log:
        worker = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - our own program
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def make(settings: Settings) -> None:
    """Do every step of the demonstration that was not done before; never in a database that is somebody's."""
    from sqlmodel import Session

    from doublerandom import clock, migrations
    from doublerandom.app import create_app
    from doublerandom.db import make_engine
    from doublerandom.demo.stage import Stage
    from doublerandom.demo.steps import do, pending
    from doublerandom.jobs import run_due

    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = make_engine(settings.resolved_database_url)
    migrations.upgrade(engine)
    folder = settings.data_dir / "offices"
    with create_app(settings).app_context(), Session(engine) as session:
        _refuse_a_house_in_use(session)
        stage = Stage(session, settings, _day_of(settings.data_dir), folder)
        run_due(session, settings, clock.now())
        left = pending(stage)
        for number, step in enumerate(left, 1):
            click.echo(f"[{number}/{len(left)}] {step.words} …", err=True)
            do(stage, step)
    engine.dispose()


def _refuse_a_house_in_use(session: "Session") -> None:
    """Stop before invented people, with passwords that everybody knows, enter a database that is in use."""
    from doublerandom.ledger import queries as ledger

    if ledger.last_act(session) and not ledger.acts_on(session, "demonstration", "offices"):
        raise click.ClickException(
            "此数据库已有其他数据，演示只能在空库中进行："
            "请另设 DOUBLERANDOM_DATA_DIR 和 DOUBLERANDOM_DATABASE_URL。"
            " / This database is in use, and a demonstration needs an empty one: set other values of "
            "DOUBLERANDOM_DATA_DIR and DOUBLERANDOM_DATABASE_URL."
        )


def _day_of(data_dir: Path) -> datetime:
    """The moment the demonstration was begun; its history is relative to it, also when resumed."""
    from doublerandom import clock

    place = data_dir / "begun"
    if not place.exists():
        place.write_text(clock.now().isoformat(), encoding="ascii")
    return datetime.fromisoformat(place.read_text(encoding="ascii").strip())


def _welcome(address: str) -> str:
    """What to look at, and the accounts to try."""
    from doublerandom.demo.city import PASSWORD, PEOPLE, PIN
    from doublerandom.demo.people import SECRET
    from doublerandom.demo.words import ROLE_WORDS

    accounts = "\n".join(
        f"  {person.username:<18} {'、'.join(ROLE_WORDS[role] for role in person.roles)}" for person in PEOPLE
    )
    return f"""
演示系统已就绪，所有数据均为虚构。 The demonstration is ready; all data are invented.

  {address}/                 首页 home
  {address}/draws            抽查公告 draws: committed, drawn, revealed, voided, rehearsal
  {address}/results          公示结果 published results
  {address}/log              存证日志 public log
  {address}/sign-in          工作人员登录 sign in

账户 accounts (password {PASSWORD}, signing PIN {PIN}; 计划员、监督员、管理员登录时页面会显示验证码，
planner, supervisor, administrator: the sign-in page shows the code; TOTP secret {SECRET}):
{accounts}
"""
