"""Manual exclusions: by code and evidence, by two persons, for a time; and never to free whom a draw owes."""

from datetime import date, timedelta

import pytest
from draws.a_city import DUE, MORNING, hours
from flask_babel import force_locale
from sqlmodel import select
from visitors import an_account

from doublerandom.accounts.errors import StandsInForOtherSideError
from doublerandom.accounts.services import set_stand_in
from doublerandom.draws import queries, services
from doublerandom.draws.errors import (
    ExclusionDecidedError,
    ExclusionNotFoundError,
    ExclusionOwnerError,
    ExclusionRefusedError,
    ExclusionSamePersonError,
)
from doublerandom.draws.exclusions import MANUAL_REASONS, RULE_REASONS, reason_name
from doublerandom.draws.models import ExclusionState, ManualExclusion
from doublerandom.draws.services import ExclusionIn
from doublerandom.draws.story_words import EXCLUSION_NAMES
from doublerandom.ledger import queries as ledger
from doublerandom.registry.errors.conflicts import BadEvidenceError
from doublerandom.registry.rules import SubjectFacts, exclusion_of

PAPER = ("证明.pdf", b"%PDF-1.7 x")


def ask(city, subject, *, document=None, at=MORNING, **facts):
    wanted = {
        "reason": "manual-not-operating",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
        "reference": "市监函〔2026〕1 号",
        **facts,
    }
    return services.request_exclusion(
        city.session, ExclusionIn(subject, **wanted), body=city.body, settings=city.settings, by="li", at=at,
        document=document,
    )  # fmt: skip


def decide(city, row, *, confirm=True, by="wang", at=MORNING):
    return services.decide_exclusion(city.session, row.id, confirm=confirm, by=by, at=at)


def test_without_effect_until_a_second_person_confirms_then_in_the_pool_with_its_code(city):
    row = ask(city, city.codes[5].lower(), document=PAPER)
    dead = ask(city, city.codes[3], line="2026-007")
    assert city.prepare(number="A").preflight["excluded"] == {"status-deregistered": 1}

    with pytest.raises(ExclusionSamePersonError):
        decide(city, row, by="li")
    decide(city, row)
    decide(city, dead)

    told = city.prepare(number="B").preflight
    assert told["excluded"] == {"manual-not-operating": 1, "status-deregistered": 1}
    assert told["subjects"] == 60
    acts = ledger.acts_on(city.session, "manual_exclusion", str(row.id))
    assert [act.name for act in acts] == ["ExclusionRequested", "ExclusionDecided"]
    assert len(row.evidence_file) == 64


