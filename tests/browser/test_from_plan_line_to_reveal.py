"""A draw in several browsers: from a published plan line to the reveal, and one voided by two persons."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session
from visits import sign_in

from doublerandom import clock
from doublerandom.accounts import services as accounts
from doublerandom.db import make_engine
from doublerandom.demo.city import CITY, PASSWORD, PIN
from doublerandom.jobs import leadership, tick

pytestmark = pytest.mark.browser
DIGITS = "3094718265" * 4
NOTE = {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


@pytest.fixture
def hands():
    """The hands of the one clock by which server, worker and authenticators go."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture
def as_(open_page, own_site):
    """Somebody's browser, signed in just now: acts that sign want to know who it is."""

    def signed_in(username, width=1280):
        page = open_page(width, accept_downloads=True)
        sign_in(page, own_site, username)
        return page

    return signed_in


@pytest.fixture
def worker(own_site):
    """One look of the worker at what is due."""
    engine = make_engine(own_site.settings.resolved_database_url)
    lead = leadership(engine, own_site.settings)
    yield lambda: [(one.what, one.code) for one in tick(engine, own_site.settings, lead, clock.now())]
    lead.release()
    engine.dispose()


@pytest.fixture
def hour(database):
    """A moment of a draw, by the name of its column."""

    def of(number, column="due"):
        found = database.execute(f"SELECT {column} FROM draws_draw WHERE number = ?", [number]).fetchone()
        return datetime.fromisoformat(found[0]).replace(tzinfo=UTC)

    return of


def pressed(page, name):
    page.locator("main").get_by_role("button", name=name).click()


def prepared(planner, site, task):
    """From the list of plan lines through every step, each prefilled; gives the number of the draw."""
    planner.goto(site / "/desk/draws/new")
    planner.locator("tbody tr", has_text=task).get_by_role("button", name="准备抽取").click()
    for step in ("确认范围，下一步", "确认数量，下一步", "确认检查组，下一步"):
        pressed(planner, step)
    planner.get_by_label("B 级：").check()
    planner.locator("summary", has_text="B 级的来源").click()
    planner.get_by_label("当众掷十面骰").check()
    pressed(planner, "确认时刻，下一步")
    pressed(planner, "开始预检")
    pressed(planner, "准备抽取，进入签名")
    planner.wait_for_url(re.compile(r"/desk/draws/[A-Z]+-"))
    return planner.url.rsplit("/", 1)[1]


def signed(page, site, path, button):
    """What stands there, with one's PIN under it."""
    page.goto(site / path)
    page.fill("[name=pin]", PIN)
    pressed(page, button)
    page.locator(".notice").first.wait_for()


def both_signed(planner, supervisor, site, number):
    signed(planner, site, f"/desk/draws/{number}/sign", "签署方案")
    signed(supervisor, site, f"/desk/draws/{number}/sign", "签署并提交承诺")


def typed(page, site, number):
    """The dice, key by key, on the page before the projector."""
    page.goto(site / f"/desk/draws/{number}/ceremony")
    if page.get_by_label("姓名").is_visible():
        page.get_by_label("姓名").fill("孙见证")
        pressed(page, "录入见证人")
    page.locator(".dice-live").wait_for()
    for digit in DIGITS:
        page.keyboard.press(digit)
    pressed(page, "看哈希前的文本")
    pressed(page, "与骰子一致，确认录入")


def verified(page, number, folder, now):
    """What the page's verifier and the downloaded program say of the downloaded bundle."""
    saved = []
    for name in ("下载校验包", "verify.py"):
        with page.expect_download() as coming:
            page.locator("main").get_by_role("link", name=name).first.click()
        saved.append(folder / coming.value.suggested_filename)
        coming.value.save_as(saved[-1])
    bundle, program = saved
    ran = subprocess.run(
        [sys.executable, "-I", program, bundle, "--now", f"{now:%Y-%m-%dT%H:%M:%SZ}"],
        capture_output=True,
        text=True,
        check=False,
    )
    page.clock.set_system_time(now)
    page.get_by_role("link", name="在本页核验").click()
    page.wait_for_selector("#verifier[data-exit]")
    rows = page.locator("[data-check]").all()
    return ran.stdout, {row.get_attribute("data-check"): row.get_attribute("data-state") for row in rows}


