"""The audit of the log finds every change that somebody past the triggers could make."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from doublerandom.config import Settings
from doublerandom.dr1.merkle import leaf_hash
from doublerandom.ledger import keys, queries
from doublerandom.ledger.audit import LogAudit, audit_log
from doublerandom.ledger.errors import LogBrokenError

Append = Callable[..., int]
Tamper = Callable[[str, str], None]
ENTRY, NODE, HEAD = "ledger_log_entry", "ledger_log_node", "ledger_checkpoint"
FORGED = '{"at":"2026-03-02T04:00:00Z","text":"forged","type":"note"}'


@pytest.fixture
def whole_log(append: Append, plan_hash: str) -> None:
    append(text="second")
    append("beacon", draw="2026-001", plan_hash=plan_hash, beacon="dice:d10:1")
    append(text="fourth")


def broken(session: Session, **options: str) -> dict:
    with pytest.raises(LogBrokenError) as error:
        audit_log(session, **options)
    return error.value.params


@pytest.mark.usefixtures("whole_log")
def test_a_log_that_holds_gives_its_size_and_root(session: Session, settings: Settings):
    public = keys.log_public_hex(settings)

    audit = audit_log(session, public_key=public, origin=settings.log_origin)

    assert audit == LogAudit(size=4, root=queries.root_at(session, 4))


def test_an_empty_log_holds(session: Session):
    assert audit_log(session) == LogAudit(size=0, root="")


def test_a_log_longer_than_one_page_of_the_stream_holds(
    session: Session, append: Append, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queries, "_STREAM", 3)
    for number in range(11):
        append(text=str(number))

    assert audit_log(session).size == 11
    assert [entry["text"] for entry in queries.entries(session, 2, 9)] == list("2345678")


@pytest.mark.usefixtures("whole_log")
@pytest.mark.parametrize(
    ("table", "statement", "what"),
    [
        (ENTRY, f"UPDATE {ENTRY} SET entry = '{FORGED}' WHERE \"index\" = 1", "columns"),
        (ENTRY, f"UPDATE {ENTRY} SET entry = '{FORGED} ' WHERE \"index\" = 1", "entry"),
        (ENTRY, f"UPDATE {ENTRY} SET entry = '{{\"type\":\"note\"}}' WHERE \"index\" = 1", "entry"),
        (ENTRY, f"UPDATE {ENTRY} SET draw = '' WHERE \"index\" = 2", "columns"),
        (ENTRY, f"UPDATE {ENTRY} SET type = 'list' WHERE \"index\" = 1", "columns"),
        (ENTRY, f'DELETE FROM {ENTRY} WHERE "index" = 1', "number"),
        (ENTRY, f'DELETE FROM {ENTRY} WHERE "index" = 3', "number"),
        (HEAD, f"DELETE FROM {HEAD} WHERE size = 4", "number"),
        (HEAD, f"UPDATE {HEAD} SET root = '{'0' * 64}' WHERE size = 2", "checkpoint"),
        (HEAD, f"UPDATE {HEAD} SET note = 'nothing' WHERE size = 2", "checkpoint"),
        (NODE, f"UPDATE {NODE} SET hash = '{'0' * 64}' WHERE level = 1 AND \"index\" = 1", "node"),
        (NODE, f"DELETE FROM {NODE} WHERE level = 2", "node"),
    ],
)
def test_every_change_is_found(session: Session, tamper: Tamper, table: str, statement: str, what: str):
    tamper(table, statement)

    assert broken(session)["what"] == what


@pytest.mark.usefixtures("whole_log")
def test_an_entry_changed_with_its_leaf_hash_is_found_by_the_root(session: Session, tamper: Tamper):
    leaf = leaf_hash(FORGED.encode()).hex()
    tamper(ENTRY, f"UPDATE {ENTRY} SET entry = '{FORGED}', leaf_hash = '{leaf}' WHERE \"index\" = 1")

    assert broken(session) == {"what": "checkpoint", "size": 2}


@pytest.mark.usefixtures("whole_log")
def test_two_that_may_not_stand_together_are_found(session: Session, tamper: Tamper):
    tamper(
        ENTRY,
        f'UPDATE {ENTRY} SET entry = (SELECT entry FROM {ENTRY} WHERE "index" = 2), type = \'beacon\', '
        f"draw = '2026-001', leaf_hash = (SELECT leaf_hash FROM {ENTRY} WHERE \"index\" = 2) "
        'WHERE "index" = 3',
    )

    assert broken(session)["what"] == "rules"


@pytest.mark.usefixtures("whole_log")
def test_a_checkpoint_by_another_key_is_found(session: Session, settings: Settings):
    other = keys.log_public_hex(settings.model_copy(update={"data_dir": settings.data_dir / "other"}))

    assert broken(session, public_key=other, origin=settings.log_origin)["what"] == "checkpoint"
