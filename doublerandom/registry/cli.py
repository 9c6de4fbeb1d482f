"""`doublerandom registry …`: files from offices into the registry."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from doublerandom import clock
from doublerandom.config import Settings
from doublerandom.errors import DoubleRandomError
from doublerandom.registry.intake.beside import reader_of

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

    from doublerandom.accounts.queries import Body
    from doublerandom.registry.intake.importing import Import
    from doublerandom.registry.intake.reports import Report

KINDS = (
    "subjects", "inspectors", "items", "conflicts", "classes", "plans", "visits", "ties", "links",
)  # fmt: skip


@click.group()
def registry() -> None:
    """The list and the two pools."""


@registry.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Judge every row and apply none.")
@click.option(
    "--report",
    "report_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report as JSON.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--by", default="system", show_default=True, help="Person token, for the record.")
@click.option(
    "--body",
    "body_token",
    default="",
    help="Body of inspectors or items whose rows name none, or whose region classes are of.",
)
@click.option("--sender", default="", help="Office that made the file, for the record.")
@click.option(
    "--registration-source",
    "updates",
    is_flag=True,
    help="The file comes from the registration authority: base fields of known subjects follow it.",
)
@click.option("--prefix", default="", help="What the codes of items begin with.")
@click.option("--on", type=click.DateTime(("%Y-%m-%d",)), help="Day of classes whose rows give none.")
def import_command(
    kind: str,
    file: Path,
    *,
    dry_run: bool,
    report_path: Path | None,
    as_json: bool,
    by: str,
    body_token: str,
    prefix: str,
    on: datetime | None,
    sender: str,
    updates: bool,
) -> None:
    """
    Import a file of subjects, inspectors, items, conflicts or classes: CSV (UTF-8 or GB18030), XLSX or XLS.

    Every row is taken, refused with its reason, or found to be repeated; refused rows are written beside the
    report (or the file) in the original columns, to be mended and imported again. An error applies no row.
    """
    with reader_of(file, kind=kind) as reader:  # it reads while the rest is being imported
        from doublerandom.registry.intake.importing import Import
        from doublerandom.registry.intake.reports import Report

        with _errors_told(), _session() as session, Report() as report:
            body = _body(session, body_token)
            what = Import(
                kind, file, by, clock.now(), body=body, prefix=prefix, dry_run=dry_run, reader=reader,
                on=on.date() if on else None, settings=Settings(), sender=sender, updates=updates,
            )  # fmt: skip
            refused_path = _import(session, what, report, report_path)
            if as_json:
                report.dump(sys.stdout)
                return
            click.echo(_summary(report, dry_run=dry_run))
            if sheet := report.about.get("sheet"):
                click.echo(_sheet_told(sheet, report.about))
            if refused_path:
                click.echo(f"未收的行 / refused rows: {refused_path}")
            if report_path:
                click.echo(f"报告 / report: {report_path}")


@registry.command("industries")
def industries_command() -> None:
    """Enter the industries of GB/T 4754-2017 that are not there yet."""
    from doublerandom.registry import services

    with _errors_told(), _session() as session:
        click.echo(f"{services.seed_industries(session, by='system', at=clock.now()):,}")


@registry.group()
def calendar() -> None:
    """The working-day calendar."""


@calendar.command("seed")
@click.option("--by", default="system", show_default=True, help="Person token, for the record.")
def seed_command(by: str) -> None:
    """Enter the years that the package chinesecalendar knows; years that are there stay as they are."""
    from doublerandom.registry.services import seed_calendar

    with _errors_told(), _session() as session:
        years = seed_calendar(session, by=by, at=clock.now())
    entered = f"{years[0]}–{years[-1]}" if years else "—"
    click.echo(f"工作日历已录入 / years entered: {entered}")


@registry.command("undo")
@click.argument("batch", type=int)
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--by", default="system", show_default=True, help="Person token, for the record.")
def undo_command(batch: int, *, reason: str, by: str) -> None:
    """Take back what a batch brought in, by a later batch; what others did since stays as it is."""
    from doublerandom.registry.services.import_undo import undo_batch

    with _errors_told(), _session() as session:
        undo = undo_batch(session, batch, reason=reason, by=by, at=clock.now())
        click.echo(
            f"批次 / batch {undo.id}：撤回 / taken back {undo.changed:,}，保留 / left {undo.repeated:,}"
        )


def _import(session: "Session", what: "Import", report: "Report", report_path: Path | None) -> Path | None:
    """Import, then write the report and the refused rows; gives where those are, if there are any."""
    from doublerandom.registry.intake.importing import import_file

    with _progress(what.path) as progress:
        columns = import_file(session, what, report, progress=progress)
    if report_path:
        report.write_json(report_path)
    if not report.counts.refused or (what.dry_run and not report_path):
        return None
    refused_path = (report_path or what.path).with_suffix(".refused.csv")
    report.write_refused(refused_path, columns.header)
    return refused_path


def _summary(report: "Report", *, dry_run: bool) -> str:
    counts = report.counts
    head = "试导入，未保存 / dry run, nothing applied\n" if dry_run else ""
    return (
        f"{head}收下 / accepted: {counts.accepted:,}（其中有说明 / with a note: {counts.noted:,}）\n"
        f"未收 / refused: {counts.refused:,}\n重复 / repeated: {counts.repeated:,}"
    )


def _sheet_told(sheet: str, about: Mapping[str, Any]) -> str:
    """Which sheet of a workbook was read, and what of it was not."""
    first, last = about["header_lines"]
    told = [f"工作表 / sheet: {sheet}（表头 / header: {first}–{last}）"]
    if about["other_sheets"]:
        told.append(f"未读的工作表 / sheets not read: {'、'.join(about['other_sheets'])}")
    if about["skipped"]:
        lines = "、".join(f"{line} {text}" for line, text in about["skipped"])
        told.append(f"不是记录的行 / rows that are no records: {lines}")
    return "\n".join(told)


@registry.command("index")
def index_command() -> None:
    """
    Bring the search index of subjects up to date now; `doublerandom jobs` does so by itself, bit by bit.

    What is not indexed yet is found as well, only more slowly.
    """
    from doublerandom.registry.services import index_subjects

    with _errors_told(), _session() as session:
        click.echo(f"已编入检索 / indexed: {index_subjects(session)}")


@contextmanager
def _errors_told() -> Iterator[None]:
    """An error of the house as one clear message, exit code 2."""
    from doublerandom.accounts.error_texts import TEXTS as ACCOUNTS
    from doublerandom.registry.error_texts import TEXTS

    try:
        yield
    except DoubleRandomError as error:
        zh, en = {**ACCOUNTS, **TEXTS}.get(error.code, ("{error}", "{error}"))
        facts = {"error": str(error), **error.params}
        click.echo(f"{zh.format(**facts)}\n{en.format(**facts)}", err=True)
        raise SystemExit(2) from None


@contextmanager
def _session() -> Iterator["Session"]:
    """A session on the database of the settings; a new database gets its tables."""
    from sqlmodel import Session

    from doublerandom.db import make_engine

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.resolved_database_url)
    _create_tables(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def _create_tables(engine: "Engine") -> None:
    from sqlalchemy import inspect

    if not inspect(engine).has_table("alembic_version"):
        from doublerandom import migrations

        migrations.upgrade(engine)


def _body(session: "Session", token: str) -> "Body | None":
    from doublerandom.accounts import queries as accounts

    return accounts.body(session, token) if token else None


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _position: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(path.name, total=path.stat().st_size)
        yield lambda position: bar.update(task, completed=position)
