"""A result is recorded on a phone, published by a reviewer, and followed by a credit measure."""

import pytest
from visits import linked, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(open_page, own_site):
    """The inspector's phone, signed in."""
    page = open_page(390)
    sign_in(page, own_site, "inspector")
    return page


def as_(open_page, site, username):
    page = open_page()
    sign_in(page, site, username)
    return page


def open_task(page, site):
    """Open the first own task that waits, by the phone's bar; gives the subject's code."""
    page.locator(".phone-bar").get_by_text("任务").click()
    page.locator("tbody tr", has_text="待检查").first.locator("th a").click()
    return page.locator(".facts dd .code").first.inner_text()


def fill_in(page, category):
    """One category for each item, and send."""
    for group in page.locator(".field-group").all():
        group.get_by_label(category).check()
        if finding := group.get_by_label("发现的情况"):
            finding.fill("未公示年度报告。")
    page.get_by_role("button", name="提交审核").click()


def review(page, site, name):
    """Open what waits for review of one subject: what is due on the desk names nobody."""
    page.goto(site / "/reviews")
    page.locator("tbody tr", has_text=name).locator("a").first.click()


def test_a_result_goes_from_the_visit_to_the_public_and_to_the_next_draws(
    phone, open_page, own_site, database
):
    code = open_task(phone, own_site)
    name = phone.locator("h1").inner_text()
    fill_in(phone, "2 未按规定公示应当公示的信息")
    assert phone.locator(".notice").inner_text().strip() == "检查结果已提交审核。"
    logged = len(own_site.entries)

    reviewer = as_(open_page, own_site, "reviewer")
    review(reviewer, own_site, name)
    reviewer.get_by_label("审核通过并公示").check()
    reviewer.get_by_role("button", name="提交审核意见").click()

    assert "结果已公示。" in reviewer.locator(".notice").inner_text()
    assert [entry["type"] for entry in own_site.entries[logged:]] == ["outcome"]
    visitor = open_page()
    visitor.goto(own_site / f"/results?q={code}")
    visitor.locator("tbody th a").click()
    assert visitor.locator("h1").inner_text() == name
    assert "未按规定公示应当公示的信息" in visitor.locator("tbody").inner_text()

    officer = as_(open_page, own_site, "credit")
    officer.locator(".due-title", has_text=code).click()
    officer.get_by_label("确认生效").check()
    officer.get_by_role("button", name="提交处理意见").click()

    assert "信用记录已处理。" in officer.locator(".notice").inner_text()
    measures = database.execute(
        "SELECT effect FROM registry_measure JOIN registry_subject ON subject_id = registry_subject.id "
        "WHERE code = ? ORDER BY registry_measure.id DESC",
        [code],
    ).fetchall()
    assert measures[0] == ("raise",)


def test_a_returned_result_is_mended_on_the_phone(phone, open_page, own_site):
    open_task(phone, own_site)
    name, task = phone.locator("h1").inner_text(), phone.url
    fill_in(phone, "1 未发现问题")

    reviewer = as_(open_page, own_site, "reviewer")
    review(reviewer, own_site, name)
    reviewer.get_by_label("退回检查组").check()
    reviewer.get_by_label("说明").fill("请写明现场情况。")
    reviewer.get_by_role("button", name="提交审核意见").click()
    phone.goto(task)

    assert "请写明现场情况。" in phone.locator(".notice-bad").inner_text()
    assert phone.get_by_label("1 未发现问题").first.is_checked()
    assert phone.get_by_role("button", name="提交审核").is_visible()


def test_what_does_not_hold_is_said_beside_what_was_typed(phone, own_site):
    open_task(phone, own_site)
    phone.get_by_label("总体情况").fill("门店正常营业。")

    phone.get_by_role("button", name="提交审核").click()

    assert phone.locator(".notice-bad").is_visible()
    assert phone.get_by_label("总体情况").input_value() == "门店正常营业。"


def test_the_phone_shows_own_tasks_only(phone, own_site):
    phone.goto(own_site / "/tasks")
    own = {int(address.rsplit("/", 1)[1]) for address in linked(phone, "/tasks/")}
    other = next(number for number in range(1, 300) if number not in own)

    answer = phone.goto(own_site / f"/tasks/{other}")

    assert answer.status in {403, 404}


def test_a_declared_conflict_is_decided_by_the_head(phone, open_page, own_site, database):
    code = open_task(phone, own_site)
    phone.goto(own_site / "/conflicts")
    phone.get_by_label("统一社会信用代码").fill(code.lower())
    phone.get_by_label("回避事由").select_option("dispute")
    phone.get_by_label("具体情况").fill("去年曾有合同纠纷。")
    phone.get_by_role("button", name="申报回避").click()
    assert "回避事由已申报" in phone.locator(".notice").inner_text()

    head = as_(open_page, own_site, "head")
    head.locator(".due-title", has_text="陈巡").last.click()
    row = head.locator("tbody tr", has_text=code)
    assert "去年曾有合同纠纷。" in row.inner_text()
    row.get_by_role("checkbox").check()
    head.get_by_role("button", name="同意勾选的各项").click()

    assert head.locator("tbody tr", has_text=code).count() == 0
    decided = database.execute(
        "SELECT registry_conflict.status FROM registry_conflict "
        "JOIN registry_subject ON subject_id = registry_subject.id WHERE code = ? AND source = 'declared'",
        [code],
    ).fetchall()
    assert decided == [("upheld",)]
