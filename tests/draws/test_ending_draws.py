"""Reveal, void and failure; what a void would have drawn is shown, and frees nobody."""

import json
from datetime import timedelta

import pytest
from draws.a_city import DICE, DRAND, DUE, a_city, hours, some_rules
from draws.test_whole_chain import OPEN, verdict
from sqlmodel import select

from doublerandom.dr1.canon import H
from doublerandom.dr1.verification import verify_bundle
from doublerandom.draws import bundles, plans, queries, services
from doublerandom.draws.errors import (
    MustSupersedeError,
    NotYetRevealedError,
    NoVoidRequestError,
    SamePersonError,
    SupersedesError,
    TouchedRefusedError,
    UnknownReasonError,
    VisitedError,
    VoidRequestedError,
    WrongDrawStateError,
)
from doublerandom.draws.models import DrawStatus, Task, Void
from doublerandom.draws.services.ending import fail
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.trail import verify_trail


def entries(city, draw):
    return [entry for _, entry in ledger.entries_of_draw(city.session, draw.number)]


def test_a_draw_opens_at_its_time_and_not_before(city):
    draw = city.drawn()

    with pytest.raises(NotYetRevealedError):
        city.reveal(draw, draw.reveal_by - timedelta(minutes=11))
    draw = city.reveal(draw, draw.reveal_by - timedelta(minutes=10))

    opened = entries(city, draw)[-1]
    assert opened["type"] == "open"
    assert [(secret["party"], secret["purpose"]) for secret in opened["secrets"]] == [
        ("operator", "subject"),
        ("supervisor", "subject"),
        ("operator", "inspector"),
        ("supervisor", "inspector"),
    ]
    assert sorted(opened["keys"]) == ["conflicts", "inspectors", "tasks"]
    with pytest.raises(WrongDrawStateError):
        city.reveal(draw)
    verify_trail(city.session)


def test_with_closed_subjects_the_log_opens_neither_them_nor_the_tasks(session, settings):
    city = a_city(session, settings, rules=some_rules(by="class"))
    draw = city.reveal(city.drawn())

    opened = entries(city, draw)[-1]
    assert {secret["purpose"] for secret in opened["secrets"]} == {"inspector"}
    assert sorted(opened["keys"]) == ["conflicts", "inspectors"]
    assert queries.public_tasks(session, draw) == []


def test_a_void_after_the_result_names_its_root_and_opens_everything(city):
    draw = city.void(city.drawn(), hours(2))

    voided, opened = entries(city, draw)[-2:]
    assert (voided["type"], voided["reason"], voided["would_be_root"]) == (
        "void",
        "wrong-scope",
        draw.result_root,
    )
    assert opened["type"] == "open"
    assert draw.status is DrawStatus.VOIDED
    assert queries.tasks_of_inspector(city.session, "P000") == []
    assert len(queries.public_tasks(city.session, draw)) == 6
    assert verdict(city, draw, draw.reveal_by).open_checks == OPEN


def test_a_void_between_randomness_and_result_shows_what_would_have_been(city):
    draw = city.void(city.observe(city.committed()), DUE)

    assert [entry["type"] for entry in entries(city, draw)] == ["plan", "observed", "beacon", "void", "open"]
    assert entries(city, draw)[3]["would_be_root"] == draw.result_root
    assert verdict(city, draw, draw.reveal_by).open_checks == OPEN


def test_a_void_before_the_randomness_shows_it_as_soon_as_it_is_known(city):
    draw = city.void(city.committed(), hours(-1))
    assert "would_be_root" not in entries(city, draw)[-1]
    assert draw.revealed_at is None
    assert not services.show_would_be(city.session, draw.number, settings=city.settings, at=hours(0))

    city.observe(draw)
    assert services.show_would_be(city.session, draw.number, settings=city.settings, at=hours(0.1))

    draw = queries.draw(city.session, draw.number)
    assert [entry["type"] for entry in entries(city, draw)] == [
        "plan",
        "void",
        "observed",
        "beacon",
        "result",
        "open",
    ]
    assert draw.status is DrawStatus.VOIDED
    assert verdict(city, draw, draw.reveal_by).open_checks == OPEN
    with pytest.raises(WrongDrawStateError):
        services.show_would_be(city.session, draw.number, settings=city.settings, at=hours(0.2))


