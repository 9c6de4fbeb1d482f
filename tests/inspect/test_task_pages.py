"""An inspector's pages: own tasks and nobody else's, a form that keeps what was typed, what was returned."""

import pytest
from publish.a_result import REVIEWED, VISIT, found
from publish.staff import an_inspector_at, anew, somebody, text
from sqlmodel import select
from visitors import an_account, send, sign_in

from doublerandom.draws.models import Task
from doublerandom.inspect.models import Inspection, InspectionStatus

ITEM = "SPJY-01"
pytestmark = pytest.mark.usefixtures("today")


def answer(client, task, **fields):
    """Send the result form as it stands on the task's page."""
    filled = {
        "visited_on": VISIT.isoformat(),
        "method": "on_site",
        f"categories-{ITEM}": "1",
        f"measure-{ITEM}": "none",
        **fields,
    }
    return send(client, f"/tasks/{task.id}/result", page="/me", **filled)


class TestReading:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_own_tasks_are_listed_and_opened(self, results, client, language):
        task = an_inspector_at(results, client)

        listed = client.get(f"/tasks?lang={language}")
        opened = client.get(f"/tasks/{task.id}?lang={language}")

        assert (listed.status_code, opened.status_code) == (200, 200)
        assert task.subject in text(listed)
        for said in (task.subject_name, task.draw, "餐饮服务抽查", "食品经营"):
            assert said in text(opened)
        assert ("录入结果" if language == "zh" else "Record the result") in text(opened)

    @pytest.mark.parametrize(
        ("language", "words"), [("zh", "目前没有派给您的任务"), ("en", "No task was dealt")]
    )
    @pytest.mark.parametrize("certificate", ["", "P999"])
    def test_who_was_dealt_nothing_is_told_so(self, results, client, certificate, language, words):
        an_account(results.session, "idle", roles=["inspector"], certificate=certificate)
        sign_in(client, "idle")

        assert words in text(client.get(f"/tasks?lang={language}"))

    def test_the_tasks_of_others_are_not_shown_nor_answered(self, results, client):
        own = an_inspector_at(results, client)
        tasks = [results.task(n) for n in range(results.draw.tasks)]
        others = next(task for task in tasks if not set(task.team) & {own.team[0]})

        assert others.subject not in text(client.get("/tasks"))
        for refused in (
            client.get(f"/tasks/{others.id}"),
            answer(client, others),
            client.get("/tasks/999999"),
        ):
            assert refused.status_code == 403
            assert others.subject not in text(refused)
        assert not anew(results).session.exec(select(Inspection)).all()

    def test_only_inspectors_have_tasks(self, results, client):
        task = results.task()
        assert client.get("/tasks").location.startswith("/sign-in")
        somebody(results, client, "reviewer")

        assert client.get("/tasks").status_code == 403
        assert client.get(f"/tasks/{task.id}").status_code == 403
        assert answer(client, task).status_code == 403

    def test_open_tasks_wait_on_the_desk_until_they_are_answered(self, results, client):
        task = an_inspector_at(results, client)
        desk = text(client.get("/desk"))
        assert task.title in desk
        assert task.subject_name not in desk

        others = len(results.session.exec(select(Task.id)).all()) - 1
        results.record(task)

        assert text(client.get("/desk")).count(task.title) < desk.count(task.title) <= others + 1

    def test_a_category_is_ticked_freely_so_that_browsers_do_not_ask_for_every_one(self, results, client):
        task = an_inspector_at(results, client)

        page = client.get(f"/tasks/{task.id}").get_data(as_text=True)

        boxes = [line for line in page.splitlines() if f'name="categories-{ITEM}"' in line]
        assert boxes
        assert "required" not in "".join(boxes)


class TestAnswering:
    def test_a_result_is_recorded_and_shown(self, results, client):
        task = an_inspector_at(results, client)

        sent = answer(
            client, task, summary="一切正常", **{f"categories-{ITEM}": "2", f"finding-{ITEM}": "未公示年报"}
        )

        assert (sent.status_code, sent.location) == (303, f"/tasks/{task.id}")
        page = text(client.get(sent.location))
        for said in (
            "检查结果已提交审核",
            "未按规定公示应当公示的信息",
            "未公示年报",
            "一切正常",
            "现场检查",
        ):
            assert said in page
        inspection = anew(results).session.exec(select(Inspection)).one()
        assert (inspection.entered_by, inspection.status) == ("LEAD", InspectionStatus.SUBMITTED)

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({f"categories-{ITEM}": "2", f"finding-{ITEM}": ""}, "须写明发现的情况"),
            ({f"categories-{ITEM}": "5", f"finding-{ITEM}": "油污"}, "须填写后续处理"),
            ({f"categories-{ITEM}": ["1", "2"], f"finding-{ITEM}": "两种"}, "不能与其他结果并列"),
            ({f"categories-{ITEM}": []}, "为空、重复或当日无效"),
            ({"visited_on": "2026-02-01"}, "应在抽取日"),
            ({"visited_on": "2026-03-05"}, "应在抽取日"),
            ({"visited_on": "昨天"}, "检查日期"),
            ({"method": "by_telephone"}, "检查方式"),
            ({f"categories-{ITEM}": "99"}, "检查结果"),
            ({"summary": "长" * 2001}, "总体情况"),
        ],
    )
    def test_a_refused_form_comes_back_with_the_reason_and_all_that_was_typed(
        self, results, client, fields, said
    ):
        task = an_inspector_at(results, client)

        refused = answer(client, task, **{"summary": "写了很久的话", **fields})

        assert refused.status_code == 422
        assert said in text(refused)
        assert fields.get("summary", "写了很久的话") in text(refused)
        assert f'action="/tasks/{task.id}/result"' in refused.get_data(as_text=True)
        assert not anew(results).session.exec(select(Inspection)).all()

    def test_a_refusal_is_told_in_english_too(self, results, client):
        task = an_inspector_at(results, client)
        client.get("/lang/en")

        refused = answer(client, task, **{f"categories-{ITEM}": "2"})

        assert "needs words on what was found" in text(refused)

    def test_a_result_is_sent_once(self, results, client):
        task = an_inspector_at(results, client)
        answer(client, task)

        assert answer(client, task).status_code == 409
        assert "录入结果" not in text(client.get(f"/tasks/{task.id}"))

    def test_without_its_token_nothing_is_recorded(self, results, client):
        task = an_inspector_at(results, client)

        assert client.post(f"/tasks/{task.id}/result", data={"method": "on_site"}).status_code == 400
        assert not anew(results).session.exec(select(Inspection)).all()

    def test_a_returned_result_is_mended_not_typed_again(self, results, client):
        task = an_inspector_at(results, client)
        first = results.record(
            task,
            findings=found(task, "5", measure="ordered", due=VISIT, finding="灶台油污"),
            summary="后厨两间",
            method="testing",
        )
        results.review(first, approve=False, opinion="请写明改正期限", at=REVIEWED)

        page = client.get(f"/tasks/{task.id}")

        assert "请写明改正期限" in text(page)
        shown = page.get_data(as_text=True)
        for typed in ('value="灶台油污"', ">\r\n后厨两间<", f'value="{VISIT}"'):
            assert typed in shown
        assert '<option selected value="ordered">' in shown
        assert '<option selected value="testing">' in shown
        assert "按审核意见重录" in text(client.get("/desk"))
