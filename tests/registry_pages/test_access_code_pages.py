"""Access codes at the counter: shown once, for a subject in sight, by a registrar."""

import re

import pytest
from publish.staff import somebody, text
from sqlmodel import select
from visitors import a_body, an_account, send, sign_in

from doublerandom.accounts.models import AccessCode

pytestmark = pytest.mark.usefixtures("today")
CODE = re.compile(r'class="issued-code code">([^<]+)<')


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_code_is_shown_once_and_kept_nowhere(results, client, language):
    subject = results.city.codes[7]
    somebody(results, client, "registrar")
    assert client.get(f"/access-codes?lang={language}").status_code == 200

    answer = send(client, "/access-codes", subject=subject.lower(), way="counter")

    assert answer.status_code == 200
    (issued,) = CODE.findall(answer.get_data(as_text=True))
    assert issued not in text(client.get("/access-codes"))
    (row,) = results.session.exec(select(AccessCode)).all()
    assert issued.replace("-", "") not in row.digest


@pytest.mark.parametrize("subject", ["91330102MA0000XXXX", ""])
def test_no_code_for_nobody(results, client, subject):
    somebody(results, client, "registrar")

    assert send(client, "/access-codes", subject=subject, way="counter").status_code in {404, 422}
    assert not results.session.exec(select(AccessCode)).all()


def test_no_code_for_a_subject_elsewhere(results, client):
    a_body(results.session, "nb-scjg", region="330200")
    an_account(results.session, "far", roles=["registrar"], body="nb-scjg")
    sign_in(client, "far")

    assert send(client, "/access-codes", subject=results.city.codes[7], way="counter").status_code == 404
    assert not results.session.exec(select(AccessCode)).all()


def test_only_registrars_issue_codes(results, client):
    assert client.get("/access-codes").location.startswith("/sign-in")
    somebody(results, client, "inspector")

    assert client.get("/access-codes").status_code == 403
    assert send(client, "/access-codes", subject=results.city.codes[7]).status_code == 403
