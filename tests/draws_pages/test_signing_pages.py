"""Signing at the desk: what waits, what will be on record, wrong PINs, another plan that overtakes."""

import time_machine
from draws.a_city import DUE, PINS, SIGNED, a_city, hours
from draws_pages.signers import anew, another_body, signed_in, text
from visitors import send

from doublerandom.draws import queries
from doublerandom.draws.models import DrawStatus
from doublerandom.draws.services import Party


@time_machine.travel(SIGNED, tick=False)
def test_two_persons_sign_at_their_desks_and_the_plan_is_public(session, settings, app):
    city = a_city(session, settings)
    draw = city.prepare()
    page, sign = f"/desk/draws/{draw.number}", f"/desk/draws/{draw.number}/sign"
    li, wang = signed_in(app, city, "li", "planner"), signed_in(app, city, "wang", "supervisor")

    assert "承办人签署" in text(li.get("/desk"))
    assert "承办人签署" in text(li.get("/desk/draws"))
    assert "等待承办人" in text(wang.get(page))
    assert "现在轮到承办人" in text(wang.get(sign))
    asked = text(li.get(sign))
    assert "PlanSigned · operator" in asked
    assert "seq 1" in asked
    wrong = send(li, sign, page=sign, pin="999999")
    assert (wrong.status_code, "签名密码不正确" in text(wrong)) == (422, True)
    assert send(li, sign, page=sign, pin=PINS["li"]).location == page
    assert "您已经签署过" in text(li.get(sign))

    assert "监督人签署" in text(wang.get("/desk"))
    asked = text(wang.get(sign))
    assert f'"draw": "{draw.number}"' in asked
    assert send(wang, sign, page=sign, pin=PINS["wang"]).location == page
    draw = queries.draw(anew(city).session, draw.number)
    assert draw.status is DrawStatus.COMMITTED
    told = text(wang.get(page))
    assert "方案已锁定" in told
    assert "2 个" in told or "4 个秘密值已在承诺前加密存放" in told
    assert draw.plan_hash[:4] in told
    assert "距取随机数" in text(app.test_client().get(f"/draws/{draw.number}"))
    listed = li.get("/desk/draws?format=csv&status=committed").get_data(as_text=True)
    assert draw.number in listed
    assert draw.number not in li.get("/desk/draws?format=csv&status=prepared").get_data(as_text=True)


@time_machine.travel(SIGNED, tick=False)
def test_an_overtaken_signature_lapses_before_the_supervisors_eyes_and_stays_on_the_page(
    session, settings, app
):
    city = a_city(session, settings)
    slow = city.prepare()
    city.sign(slow, "operator", "li")
    city.committed(plan_line="2026-008")
    page, sign = f"/desk/draws/{slow.number}", f"/desk/draws/{slow.number}/sign"
    wang, li = signed_in(app, city, "wang", "supervisor"), signed_in(app, city, "li", "planner")

    assert "第一个签名已不再有效" in text(wang.get(sign))
    assert "原来的签名随这次签署失效" in text(li.get(sign))
    lapsed = send(wang, sign, page=sign, pin=PINS["wang"])

    assert (lapsed.status_code, "原签名失效" in text(lapsed)) == (422, True)
    told = text(li.get(page))
    assert "已失效的签名" in told
    assert "本机关另一份方案先写入了存证日志" in told
    asked = text(li.get(sign))
    assert "seq 2" in asked


def test_who_signs_too_late_is_told_so_and_strangers_see_nothing(session, settings, app):
    city = a_city(session, settings)
    for token in ("hz-sfj", "nb_sfj"):
        another_body(city, token)
    watched = [Party("operator", "hz-scjg"), Party("supervisor", "hz-sfj")]
    draw = city.prepare(secrets_parties=watched)
    with time_machine.travel(hours(-0.5), tick=False):
        li = signed_in(app, city, "li", "planner")
        assert "已不足一小时" in text(li.get(f"/desk/draws/{draw.number}"))
        assert "承办人签署" not in text(li.get("/desk"))
        late = li.get(f"/desk/draws/{draw.number}/sign")
        assert "pin" not in late.get_data(as_text=True)
        registrar = signed_in(app, city, "zhang", "registrar")
        assert registrar.get(f"/desk/draws/{draw.number}").status_code == 403
        assert registrar.get(f"/desk/draws/{draw.number}/party").status_code == 404
        assert li.get("/desk/draws/none").status_code == 404
        watching = signed_in(app, city, "zhou", "supervisor", body="hz-sfj")
        assert draw.number in text(watching.get("/desk/draws"))
        elsewhere = signed_in(app, city, "qian", "supervisor", body="nb_sfj")
        assert draw.number not in text(elsewhere.get("/desk/draws"))
        assert elsewhere.get(f"/desk/draws/{draw.number}/sign").status_code == 404
    with time_machine.travel(DUE, tick=False):  # a sign-in is fresh for a while only
        assert li.get(f"/desk/draws/{draw.number}/sign").location.startswith("/sign-in")
