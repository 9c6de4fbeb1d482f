"""At the desk: manual exclusions by two persons, two departments that merge, the pre-flight in public."""

import io
from datetime import UTC, datetime

import pytest
import time_machine
from draws.a_city import BEGIN, DICE, DUE, MORNING, City, a_city, some_rules
from draws_pages.signers import anew, signed_in, text
from sqlmodel import select
from visitors import send

from doublerandom.accounts.services import create_body
from doublerandom.draws import queries, services
from doublerandom.draws.errors import OfferNotFoundError, OfferRefusedError
from doublerandom.draws.models import Draft, DraftState, ManualExclusion, MergeOffer
from doublerandom.ledger import queries as ledger
from doublerandom.registry import services as registry
from doublerandom.registry.services.plans import PlanLineIn

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FACTS = {"basis": "消防法", "level": "市级", "methods": "现场", "requirement": "2", "valid_from": BEGIN}


@pytest.fixture
def city(session, settings) -> City:
    with time_machine.travel(NOW, tick=False):
        yield a_city(session, settings)


def test_an_exclusion_is_asked_for_confirmed_by_another_and_lifted(app, city):
    planner = signed_in(app, city, "li", "planner", "supervisor")
    supervisor = signed_in(app, city, "wang", "supervisor")
    asked = {
        "subject": city.codes[5], "reason": "manual-not-operating", "line": "", "valid_from": "2026-03-01",
        "valid_to": "2026-12-31", "reference": "", "statement": "已停业",
    }  # fmt: skip

    refused = send(planner, "/desk/draws/exclusions", **asked)
    assert (refused.status_code, "缺少证明材料" in text(refused)) == (422, True)
    send(planner, "/desk/draws/exclusions", **asked, document=(io.BytesIO(b"%PDF-1.7 x"), "a.pdf"))

    row = anew(city).session.exec(select(ManualExclusion)).one()
    own = f"/desk/draws/exclusions/{row.id}"
    assert "等待确认" in text(planner.get("/desk/draws/exclusions?line=2026-007"))
    assert "提交确认意见" not in text(planner.get(own))
    assert send(planner, f"{own}/decision", decision="confirm").status_code == 409
    assert "人工排除" in text(supervisor.get("/desk"))
    assert planner.get(f"{own}/evidence").data.startswith(b"%PDF")
    assert send(supervisor, f"{own}/decision", decision="confirm", reason="已核实").status_code == 303
    assert "今天生效" in text(supervisor.get(own))
    assert send(supervisor, f"{own}/end", reason="").status_code == 422
    send(supervisor, f"{own}/end", reason="恢复营业")

    told = text(planner.get(own))
    assert "恢复营业" in told
    assert "今天不生效" in told
    assert planner.get("/desk/draws/exclusions/999").status_code == 404