def test_a_void_needs_a_listed_reason_two_persons_and_nobody_visited(city):
    draw = city.drawn()
    with pytest.raises(UnknownReasonError):
        city.void(draw, hours(1), reason="i-did-not-like-it")
    with pytest.raises(NoVoidRequestError):
        services.void_confirm(city.session, draw.number, settings=city.settings, by="wang", at=hours(1))
    services.void_request(city.session, draw.number, reason="leak", by="li", at=hours(1))
    with pytest.raises(SamePersonError):
        services.void_confirm(city.session, draw.number, settings=city.settings, by="li", at=hours(1))
    services.mark_visited(
        city.session, draw.number, queries.drawn_codes(city.session, draw)[0], by="p", at=hours(1)
    )

    with pytest.raises(VisitedError):
        services.void_confirm(city.session, draw.number, settings=city.settings, by="wang", at=hours(2))
    assert queries.draw(city.session, draw.number).status is DrawStatus.DRAWN


def test_a_void_frees_nobody_but_whom_its_two_persons_named(city):
    old = city.drawn()
    gone = queries.drawn_codes(city.session, old)
    other = next(code for code in city.codes if code not in gone)
    old = city.void(old, hours(1), touched=[gone[0], other])

    new = city.committed(
        supersedes=old.number,
        due=hours(6),
        at=hours(1),
        signed=hours(2),
        reveal_by=hours(800),
    )
    assert new.preflight["carried"] == {"drawn": 6, "touched": 1, "carried": 5}
    hidden = sorted(H(f"{old.number}|{code}") for code in (gone[0], other))
    for act in ledger.acts_on(city.session, "draw", old.number):
        if act.name in {"VoidRequested", "DrawVoided"}:
            assert sorted(json.loads(act.facts)["touched"]) == hidden
    city.observe(new, {"rolls": [3] * 40}, at=hours(6))
    new = city.run(new, hours(6))

    assert queries.plan_of(new)["carried"] == sorted(gone[1:])
    assert set(gone[1:]) < set(queries.drawn_codes(city.session, new))
    assert queries.superseded_by(city.session, old.number).number == new.number
    new = city.reveal(new)
    assert verdict(city, new, new.reveal_by).open_checks == OPEN
    check = bundles.bundle(city.session, new, settings=city.settings)
    assert verify_bundle(check, now=new.reveal_by).exit_status == 2


def test_a_wrong_request_is_withdrawn_on_record_and_made_anew(city):
    draw = city.drawn()
    voiding = {"by": "li", "at": hours(1)}
    with pytest.raises(NoVoidRequestError):
        services.void_withdraw(city.session, draw.number, **voiding)
    services.void_request(city.session, draw.number, reason="leak", **voiding)
    with pytest.raises(VoidRequestedError):
        services.void_request(city.session, draw.number, reason="technical", **voiding)

    services.void_withdraw(city.session, draw.number, by="wang", at=hours(2))

    with pytest.raises(NoVoidRequestError):
        services.void_confirm(city.session, draw.number, settings=city.settings, by="wang", at=hours(2))
    assert ledger.acts_on(city.session, "draw", draw.number)[-1].name == "VoidWithdrawn"
    assert city.void(draw, hours(3), "technical").ended_reason == "technical"
    with pytest.raises(NoVoidRequestError):
        services.void_withdraw(city.session, draw.number, by="wang", at=hours(4))
    asked = city.session.exec(select(Void).order_by(Void.id)).all()
    assert [(row.reason, row.withdrawn_by) for row in asked] == [("leak", "wang"), ("technical", "")]


