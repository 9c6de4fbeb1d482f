"""The list of subjects on pages: search, filters, files, kept filters, and bulk acts with their preview."""

import io
import re

import pytest
from publish.staff import text
from python_calamine import CalamineWorkbook
from registry.a_registry import NOON, a_code, a_subject, some_subjects
from sqlalchemy import event
from sqlmodel import select
from visitors import a_body, an_account, send, sign_in

from doublerandom.registry import bulk, services
from doublerandom.registry.models import BulkAct, SavedFilter, SubjectStanding
from doublerandom.registry.services import index_subjects
from doublerandom.web import db

pytestmark = pytest.mark.usefixtures("today")
LIST = "/registry/subjects"
HIDDEN = re.compile(r'name="(q|filter|action|value|digest)"[^>]*value="([^"]*)"')


@pytest.fixture
def market(session, client):
    """Fifty-five shops of two districts and one elsewhere; a registrar of the city is signed in."""
    body = a_body(session)
    some_subjects(
        session,
        *(
            a_subject(
                n,
                region=("330102", "330106")[n % 2],
                name="=1+1店" if n == 3 else f"第{n}号{'茶馆' if n % 5 == 0 else '商店'}",
                industry="H62",
                credit_class="ABCD"[n % 4],
            )
            for n in range(55)
        ),
        a_subject(99, region="330203", name="宁波茶馆"),
    )
    index_subjects(session)
    an_account(session, "reg", roles=["registrar"], person="REG")
    sign_in(client, "reg")
    return body


def rows(page):
    return re.findall(r'<span class="code">([0-9A-Z]{18})</span>', page.get_data(as_text=True))


def standings(session, kind):
    session.rollback()
    return session.exec(select(SubjectStanding).where(SubjectStanding.kind == kind)).all()


def test_words_and_conditions_narrow_the_list_to_what_is_in_sight(session, client, market):
    first = client.get(LIST)
    assert len(rows(first)) == 50
    assert "共 55 条" in text(first)
    assert a_code(99, region="330203") not in text(first)
    after = re.search(r'rel="next" href="([^"]+)"', first.get_data(as_text=True))[1]
    assert len(rows(client.get(after.replace("&amp;", "&")))) == 5
    assert len(rows(client.get(f"{LIST}?q=茶馆"))) == 11
    assert rows(client.get(f"{LIST}?q=茶馆 15号")) == [a_code(15, region="330106")]
    assert len(rows(client.get(f"{LIST}?q=茶馆&filter=class = A"))) == 3
    names = rows(client.get(f"{LIST}?q=茶馆&sort=-name"))
    assert names[0] == a_code(5, region="330106")

    built = client.get(f"{LIST}?build=1&q=茶馆&region=330106&class=B&industry=H62&rest=not name ~ '9'")
    page = client.get(built.location)

    assert built.status_code == 302
    assert "region = 330106 and industry = H62 and class = B and not name ~ 9" in text(page)
    assert rows(page) == [a_code(n, region="330106") for n in (5, 25, 45)]
    assert '<option value="330106" selected>' in page.get_data(as_text=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_error_points_at_its_character(client, market, language):
    page = client.get(f"{LIST}?filter=region = 330102 ond class = A&lang={language}")

    assert page.status_code == 422
    assert "region = 330102 <mark>o</mark>nd class = A" in page.get_data(as_text=True)
    assert "17" in text(page)
    spoilt = client.get(f"{LIST}?build=1&rest=region = &class=A")
    assert client.get(spoilt.location).status_code == 422


def test_the_class_is_for_those_who_use_it(session, client, market):
    an_account(session, "over", roles=["overseer"])
    client.delete_cookie("session")
    sign_in(client, "over")

    assert "信用风险分类" not in text(client.get(LIST))
    assert client.get(f"{LIST}?filter=not (class = A or region = 330102)").status_code == 422
    assert client.get(f"{LIST}/bulk").status_code == 403
    assert "分类日期" not in client.get(f"{LIST}?format=csv").get_data(as_text=True)


def test_files_keep_the_filter_and_hold_nothing_that_runs(client, market):
    with client.get(f"{LIST}?q=店&filter=region = 330106&format=csv") as answer:
        csv = answer.get_data()
    with client.get(f"{LIST}?filter=name ~ '1%2B1'&format=xlsx") as answer:
        book = answer.get_data()

    lines = csv.decode("utf-8-sig").splitlines()
    assert csv.startswith(b"\xef\xbb\xbf")
    assert len(lines) == 1 + 22
    assert any(",'=1+1店," in line for line in lines)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in sheet[1:]] == ["=1+1店"]


def test_a_page_takes_a_bounded_number_of_statements(app, session, client, market):
    some_subjects(session, *(a_subject(n, name=f"第{n}号餐馆") for n in range(1000, 3000)))
    with app.app_context():
        engine = db.engine
    counted = []
    event.listen(engine, "before_cursor_execute", lambda *facts: counted.append(facts[2]))

    for address in (LIST, f"{LIST}?q=茶馆", f"{LIST}?q=餐馆 12&filter=class = A and tag = x&sort=name"):
        counted.clear()
        assert client.get(address).status_code == 200
        assert len(counted) <= 32, counted


