"""A stamp authority on loopback (openssl ts) stamps the checkpoint that covers a plan."""

import base64
import shutil
import subprocess
import time
from datetime import timedelta

import pytest
from conftest import NOON
from ledger.a_neighbour import an_authority, served

from doublerandom.ledger import outside_queries
from doublerandom.ledger.errors import OutsideSettingError
from doublerandom.ledger.stamps import stamp_plans

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to be the authority")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Address of the authority, and its root."""
    folder = tmp_path_factory.mktemp("tsa") / "one"
    with served(an_authority(folder)) as address:
        yield address, folder / "ca.pem"


@pytest.fixture
def stamped(settings, authority):
    address, root = authority
    return settings.model_copy(update={"stamp_url": address, "stamp_certificate": str(root)})


def asked(session, house, at=NOON):
    return [one.what for one in stamp_plans(session, settings=house, at=at)]


def test_a_checkpoint_with_a_plan_is_stamped_once(session, stamped, append, plan_hash, authority, tmp_path):
    assert asked(session, stamped) == ["stamped"]
    append()
    assert asked(session, stamped) == []  # no new plan

    row = outside_queries.last_stamp(session)
    assert abs(row.stamped_at.timestamp() - time.time()) < 60
    head = outside_queries.note_with_witnesses(
        session, outside_queries.checkpoints_page(session, before=2, limit=1)[0]
    )
    (tmp_path / "signed.txt").write_text("".join(line + "\n" for line in head.split("\n")[:3]))
    (tmp_path / "stamp.tsr").write_bytes(base64.b64decode(row.answer))
    command = f"openssl ts -verify -data signed.txt -in stamp.tsr -CAfile {authority[1]}"
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_a_stamp_by_nobody_trusted_is_not_kept(session, stamped, plan_hash, tmp_path, authority):
    an_authority(tmp_path / "two")
    other = stamped.model_copy(update={"stamp_certificate": str(tmp_path / "two" / "ca.pem")})

    assert asked(session, other) == ["invalid"]
    assert outside_queries.last_stamp(session) is None
    assert asked(session, stamped, NOON + timedelta(seconds=5)) == []  # left alone for a while
    assert asked(session, stamped, NOON + timedelta(minutes=1)) == ["stamped"]


def test_without_a_plan_or_a_server_nothing_is_asked(session, settings, stamped, append):
    append()

    assert asked(session, stamped) == []
    append("plan", draw="2026-001", issuer="scjg-hz", seq=1, plan_hash="ab" * 32)
    assert asked(session, settings) == []
    with pytest.raises(OutsideSettingError):
        asked(session, stamped.model_copy(update={"stamp_certificate": "/no/such.pem"}))
