"""Conflicts of interest on pages: an inspector declares them, the head decides, the pair stays apart."""

import pytest
from publish.staff import an_inspector_at, anew, somebody, text
from sqlmodel import select
from visitors import a_body, an_account, send, sign_in

from doublerandom.registry import queries
from doublerandom.registry.models import Conflict, ConflictStatus

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def lead(results, client):
    """Signed in as the lead of the first task; gives the certificate number."""
    return an_inspector_at(results, client).team[0]


def declare(client, **fields):
    filled = {"ground": "relative", "statement": "店主是我姐姐", **fields}
    return send(client, "/conflicts", page="/conflicts", **filled)


def conflicts(results):
    return list(anew(results).session.exec(select(Conflict).order_by(Conflict.id)))


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "您还没有申报过回避"), ("en", "You have not declared")]
)
def test_who_has_declared_nothing_sees_so(lead, client, language, words):
    page = client.get(f"/conflicts?lang={language}")

    assert page.status_code == 200
    assert words in text(page)


def test_a_declared_conflict_is_listed_and_keeps_the_pair_apart(results, lead, client):
    code = results.city.codes[7]

    sent = declare(client, subject=f" {code.lower()} ")

    assert (sent.status_code, sent.location) == (303, "/conflicts")
    page = text(client.get("/conflicts"))
    assert code in page
    assert "本人或近亲属" in page
    (row,) = conflicts(results)
    assert (row.status, row.by, row.valid_from.isoformat()) == (ConflictStatus.DECLARED, "LEAD", "2026-03-04")
    subject = queries.subject(results.session, code)
    inspector = queries.inspector(results.session, lead)
    pairs = queries.conflicts_of_inspector(results.session, inspector.id)
    assert [pair.subject_id for pair in pairs] == [subject.id]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"subject": "91330102MA0000XXXX"}, "没有代码为"),
        ({"subject": ""}, "统一社会信用代码"),
        ({"subject": "9" * 32}, "统一社会信用代码"),
        ({"ground": "dislike"}, "回避事由"),
        ({"statement": "长" * 2001}, "具体情况"),
        ({"statement": "方向\u202e字符"}, "方向"),
    ],
)
def test_a_refused_declaration_comes_back_with_what_was_typed(results, lead, client, fields, said):
    filled = {"subject": results.city.codes[7], "statement": "写了很久", **fields}

    refused = declare(client, **filled)

    assert refused.status_code == 422
    assert said in text(refused)
    assert filled["statement"] in text(refused)
    assert conflicts(results) == []


def test_an_account_without_a_certificate_in_the_pool_is_told_so(results, client):
    an_account(results.session, "new", roles=["inspector"], certificate="P999")
    sign_in(client, "new")

    refused = declare(client, subject=results.city.codes[7])

    assert refused.status_code == 422
    assert "P999" in text(refused)


class TestDeciding:
    @pytest.fixture
    def declared(self, results, lead, client):
        declare(client, subject=results.city.codes[7])
        client.post("/sign-out", data={"csrf_token": ""})
        client.delete_cookie("session")
        return conflicts(results)[0]

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_the_head_sees_who_whom_and_why(self, results, client, declared, language):
        somebody(results, client, "head")

        page = client.get(f"/conflicts/review?lang={language}")

        assert page.status_code == 200
        for said in (results.city.codes[7], "店主是我姐姐", results.task().team[0]):
            assert said in text(page)

    @pytest.mark.parametrize(
        ("decision", "status"), [("uphold", ConflictStatus.UPHELD), ("refuse", ConflictStatus.REFUSED)]
    )
    def test_the_head_decides_once(self, results, client, declared, decision, status):
        somebody(results, client, "head")
        assert "审查回避" in text(client.get("/desk"))
        address = f"/conflicts/{declared.id}/decision"

        first = send(client, address, decision=decision)
        second = send(client, address, decision="uphold")

        assert (first.status_code, second.status_code) == (303, 404)
        (row,) = conflicts(results)
        assert (row.status, row.decided_by) == (status, "HEAD")
        assert "没有待审查的回避申报" in text(client.get("/conflicts/review"))

    def test_a_decision_is_one_of_two(self, results, client, declared):
        somebody(results, client, "head")

        assert send(client, f"/conflicts/{declared.id}/decision", decision="perhaps").status_code == 422
        assert conflicts(results)[0].status is ConflictStatus.DECLARED

    def test_nobody_decides_an_own_declaration(self, results, client, declared):
        an_account(results.session, "both", roles=["head"], person="BOTH")
        row = results.session.get(Conflict, declared.id)
        row.by = "BOTH"
        results.session.commit()
        sign_in(client, "both")

        assert send(client, f"/conflicts/{declared.id}/decision", decision="uphold").status_code == 403
        assert conflicts(results)[0].status is ConflictStatus.DECLARED

    def test_heads_of_other_bodies_see_and_decide_nothing(self, results, client, declared):
        a_body(results.session, "nb-scjg", region="330200")
        an_account(results.session, "far", roles=["head"], body="nb-scjg")
        sign_in(client, "far")

        assert results.city.codes[7] not in text(client.get("/conflicts/review"))
        assert send(client, f"/conflicts/{declared.id}/decision", decision="uphold").status_code == 404

    def test_only_heads_review(self, results, client, declared):
        assert client.get("/conflicts/review").location.startswith("/sign-in")
        somebody(results, client, "planner")

        assert client.get("/conflicts/review").status_code == 403
        assert send(client, f"/conflicts/{declared.id}/decision", decision="uphold").status_code == 403
