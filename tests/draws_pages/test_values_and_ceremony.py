"""The randomness on pages: looked at, echoed, confirmed; two persons' dice before a projector."""

import hashlib
import io
import json
import re
from datetime import timedelta

import pytest
import time_machine
from draws.a_city import DICE, DRAND, DUE, ROLLS, ROUND, SIGNATURE, a_city, hours
from publish.staff import text
from visitors import a_body, an_account, send, sign_in

from doublerandom.draws import queries, services

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # SQL has tests on both
DIGITS = "".join(map(str, ROLLS["rolls"]))
TEXT = "dice:d10:" + ".".join(DIGITS)
SSQ = {"kind": "lottery", "name": "cn-ssq", "issue": "2026024"}


@pytest.fixture
def city(session, settings):
    """A city whose signers have accounts: li plans, wang supervises, zhao heads, sun only reads."""
    city = a_city(session, settings)
    people = {"li": ["planner"], "wang": ["supervisor"], "zhao": ["head"], "sun": ["auditor"]}
    for person, roles in people.items():
        an_account(session, person, roles=roles, person=person, name=f"{person}某")
    a_body(session, "gz-scjg", region="440100")
    an_account(session, "far", roles=["planner"], body="gz-scjg")
    return city


@pytest.fixture
def visit(app, city):
    """Somebody's own session."""
    assert city

    def as_(person):
        client = app.test_client()
        sign_in(client, person)
        return client

    return as_


def values(draw):
    return f"/desk/draws/{draw.number}/values"


def ceremony(draw):
    return f"/desk/draws/{draw.number}/ceremony"


def roll(client, draw, digits=DIGITS, **fields):
    return send(client, f"{ceremony(draw)}/dice/0", rolls=digits, **fields)


def anew(city, draw):
    city.session.rollback()
    city.session.expire_all()
    return queries.draw(city.session, draw.number)


def test_who_may_enter_and_who_may_not(city, visit, client):
    draw = city.committed()

    assert client.get(values(draw)).status_code == 303
    with time_machine.travel(DUE, tick=False):
        for person, status in {"li": 200, "wang": 200, "zhao": 200, "sun": 403, "far": 404}.items():
            reader = visit(person)
            assert {reader.get(page(draw)).status_code for page in (values, ceremony)} == {status}
            assert (roll(reader, draw).status_code == status) == (person in {"sun", "far"})


def test_dice_are_typed_twice_and_never_shown_between(city, visit):  # noqa: PLR0915 - a whole ceremony
    draw = city.committed()
    with time_machine.travel(DUE - timedelta(minutes=5), tick=False) as clock:
        li, wang = visit("li"), visit("wang")
        assert "准备掷骰" in text(li.get("/desk"))
        assert "请录入见证人姓名" in text(li.get(ceremony(draw)))
        assert send(li, f"{ceremony(draw)}/witnesses", name="wang某").status_code == 422
        assert send(li, f"{ceremony(draw)}/witnesses", name="孙见证", office="协会").status_code == 303
        page = li.get(ceremony(draw))
        assert "请等待约定的时刻" in text(page)
        assert "<nav" not in page.get_data(as_text=True)
        assert roll(li, draw).status_code == 422  # early, on record

        clock.move_to(DUE)
        page = text(li.get(ceremony(draw)))
        assert "掷骰，逐位录入点数" in page
        shown = " ".join(draw.plan_hash[i : i + 4] for i in range(0, 64, 4))
        assert shown in page
        echo = roll(li, draw)
        assert echo.status_code == 200
        assert TEXT in text(echo)
        digest = hashlib.sha256(TEXT.encode()).hexdigest()
        assert " ".join(digest[i : i + 4] for i in range(0, 64, 4)) in text(echo)
        assert "掷骰，逐位录入点数" in text(wang.get(ceremony(draw)))  # an echo enters nothing

        assert roll(li, draw, confirmed="yes").status_code == 303
        assert "请第二人录入" in text(li.get(ceremony(draw)))
        seen = [wang.get(page).get_data(as_text=True) for page in (ceremony(draw), values(draw), "/desk")]
        assert "第二人录入：请只看骰子" in seen[0]
        assert "等待第二人" in seen[1]
        assert "录入第二遍点数" in seen[2]
        assert "录入第二遍点数" not in text(li.get("/desk"))
        for page in seen + [li.get(page).get_data(as_text=True) for page in (ceremony(draw), values(draw))]:
            bare = re.sub(r"[\s.,]|</?span[^>]*>", "", page)
            assert DIGITS[:12] not in bare

        differing = roll(wang, draw, "1" * 40, confirmed="yes")
        assert differing.status_code == 422
        assert "两次录入均已作废" in text(differing)
        assert "1" * 40 not in differing.get_data(as_text=True)
        assert "此前有 1 次两人录入不一致" in text(li.get(ceremony(draw)))
        assert "录入完成后显示" in text(wang.get(values(draw)))

        assert roll(wang, draw, confirmed="yes").status_code == 303
        assert roll(li, draw, f" {DIGITS[:20]}\n{DIGITS[20:]}", confirmed="yes").status_code == 303
        done = text(wang.get(ceremony(draw)))
        assert "随机数已定" in done
        assert f"dr1|seed|{draw.plan_hash}|subject|{TEXT}|operator=…,supervisor=…" in done
        assert f"/draws/{draw.number}" in done
        told = text(wang.get(values(draw)))
        assert "1." * 39 in told  # what differed shows now
        assert "不在录入时段内" in told
        assert roll(wang, draw).status_code == 422
        assert "该来源已有值" in text(wang.get(values(draw)))

        public = text(wang.get(f"/draws/{draw.number}"))
        assert "见证人：孙见证 协会" in public
        assert "即告失败" in public
        city.run(anew(city, draw), at=DUE + timedelta(seconds=5))
        assert "抽取已完成，结果已锁定" in text(wang.get(ceremony(draw)))
        assert "孙见证" in text(wang.get(f"{ceremony(draw)}?lang=en"))