def test_filters_are_kept_shared_and_ended(session, client, market):
    send(
        client,
        page=LIST,
        address=f"{LIST}/filters",
        name="辖区茶馆",
        q="茶馆",
        filter="region=330102",
        shared="y",
    )
    kept = send(client, page=LIST, address=f"{LIST}/filters", name="我的", q="", filter="class = A")
    again = send(client, page=LIST, address=f"{LIST}/filters", name="我的", q="", filter="class = B")

    assert (kept.status_code, again.status_code) == (303, 422)
    page = text(client.get(LIST))
    assert "辖区茶馆" in page
    assert "我的" in page
    an_account(session, "other", roles=["planner"], person="OTHER")
    client.delete_cookie("session")
    sign_in(client, "other")
    page = text(client.get(LIST))
    assert "辖区茶馆" in page
    assert "我的" not in page
    shared = session.exec(select(SavedFilter).where(SavedFilter.shared)).one()
    assert shared.expression == "region = 330102"
    assert send(client, page=LIST, address=f"{LIST}/filters/{shared.id}/end").status_code == 404
    client.delete_cookie("session")
    sign_in(client, "reg")
    assert send(client, page=LIST, address=f"{LIST}/filters/{shared.id}/end").status_code == 303
    assert "辖区茶馆" not in text(client.get(LIST))
    session.rollback()
    assert session.exec(select(SavedFilter).where(SavedFilter.shared)).one().ended_by == "REG"


class TestBulkActs:
    @staticmethod
    def previewed(client, **query):
        page = client.get(f"{LIST}/bulk", query_string={"q": "茶馆", **query})
        assert page.status_code == 200
        return page, dict(HIDDEN.findall(page.get_data(as_text=True)))

    def test_what_was_previewed_is_done_and_on_record(self, session, client, market):
        assert "加标签" in text(client.get(f"{LIST}/bulk?q=茶馆"))
        assert "标签" in text(client.get(f"{LIST}/bulk?q=茶馆&action=tag"))
        page, filled = self.previewed(client, action="tag", value="茶饮专项")
        assert "11 户" in text(page)
        assert not standings(session, "tag")

        assert send(client, page=LIST, address=f"{LIST}/bulk", **filled).status_code == 422
        done = send(client, page=LIST, address=f"{LIST}/bulk", **filled, reason="市局〔2026〕3号")

        assert done.status_code == 303
        assert {(row.value, row.reason, row.by) for row in standings(session, "tag")} == {
            ("茶饮专项", "市局〔2026〕3号", "REG")
        }
        assert len(rows(client.get(f"{LIST}?filter=tag = 茶饮专项"))) == 11
        assert len(rows(client.get(f"{LIST}?q=茶饮"))) == 11
        assert "已完成" in text(client.get(done.location))
        assert "加标签：茶饮专项" in text(client.get(f"{LIST}/bulk-acts"))
        assert "茶饮专项" in client.get(f"{LIST}/bulk-acts?format=csv").get_data(as_text=True)

        page, filled = self.previewed(client, action="end-tag", value="茶饮专项", filter="region = 330102")
        assert send(client, page=LIST, address=f"{LIST}/bulk", **filled, reason="已办结").status_code == 303
        ended = [row for row in standings(session, "tag") if row.ended_by == "REG"]
        assert len(standings(session, "tag")) == 11
        assert len(ended) == 6
        assert len(rows(client.get(f"{LIST}?filter=tag = 茶饮专项"))) == 5

    def test_a_result_that_changed_is_shown_anew(self, session, client, market):
        _page, filled = self.previewed(client, action="special", value="双减")
        some_subjects(session, a_subject(77, name="新茶馆"))

        changed = send(client, page=LIST, address=f"{LIST}/bulk", **filled, reason="x")

        assert changed.status_code == 409
        assert "12 户" in text(changed)
        assert not standings(session, "special")
        filled = dict(HIDDEN.findall(changed.get_data(as_text=True)))
        assert send(client, page=LIST, address=f"{LIST}/bulk", **filled, reason="x").status_code == 303
        assert len(standings(session, "special")) == 12

    def test_subjects_leave_join_and_get_a_supervisor(self, session, client, market):
        for action, value, kind, count in (
            ("leave", "not-supervised", "member", 11),
            ("join", "", "member", 22),
            ("supervisor", "REG", "supervisor", 11),
            ("supervisor", "REG", "supervisor", 11),
        ):
            _page, filled = self.previewed(client, action=action, value=value)
            assert send(client, page=LIST, address=f"{LIST}/bulk", **filled, reason="x").status_code == 303
            assert len(standings(session, kind)) == count
            if action == "leave":
                assert "不在本机关名录库" in text(client.get(f"{LIST}?q=茶馆"))
        assert client.get(f"{LIST}/bulk?action=leave&value=whim").status_code == 422
        assert client.get(f"{LIST}/bulk?action=fire&value=x").status_code == 200

    def test_many_are_done_by_the_jobs_with_progress(self, session, engine, client, market, monkeypatch):
        monkeypatch.setattr(bulk, "AT_ONCE", 4)
        _page, filled = self.previewed(client, action="tag", value="多")

        sent = send(client, page=LIST, address=f"{LIST}/bulk", **filled, reason="x")

        assert "办理中" in text(client.get(sent.location))
        assert not standings(session, "tag")
        assert services.carry_on_bulk_acts(session, at=NOON) == 11
        assert len(standings(session, "tag")) == 11
        assert "已完成" in text(client.get(sent.location))
        row = session.exec(select(BulkAct)).one()
        assert (row.done, row.total) == (11, 11)

    def test_more_than_an_act_may_change_are_refused(self, client, market, monkeypatch):
        monkeypatch.setattr(bulk, "MOST", 10)

        assert client.get(f"{LIST}/bulk?q=茶馆&action=tag&value=x").status_code == 422
