"""`doublerandom ledger audit` says whether trail and log hold, and leaves with 1 where one does not."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pytest
from click.testing import CliRunner, Result
from conftest import NOON
from sqlmodel import Session

from doublerandom.cli import main
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.ledger import keys, queries
from doublerandom.ledger.trail import Fact, put_on_record


@dataclass(frozen=True)
class SomethingAudited(Fact):
    on_kind: ClassVar[str] = "thing"
    on_id: str


@pytest.fixture
def audit(
    session: Session, settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run the command on the test's database; `audit("--json")`."""
    monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("DOUBLERANDOM_DATABASE_URL", database_url)
    monkeypatch.setenv("DOUBLERANDOM_LOG_ORIGIN", settings.log_origin)

    def audit(*options: str) -> Result:
        session.rollback()
        return CliRunner().invoke(main, ["ledger", "audit", *options])

    return audit


@pytest.fixture
def evidence(session: Session, append: Callable[..., int]) -> None:
    append()
    with transaction(session):
        put_on_record(session, SomethingAudited("1"), by="li", at=NOON)


def test_nothing_holds_too_and_no_key_is_made(audit: Callable[..., Result], settings: Settings):
    done = audit("--json")

    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "holds": True,
        "trail": {"holds": True, "acts": 0, "hash": ""},
        "log": {"holds": True, "entries": 0, "root": ""},
    }
    assert not settings.keys_dir.exists()


@pytest.mark.usefixtures("evidence")
class TestEvidence:
    def test_that_holds_takes_one_line_each(self, audit: Callable[..., Result], session: Session):
        done = audit()

        trail, log = done.stdout.splitlines()
        assert done.exit_code == 0
        hash_ = queries.last_act(session).hash
        assert trail == f"审计记录 / audit trail: 完好 / holds (acts=1, hash={hash_})"
        assert log == f"公开日志 / public log: 完好 / holds (entries=1, root={queries.root_at(session, 1)})"

    def test_a_changed_act_is_named(self, audit: Callable[..., Result], tamper: Callable[[str, str], None]):
        tamper("ledger_act", "UPDATE ledger_act SET facts = '{}' WHERE id = 1")

        done = audit("--json")

        assert done.exit_code == 1
        found = json.loads(done.stdout)
        assert found["trail"] == {"holds": False, "code": "trail_broken", "act": "1", "what": "hash"}
        assert (found["holds"], found["log"]["holds"]) == (False, True)
        assert "BROKEN (code=trail_broken, act=1, what=hash)" in audit().stdout

    def test_a_changed_entry_is_named(self, audit: Callable[..., Result], tamper: Callable[[str, str], None]):
        tamper("ledger_log_entry", "UPDATE ledger_log_entry SET type = 'list'")

        found = json.loads(audit("--json").stdout)

        assert found["log"] == {"holds": False, "code": "log_broken", "what": "columns", "index": "0"}
        assert found["trail"]["holds"]

    def test_another_key_or_none_is_no_audit_of_signatures(
        self, audit: Callable[..., Result], settings: Settings
    ):
        place = settings.keys_dir / keys.LOG_KEY_FILE
        place.unlink()

        absent = audit("--json")
        place.write_text("00" * 32)
        other = audit("--json")

        assert (absent.exit_code, other.exit_code) == (1, 1)
        assert json.loads(absent.stdout)["log"] == {"holds": False, "code": "key_file", "name": "log.key"}
        assert json.loads(other.stdout)["log"]["what"] == "checkpoint"