@pytest.mark.parametrize(
    ("reason", "touched"),
    [
        ("leak", ["91330100000000000X"]),
        ("wrong-scope", ["not a code"]),
        ("pool-error", ["91330100000000000X"] * 2),
    ],
)
def test_only_a_reason_that_concerns_particular_subjects_names_some_and_by_their_codes(city, reason, touched):
    draw = city.drawn()

    with pytest.raises(TouchedRefusedError):
        city.void(draw, hours(1), reason, touched=touched)

    assert queries.void_of(city.session, draw) is None


def test_only_an_ended_draw_with_a_settled_outcome_is_superseded_and_once(city):
    live = city.committed()
    with pytest.raises(SupersedesError):
        city.prepare(supersedes=live.number, plan_line="2026-008")
    city.void(live, hours(-1))
    with pytest.raises(SupersedesError):
        city.prepare(supersedes=live.number, due=hours(60), at=hours(50))

    never = city.committed(supersedes=live.number, due=hours(90), at=hours(73), signed=hours(74))
    assert queries.plan_of(never)["carried"] == []
    with pytest.raises(SupersedesError):
        city.prepare(supersedes=live.number, due=hours(96), at=hours(75))


def test_the_line_of_a_voided_draw_is_drawn_again_only_by_one_that_supersedes_it(city):
    old = city.void(city.drawn(), hours(1))
    fresh = city.prepare(due=hours(6), at=hours(1))

    with pytest.raises(MustSupersedeError):
        city.sign(fresh, "operator", "li", hours(2))

    other = city.committed(plan_line="2026-008", due=hours(6), at=hours(1), signed=hours(2))
    new = city.committed(supersedes=old.number, due=hours(6), at=hours(1), signed=hours(2))
    assert (other.status, new.status) == (DrawStatus.COMMITTED, DrawStatus.COMMITTED)


def test_no_other_batch_of_the_line_is_drawn_before_the_ended_one_is_superseded(city):
    old = city.void(city.drawn(batch=1), hours(1))
    wish = {"due": hours(6), "at": hours(1)}

    for dodge in ({"batch": 2}, {"batch": 2, "filter_text": "region = 330102"}, {}):
        with pytest.raises(MustSupersedeError) as refused:
            city.sign(city.prepare(**wish, **dodge), "operator", "li", hours(2))
        assert refused.value.params["draw"] == old.number

    new = city.committed(**wish, batch=2, supersedes=old.number, signed=hours(2))
    assert len(queries.plan_of(new)["carried"]) == 6
    assert city.committed(**wish, batch=3, signed=hours(2)).status is DrawStatus.COMMITTED


def test_of_two_ended_batches_each_is_superseded_before_a_fresh_one(city):
    ended = [city.committed(batch=batch) for batch in (1, 2)]
    for draw in ended:
        city.observe(draw)
        city.void(city.run(draw), hours(1))
    wish = {"due": hours(6), "at": hours(1)}

    for batch, old in zip((3, 4), reversed(ended), strict=True):
        with pytest.raises(MustSupersedeError):
            city.sign(city.prepare(**wish, batch=9), "operator", "li", hours(2))
        city.committed(**wish, batch=batch, supersedes=old.number, signed=hours(2))

    assert city.committed(**wish, batch=9, signed=hours(2)).status is DrawStatus.COMMITTED


def test_a_list_is_not_freed_by_another_line_or_a_narrower_condition(city):
    old = city.void(city.drawn(), hours(1))
    wish = {"due": hours(6), "at": hours(1), "supersedes": old.number}

    without_one = {"filter_text": f"code != {queries.drawn_codes(city.session, old)[0]}"}

    for dodge, why in (({"plan_line": "2026-008"}, "line"), (without_one, "scope")):
        with pytest.raises(SupersedesError) as refused:
            city.prepare(**wish, **dodge)
        assert refused.value.params["why"] == why

    wider = city.prepare(**wish, filter_text="region in (330102, 330103)")
    assert len(queries.plan_of(wider)["carried"]) == 6


