"""`doublerandom ledger …`: whether trail and log still hold."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from doublerandom.config import Settings

if TYPE_CHECKING:
    from sqlmodel import Session


@click.group()
def ledger() -> None:
    """The audit trail and the public log."""


@ledger.command("audit")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def audit_command(*, as_json: bool) -> None:
    """
    Recompute the audit trail and the public log, with the signature of every checkpoint.

    Leaves with 1 and names what is broken, if anything is.
    """
    from sqlmodel import Session

    from doublerandom.db import make_engine

    settings = Settings()
    engine = make_engine(settings.resolved_database_url)
    with Session(engine) as session:
        found = {
            "trail": _judged(lambda: _trail(session)),
            "log": _judged(lambda: _log(session, settings)),
        }
    engine.dispose()
    holds = all(part["holds"] for part in found.values())
    if as_json:
        click.echo(json.dumps({"holds": holds, **found}, ensure_ascii=False))
    else:
        for name, part in found.items():
            click.echo(_line(name, part))
    if not holds:
        raise SystemExit(1)


def _trail(session: "Session") -> dict[str, Any]:
    from doublerandom.ledger import queries
    from doublerandom.ledger.trail import verify_trail

    verify_trail(session)
    last = queries.last_act(session)
    return {"acts": last.id if last else 0, "hash": last.hash if last else ""}


def _log(session: "Session", settings: Settings) -> dict[str, Any]:
    from doublerandom.ledger import queries
    from doublerandom.ledger.audit import audit_log
    from doublerandom.ledger.errors import KeyFileError
    from doublerandom.ledger.keys import LOG_KEY_FILE, log_public_hex

    if not (settings.keys_dir / LOG_KEY_FILE).exists():  # an audit makes no key
        if queries.latest_checkpoint(session) is not None:
            raise KeyFileError(name=LOG_KEY_FILE)
        return {"entries": queries.log_size(session), "root": ""}
    found = audit_log(session, public_key=log_public_hex(settings), origin=settings.log_origin)
    return {"entries": found.size, "root": found.root}


def _judged(part: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a part says when it holds, or what is broken in it."""
    from doublerandom.errors import DoubleRandomError

    try:
        return {"holds": True, **part()}
    except DoubleRandomError as error:
        broken = {name: str(value) for name, value in error.params.items()}
        return {"holds": False, "code": error.code, **broken}


def _line(name: str, part: dict[str, Any]) -> str:
    facts = ", ".join(f"{key}={value}" for key, value in part.items() if key != "holds")
    what = {"trail": "审计记录 / audit trail", "log": "公开日志 / public log"}[name]
    return f"{what}: {'完好 / holds' if part['holds'] else '不完整 / BROKEN'} ({facts})"
