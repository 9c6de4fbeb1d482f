"""Signing in and out on pages, the desk, the own account, accounts and bodies."""

from datetime import timedelta

import pytest
from visitors import PASSWORD, a_body, an_account, send, sign_in

from doublerandom import clock, web
from doublerandom.web.navigation import is_here, rail


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def wang(session):
    a_body(session)
    return an_account(session, "wang", roles=["administrator"])


class TestSigningInOnPages:
    def test_signing_in_leads_to_the_desk(self, client, wang):
        answer = sign_in(client, "wang")

        assert (answer.status_code, answer.location) == (303, "/desk")
        assert "wang某" in text(client.get("/desk"))

    def test_signing_in_leads_back_to_the_page_that_asked(self, client, wang):
        assert sign_in(client, "wang", next="/people?after=a").location == "/people?after=a"

    @pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test"])
    def test_signing_in_leads_to_no_other_site(self, client, wang, elsewhere):
        assert sign_in(client, "wang", next=elsewhere).location == "/desk"

    @pytest.mark.parametrize(("username", "password"), [("wang", "wrong password"), ("nobody", PASSWORD)])
    def test_a_refusal_does_not_tell_which_was_wrong(self, client, wang, username, password):
        answer = sign_in(client, username, password)

        assert answer.status_code == 403
        assert "用户名或密码不正确" in text(answer)
        assert password not in text(answer)

    def test_a_locked_name_is_told_how_long(self, client, wang, settings):
        for _ in range(settings.sign_in_attempts):
            sign_in(client, "wang", "wrong password")

        answer = sign_in(client, "wang")

        assert answer.status_code == 429
        assert f"{settings.sign_in_window_minutes} 分钟后再试" in text(answer)

    def test_an_empty_form_says_what_is_missing(self, client):
        answer = sign_in(client, "", "")

        assert answer.status_code == 422
        assert "请输入用户名" in text(answer)
        assert 'href="#username"' in text(answer)

    def test_whoever_is_signed_in_is_not_asked_again(self, client, wang):
        sign_in(client, "wang")

        assert client.get("/sign-in?next=/me").location == "/me"

    def test_signing_out_ends_the_session(self, client, wang):
        sign_in(client, "wang")

        assert send(client, "/sign-out").location == "/"
        assert client.get("/desk").status_code == 303

    def test_signing_in_leaves_nothing_of_the_session_before(self, client, wang):
        with client.session_transaction() as before:
            before["planted"] = "x"

        sign_in(client, "wang")

        with client.session_transaction() as after:
            assert "planted" not in after

    def test_a_session_ends_with_the_working_day(self, app, client, wang, settings):
        sign_in(client, "wang")

        cookie = client.get_cookie("session")
        assert app.permanent_session_lifetime == timedelta(hours=settings.session_hours)
        assert cookie.http_only
        assert cookie.expires is not None


class TestDesk:
    def test_nothing_due_is_said(self, app, client, wang):
        app.config["DUE_PROVIDERS"] = []
        sign_in(client, "wang")

        assert "目前没有需要您处理的事项" in text(client.get("/desk"))

    def test_what_is_due_stands_by_deadline_and_what_is_late_says_so(self, app, client, wang):
        now = clock.now()
        items = [
            web.DueItem("draws", "不急", "/a"),
            web.DueItem("draws", "明天", "/b", deadline=now + timedelta(days=1, minutes=5)),
            web.DueItem("inspect", "昨天", "/c", deadline=now - timedelta(days=1, minutes=5)),
        ]
        app.config["DUE_PROVIDERS"] = [lambda _session, user: items if user.person == "WANG" else []]
        sign_in(client, "wang")

        page = text(client.get("/desk"))

        assert page.index("昨天") < page.index("明天") < page.index("不急")
        assert "已逾期 1 天" in page
        assert "还有 1 天" in page

    def test_the_rail_holds_only_what_the_role_may_do(self, app, client, wang, session):
        an_account(session, "li", roles=["inspector"])
        sign_in(client, "wang")
        assert 'href="/people"' in text(client.get("/desk"))
        send(client, "/sign-out")

        sign_in(client, "li")

        assert 'href="/people"' not in text(client.get("/desk"))

    def test_the_rail_marks_the_present_place(self, app, client, wang):
        sign_in(client, "wang")

        with client:
            client.get("/people")
            links = [link for group in rail() for link in group.links]
            assert [link.endpoint for link in links if is_here(link)] == ["accounts.people"]

    def test_every_link_of_every_room_leads_somewhere(self, app):
        for link in app.config["NAV_LINKS"]:
            view = app.view_functions[link.endpoint]
            assert set(link.roles) <= set(view.required_roles) or not view.required_roles, link
            assert link.icon


class TestAccountPages:
    def test_the_own_account_shows_body_and_roles(self, client, wang):
        sign_in(client, "wang")

        page = text(client.get("/me"))
        assert "机关hz-scjg" in page
        assert "系统管理员" in page

    def test_an_administrator_sees_accounts_of_the_own_body_and_below(self, client, session):
        a_body(session, "zj", level="province", region="330000")
        a_body(session, "hz-scjg", parent_token="zj")
        a_body(session, "sh", level="province", region="310000")
        for name, body in (("wang", "zj"), ("li", "hz-scjg"), ("zhao", "sh")):
            an_account(session, name, body=body, roles=["administrator"])
        sign_in(client, "wang")

        people, bodies = text(client.get("/people")), text(client.get("/bodies"))

        assert "li某" in people
        assert "zhao某" not in people
        assert "机关hz-scjg" in bodies
        assert "机关sh" not in bodies

    def test_a_long_list_of_accounts_is_paged(self, client, wang, session, monkeypatch):
        monkeypatch.setattr("doublerandom.accounts.views.people.PAGE_ROWS", 2)
        for name in ("a1", "a2", "a3"):
            an_account(session, name, roles=["planner"])
        sign_in(client, "wang")

        first = text(client.get("/people"))
        second = text(client.get("/people?after=a2"))

        assert "/people?after=a2" in first
        assert "a3某" not in first
        assert "a3某" in second
        assert "wang某" in second