def test_a_draw_goes_from_its_plan_line_to_the_reveal(
    hands, as_, open_page, own_site, worker, hour, database, tmp_path
):
    planner, supervisor = as_("planner"), as_("supervisor")
    number = prepared(planner, own_site, "餐饮服务")
    both_signed(planner, supervisor, own_site, number)
    visitor = open_page(390, accept_downloads=True)
    visitor.goto(own_site / f"/draws/{number}")
    assert visitor.locator(".countdown").first.is_visible()

    hands.move_to(hour(number) + timedelta(seconds=5))
    planner, supervisor = as_("planner"), as_("supervisor")
    typed(planner, own_site, number)
    typed(supervisor, own_site, number)
    planner.get_by_text("随机数已定，任何人不能再改").wait_for()
    assert ("run", "") in worker()
    planner.get_by_text("抽取已完成，结果已锁定").wait_for()
    planner.goto(own_site / f"/desk/draws/{number}")

    lead = database.execute(
        "SELECT s.inspector FROM draws_seat s JOIN draws_task t ON t.id = s.task_id "
        "JOIN draws_draw d ON d.id = t.draw_id WHERE d.number = ? AND t.position = 0 AND s.n = 0",
        [number],
    ).fetchone()[0]
    phone = as_(admitted(own_site, lead), 390)
    phone.goto(own_site / "/tasks")
    phone.locator("tbody tr", has_text=number).first.locator("th a").click()
    code, task = phone.locator(".facts dd .code").first.inner_text(), phone.url
    assert code not in supervisor.content() + planner.content()
    for asked in ("申请更换检查对象", "申请由下一位接替我"):
        phone.goto(f"{task}/change")
        form = phone.locator("details", has_text=asked).first
        form.locator("summary").click()
        form.get_by_label("证明材料").set_input_files(NOTE)
        pressed(phone, asked)
    supervisor.goto(own_site / f"/desk/draws/{number}/replacements")
    for box in supervisor.get_by_role("checkbox").all():
        box.check()
    pressed(supervisor, "确认勾选的各项")
    signed(supervisor, own_site, re.sub("^.*?(?=/desk)", "", supervisor.url), "确认更换")
    phone.goto(own_site / "/tasks")
    assert code not in phone.content()

    hands.move_to(hour(number, "reveal_by") - timedelta(minutes=1))
    assert ("revealed", "") in worker()
    visitor.reload()
    said, states = verified(visitor, number, tmp_path, clock.now())
    assert said.count("通过") > 8
    assert "不通过" not in said
    assert "failed" not in states.values()
    assert states["12"] == "passed"
    for page in (planner, supervisor, visitor, phone):
        assert (page.complaints, page.strangers) == ([], [])


def admitted(site, certificate):
    """An account for the inspector of a certificate, opened as an administrator does."""
    with Session(make_engine(site.settings.resolved_database_url)) as session:
        _user, secret = accounts.invite(
            session,
            username="lead",
            name="组长",
            person="p-lead",
            body_token=CITY,
            roles=["inspector"],
            certificate=certificate,
            settings=site.settings,
            by="p-admin",
            at=clock.now(),
        )
        accounts.accept_link(session, secret, PASSWORD, at=clock.now())
    return "lead"


def test_a_draw_is_voided_by_two_persons_and_its_list_carried_on(
    hands, as_, open_page, own_site, worker, hour
):
    number = own_site.draw("0005")
    hands.move_to(hour(number) + timedelta(seconds=5))
    planner, supervisor = as_("planner"), as_("supervisor")
    planner.goto(own_site / f"/desk/draws/{number}/void")
    planner.get_by_label("情况说明").fill("名录导入有误。")
    pressed(planner, "提交作废申请")
    signed(supervisor, own_site, f"/desk/draws/{number}/void", "确认作废")

    typed(planner, own_site, number)
    typed(supervisor, own_site, number)
    assert ("shown", "") in worker()
    visitor = open_page(390)
    visitor.goto(own_site / f"/draws/{number}")

    planner.goto(own_site / f"/desk/draws/{number}")
    planner.get_by_role("link", name="准备替代它的抽取").click()
    planner.locator("tbody tr", has_text=number).get_by_role("button", name="准备抽取").click()
    assert "它本应抽中的对象优先抽中" in planner.locator("main").inner_text()
