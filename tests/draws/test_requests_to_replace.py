"""Requests to replace: their words, what they are about, who decides; recusals in every draw."""

from datetime import timedelta

import pytest
from draws.a_city import BEGIN, MORNING, SIGNED, a_city, hours, some_rules
from draws.test_replacing import ASSERTED, INSPECTOR, PROOF, SUBJECT, Office
from sqlmodel import select
from visitors import an_account

from doublerandom.accounts.errors import StandsInForOtherSideError
from doublerandom.accounts.models import Message
from doublerandom.accounts.services import set_stand_in
from doublerandom.draws import queries, services
from doublerandom.draws.errors import CodeNamedError, NotReplaceableError, SubjectNamedError
from doublerandom.draws.models import Replacement, ReplacementState
from doublerandom.draws.services import Grounds
from doublerandom.ledger import queries as ledger
from doublerandom.registry import services as registry
from doublerandom.registry.errors.conflicts import BadEvidenceError


@pytest.fixture
def office(city):
    return Office(city)


def not_taken(office):
    acts = ledger.acts_on(office.session, "draw", office.draw.number)
    return [act.facts for act in acts if act.name == "ReplacementNotTaken"]


def test_a_statement_with_any_code_is_refused_whoever_was_drawn(office):
    session, city = office.session, office.city
    lead = office.task().team[0]
    told = []
    for code in city.codes[:20]:
        with pytest.raises(CodeNamedError):
            services.request_for_inspector(
                session, office.draw.number, certificate=lead, grounds=Grounds("ill", f"因{code}之故", PROOF),
                settings=city.settings, by="li", at=ASSERTED,
            )  # fmt: skip
        with pytest.raises(BadEvidenceError) as refused:
            services.request_for_inspector(
                session, office.draw.number, certificate=lead, grounds=Grounds("ill", code, ("x", b"no")),
                settings=city.settings, by="li", at=ASSERTED,
            )  # fmt: skip
        told.append(refused.value.code)

    assert set(queries.drawn_codes(session, office.draw)) & set(city.codes[:20])
    assert set(told) == {"bad_evidence"}
    assert len(not_taken(office)) == 40
    assert not [fact for fact in not_taken(office) for code in city.codes if code in fact]
    assert not session.exec(select(Replacement)).all()
    assert office.ask(office.task(), INSPECTOR, "ill", seat=0, statement="2026-03-02起住院，证号 P000").id


def test_a_name_is_looked_for_only_where_the_writer_is_shown_it(office):
    task = office.task()
    an_account(office.session, "ins", person="ins", roles=["inspector"], certificate=task.team[1])
    named = {"statement": f"{task.subject_name}已关门"}

    with pytest.raises(SubjectNamedError):
        office.ask(task, SUBJECT, "closed", **named)
    request = office.ask(task, SUBJECT, "closed", by="li", **named)
    with pytest.raises(CodeNamedError):
        services.refuse_replacement(
            office.session, request.id, reason=f"{task.subject}尚在营业", by="wang", at=ASSERTED
        )

    assert [("subject_named" in fact, "code_named" in fact) for fact in not_taken(office)] == [
        (True, False),
        (False, True),
    ]


def test_requests_lapse_when_their_task_gets_another_subject(office):
    session, task = office.session, office.task()
    an_account(session, "ins", person="ins", roles=["inspector"])
    seat = office.ask(task, INSPECTOR, "conflict", seat=0, by="head", document=None)
    other = office.ask(task, INSPECTOR, "ill", seat=1)
    untouched = office.ask(office.task(1), INSPECTOR, "ill", seat=0)
    about = (seat.old_commitment, seat.after_n)

    gone = office.ask(task, SUBJECT, "closed")
    done = office.confirm(gone)[0]
    for request in (seat, other):
        with pytest.raises(NotReplaceableError, match="gone"):
            office.confirm(request)

    assert about == (task.commitment, 0)
    states = {row.id: row.state for row in queries.replacements(session, office.draw)}
    assert states == {
        seat.id: ReplacementState.LAPSED,
        other.id: ReplacementState.LAPSED,
        untouched.id: ReplacementState.REQUESTED,
        gone.id: ReplacementState.DONE,
    }
    assert queries.task_view(session, task.id).replaced == done.n
    assert [row.kind for row in session.exec(select(Message).where(Message.kind == "replacement_lapsed"))]
    again = office.replace(office.task(), INSPECTOR, "ill", seat=1)
    assert again.state is ReplacementState.DONE


def test_whoever_asked_in_anothers_place_does_not_have_that_one_confirm_on_a_later_day(office):
    an_account(office.session, "wang", person="wang", roles=["supervisor"])
    an_account(office.session, "li", person="li", roles=["registrar"])
    days = {"first_day": SIGNED.date(), "last_day": SIGNED.date()}
    set_stand_in(
        office.session, "wang", "li", roles=["supervisor"], **days, reason="away", by="wang", at=MORNING
    )
    request = office.ask(office.task(), INSPECTOR, "ill", seat=0, by="li")

    for moment in (ASSERTED, ASSERTED + timedelta(days=1)):
        with pytest.raises(StandsInForOtherSideError):
            office.confirm(request, at=moment)


def test_an_upheld_conflict_is_carried_out_in_every_draw_and_again_unless_refused(session, settings):
    quotas = [{"stratum": "all", "when": [], "quota": {"kind": "all"}}]
    rules = some_rules(strata={"by": "grade", "quotas": quotas, "otherwise": "all"})
    city = a_city(session, settings, subjects=5, inspectors=3, rules=rules)  # two go everywhere
    first = city.drawn()
    second = city.committed(plan_line="2026-008", due=hours(6), at=hours(3), signed=hours(4), whole=False)
    city.observe(second, at=hours(6))
    second = city.run(second, at=hours(6.01))
    pairs = [pairs_of(session, draw) for draw in (first, second)]
    who, whom = min(pairs[0] & pairs[1])
    own = registry.declare_conflict(
        session, inspector=who, subject=whom, ground="relative", valid_from=BEGIN, by="ins", at=hours(7)
    )
    registry.decide_conflict(session, own.id, uphold=True, by="head", at=hours(7))

    taken = take_up(city, hours(7))
    requests = {draw.id: waiting(session, draw) for draw in (first, second)}
    again = take_up(city, hours(8))
    services.withdraw_replacement(session, requests[first.id].id, by="head", at=hours(9))
    services.refuse_replacement(session, requests[second.id].id, reason="不成立", by="wang", at=hours(9))
    anew = take_up(city, hours(10))
    office = Office.__new__(Office)
    office.city, office.session = city, session
    office.confirm(waiting(session, first), at=hours(11))

    assert taken == sorted([first.number, second.number])
    assert again == []
    assert anew == [first.number]
    assert take_up(city, hours(12)) == []
    assert (who, whom) not in pairs_of(session, first)


def pairs_of(session, draw):
    return {(one, task.subject) for task in queries.tasks_of_draw(session, draw) for one in task.people}


def take_up(city, moment):
    return services.take_up_granted(city.session, settings=city.settings, at=moment)


def waiting(session, draw):
    rows = queries.replacements(session, draw)
    return next(row for row in rows if row.state is ReplacementState.REQUESTED)