def test_it_is_decided_once_ends_by_itself_or_is_lifted(city):
    refused = decide(city, ask(city, city.codes[1]), confirm=False)
    withdrawn = services.withdraw_exclusion(city.session, ask(city, city.codes[2]).id, by="li", at=MORNING)
    lifted = decide(city, ask(city, city.codes[4], line="2026-008"))
    over = decide(city, ask(city, city.codes[5], valid_to=date(2026, 2, 1)))
    with pytest.raises(ExclusionDecidedError):
        decide(city, refused)
    with pytest.raises(ExclusionDecidedError):
        services.lift_exclusion(city.session, withdrawn.id, reason="x", by="li", at=MORNING)

    def in_force(line):
        return queries.manual_exclusions_in_force(
            city.session, lines=[(city.body.id, line), (city.body.id + 1, "2026-008")], on=DUE.date()
        )

    assert (in_force("2026-007"), in_force("2026-008")) == ({}, {city.codes[4]: "manual-not-operating"})
    services.lift_exclusion(city.session, lifted.id, reason="恢复营业", by="li", at=MORNING)
    assert in_force("2026-008") == {}
    assert not any(services.holds_on(row, DUE.date()) for row in (refused, withdrawn, lifted, over))
    assert {row.state for row in city.session.exec(select(ManualExclusion))} == {
        ExclusionState.CONFIRMED, ExclusionState.REFUSED, ExclusionState.WITHDRAWN,
    }  # fmt: skip
    with pytest.raises(ExclusionNotFoundError):
        queries.manual_exclusion(city.session, over.id, below="elsewhere")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"reason": "manual-because"}, "reason"),
        ({"reference": " "}, "evidence"),
        ({"valid_to": date(2025, 1, 1)}, "dates"),
        ({"valid_to": date(2027, 2, 1)}, "dates"),
        ({"line": "2026-999"}, "line"),
        ({"subject": "91330102MA9999999X"}, "subject"),
        ({"subject": 5}, "waiting"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(city, wrong, why):
    ask(city, city.codes[5])
    subject = wrong.pop("subject", city.codes[6])

    with pytest.raises(ExclusionRefusedError) as refused:
        ask(city, city.codes[subject] if isinstance(subject, int) else subject, **wrong)

    assert refused.value.params["why"] == why
    assert len(city.session.exec(select(ManualExclusion)).all()) == 1


def test_evidence_is_judged_by_its_content(city):
    with pytest.raises(BadEvidenceError):
        ask(city, city.codes[5], document=("证明.pdf", b"MZ"))


def test_a_void_frees_nobody_by_a_later_exclusion(city):
    old = city.void(city.drawn(), hours(1))
    drawn = queries.drawn_codes(city.session, old)
    decide(city, ask(city, drawn[0], at=hours(1)), at=hours(1))

    plan = queries.plan_of(city.prepare(supersedes=old.number, due=hours(6), at=hours(2)))

    assert sorted(plan["carried"]) == sorted(drawn)


    second = city.prepare(number="B", supersedes=old.number, due=hours(6), at=hours(2))
    for role, by in (("operator", "li"), ("supervisor", "wang")):
        city.sign(second, role, by, hours(3))
    city.void(second, hours(4))
    city.observe(second, at=hours(6))
    services.show_would_be(city.session, "B", settings=city.settings, at=hours(6))
    third = queries.plan_of(city.prepare(number="C", supersedes="B", due=hours(12), at=hours(7)))
    assert set(drawn) <= set(third["carried"])


def test_who_asked_in_the_others_place_on_an_earlier_day_leaves_the_decision_to_a_third(city):
    an_account(city.session, "wang", person="wang", roles=["supervisor", "planner"])
    an_account(city.session, "li", person="li", roles=["registrar"])
    days = {"first_day": MORNING.date(), "last_day": MORNING.date()}
    set_stand_in(city.session, "wang", "li", roles=["planner"], **days, reason="away", by="wang", at=MORNING)
    row = ask(city, city.codes[5])

    with pytest.raises(StandsInForOtherSideError):
        decide(city, row, at=hours(24))
    with pytest.raises(ExclusionOwnerError):
        services.withdraw_exclusion(city.session, row.id, by="wang", at=hours(24))


class TestNamesOfReasons:
    def every_code(self):
        """Every code that the rules can give, by facts that bring each about."""
        rules = {
            "strata": {"by": "grade", "otherwise": "s",
                       "quotas": [{"stratum": "s", "when": [], "quota": {"kind": "excluded"}}]},
            "caps": {"per_year": 3, "per_level": 2, "per_agency": 1,
                     "low_risk": {"classes": ["a"], "number": 1}, "cool_down_days": 30,
                     "drawn_years": 3, "upper_level_days": 90, "exempt_measures": True},
        }  # fmt: skip
        day = DUE.date()
        found = [SubjectFacts(status=each) for each in ("deregistered", "revoked", "moved_out", "withdrawn")]
        found += [SubjectFacts(effect="exempt"), SubjectFacts(no_disturbance=True), SubjectFacts()]
        found += [SubjectFacts(visits_this_year=3), SubjectFacts(visits_at_level=2)]
        found += [SubjectFacts(visits_by_agency=1), SubjectFacts(grade="a", visits_this_year=1)]
        found += [
            SubjectFacts(last_visit=day),
            SubjectFacts(last_drawn=day),
            SubjectFacts(last_upper_visit=day),
        ]
        return {exclusion_of(rules, facts, on=day + timedelta(days=1)) for facts in found}

    def test_every_code_that_can_come_out_has_a_name(self, app):
        assert self.every_code() == set(RULE_REASONS)
        assert set(RULE_REASONS) | set(MANUAL_REASONS) <= set(EXCLUSION_NAMES)
        with app.test_request_context("/"), force_locale("en"):
            named = [reason_name(code) for code in (*RULE_REASONS, *MANUAL_REASONS)]
        assert all(name.isascii() for name in named), named