class TestTwoDepartments:
    @pytest.fixture
    def drafts(self, city):
        """Drafts of two departments of one city, with the same scope in the same months."""
        session, at = city.session, {"by": "zhang", "at": MORNING}
        fire = create_body(
            session, token="hz-xf", name="杭州市消防救援", line="fire", level="city", region="330100",
            by="admin", at=MORNING,
        )  # fmt: skip
        team = [{"seat": "lead", "department": "fire"}, {"seat": "member", "department": "fire"}]
        rules = some_rules(body="hz-xf", domain="fire", team=team)
        added = registry.add_rule_set(session, rules, body_id=fire.id, **at)
        registry.approve_rule_set(session, added.id, settings=city.settings, by="head", at=MORNING)
        item = registry.add_item(session, "XF-01", name="消防安全", **at, **FACTS)
        registry.put_item_in_force(session, item.id, by="head", at=MORNING)
        line = PlanLineIn("2026-101", "消防检查", ["XF-01"])
        plan = registry.add_annual_plan(session, body=fire, year=2026, title="计划", lines=[line], **at)
        registry.submit_annual_plan(session, plan.id, **at)
        registry.approve_annual_plan(session, plan.id, by="head", at=MORNING)
        registry.publish_annual_plan(
            session, plan.id, body=fire, settings=city.settings, by="head", at=MORNING
        )
        for n in range(5):
            registry.add_inspector(
                session, f"F{n:03d}", name=f"消防{n}", body_id=fire.id, department="fire", **at
            )
        own = services.open_draft(session, body=city.body, plan_line="2026-007", by="li", at=MORNING)
        theirs = services.open_draft(session, body=fire, plan_line="2026-101", by="zhou", at=MORNING)
        return own, theirs

    def test_they_see_each_other_and_one_takes_in_the_other(self, app, city, drafts):
        own, theirs = drafts
        planner = signed_in(app, city, "li", "planner")
        other = signed_in(app, city, "zhou", "planner", body="hz-xf")
        assert "杭州市消防救援" in text(planner.get(f"/desk/draws/drafts/{own.id}/scope"))

        send(planner, f"/desk/draws/drafts/{own.id}/offers", other=str(theirs.id))
        offer = anew(city).session.exec(select(MergeOffer)).one()
        page = f"/desk/draws/offers/{offer.id}"
        assert "提议与“消防检查”合并" in text(other.get("/desk"))
        assert "提交答复" not in text(planner.get(page))
        assert send(planner, f"{page}/answer", answer="accept").status_code == 404
        assert send(other, f"{page}/answer", answer="accept", reason="同意").status_code == 303

        anew(city)
        lead, left = (city.session.get(Draft, number) for number in (own.id, theirs.id))
        assert (left.state, left.told["merged_into"]) == (DraftState.LEFT, lead.id)
        assert [seat.get("department") for seat in lead.wish["team"]] == ["scjg", "scjg", "fire", "fire"]
        assert [act.name for act in ledger.acts_on(city.session, "draw_draft", str(left.id))][
            -1
        ] == "DraftMerged"
        city.session.rollback()
        lead.wish = {**lead.wish, "due": DUE.isoformat(), "randomness": [DICE]}
        city.session.add(lead)
        city.session.commit()
        services.prepare_in_background(city.session.get_bind(), city.settings, lead.id, by="li")

        anew(city)
        draw = queries.draw(city.session, lead.draw_number)
        assert queries.plan_of(draw)["items"] == ["SPJY-01", "XF-01"]
        assert draw.preflight["joint"] == [{"body": "hz-xf", "line": "2026-101"}]
        assert f"已并入抽取 {draw.number}" in text(other.get("/desk/draws/new"))
        assert "已同意合并" in text(planner.get("/messages"))
        assert "提议与本机关的任务“消防检查”合并" in text(other.get("/messages"))
        with pytest.raises(OfferRefusedError):
            services.withdraw_offer(city.session, offer.id, body_id=lead.body_id, by="li", at=MORNING)

    def test_an_offer_is_refused_or_taken_back_and_what_cannot_be_is_said(self, city, drafts):
        own, theirs = drafts
        ours, by_at = {"body_id": own.body_id, "by": "li", "at": MORNING}, {"by": "li", "at": MORNING}

        first = services.offer_merge(city.session, own.id, theirs.id, **by_at)
        with pytest.raises(OfferRefusedError) as again:
            services.offer_merge(city.session, theirs.id, own.id, **by_at)
        with pytest.raises(OfferNotFoundError):
            services.answer_offer(city.session, first.id, accept=True, **ours)
        services.withdraw_offer(city.session, first.id, **ours)
        second = services.offer_merge(city.session, theirs.id, own.id, **by_at)
        services.answer_offer(city.session, second.id, accept=False, reason="不同日", **ours)

        rehearsal = services.open_draft(
            city.session, body=city.body, plan_line="2026-007", rehearsal=True, **by_at
        )
        draw = city.prepare()
        found = services.overlaps(city.session, theirs, at=MORNING)
        assert again.value.params["why"] == "open"
        assert {(each.kind, each.common) for each in found} == {("draft", 59), ("draw", 59)}
        assert [each.number for each in found if each.kind == "draw"] == [draw.number]
        assert services.overlaps(city.session, rehearsal, at=MORNING) == []
        for wrong, why in ((rehearsal.id, "rehearsal"), (theirs.id, "body")):
            with pytest.raises(OfferRefusedError) as refused:
                services.offer_merge(city.session, theirs.id, wrong, **by_at)
            assert refused.value.params["why"] == why


def test_the_preflight_is_public_with_the_plan(app, city):
    draw = city.committed()

    told = text(app.test_client().get(f"/draws/{draw.number}"))

    assert "抽取前的预检" in told
    assert "负荷分布" in told
