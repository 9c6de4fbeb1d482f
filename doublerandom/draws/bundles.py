"""The bundle of a draw as it is public at the moment: deterministic bytes, made once for each state."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any

from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.bundle import json_file, lines_file, log_file, write_bundle
from doublerandom.dr1.canon import H, Record
from doublerandom.dr1.pools import key_bytes
from doublerandom.dr1.tasks import task_object
from doublerandom.draws import queries
from doublerandom.draws.afterwards import replacement_lines
from doublerandom.draws.errors import WrongDrawStateError
from doublerandom.draws.models import Draw, FrozenPool
from doublerandom.draws.outcomes import known_secrets, outcome
from doublerandom.draws.plans import is_closed, level_of
from doublerandom.draws.pools import held, new_folder, open_pool, workplace
from doublerandom.ledger import outside_queries as outside
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.files import FileStore
from doublerandom.ledger.keys import log_public_hex
from doublerandom.registry import queries as registry

_CHUNK = 1 << 20

README = """\
抽取 {draw} 的核验包（协议 dr1） / Bundle of draw {draw} (protocol dr1)
{title}

核验 / Verify:
    python3 verify.py .            （需 Python 3.9 以上，不联网 / Python 3.9 or later, no network)
退出码 0：全部通过；1：有不通过；2：没有不通过，但有的尚不可查。
Exit status 0: all passed; 1: something failed; 2: nothing failed, something is not checkable (yet).

承诺（方案哈希） / commitment (plan hash): {plan_hash}
随机级别 / level of randomness: {level}
{note}
一户的签号 / the ticket of one subject (seed 见核验输出 / the seed is printed by verify.py):
    printf '%s' 'dr1|subject|<seed>|<id>' | sha256sum

尚未公开的文件不在包内；公开之后请重新下载。
Files that are not public yet are absent; download the bundle again after the reveal.
"""
NOTES = {
    "rehearsal": "这是演练，不产生检查任务。 / This is a rehearsal; nobody is inspected because of it.\n",
    "closed": (
        "检查对象名录按信用风险分层，不向社会公开；各企业可凭查询码取得本企业的记录和证明。\n"
        "The pool of subjects is stratified by credit risk and stays closed;\n"
        "each firm gets its own record and proof.\n"
    ),
    "whole": "本包为审计用全套材料，不得公开。 / The auditors' whole bundle: not for publication.\n",
}


def bundle(session: Session, draw: Draw, *, settings: Settings) -> Path:
    """
    The bundle of a committed draw, as a zip whose bytes depend only on what is public at its latest entry.

    Args:
        session: Where to read.
        draw: A public draw (rehearsals too).
        settings: Log key, file store; made bundles lie under `data_dir/bundles`.

    Raises:
        WrongDrawStateError: The plan is not signed by both yet.
    """
    entries = _entries(session, draw)
    witness = _witness(session, draw, entries)
    place = settings.data_dir / "bundles"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    kind = f"public-{draw.plan_hash}"
    path = place / f"{kind}-{_state(draw, entries, witness)}.zip"
    if not path.exists():
        with workplace(settings) as folder:
            files = _files(session, draw, entries, folder, settings=settings, whole=False)
            write_bundle(path, files | witness)
        _drop_old(place, kind)
    return path


def whole_bundle(session: Session, draw: Draw, *, settings: Settings) -> Path:
    """
    The auditors' bundle of an opened draw, closed pools and all: a file of one's own, never kept.

    The caller takes file and folder away when it is sent (`pools.sweep` does what the caller could not).
    """
    entries = _entries(session, draw)
    with workplace(settings) as plain:
        folder = new_folder(settings)
        path = folder / "whole.zip"
        try:
            with held(folder):
                files = _files(session, draw, entries, plain, settings=settings, whole=True)
                write_bundle(path, files | _witness(session, draw, entries))
                path.chmod(0o600)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return path


def _entries(session: Session, draw: Draw) -> list[tuple[int, Record]]:
    """The entries of a public draw's bundle, or WrongDrawStateError."""
    if draw.status not in queries.PUBLIC:
        raise WrongDrawStateError(draw=draw.number, status=draw.status)
    return log_entries(session, draw)


def _drop_old(place: Path, kind: str) -> None:
    """Keep the two newest bundles of a kind: each entry makes another, and the older may be being read."""
    with suppress(FileNotFoundError):  # another worker drops them too
        for old in sorted(place.glob(f"{kind}-*.zip"), key=lambda path: path.stat().st_mtime_ns)[:-2]:
            old.unlink()


def _state(draw: Draw, entries: list[tuple[int, Record]], witness: dict[str, bytes]) -> str:
    """What a bundle depends on, as its name."""
    parts = [
        draw.plan_hash,
        str(entries[-1][0] if entries else -1),
        draw.status.value,
        draw.beacon,
        str(draw.revealed_at),
        H(_verifier().decode()),
        *(data.decode() for data in witness.values()),
    ]
    return H("|".join(parts))


def _witness(session: Session, draw: Draw, entries: list[tuple[int, Record]]) -> dict[str, bytes]:
    """witness.json: the checkpoint that somebody outside saw before `due`, and how it fits log.json's."""
    logged = [index for index, entry in entries if entry.get("plan_hash") == draw.plan_hash]
    found = outside.evidence_for(session, logged[0], before=draw.due) if logged else None
    if found is None:
        return {}
    size = entries[-1][0] + 1
    told: dict[str, Any] = {"checkpoint": found.note.split("\n")[:-1]}
    if found.size != size:
        told["proof"] = ledger.consistency_proof(session, *sorted((found.size, size)))
    if found.stamp:
        told["stamp"] = found.stamp
    return {"witness.json": json_file(told)}


