"""An enterprise sees its own record of a closed draw with its access code, and nobody else does."""

import html
import re
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from draws.a_city import a_city, some_rules
from sqlmodel import select

from doublerandom.accounts.access_codes import check_access_code, issue_access_code
from doublerandom.accounts.errors import NoticeNumberMissingError, SignInLockedError, WrongAccessCodeError
from doublerandom.accounts.models import AccessCode
from doublerandom.dr1.merkle import leaf_hash, node_hash
from doublerandom.draws import queries
from doublerandom.ledger import queries as ledger

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def closed_city(session, settings):
    """A city whose rules stratify by credit class, so that the subjects' pool stays closed."""
    return a_city(session, settings, rules=some_rules(by="class"))


def test_a_code_opens_its_own_subject_and_no_other(session, settings):
    code = issue_access_code(session, "S1", days=30, by="zhang", at=NOW)

    check_access_code(session, "S1", code.lower(), settings=settings, at=NOW)

    with pytest.raises(WrongAccessCodeError):
        check_access_code(session, "S2", code, settings=settings, at=NOW)


def test_a_code_ends_with_its_day(session, settings):
    code = issue_access_code(session, "S1", days=30, by="zhang", at=NOW)

    with pytest.raises(WrongAccessCodeError):
        check_access_code(session, "S1", code, settings=settings, at=NOW + timedelta(days=30))


def test_guessing_is_stopped_but_the_enterprise_itself_comes_in_all_the_same(session, settings):
    code = issue_access_code(session, "S1", days=30, by="zhang", at=NOW)
    for _ in range(settings.sign_in_attempts):
        with pytest.raises(WrongAccessCodeError):
            check_access_code(session, "S1", "AAAA", settings=settings, at=NOW)

    with pytest.raises(SignInLockedError):
        check_access_code(session, "S1", "BBBB", settings=settings, at=NOW)
    check_access_code(session, "S1", code, settings=settings, at=NOW)


def test_the_code_is_kept_nowhere(session, settings):
    code = issue_access_code(session, "S1", days=30, by="zhang", at=NOW).replace("-", "")

    row = session.exec(select(AccessCode)).one()
    assert code not in row.digest
    assert all(code not in act.facts for act in ledger.acts(session))


def test_the_page_shows_the_own_record_and_a_leaf_that_sha256sum_gives_too(closed_city, session, app, client):
    draw = closed_city.drawn()
    subject = closed_city.codes[1]
    code = issue_access_code(session, subject, days=30, by="zhang", at=NOW)
    address = f"/draws/{draw.number}/own-record"
    app.config["WTF_CSRF_ENABLED"] = False

    refused = client.post(address, data={"subject": subject, "access_code": "AAAA-AAAA"})
    page = client.post(address, data={"subject": subject, "access_code": code}).get_data(as_text=True)

    assert refused.status_code == 403
    line = re.search(r"<code>(printf .*? \| sha256sum)</code>", page)[1]
    line = line.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
    digest = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True).stdout[:64]
    assert f'data-copy="{digest}"' in page
    assert "第1号餐馆" in page


def test_a_code_that_everybody_knows_opens_nothing_private(closed_city, app, client):
    draw, subject = closed_city.drawn(), closed_city.codes[1]
    address = f"/draws/{draw.number}/own-record"
    app.config["WTF_CSRF_ENABLED"] = False

    answers = [
        client.get(f"{address}?subject={subject}&access_code={subject}"),
        *(
            client.post(address, data={"subject": subject, "access_code": access_code})
            for access_code in ("", subject, "0000-0000-0000-0000")
        ),
    ]
    with client.session_transaction() as kept:
        kept["enterprise"] = {"code": subject, "at": (NOW - timedelta(hours=2)).isoformat()}
    answers.append(client.get(address))

    assert [answer.status_code for answer in answers] == [200, 422, 403, 403, 200]
    assert all("第1号餐馆" not in answer.get_data(as_text=True) for answer in answers)


def test_an_enterprise_that_an_identity_provider_vouches_for_sees_its_own_record(
    closed_city, client, session
):
    draw, subject = closed_city.drawn(), closed_city.codes[1]
    with client.session_transaction() as kept:
        kept["enterprise"] = {"code": subject, "at": datetime.now(UTC).isoformat()}

    page = client.get(f"/draws/{draw.number}/own-record").get_data(as_text=True)

    assert "第1号餐馆" in page
    session.rollback()
    assert (ledger.last_act(session).name, ledger.last_act(session).on_id) == ("OwnRecordOpened", subject)


def test_a_code_goes_out_at_the_counter_or_with_a_named_notice(session):
    issue_access_code(session, "S1", days=30, by="zhang", at=NOW, way="notice", notice="云市监抽〔2026〕3号")

    for wrong in ({"way": "notice"}, {"way": "counter", "notice": "3号"}, {"way": "post"}):
        with pytest.raises(NoticeNumberMissingError):
            issue_access_code(session, "S1", days=30, by="zhang", at=NOW, **wrong)

    row = session.exec(select(AccessCode)).one()
    assert (row.way, row.notice) == ("notice", "云市监抽〔2026〕3号")


def test_asking_for_the_own_record_of_an_unknown_draw_is_refused(client):
    assert client.get("/draws/NO-1/own-record").status_code == 404


def test_of_a_public_pool_anybody_gets_record_position_and_proof(session, settings, app, client):
    city = a_city(session, settings)
    draw = city.drawn()
    codes = sorted(city.codes)

    page = client.get(f"/draws/{draw.number}/proof/{codes[5]}").get_data(as_text=True)
    answer = client.get(f"/draws/{draw.number}/proof/{codes[5]}.json").get_json()

    line = html.unescape(re.search(r"<code>(\{ printf .*?sha256sum)</code>", page)[1])
    leaf = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True).stdout[:64]
    assert leaf == answer["leaf"] == leaf_hash(answer["line"].encode()).hex()
    assert answer["index"] == codes.index(codes[5])
    root = root_of_inclusion(bytes.fromhex(leaf), answer)
    assert root == queries.plan_of(draw)["subjects"]["root"] == answer["root"]
    assert client.get(f"/draws/{draw.number}/proof/NOBODY").status_code == 404


def root_of_inclusion(leaf, answer):
    index, last = answer["index"], answer["size"] - 1
    for step in map(bytes.fromhex, answer["path"]):
        if index % 2 or index == last:
            leaf = node_hash(step, leaf)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            leaf = node_hash(leaf, step)
        index, last = index >> 1, last >> 1
    return leaf.hex()


def test_of_a_closed_pool_nobody_gets_a_proof_without_the_access_code(closed_city, client):
    draw = closed_city.drawn()
    address = f"/draws/{draw.number}/proof/{closed_city.codes[1]}"

    assert client.get(address).location.endswith("/own-record")
    assert client.get(f"{address}.json").status_code == 404
