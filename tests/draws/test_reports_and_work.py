"""What the wizard's steps tell before anything is frozen, and the work in the background."""

from threading import Thread

import pytest
from draws.a_city import DICE, DUE, MORNING, a_city, hours, some_rules
from sqlmodel import Session, select

from doublerandom.dr1.pools import subject_pool
from doublerandom.draws import queries, services
from doublerandom.draws.errors import DraftClosedError, NotWorkingError
from doublerandom.draws.models import Draft, DraftState, Draw
from doublerandom.draws.preflight import simulate
from doublerandom.draws.services import counting, preparing, preparing_work
from doublerandom.registry.claims import Claim

AT = MORNING
CHOSEN = {"due": DUE.isoformat(), "randomness": [DICE]}


@pytest.fixture(autouse=True)
def at_the_hour(monkeypatch):
    """The work reads the clock: it is the morning of the draw."""
    monkeypatch.setattr(preparing_work.clock, "now", lambda: AT)
    monkeypatch.setattr(preparing_work, "SHOWN", 30)


@pytest.fixture
def engine_of(session):
    return session.get_bind()


def a_draft(city, **wish):
    draft = services.open_draft(city.session, body=city.body, plan_line="2026-007", by="li", at=AT)
    draft.wish = {**CHOSEN, **wish}
    city.session.add(draft)
    city.session.commit()
    return draft


def anew(city, draft):
    city.session.rollback()
    city.session.refresh(draft)
    return draft


class TestReports:
    def test_scope_strata_and_team_tell_what_a_draw_would_freeze(self, city):
        draft = a_draft(city)
        scope = services.scope_report(city.session, draft, at=AT)
        strata = services.strata_report(city.session, draft, at=AT)
        team = services.team_report(city.session, draft, at=AT)
        told = city.prepare().preflight

        assert (scope.size, scope.size - scope.drawable, scope.last) == (60, 1, None)
        assert {row.code: row.count for row in scope.excluded} == told["excluded"]
        assert [(count.code, count.size) for count in scope.regions] == [("330102", 30), ("330103", 30)]
        assert [(row.id, row.size, row.excluded, row.take) for row in strata.rows] == [
            (row["id"], row["size"], row["excluded"], row["take"]) for row in told["strata"]
        ]
        assert (strata.take, strata.inspectors, strata.whole_allowed) == (told["take"], 7, False)
        assert (team.inspectors, team.dealt, team.thin, team.window) == (8, 7, [], None)
        assert [row.fewest for row in team.seats] == [4, 7]
        assert {row.code: row.count for row in team.excluded} == told["inspectors_excluded"]

    def test_the_scope_is_held_against_the_last_draw_and_thin_regions_are_named(self, session, settings):
        city = a_city(session, settings, inspectors=3, rules=some_rules(capacity=40))
        city.drawn()

        scope = services.scope_report(session, a_draft(city, filter="region = 330102"), at=hours(2))
        team = services.team_report(session, a_draft(city), at=hours(2))

        assert (scope.last.drawable, scope.last.same_filter, scope.last.shrinkage) == (
            59,
            False,
            59 - scope.drawable,
        )
        assert scope.last.percent > 49
        assert [(row.region, row.has, row.fills) for row in team.thin] == [
            ("330102", 2, True),
            ("330103", 2, True),
        ]

    def test_a_large_scope_is_counted_beside_the_page_and_kept_a_while(
        self, city, engine_of, monkeypatch
    ):
        draft = a_draft(city)
        assert not services.tally_awaited(city.session, engine_of, city.settings, draft, at=AT)
        monkeypatch.setattr(counting, "LARGE", 59)
        assert services.tally_awaited(city.session, engine_of, city.settings, draft, at=AT)

        anew(city, draft)
        assert not services.tally_awaited(city.session, engine_of, city.settings, draft, at=AT)
        report = services.scope_report(city.session, draft, at=AT)
        assert (report.size, report.drawable, report.counted_at) == (60, 59, AT)
        other = Draft(**{**draft.model_dump(), "wish": {**draft.wish, "filter": "region = 330102"}})
        assert services.scope_report(city.session, other, at=AT).counted_at is None
        assert services.scope_report(city.session, draft, at=AT + counting.FRESH).counted_at is None
        claim = Claim(city.settings, draft.id, place="tallies")
        assert services.tally_awaited(city.session, engine_of, city.settings, other, at=AT)
        claim.release()
        services.count_again(city.session, draft.id)
        assert services.strata_report(city.session, anew(city, draft), at=AT).counted_at is None


