"""Level C at each party's own page: a key, commitments, and the secrets out of the party's own file."""

import json
from datetime import timedelta

import pytest
import time_machine
from draws.a_city import DUE, PINS, SIGNED, a_city
from draws_pages.signers import anew, another_body, signed_in, text
from publish.staff import shanghai
from visitors import send

from doublerandom.dr1.seeds import secret_commitment
from doublerandom.draws import queries, services
from doublerandom.draws.errors import NotThePartyError, SignatureMissingError, WrongDrawStateError
from doublerandom.draws.models import DrawStatus
from doublerandom.ledger import queries as ledger

PIN = "246810"
BODIES = {"shen": "hz-scjg", "he": "nb-scjg", "lu": "gongzheng"}
PURPOSES = ("subject", "inspector")


@pytest.fixture
def city(session, settings):
    city = a_city(session, settings)
    another_body(city, "nb-scjg")
    another_body(city, "gongzheng")
    return city


def of_three(city, **wishes):
    """A prepared draw at level C that awaits three parties of three bodies."""
    parties = [services.Party(person, body) for person, body in BODIES.items()]
    return city.prepare(randomness=[], secrets_parties=parties, **wishes)


def a_file(draw, person, salt="0"):
    """What a party's browser makes and keeps."""
    place = list(BODIES).index(person)
    secrets = {purpose: f"{salt}{place}{n}f" * 16 for n, purpose in enumerate(PURPOSES)}
    commitments = {
        purpose: secret_commitment("hz-scjg", draw.number, purpose, person, secret)
        for purpose, secret in secrets.items()
    }
    return {"draw": draw.number, "party": person, "secrets": secrets, "commitments": commitments}


def test_three_parties_commit_hand_in_from_their_files_and_the_draw_is_theirs(city, app, tmp_path):
    draw = of_three(city)
    page = f"/desk/draws/{draw.number}/party"
    with time_machine.travel(SIGNED, tick=False):
        li = signed_in(app, city, "li", "planner")
        assert "等待见证方提交承诺值" in text(li.get(f"/desk/draws/{draw.number}"))
        clients = {
            person: signed_in(app, city, person, "reviewer", body=body) for person, body in BODIES.items()
        }
        for person, client in clients.items():
            file = tmp_path / f"{person}.json"
            file.write_text(json.dumps(a_file(draw, person)))
            made = json.loads(file.read_text())["commitments"]
            assert "生成秘密值并提交承诺" in text(client.get("/desk"))
            shown = client.get(page).get_data(as_text=True)
            assert "party.js" in shown
            assert send(client, f"{page}/key", page=page, new="123456", repeated="123456").status_code == 422
            assert send(client, f"{page}/key", page=page, new=PIN, repeated=PIN).location == page
            bad = send(client, f"{page}/commitments", page=page, pin=PIN, subject="ab", inspector="cd")
            assert (bad.status_code, "64 位十六进制数" in text(bad)) == (422, True)
            sent = send(client, f"{page}/commitments", page=page, pin=PIN, **made)
            assert sent.location == page
            assert "承诺已提交" in text(client.get(page))
            assert "生成秘密值并提交承诺" not in text(client.get("/desk"))
        sign = f"/desk/draws/{draw.number}/sign"
        assert send(li, sign, page=sign, pin=PINS["li"]).status_code == 303
        wang = signed_in(app, city, "wang", "supervisor")
        early = send(clients["lu"], f"{page}/secrets", page=page, **a_file(draw, "lu")["secrets"])
        assert early.status_code == 422
        assert send(wang, sign, page=sign, pin=PINS["wang"]).status_code == 303
        assert "交出秘密值" in text(clients["lu"].get("/desk"))
        wrong = send(clients["lu"], f"{page}/secrets", page=page, **a_file(draw, "lu", "1")["secrets"])
        assert (wrong.status_code, "与承诺值不符" in text(wrong)) == (422, True)
        assert "10" * 8 not in wrong.get_data(as_text=True)
        for person, client in clients.items():
            secrets = json.loads((tmp_path / f"{person}.json").read_text())["secrets"]
            assert send(client, f"{page}/secrets", page=page, **secrets).location == page
            assert "您的部分已经完成" in text(client.get(page))
        assert "已交出" in text(wang.get(f"/desk/draws/{draw.number}"))

    draw = city.run(queries.draw(anew(city).session, draw.number))
    draw = city.reveal(draw)

    assert draw.status is DrawStatus.REVEALED
    signed = [row.person for row in queries.plan_signatures(city.session, draw) if row.role == "party"]
    assert signed == [*BODIES, *BODIES]


def test_a_party_that_lost_its_file_commits_anew_and_one_that_changed_its_key_signs_anew(city, app):
    draw = of_three(city)
    an_hour_on = SIGNED + timedelta(minutes=5)
    facts = {"settings": city.settings}
    with time_machine.travel(SIGNED, tick=False):
        for person, body in BODIES.items():
            signed_in(app, city, person, "reviewer", body=body)
            services.make_party_key(city.session, draw, pin=PIN, by=person, at=SIGNED, **facts)
            for salt in "01":
                made = a_file(draw, person, salt)["commitments"]
                services.submit_commitments(
                    city.session, draw, commitments=made, pin=PIN, by=person, at=SIGNED, **facts
                )
        services.make_party_key(city.session, draw, pin=PIN, by="lu", at=an_hour_on, **facts)

    acts = [act.name for act in ledger.acts_on(city.session, "draw", draw.number)]
    assert acts.count("SignatureLapsed") == 6
    with pytest.raises(SignatureMissingError):
        city.sign(draw, "operator", "li", an_hour_on)
    with pytest.raises(NotThePartyError):
        services.make_party_key(city.session, draw, pin=PIN, by="li", at=an_hour_on, **facts)
    services.submit_commitments(
        city.session, draw, commitments=made, pin=PIN, by="lu", at=an_hour_on, **facts
    )
    draw = city.sign(draw, "operator", "li", an_hour_on)
    with pytest.raises(WrongDrawStateError):
        services.submit_commitments(
            city.session, draw, commitments=made, pin=PIN, by="lu", at=an_hour_on, **facts
        )
    assert {each["commitment"] for each in queries.plan_of(draw)["secrets"]} >= set(made.values())
    draw = city.sign(draw, "supervisor", "wang", an_hour_on)

    services.hand_in_all(
        city.session, draw, secrets=a_file(draw, "lu", "1")["secrets"], by="lu", at=DUE, **facts
    )
    failed = services.fail_overdue(city.session, at=draw.result_by + timedelta(seconds=1))

    assert failed == [draw.number]
    draw = queries.draw(city.session, draw.number)
    missing = [f"{party}/{purpose}" for purpose in PURPOSES for party in ("shen", "he")]
    assert draw.lacking == missing
    told = text(app.test_client().get(f"/draws/{draw.number}"))
    assert "没有等到：shen某（杭州市市场监管局）的秘密值" in told
    assert "lu某（" not in told.split("没有等到")[1].split("。")[0]
    assert shanghai(draw.result_by) in told
