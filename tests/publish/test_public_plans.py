"""Annual plans for everybody: the published ones alone, and a text that gives the digest in the log."""

import hashlib
import json

from draws.a_city import MORNING, a_city

from doublerandom.registry import queries


def test_a_published_plan_is_read_by_everybody_and_its_text_gives_the_digest(client, session, settings):
    a_city(session, settings)
    plan = next(row for row in queries.annual_plans(session) if row.status.value == "published")

    listed = client.get("/plans").get_data(as_text=True)
    page = client.get(f"/plans/{plan.id}").get_data(as_text=True)
    text = client.get(f"/plans/{plan.id}.json").get_data()

    assert plan.title in listed
    assert all(line.name in page for line in queries.lines_of_plan(session, plan.id))
    assert hashlib.sha256(text).hexdigest() == plan.digest
    assert json.loads(text)["year"] == plan.year
    assert client.get(f"/plans/{plan.id}?format=csv").get_data(as_text=True).count("\r\n") >= 2


def test_a_draft_is_not_public(client, session, settings):
    from doublerandom.registry import services

    city = a_city(session, settings)
    draft = services.add_annual_plan(
        session, body=city.body, year=2031, title="草稿计划", lines=[], by="zhang", at=MORNING
    )

    assert client.get(f"/plans/{draft.id}").status_code == 404
    assert "草稿计划" not in client.get("/plans").get_data(as_text=True)
