"""Drafts: prefilled with what is owed, checked at each step, forgotten where something changes."""

from datetime import UTC, datetime, timedelta

import pytest
from draws.a_city import DICE, hours

from doublerandom.db import transaction
from doublerandom.draws import queries, services
from doublerandom.draws.errors import (
    BatchesRefusedError,
    DraftClosedError,
    PartiesTooFewError,
    PlanLineNotPublishedError,
    SupersedesError,
)
from doublerandom.registry import queries as registry

NOW = hours(100)


def draft_of(city, line="2026-007", **facts):
    """A draft that Li begins."""
    return services.open_draft(city.session, body=city.body, plan_line=line, by="li", at=NOW, **facts)


def confirm(city, draft, step, **chosen):
    """Li confirms a step."""
    return services.confirm_step(city.session, draft.id, step, chosen, by="li", at=NOW)


def test_a_draft_is_prefilled_with_the_batch_and_with_the_ended_draw_that_it_must_supersede(city):
    drawn = city.drawn()
    city.void(drawn, hours(1))

    draft, rehearsal = draft_of(city), draft_of(city, rehearsal=True)
    (line, other) = queries.lines_to_draw(city.session, body=city.body, on=NOW.date())

    assert draft.wish == {"batch": 2, "supersedes": drawn.number}
    assert rehearsal.wish == {}
    assert ([each.number for each in line.ended], line.drafts, line.batch) == ([drawn.number], [draft], 2)
    assert (other.ended, other.done, other.batch) == ([], [], 0)
    assert queries.usual_sources(city.session, city.body.id) == [DICE]
    with pytest.raises(SupersedesError):
        confirm(city, draft, "scope", supersedes="OTHER-1")
    with pytest.raises(PlanLineNotPublishedError):
        draft_of(city, "2026-999")


def test_a_change_forgets_what_the_work_told_and_a_draft_that_is_left_stays_as_it_is(city):
    draft = draft_of(city)
    with transaction(city.session):
        draft.told = {"preflight": {"subjects": 3}, "merged": 1}

    confirm(city, draft, "scope", title="抽查")
    assert draft.told == {"merged": 1}
    parties = [{"party": name, "body": city.body.token} for name in ("li", "wang", "zhao")]
    with pytest.raises(PartiesTooFewError):
        confirm(
            city, draft, "when", due=(NOW + timedelta(hours=2)).isoformat(), randomness=[], parties=parties
        )
    services.leave_draft(city.session, draft.id, by="li", at=NOW)
    with pytest.raises(DraftClosedError):
        confirm(city, draft, "scope")
    assert draft.wish == {"title": "抽查"}


def test_key_items_are_drawn_in_full_in_batches_that_the_public_page_names(city, client):
    draft = draft_of(city)
    with pytest.raises(BatchesRefusedError):
        confirm(city, draft, "strata", whole=True, batches=[2])
    with transaction(city.session):
        registry.item(city.session, "SPJY-01").key = True
    confirm(city, draft, "strata", whole=True, batches=[2])

    draw = city.drawn(whole=True, batches=draft.wish["batches"])
    city.reveal(draw)

    assert draw.batches == [-(-draw.tasks // 2), draw.tasks // 2]
    page = client.get(f"/draws/{draw.number}").get_data(as_text=True)
    city.session.rollback()
    assert page.count("第 1 批") >= draw.batches[0] - 10
    assert "第 2 批" in page


def test_the_usual_hour_is_ten_of_the_next_working_day_and_of_a_rehearsal_soon(city):
    friday = datetime(2026, 3, 6, 9, 13, tzinfo=UTC)

    assert (
        queries.usual_hour(city.session, rehearsal=False, at=friday).isoformat()
        == "2026-03-09T10:00:00+08:00"
    )
    soon = queries.usual_hour(city.session, rehearsal=True, at=friday)
    assert (soon - friday, soon.minute % 10) == (timedelta(minutes=77), 0)
