"""Visits and conflicts on the desk: entered, corrected, decided in bulk, previewed, in sight only."""

import io
from datetime import date

import pytest
from publish.staff import anew, somebody, text
from sqlmodel import select
from visitors import NOON, a_body, an_account, csrf_token, send, sign_in

from doublerandom.registry import services
from doublerandom.registry.models import Conflict, ConflictStatus, Visit

pytestmark = pytest.mark.usefixtures("today")
PDF = b"%PDF-1.4 application"


def visits(results):
    return list(anew(results).session.exec(select(Visit).order_by(Visit.id)))


def test_a_visit_is_entered_with_evidence_and_corrected(results, client):
    somebody(results, client, "registrar")
    code = results.city.codes[7]
    filled = {"subject": code.lower(), "visited_on": "2026-03-03", "body": "", "outside": "省药监局"}
    filled |= {"level": "province", "kind": "complaint", "found": "no", "exempt": "complaint", "counts": "y"}

    refused = send(client, "/registry/visits/new", page="/registry/visits/new", **filled)
    token = csrf_token(client, "/registry/visits/new")
    upload = {"document": (io.BytesIO(PDF), "a.pdf"), "csrf_token": token}
    sent = client.post("/registry/visits/new", data={**filled, **upload})

    assert (refused.status_code, sent.status_code) == (422, 303)
    assert "豁免依据" in text(refused)
    page = client.get(sent.location)
    assert "省药监局" in text(page)
    assert client.get(f"{sent.location}/evidence").data == PDF
    corrected = send(
        client, f"{sent.location}/correction", visited_on="2026-03-02", body="", outside="省药监局",
        level="province", kind="complaint", found="yes", exempt="", counts="y", reason="日期写错",
    )  # fmt: skip
    assert corrected.status_code == 303
    wrong, right = visits(results)
    assert (wrong.superseded, right.supersedes_id, right.exempt) == (True, wrong.id, "")
    assert "已被更正" in text(client.get(sent.location))
    listed = client.get(f"/registry/visits?subject={code}&kind=complaint&first=2026-03-01&format=csv")
    assert listed.get_data(as_text=True).count(code) == 1
    assert "没有符合条件" in text(client.get("/registry/visits?kind=case&after=rubbish"))


def test_visits_elsewhere_are_out_of_sight(results, client):
    visit = services.record_visit(
        results.session, subject_code=results.city.codes[7], body_id=None, outside="省药监局",
        visited_on=date(2026, 3, 1), source="desk:1", by="li", at=NOON,
    )  # fmt: skip
    a_body(results.session, "nb-scjg", region="330200")
    an_account(results.session, "far", roles=["registrar"], body="nb-scjg")
    sign_in(client, "far")

    assert client.get(f"/registry/visits/{visit.id}").status_code == 404
    assert results.city.codes[7] not in text(client.get("/registry/visits"))


def test_what_another_body_told_of_a_body_outside_is_not_a_registrars_to_correct(results, client):
    other = a_body(results.session, "hz-fire", line="fire")
    an_account(results.session, "fire", roles=["registrar"], body="hz-fire")
    an_account(results.session, "own", roles=["registrar"])
    facts = {"subject_code": results.city.codes[7], "body_id": None, "outside": "省药监局"}
    told = [
        services.record_visit(
            results.session, **facts, visited_on=date(2026, 3, 1), source=source, by=by, at=NOON
        ).id
        for source, by in (("desk:1", "FIRE"), (f"api:{other.id}:V1", "api:1"), ("desk:2", "OWN"))
    ]
    sign_in(client, "own")
    right = {"visited_on": "2026-03-02", "body": "", "outside": "省药监局"}
    right |= {"level": "province", "kind": "routine", "found": "no", "exempt": "", "counts": "y"}

    answers = [
        send(client, f"/registry/visits/{number}/correction", **right, reason="日期写错")
        for number in told
    ]

    assert [each.status_code for each in answers] == [404, 404, 303]


class TestConflicts:
    def enter(self, client, results, number=7, **facts):
        filled = {"subject": results.city.codes[number], "inspector": results.task().team[0], **facts}
        filled = {"ground": "relative", "statement": "近亲属任职", "valid_from": "2026-03-01", **filled}
        return send(client, "/registry/conflicts/new", page="/registry/conflicts/new", **filled)

    def test_entered_ones_are_decided_in_bulk_and_ended_early(self, results, client):
        somebody(results, client, "registrar")
        assert [self.enter(client, results, n).status_code for n in (7, 8)] == [303, 303]
        assert self.enter(client, results, inspector="P999").status_code == 422
        token = csrf_token(client, "/registry/conflicts/application")
        applied = client.post(
            "/registry/conflicts/application",
            data={
                "csrf_token": token, "subject": results.city.codes[9], "inspector": results.task().team[0],
                "applicant": "王经理", "statement": "有纠纷", "document": (io.BytesIO(PDF), "a.pdf"),
            },
        )  # fmt: skip
        assert applied.status_code == 303
        client.delete_cookie("session")
        somebody(results, client, "head")
        rows = results.session.exec(select(Conflict).order_by(Conflict.id)).all()
        numbers = [str(row.id) for row in rows]

        decided = client.post(
            "/conflicts/decisions",
            data={"csrf_token": csrf_token(client, "/conflicts/review"), "conflict": numbers,
                  "decision": "uphold", "reason": "属实"},
        )  # fmt: skip

        assert decided.status_code == 303
        statuses = [row.status for row in anew(results).session.exec(select(Conflict)).all()]
        assert statuses == [ConflictStatus.UPHELD] * 3
        address = f"/registry/conflicts/{numbers[0]}"
        assert send(client, f"{address}/end", ended_on="2026-03-05", reason="离婚").status_code == 303
        assert "离婚" in text(client.get(address))
        assert client.get(f"/registry/conflicts/{numbers[2]}/evidence").data == PDF
        assert "王经理" in text(client.get(f"/registry/conflicts/{numbers[2]}?lang=en"))

    def test_particulars_are_for_heads_and_declarers_only(self, results, client):
        somebody(results, client, "registrar")
        self.enter(client, results)
        assert "近亲属任职" in text(client.get("/registry/conflicts"))
        client.delete_cookie("session")
        somebody(results, client, "auditor")

        page = client.get("/registry/conflicts?ground=relative&holding=1")
        file = client.get("/registry/conflicts?format=csv").get_data(as_text=True)

        assert results.city.codes[7] in text(page)
        assert "近亲属任职" not in text(page) + file
        assert results.city.codes[7] in file

    def test_ties_and_links_are_entered_and_the_preview_reads_only(self, results, client):
        somebody(results, client, "registrar")
        inspector, code = results.task().team[0], results.city.codes[7]
        page = "/registry/conflicts/ties"
        tied = send(client, page, page=page, inspector=inspector, code=code, relation="owns")
        link = {"owner_subject": code, "kind": "phone", "value": "1"}
        linked = send(client, "/registry/conflicts/links", page=page, **link)
        assert (tied.status_code, linked.status_code) == (303, 303)
        assert code in text(client.get(page))
        assert send(client, f"{page}/1/withdrawal", reason="误").status_code == 303
        assert "已撤回" in text(client.get(page))
        client.delete_cookie("session")
        somebody(results, client, "planner")

        shown = client.get("/registry/conflicts/preview?scope=region%20%3D%20330102")

        assert shown.status_code == 200
        assert client.get("/registry/conflicts/preview?scope=colour%20%3D%20red").status_code == 422
        assert client.get("/registry/conflicts/preview?format=csv").status_code == 200
        assert client.get("/registry/conflicts/ties").status_code == 403