class TestWork:
    def test_a_preflight_is_told_in_the_draft_and_holds_for_the_draw_of_the_same_pools(self, city, engine_of):
        draft = a_draft(city)

        assert services.preflight_in_background(engine_of, city.settings, draft.id, by="li")
        told = dict(anew(city, draft).told)
        assert (draft.state, draft.progress) == (DraftState.OPEN, 100)
        assert told["preflight"]["simulated"]["draws"] == told["preflight"]["simulated"]["wanted"] == 30
        assert not city.session.exec(select(Draw)).all()

        assert services.prepare_in_background(engine_of, city.settings, draft.id, by="li")
        draw = queries.draw(city.session, anew(city, draft).draw_number)
        assert draft.state is DraftState.PREPARED
        assert draw.preflight["simulated"] == told["preflight"]["simulated"]
        with pytest.raises(DraftClosedError):
            services.preflight_in_background(engine_of, city.settings, draft.id, by="li")

    def test_other_pools_are_simulated_anew(self, city, engine_of, monkeypatch):
        draft = a_draft(city)
        services.preflight_in_background(engine_of, city.settings, draft.id, by="li")
        monkeypatch.setattr(preparing_work, "SHOWN", 12)
        anew(city, draft).wish = {**draft.wish, "filter": "region = 330102"}
        city.session.commit()

        services.prepare_in_background(engine_of, city.settings, draft.id, by="li")

        draw = queries.draw(city.session, anew(city, draft).draw_number)
        assert draw.preflight["simulated"]["draws"] == 12
        assert draw.preflight["preparation"] == 2
        again = services.prepare_again(city.session, draw.number, by="li", at=AT)
        assert (again.wish, again.draw_number) == (draft.wish, "")

    def test_the_draft_ends_with_the_draw_in_one_transaction(self, city, engine_of, monkeypatch):
        draft = a_draft(city)
        monkeypatch.setattr(preparing, "put_on_record", lambda *_args, **_more: 1 / 0)
        services.prepare_in_background(engine_of, city.settings, draft.id, by="li")
        assert (anew(city, draft).state, draft.draw_number) == (DraftState.OPEN, "")
        assert not city.session.exec(select(Draw)).all()
        monkeypatch.undo()

        draft.draw_number, draft.state = "X", DraftState.PREPARED
        city.session.commit()
        preparing_work._refused(engine_of, draft.id, {"code": "unexpected", "params": {}, "helps": []})
        assert anew(city, draft).state is DraftState.PREPARED

    def test_a_refusal_and_an_unforeseen_end_leave_the_draft_open(self, city, engine_of, monkeypatch):
        draft = a_draft(city, filter="region = 330109")
        services.preflight_in_background(engine_of, city.settings, draft.id, by="li")
        assert anew(city, draft).told["refusal"] == {
            "code": "empty_pool", "params": {"filter": "region = 330109"}, "helps": [{"kind": "scope"}],
        }  # fmt: skip

        monkeypatch.setattr(preparing_work, "wish_of", lambda *_args, **_more: 1 / 0)
        services.preflight_in_background(engine_of, city.settings, draft.id, by="li")
        assert (anew(city, draft).state, draft.told["refusal"]["code"]) == (DraftState.OPEN, "unexpected")

    def test_who_died_over_it_is_noticed_and_only_one_works_at_a_time(self, city, engine_of):
        draft = a_draft(city)
        draft.state = DraftState.WORKING
        city.session.add(draft)
        city.session.commit()
        claim = Claim(city.settings, draft.id, place="drafts")

        assert services.is_working(city.settings, draft.id)
        assert not services.preflight_in_background(engine_of, city.settings, draft.id, by="li")
        assert services.recover_drafts(engine_of, city.settings) == 0
        claim.release()
        assert not services.is_working(city.settings, draft.id)
        assert services.recover_drafts(engine_of, city.settings) == 1
        assert anew(city, draft).told["refusal"]["code"] == "interrupted"
        assert services.preflight_in_background(engine_of, city.settings, draft.id, by="li")
        with pytest.raises(NotWorkingError):
            services.enough(city.session, draft.id, by="li", at=AT)

    @pytest.mark.parametrize("word", ["enough", "cancel"])
    def test_it_ends_earlier_with_what_was_simulated_or_stops(self, city, engine_of, word, monkeypatch):
        draft = a_draft(city)
        monkeypatch.setattr(preparing_work, "_EVERY", 0.0)
        began = preparing_work._Teller.simulating

        def simulating(teller, done, of):
            if done == 10:
                with Session(engine_of) as other:
                    stop = services.enough if word == "enough" else services.stop_work
                    stop(other, draft.id, by="li", at=AT)
            return began(teller, done, of)

        monkeypatch.setattr(preparing_work._Teller, "simulating", simulating)
        services.preflight_in_background(engine_of, city.settings, draft.id, by="li")

        told = anew(city, draft).told
        if word == "enough":
            found = told["preflight"]["simulated"]
            assert (found["draws"], found["wanted"]) == (10, 30)
        else:
            assert (told["refusal"]["code"], "preflight" in told) == ("work_stopped", False)
        assert draft.state is DraftState.OPEN

    def test_outside_tests_it_works_in_a_thread(self, city, engine_of):
        draft = a_draft(city)
        settings = city.settings.model_copy(update={"testing": False})
        started = []
        began = Thread.start
        Thread.start = lambda thread: (started.append(thread), began(thread))
        try:
            assert services.preflight_in_background(engine_of, settings, draft.id, by="li")
        finally:
            Thread.start = began
        for thread in started:
            thread.join(60)

        assert anew(city, draft).told["preflight"]["take"] == 6


def test_draws_simulated_in_processes_count_the_same():
    inspectors = [
        {"id": f"I{n}", "department": "x", "regions": [], "skills": [], "load": 0, "capacity": 9}
        for n in range(4)
    ]
    pool = subject_pool([{"id": f"S{n:02d}", "name": "x", "region": "r", "stratum": "s"} for n in range(20)])
    plan = {
        "team": [{"seat": "a"}, {"seat": "b"}],
        "strata": [{"id": "s", "size": 20, "excluded": 0, "take": 5}],
    }

    alone = simulate(plan, pool, inspectors, [], 7, processes=1)
    together = simulate(plan, pool, inspectors, [], 7, processes=2)

    assert alone == together
    assert (sum(alone.pairs.values()) > 0, alone.regions[0]["drawn"]) == (True, 35)
