"""`doublerandom log …`: audit a whole log; witness logs of others, have one's own witnessed."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from doublerandom.config import Settings

if TYPE_CHECKING:
    from sqlmodel import Session

    from doublerandom.dr1.whole_log import LogFinding, Material

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_WORDS = {"broken": "不成立 / BROKEN", "named": "点名 / named", "open": "不可查 / not checkable"}


@click.group()
def log() -> None:
    """The public log: audit it, witness others', have it witnessed."""


@contextmanager
def _session(settings: Settings) -> Iterator["Session"]:
    from sqlmodel import Session

    from doublerandom.db import make_engine

    engine = make_engine(settings.resolved_database_url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


@log.command("audit")
@click.option("--url", help="Audit the log of this site, over the addresses it serves.")
@click.option("--entries", type=_FILE, help="Audit a saved file of entries: a JSON list, or one a line.")
@click.option("--material", type=_FOLDER, help="With --entries: a folder of bundles and annual plans.")
@click.option("--checkpoint", type=_FILE, help="With --entries: the checkpoint that signs them.")
@click.option("--key", help="The log's public key (hex) as you know it; by default what the site says.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def audit_command(
    *,
    url: str | None,
    entries: Path | None,
    material: Path | None,
    checkpoint: Path | None,
    key: str | None,
    as_json: bool,
) -> None:
    """
    Check rules 13 over a whole log: one line for each finding, as a stream.

    Numbers of plans without gap; every plan with a result, a void, or failed; no two live plans for one line
    of an annual plan logged before; nothing twice; keys listed before they sign; times never fall; every
    drawn subject with an outcome or a replacement by reveal_by; the signed root. By default it reads this
    house's database.

    Exit status: 0 all holds (voids and failures are named), 1 something is broken or unreadable, 2 nothing is
    broken, something is not checkable.
    """
    from doublerandom.errors import DoubleRandomError
    from doublerandom.publish.audit_material import SourceError

    told = _Telling(as_json=as_json)
    try:
        if entries is not None:
            _audit_file(told, entries, material, checkpoint, key)
        elif url is not None:
            _audit_site(told, url, key)
        else:
            _audit_house(told, key)
    except (SourceError, DoubleRandomError, OSError) as error:
        raise click.ClickException(f"无法读取 / cannot read: {error}") from error
    sys.exit(told.end())


class _Telling:
    """Prints findings as they come and remembers what they amount to."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._findings: list[dict[str, Any]] = []
        self._kinds: set[str] = set()
        self.size, self.root = 0, ""

    def tell(self, finding: "LogFinding") -> None:
        self._kinds.add(finding.kind.value)
        if self._as_json:
            self._findings.append({**vars(finding), "kind": finding.kind.value})
            return
        where = f" #{finding.index}" if finding.index >= 0 else ""
        draw = f" {finding.draw}" if finding.draw else ""
        click.echo(f"{_WORDS[finding.kind]}{where}{draw} [{finding.rule}] {finding.zh} / {finding.en}")

    def end(self) -> int:
        status = 1 if "broken" in self._kinds else 2 if "open" in self._kinds else 0
        if self._as_json:
            found = {"exit": status, "entries": self.size, "root": self.root, "findings": self._findings}
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            words = (
                "成立 / holds",
                "不成立 / BROKEN",
                "未发现不成立，有不可查 / nothing broken, not all checkable",
            )
            click.echo(f"共 {self.size} 条 / {self.size} entries, {self.root}: {words[status]}")
        return status


def _audit(
    told: _Telling,
    entries: Iterable[Any],
    material: "Material",
    *,
    note: str,
    origin: str,
    key: str,
) -> None:
    """Stream the entries through the rules; then hold the root against the signed one."""
    from doublerandom import clock
    from doublerandom.dr1.checkpoints import BadCheckpointError, verify_checkpoint
    from doublerandom.dr1.whole_log import Kind, LogFinding, WholeLog

    whole = WholeLog(material, origin=origin)
    for entry in entries:
        for finding in whole.accept(entry):
            told.tell(finding)
    told.size, told.root = whole.size, whole.root().hex()
    for finding in whole.finish(clock.now()):
        told.tell(finding)
    if not note:
        if whole.size:
            zh, en = "没有检查点，树根未经签名核对", "no checkpoint: the root is not held against a signature"
            told.tell(LogFinding(Kind.OPEN, "no_checkpoint", -1, "", zh, en))
        return
    try:
        signed = verify_checkpoint(note, origin=origin, public_key=bytes.fromhex(key))
        holds = (signed.size, signed.root) == (whole.size, whole.root())
    except (BadCheckpointError, ValueError):
        holds = False
    if not holds:
        zh, en = "树根与签名的检查点不符", "the root is not that of the signed checkpoint"
        told.tell(LogFinding(Kind.BROKEN, "checkpoint", whole.size - 1, "", zh, en))


def _audit_house(told: _Telling, key: str | None) -> None:
    from doublerandom.ledger import queries
    from doublerandom.ledger.keys import LOG_KEY_FILE, log_public_hex
    from doublerandom.ledger.trail_heads import trail_keeps
    from doublerandom.publish.audit_material import DatabaseMaterial

    settings = Settings()
    with _session(settings) as session:
        head = queries.latest_checkpoint(session)
        known = key or (log_public_hex(settings) if (settings.keys_dir / LOG_KEY_FILE).exists() else "")
        entries = queries.entries(session, 0, head.size if head else 0)
        note = head.note if head else ""
        material = DatabaseMaterial(session)
        _audit(told, entries, material, note=note, origin=settings.log_origin, key=known)
        for index, entry in queries.notes(session):
            if not trail_keeps(session, entry):
                _tell_lost_trail(told, index)


def _tell_lost_trail(told: _Telling, index: int) -> None:
    from doublerandom.dr1.whole_log import Kind, LogFinding

    zh, en = "审计记录不再含有此处所记的末条", "the audit trail lost the act that this note names"
    told.tell(LogFinding(Kind.BROKEN, "trail", index, "", zh, en))


def _audit_site(told: _Telling, url: str, key: str | None) -> None:
    from doublerandom.dr1.checkpoints import BadCheckpointError, parse_checkpoint
    from doublerandom.publish.audit_material import PAGE_SECONDS, SiteMaterial, SourceError

    site = SiteMaterial(url, seconds=max(PAGE_SECONDS, Settings().outside_seconds))
    note, known = site.text("/log/checkpoint"), key or site.text("/log/key").strip()
    try:
        head = parse_checkpoint(note)
    except BadCheckpointError as error:
        raise SourceError(f"{url}/log/checkpoint: {error}") from error
    _audit(told, site.entries(head.size), site, note=note, origin=head.origin, key=known)


def _audit_file(
    told: _Telling, entries: Path, material: Path | None, checkpoint: Path | None, key: str | None
) -> None:
    from doublerandom.publish.audit_material import FolderMaterial, entries_of_file

    note = checkpoint.read_text(encoding="utf-8") if checkpoint else ""
    origin = note.split("\n", 1)[0]
    _audit(told, entries_of_file(entries), FolderMaterial(material), note=note, origin=origin, key=key or "")


@log.group()
def witness() -> None:
    """Witness logs of other offices."""


@witness.command("key")
def witness_key_command() -> None:
    """Print what others write down of this witness: its key, and the address it takes checkpoints at."""
    from doublerandom.ledger.witness import own_verifier_key
    from doublerandom.publish.witness_views import ADD_CHECKPOINT

    settings = Settings()
    click.echo(own_verifier_key(settings))
    click.echo((settings.base_url or "https://<address>").rstrip("/") + ADD_CHECKPOINT)


@witness.command("add")
@click.argument("origin")
@click.argument("key")
def witness_add_command(origin: str, key: str) -> None:
    """Witness the log ORIGIN (first line of its checkpoint) with the public KEY (hex) from now on."""
    from doublerandom import clock
    from doublerandom.ledger.witness import witness_log

    with _session(Settings()) as session, _refusals():
        witness_log(session, origin, key=key, by="system", at=clock.now())


@witness.command("end")
@click.argument("origin")
def witness_end_command(origin: str) -> None:
    """Witness the log ORIGIN no more."""
    from doublerandom import clock
    from doublerandom.ledger.witness import end_witnessing

    with _session(Settings()) as session, _refusals():
        end_witnessing(session, origin, by="system", at=clock.now())


@witness.command("list")
def witness_list_command() -> None:
    """List the logs witnessed: origin, key, last size cosigned; then what was refused."""
    from doublerandom.ledger import outside_queries as queries

    with _session(Settings()) as session:
        for row in queries.witnessed_logs(session):
            head = queries.witnessed_head(session, row.origin)
            ended = f" (结束于 / ended {row.ended_at:%Y-%m-%d})" if row.ended_at else ""
            click.echo(f"{row.origin} {row.key} {head.size if head else 0}{ended}")
        for refusal in queries.refusals(session):
            held = f"{refusal.held_size} {refusal.held_root}"
            click.echo(f"! {refusal.origin} {refusal.reason}: {refusal.size} {refusal.root} ({held})")


@log.command("reach")
def reach_command() -> None:
    """Ask witnesses and the stamp server now, as the jobs do; one line for each."""
    from doublerandom import clock
    from doublerandom.ledger.outside import reach_outside

    settings = Settings()
    with _session(settings) as session, _refusals():
        for one in reach_outside(session, settings, clock.now()):
            click.echo(f"{one.who} {one.size} {one.what}")


@contextmanager
def _refusals() -> Iterator[None]:
    """What a command refuses is said in both languages."""
    from doublerandom.errors import DoubleRandomError
    from doublerandom.ledger.error_texts import TEXTS

    try:
        yield
    except DoubleRandomError as error:
        told: tuple[str, ...] = TEXTS.get(error.code, (str(error),))
        words = [text.format(**error.params) for text in told]
        raise click.ClickException(" / ".join(words)) from error