def log_entries(session: Session, draw: Draw) -> list[tuple[int, Record]]:
    """This draw's entries, those of the keys that signed it, and its annual plan's, in log order."""
    keys = [signature.key for signature in queries.plan_signatures(session, draw)]
    found = dict(ledger.entries_of_draw(session, draw.number)) | dict(ledger.key_entries(session, keys))
    if not draw.rehearsal and draw.plan_line_id is not None:
        line = registry.plan_line_by_id(session, draw.plan_line_id)
        found |= dict(ledger.list_entries(session, [registry.plan_of_line(session, line).digest]))
    return sorted(found.items())


def _files(
    session: Session,
    draw: Draw,
    entries: list[tuple[int, Record]],
    folder: Path,
    *,
    settings: Settings,
    whole: bool,
) -> dict[str, bytes | Path]:
    plan = queries.plan_of(draw)
    files: dict[str, bytes | Path] = {
        "plan.json": json_file(plan),
        "rules.json": json_file(queries.rules_of(draw)),
        "signatures.json": json_file(_signatures(session, draw)),
        "verify.py": _verifier(),
        "README.txt": _readme(draw, plan, whole=whole).encode(),
    }
    if entries:
        files["log.json"] = _log(session, entries, settings)
    if plan["randomness"] and queries.beacon_known(session, draw):
        files["beacon.json"] = json_file([row.value for row in queries.observations(session, draw)])
    files |= _pools(session, draw, folder, settings=settings, whole=whole)
    if draw.revealed_at is not None:
        files |= _opened(session, draw, plan, settings=settings, whole=whole)
    return files


def _verifier() -> bytes:
    return resources.files("doublerandom").joinpath("static", "verify.py").read_bytes()


def _readme(draw: Draw, plan: Record, *, whole: bool) -> str:
    marks = {"rehearsal": draw.rehearsal, "closed": is_closed(plan), "whole": whole}
    note = "".join(NOTES[name] for name, holds in marks.items() if holds)
    return README.format(
        draw=draw.number,
        title=draw.title,
        plan_hash=draw.plan_hash,
        level=level_of(plan),
        note=note,
    )


def _signatures(session: Session, draw: Draw) -> list[Record]:
    return [
        {"role": row.role, "person": row.person, "key": row.key, "signature": row.signature}
        for row in queries.plan_signatures(session, draw)
    ]


def _log(session: Session, entries: list[tuple[int, Record]], settings: Settings) -> bytes:
    """log.json for the tree that ends with the last of these entries: the same until there is another one."""
    size = entries[-1][0] + 1
    items = [
        {"index": index, "entry": entry, "proof": ledger.inclusion_proof(session, index, size)}
        for index, entry in entries
    ]
    note = ledger.checkpoint(session, size).note
    return log_file(settings.log_origin, log_public_hex(settings), note, items)


def _pools(
    session: Session,
    draw: Draw,
    folder: Path,
    *,
    settings: Settings,
    whole: bool,
) -> dict[str, Path]:
    """Public pools at once, sealed ones once they are open; of closed ones their leaves."""
    files = {}
    for name, pool in queries.frozen_pools(session, draw).items():
        if pool.leaves_sha256 and not whole:
            files[f"{name}.leaves"] = FileStore(settings.files_dir).path(pool.leaves_sha256)
        elif not pool.sealed:
            files[f"{name}.jsonl"] = FileStore(settings.files_dir).path(pool.sha256)
        elif draw.revealed_at is not None:
            files[f"{name}.jsonl"] = _plain_copy(pool, draw.number, folder, settings)
    return files


def _plain_copy(pool: FrozenPool, number: str, folder: Path, settings: Settings) -> Path:
    path = folder / pool.name
    with open_pool(pool, number, settings) as source, path.open("wb") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
    return path


def _opened(
    session: Session,
    draw: Draw,
    plan: Record,
    *,
    settings: Settings,
    whole: bool,
) -> dict[str, bytes | Path]:
    """What the reveal opens: secrets, keys, and unless the subjects are closed result and tasks."""
    known = known_secrets(session, draw, settings)
    files: dict[str, bytes | Path] = {
        "secrets.json": json_file(known.secrets_json(plan, public=not whole)),
        "keys.json": json_file(known.keys_json(plan, public=not whole)),
    }
    if draw.result_root and (whole or not is_closed(plan)):
        tasks = list(_tasks(session, draw, plan, settings))
        files["tasks.jsonl"] = lines_file(sorted(tasks, key=lambda task: str(task["subject"]).encode()))
        result: dict[str, Any] = {
            "drawn": [task["subject"] for task in tasks],
            "result_root": draw.result_root,
        }
        if known.proofs:
            result["empty_seats"] = known.proofs
        files["result.json"] = json_file(result)
        lines = replacement_lines(session, draw, plan=plan, task_key=key_bytes(known.keys["tasks"]))
        if lines:
            files["replacements.jsonl"] = lines_file(lines)
    return files


def _tasks(session: Session, draw: Draw, plan: Record, settings: Settings) -> Iterator[Record]:
    """The task objects in drawn order; a rehearsal, which keeps no tasks, computes them again."""
    if draw.rehearsal:
        yield from outcome(session, draw, settings)[0].tasks
        return
    for subject, team in queries.dealt_tasks(session, draw):
        yield task_object(draw.number, subject, team, plan["team"])
