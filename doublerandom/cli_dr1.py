"""The draw protocol on the command line, without a database: compute a draw's result, verify a bundle."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

if TYPE_CHECKING:
    from doublerandom.dr1.compute import Computation
    from doublerandom.dr1.errors import ProtocolError
    from doublerandom.dr1.verification import Report

_KEPT = click.Path(exists=True, dir_okay=False, path_type=Path)
STAGES = {
    "subjects.jsonl": "检查对象 / subjects",
    "inspectors.jsonl": "检查人员 / inspectors",
    "conflicts.jsonl": "回避关系 / conflicts",
    "beacon": "随机信标 / beacon",
    "tickets": "抽签 / tickets",
    "deal": "人员匹配 / deal",
    "tasks": "任务承诺 / tasks",
}


@click.group()
def dr1() -> None:
    """The draw protocol dr1: files in, files out."""


@dr1.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
def compute(directory: Path, *, as_json: bool) -> None:
    """
    Compute the draw in DIRECTORY and write result.json and tasks.jsonl there.

    DIRECTORY holds plan.json, subjects.jsonl, inspectors.jsonl, conflicts.jsonl, beacon.json, secrets.json
    and keys.json in the formats of the bundle. They are checked first: when one does not hold, the failing
    check is named, nothing is written, and the exit status is 1.
    """
    from doublerandom.dr1.compute import compute_directory, write_result
    from doublerandom.dr1.errors import ProtocolError

    try:
        with _progress() as (opener, stage):
            computation = compute_directory(directory, opener, stage)
            write_result(directory, computation)
    except ProtocolError as error:
        _refuse(error, as_json=as_json)
    except OSError as error:
        raise click.ClickException(f"无法读写 / cannot read or write: {error}") from error
    _tell(computation, as_json=as_json)


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--checkpoint", type=_KEPT, help="A checkpoint of the log that you kept yourself.")
@click.option("--proof", type=_KEPT, help="The log's consistency proof between that and the bundle's.")
@click.option("--witness", "witnesses", multiple=True, help="Key of a witness you trust: name+hash+base64.")
def verify(bundle: Path, *, as_json: bool, lang: str, **outside: Any) -> None:
    """
    Verify BUNDLE, a zip or the directory it was unpacked to: one line per check.

    Exit status: 0 all passed, 1 something failed or was unreadable, 2 something is not checkable (yet).
    """
    from doublerandom.dr1.verification import verify_bundle

    kept: dict[str, Any] = {name: _text(outside[name]) for name in ("checkpoint", "proof")}
    report = verify_bundle(bundle, **kept, witnesses=outside["witnesses"])
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _print_report(report, lang)
    sys.exit(report.exit_status)


def _text(path: Path | None) -> str | None:
    """What a kept file says; bytes that are no UTF-8 cannot be a checkpoint and fail as one."""
    return path.read_bytes().decode("utf-8", "replace") if path else None


def _print_report(report: "Report", lang: str) -> None:
    from doublerandom.dr1.verification import STATUS_WORDS

    chinese = lang == "zh"
    for check in report.checks:
        word = STATUS_WORDS[check.status][0 if chinese else 1]
        title = check.title_zh if chinese else check.title_en
        detail = check.detail_zh if chinese else check.detail_en
        click.echo(f"{check.number:>2} {word} · {title} · {detail}")


def _refuse(error: "ProtocolError", *, as_json: bool) -> None:
    """Name the failing check and leave with status 1."""
    from doublerandom.dr1.verification.report import TITLES

    zh, en = TITLES.get(error.check, ("输入", "input"))
    if as_json:
        outcome = {"ok": False, "check": error.check, "code": error.code, "title_zh": zh, "title_en": en}
        click.echo(json.dumps({**outcome, "detail": str(error)}, ensure_ascii=False))
    else:
        click.echo(f"第 {error.check} 项检查不通过：{zh} / check {error.check} failed: {en}", err=True)
        click.echo(str(error), err=True)
    sys.exit(1)


def _tell(computation: "Computation", *, as_json: bool) -> None:
    empty = len(computation.deal.proofs)
    outcome = {
        "ok": True,
        "plan_hash": computation.plan_hash,
        "beacon": computation.beacon,
        "drawn": len(computation.drawn),
        "empty_seats": empty,
        "result_root": computation.result_root,
    }
    if as_json:
        click.echo(json.dumps(outcome, ensure_ascii=False))
        return
    drawn = len(computation.drawn)
    click.echo(f"抽中 {drawn} 户，空席 {empty} / {drawn} drawn, {empty} empty seats")
    click.echo(f"result_root {computation.result_root}")


@contextmanager
def _progress() -> Iterator[tuple[Callable[[Path], BinaryIO], Callable[[str], None]]]:
    """An opener of files and a teller of stages; both draw a bar where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda file: file.open("rb"), lambda _name: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        overall = progress.add_task("dr1", total=len(STAGES))

        def stage(name: str) -> None:
            progress.update(overall, advance=1, description=STAGES.get(name, name))

        yield lambda file: progress.open(file, "rb", description=STAGES[file.name]), stage