def test_lottery_numbers_are_checked_and_echoed_in_order(city, visit):
    kl8 = {"kind": "lottery", "name": "cn-kl8", "issue": "2026024"}
    draw = city.committed(randomness=[SSQ, DICE, kl8])
    address = f"{values(draw)}/0"
    numbers = {"g0": ["33", "3", "12", "7", "9", "21"], "g1": ["16"], "drawn_on": "2026-03-02"}
    with time_machine.travel(hours(0.5), tick=False):
        li, wang = visit("li"), visit("wang")
        assert "红球，6 个" in text(li.get(values(draw)))
        assert send(li, address, g0="3").status_code == 422
        assert send(li, address, **{**numbers, "drawn_on": ""}).status_code == 422
        assert not queries.refusals(city.session, anew(city, draw))
        wrong = send(li, address, **{**numbers, "g0": ["34", "3", "12", "7", "9", "21"]})
        assert wrong.status_code == 422
        assert "号码的个数或范围不符" in text(wrong)
        page = wrong.get_data(as_text=True)
        assert page.count('value="34"') == page.count('id="drawn_on-0"') == page.count('id="drawn_on-2"') == 1

        old = send(li, address, **{**numbers, "drawn_on": "2026-03-01"})
        assert "开奖日期早于方案承诺之日" in text(old)

        echo = send(li, address, **numbers)
        assert echo.status_code == 200
        assert 'name="drawn_on" value="2026-03-02"' in echo.get_data(as_text=True)
        assert "lottery:cn-ssq:2026024:3.7.9.12.21.33./16./" in text(echo)
        assert not queries.observations(city.session, anew(city, draw))
        assert send(li, address, **numbers, confirmed="yes").status_code == 303
        waiting = text(li.get(values(draw)))
        assert "第一遍已录入" in waiting
        assert "红球，6 个" not in waiting
        assert "20 个号码" in waiting
        assert not queries.observations(city.session, anew(city, draw))
        assert "录入第二遍开奖号码" in text(wang.get("/desk"))
        assert send(wang, address, **numbers, confirmed="yes").status_code == 303

        (seen,) = queries.observations(city.session, anew(city, draw))
        assert seen.value == {"groups": [[3, 7, 9, 12, 21, 33], [16]]}
        assert send(li, address, **numbers, confirmed="yes").status_code == 422
        told = queries.refusals(city.session, anew(city, draw))
        assert [refusal.rule for refusal in told] == [
            "observation_refused",
            "observation_refused",
            "second_value",
        ]
        assert send(li, f"{values(draw)}/1").status_code == 404
        assert send(li, f"{values(draw)}/9").status_code == 404


def test_a_signature_is_pasted_or_uploaded_and_verified_offline(city, visit):
    draw = city.prepare(
        due=ROUND, at=ROUND - timedelta(hours=3), randomness=[DRAND], rehearsal=True, on=DUE.date()
    )
    for role, by in (("operator", "li"), ("supervisor", "wang")):
        city.sign(draw, role, by, ROUND - timedelta(hours=2))
    address = f"{values(draw)}/0"
    with time_machine.travel(ROUND - timedelta(minutes=5), tick=False) as clock:
        li = visit("li")
        assert "本系统没有设置中继" in text(li.get(values(draw)))
        clock.move_to(ROUND + timedelta(minutes=10))
        assert "录入 drand 签名" in text(li.get("/desk"))
        for sent in ({}, {"signature": "7" * 5000}, {"document": (io.BytesIO(b" " * 5000), "x.json")}):
            assert send(li, address, page=values(draw), **sent).status_code == 422
        assert not queries.refusals(city.session, anew(city, draw))
        for sent, said in (
            ({"signature": "a" + SIGNATURE["signature"][1:]}, "不是该轮次的有效签名"),
            ({"signature": "<b>"}, "96 位十六进制"),
            ({"document": (io.BytesIO(b"{\xff"), "x.json")}, "读不出所需的值"),
        ):
            refused = send(li, address, page=values(draw), **sent)
            assert refused.status_code == 422
            assert said in text(refused)
        assert len(queries.refusals(city.session, anew(city, draw))) == 3

        answer = json.dumps({"round": 657413, **SIGNATURE}).encode()
        echo = send(li, address, page=values(draw), document=(io.BytesIO(answer), "657413.json"))
        assert echo.status_code == 200
        assert "用内置的 quicknet 公钥离线验证" in text(echo)
        assert send(li, address, **SIGNATURE, confirmed="yes").status_code == 303
        assert queries.beacon_known(city.session, anew(city, draw))
        page = text(li.get(values(draw)))
        assert "随机数已录入（演练）" in page
        assert hashlib.sha256(bytes.fromhex(SIGNATURE["signature"])).hexdigest() in page
        assert "drand quicknet" in text(li.get(ceremony(draw)))


def test_a_draw_that_waited_too_long_is_told_as_failed(city, visit):
    draw = city.committed()
    with time_machine.travel(hours(2), tick=False):
        services.fail_overdue(city.session, at=hours(2))
        li = visit("li")

        assert "本次抽取已失败并公开计数" in text(li.get(values(draw)))
        assert "请录入见证人姓名" in text(li.get(ceremony(draw)))
        assert "未在期限内得出结果" in text(li.get(f"/draws/{draw.number}"))