def test_a_list_that_can_still_be_known_is_shown_before_the_draw_is_superseded(city):
    old = city.observe(city.void(city.committed(), hours(-1)))
    wish = {"supersedes": old.number, "due": hours(90), "at": hours(73)}

    with pytest.raises(SupersedesError):
        city.prepare(**wish)
    services.show_would_be(city.session, old.number, settings=city.settings, at=hours(73))

    assert len(queries.plan_of(city.prepare(**wish))["carried"]) == 6


def test_a_list_is_not_freed_by_leaving_out_the_drand_round(city):
    old = city.void(city.committed(randomness=[DRAND]), hours(-1))

    with pytest.raises(SupersedesError):
        city.prepare(supersedes=old.number, due=hours(900), at=hours(800))

    plan = queries.plan_of(old)
    assert plans.window(plan, 0)[1] == hours(72)
    assert plans.window(plan, 0, would_be=True)[1] == plans.FOR_EVER


def test_a_draw_without_result_in_time_fails_and_its_would_be_list_is_still_owed(city):
    draw = city.observe(city.committed())

    assert services.fail_overdue(city.session, at=hours(1)) == []
    assert services.fail_overdue(city.session, at=hours(1.1)) == [draw.number]
    assert services.show_would_be(city.session, draw.number, settings=city.settings, at=hours(1.1))

    draw = queries.draw(city.session, draw.number)
    assert (draw.status, draw.ended_reason) == (DrawStatus.FAILED, "no-result")
    assert [entry["type"] for entry in entries(city, draw)] == ["plan", "observed", "beacon", "open"]
    assert len(queries.drawn_codes(city.session, draw)) == 6
    assert queries.tasks_of_inspector(city.session, "P000") == []


def test_a_draw_that_ran_while_somebody_found_it_late_has_not_failed(city):
    draw = city.drawn()

    with pytest.raises(WrongDrawStateError):
        fail(city.session, draw.number, reason="no-result", by="system", at=hours(2))

    assert queries.draw(city.session, draw.number).status is DrawStatus.DRAWN


def test_beside_drand_a_draw_without_its_dice_fails_an_hour_later_and_not_after_three_days(city):
    alone = city.committed(randomness=[DRAND])
    both = city.committed(randomness=[DRAND, DICE], plan_line="2026-008")

    assert services.fail_overdue(city.session, at=hours(1.1)) == [both.number]
    assert services.fail_overdue(city.session, at=hours(72)) == []
    assert services.fail_overdue(city.session, at=hours(72.1)) == [alone.number]


def test_a_draw_that_nobody_opened_in_time_has_failed_and_opens_late(city):
    draw = city.drawn()
    late = draw.reveal_by + timedelta(seconds=1)

    assert services.fail_overdue(city.session, at=late) == [draw.number]
    assert services.show_would_be(city.session, draw.number, settings=city.settings, at=late)

    draw = queries.draw(city.session, draw.number)
    assert (draw.status, draw.ended_reason) == (DrawStatus.FAILED, "not-opened")
    assert draw.revealed_at == late
    assert len(queries.public_tasks(city.session, draw)) == 6


def test_visits_are_told_once_and_named_by_commitments_on_the_trail(city):
    draw = city.drawn()
    subject = queries.drawn_codes(city.session, draw)[0]

    for at in (hours(2), hours(3)):
        services.mark_visited(city.session, draw.number, subject, by="p", at=at)
        services.mark_disclosed(city.session, draw.number, subject, by="p", at=at)

    task = city.session.exec(select(Task).where(Task.subject == subject)).one()
    assert (task.closed_at, task.disclosed_at) == (hours(2), hours(2))
    names = [act.name for act in ledger.acts_on(city.session, "draw", draw.number)]
    assert names[-2:] == ["TaskVisited", "TaskDisclosed"]
    assert not any(subject in act.facts for act in ledger.acts(city.session))
