"""Voids and the reveal at the desk: a second person with a PIN, touched subjects, what follows."""

import time_machine
from draws.a_city import PINS, a_city, hours
from draws_pages.signers import anew, signed_in, text
from visitors import send

from doublerandom.draws import queries
from doublerandom.draws.models import DrawStatus
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import facts_of


@time_machine.travel(hours(1), tick=False)
def test_a_void_is_asked_for_taken_back_asked_again_confirmed_and_superseded(session, settings, app):
    city = a_city(session, settings)
    draw = city.drawn()
    drawn = set(queries.drawn_codes(session, draw))
    page = f"/desk/draws/{draw.number}/void"
    li, wang = signed_in(app, city, "li", "planner"), signed_in(app, city, "wang", "supervisor")
    auditor = signed_in(app, city, "shen", "auditor")
    touched = f"{city.codes[1].lower()}，{city.codes[2]}"
    fields = {"reason": "pool-error", "statement": "两户已迁出"}

    unknown = send(li, page, page=page, **fields, touched="91330106MA2CDEFG0X")
    assert (unknown.status_code, "91330106MA2CDEFG0X" in text(unknown)) == (422, True)
    assert send(li, page, page=page, **{**fields, "statement": ""}).status_code == 422
    assert send(li, page, page=page, reason="leak", statement="x", touched=touched).status_code == 422
    assert send(li, page, page=page, **fields, touched=touched).location == page
    assert send(li, f"{page}/withdrawal", page=page).location == page
    assert "撤回的申请" in text(li.get(page))
    assert send(li, page, page=page, **fields, touched=touched).location == page

    assert "确认作废" in text(wang.get("/desk"))
    assert city.codes[2] in text(wang.get(page))
    assert city.codes[2] not in text(auditor.get(page))
    assert send(li, f"{page}/confirmation", page=page, pin=PINS["li"]).status_code == 403
    assert send(wang, f"{page}/confirmation", page=page, pin="999999").status_code == 422
    for code in drawn - {city.codes[1], city.codes[2]}:
        assert code not in text(wang.get(page)) + text(wang.get(f"/desk/draws/{draw.number}"))
    done = send(wang, f"{page}/confirmation", page=page, pin=PINS["wang"])
    assert done.location == f"/desk/draws/{draw.number}"

    draw = queries.draw(anew(city).session, draw.number)
    assert draw.status is DrawStatus.VOIDED
    voided = next(act for act in ledger.acts_on(session, "draw", draw.number) if act.name == "DrawVoided")
    assert len(facts_of(voided)["signature"]) == 128
    assert city.codes[2] not in voided.facts
    assert city.codes[2] in text(auditor.get(page))
    assert city.codes[2] in text(app.test_client().get(f"/draws/{draw.number}"))
    told = li.get(f"/desk/draws/{draw.number}").get_data(as_text=True)
    assert f"/desk/draws/new?supersedes={draw.number}" in told
    assert "撤回作废申请" in told
    bundle = auditor.get(f"/desk/draws/{draw.number}/auditor-bundle.zip")
    assert bundle.data[:2] == b"PK"
    bundle.close()
    assert ledger.acts_on(anew(city).session, "draw", draw.number)[-1].name == "AuditorBundleMade"
    later = city.prepare(supersedes=draw.number, due=hours(30), at=hours(1))
    assert "本次优先抽中" in text(li.get(f"/desk/draws/{later.number}"))


@time_machine.travel(hours(1), tick=False)
def test_a_rehearsal_is_opened_by_hand_and_a_draw_only_in_its_time(session, settings, app):
    city = a_city(session, settings)
    rehearsal, draw = city.drawn(rehearsal=True), city.drawn()
    li = signed_in(app, city, "li", "planner")
    page = f"/desk/draws/{rehearsal.number}/reveal"

    assert "揭示演练" in text(li.get("/desk"))
    assert "还不能揭示" in text(li.get(f"/desk/draws/{draw.number}/reveal"))
    early = send(li, f"/desk/draws/{draw.number}/reveal", page="/me")
    assert early.status_code == 422
    assert send(li, page, page=page).location == f"/desk/draws/{rehearsal.number}"
    assert queries.draw(anew(city).session, rehearsal.number).status is DrawStatus.REVEALED
    told = text(li.get(f"/desk/draws/{draw.number}"))
    assert not [code for code in queries.drawn_codes(session, draw) if code in told]
