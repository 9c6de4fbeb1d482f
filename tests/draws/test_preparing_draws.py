"""Preparing: what goes into the pools, what is refused, what the pre-flight tells."""

import threading
from collections import Counter
from datetime import date, timedelta

import pytest
from draws.a_city import BEGIN, DICE, DUE, MORNING, City, a_city, hours, some_rules
from sqlmodel import Session, select

from doublerandom.accounts.queries import Body
from doublerandom.draws import bundles, queries
from doublerandom.draws.errors import (
    DrawNumberTakenError,
    EmptyPoolError,
    ItemNotInForceError,
    NothingToDrawError,
    PlanLineNotPublishedError,
    PlanRefusedError,
    ThinPoolError,
)
from doublerandom.draws.models import Deposit, Draw, DrawStatus, FrozenPool
from doublerandom.draws.plans import Party
from doublerandom.draws.pools import find_record, open_pool
from doublerandom.ledger import queries as ledger
from doublerandom.registry import queries as registry
from doublerandom.registry import services as registrar
from doublerandom.registry.errors import RuleSetNotFoundError


def records(city, draw, name):
    """All records of a frozen pool."""
    import json

    with open_pool(queries.frozen_pools(city.session, draw)[name], draw.number, city.settings) as file:
        return [json.loads(line) for line in file]


def a_visit(city, code, day, source, inspectors=()):
    registrar.record_visit(
        city.session, subject_code=code, body_id=city.body.id, visited_on=day, source=source,
        inspectors=inspectors, by="p", at=MORNING,
    )  # fmt: skip


def test_whoever_cannot_be_drawn_stays_in_the_pool_with_the_reason(city):
    say = {"body_id": city.body.id, "valid_from": BEGIN, "by": "zhang", "at": MORNING}
    registrar.set_standing(
        city.session, subject_code=city.codes[5], kind="excluded", value="no-disturbance", **say
    )
    registrar.apply_measure(
        city.session, subject_code=city.codes[6], body_id=city.body.id, effect="exempt", valid_from=BEGIN,
        valid_to=date(2026, 12, 31), source="credit:1", by="c", at=MORNING,
    )  # fmt: skip
    a_visit(city, city.codes[7], date(2026, 2, 20), "file:1:1")
    a_visit(city, city.codes[8], date(2026, 1, 5), "file:1:2")
    a_visit(city, city.codes[8], date(2026, 1, 6), "file:1:3")

    draw = city.prepare()

    found = {record["id"]: record.get("excluded") for record in records(city, draw, "subjects")}
    assert len(found) == 60
    assert found[city.codes[3]] == "status-deregistered"
    assert found[city.codes[5]] == "no-disturbance"
    assert found[city.codes[6]] == "exempt-by-measure"
    assert found[city.codes[7]] == "cool-down"
    assert found[city.codes[8]] == "cap-per-year"
    assert queries.pool_counts(draw).excluded == Counter(filter(None, found.values()))


def test_strata_are_published_grades_with_rates_in_integers(city):
    draw = city.prepare()

    strata = {stratum["id"]: stratum for stratum in queries.plan_of(draw)["strata"]}
    assert strata["high"] == {"id": "high", "size": 5, "excluded": 0, "rate": "1/4", "take": 2}
    assert strata["low"] == {"id": "low", "size": 54, "excluded": 1, "rate": "1/20", "take": 3}
    assert strata["rest"] == {"id": "rest", "size": 1, "excluded": 0, "take": 1}
    assert not queries.plan_of(draw)["subjects"]["sealed"]


def test_risk_classes_seal_and_close_the_subjects_and_measures_shift_them(session, settings):
    city = a_city(session, settings, rules=some_rules(by="class"))
    registrar.apply_measure(
        session, subject_code=city.codes[1], body_id=city.body.id, effect="raise", valid_from=BEGIN,
        valid_to=date(2026, 12, 31), source="credit:1", by="c", at=MORNING,
    )  # fmt: skip
    draw = city.prepare()

    plan = queries.plan_of(draw)
    found = {record["id"]: record["stratum"] for record in records(city, draw, "subjects")}
    assert plan["closed"] == ["subjects"]
    assert plan["subjects"]["sealed"]
    assert found[city.codes[1]] == "high"
    assert found[city.codes[5]] == "low"
    pool = queries.frozen_pools(session, draw)["subjects"]
    assert city.codes[1].encode() not in (settings.files_dir / pool.sha256[:2] / pool.sha256).read_bytes()


def test_inspectors_on_leave_in_training_or_without_certificate_stay_visible(city):
    registrar.add_absence(
        city.session, "P000", kind="leave", first_day=DUE.date(), last_day=DUE.date(), by="z", at=MORNING
    )
    draw = city.prepare()

    found = {record["id"]: record for record in records(city, draw, "inspectors")}
    assert found["P000"]["excluded"] == "leave"
    assert found["P007"]["excluded"] == "certificate-expired"
    assert found["P001"] == {
        "id": "P001", "department": "scjg", "regions": [], "skills": [], "load": 0, "capacity": 20,
    }  # fmt: skip
    assert queries.pool_counts(draw).inspectors_excluded == {"certificate-expired": 1, "leave": 1}


def test_a_region_that_an_inspector_covers_stands_for_all_below_it(city):
    registrar.add_inspector(
        city.session,
        "Q001",
        name="市级",
        body_id=city.body.id,
        department="scjg",
        regions=["330100"],
        by="z",
        at=MORNING,
    )
    draw = city.prepare()

    found = {record["id"]: record for record in records(city, draw, "inspectors")}
    assert found["Q001"]["regions"] == ["330100", "330102", "330103"]


def test_conflicts_are_expanded_to_pairs_whose_ground_is_not_told(city):
    registrar.declare_conflict(
        city.session,
        inspector="P001",
        subject=city.codes[1],
        ground="relative",
        valid_from=BEGIN,
        by="p1",
        at=MORNING,
    )
    a_visit(city, city.codes[2], date(2025, 6, 1), "file:1:1", ["P002"])

    draw = city.prepare()
    closed = city.prepare(closed=["conflicts"])

    pairs = records(city, draw, "conflicts")
    assert {(pair["inspector"], pair["subject"]) for pair in pairs} == {
        ("P001", city.codes[1]),
        ("P002", city.codes[2]),
    }
    assert {pair["ground"] for pair in pairs} == {"barred"}
    assert {pair["ground"] for pair in records(city, closed, "conflicts")} == {
        "relative",
        "inspected-last-time",
    }


def test_soft_grounds_give_way_where_too_few_would_be_left_and_the_number_is_told(session, settings):
    city = a_city(session, settings, inspectors=5)
    a_visit(city, city.codes[1], date(2025, 6, 1), "file:1:1", ["P001"])
    registrar.declare_conflict(
        session,
        inspector="P002",
        subject=city.codes[1],
        ground="relative",
        valid_from=BEGIN,
        by="p1",
        at=MORNING,
    )

    draw = city.prepare()

    assert [pair["id"] for pair in records(city, draw, "conflicts")] == [f"P002:{city.codes[1]}"]
    assert draw.preflight["waived"] == 1
    assert "waived" in draw.preflight["warnings"]


def test_a_pool_too_thin_for_a_team_is_refused_and_a_scarce_one_warned(session, settings):
    city = a_city(session, settings, inspectors=4)
    assert city.prepare().preflight["scarce"] == 59

    for certificate in ("P000", "P001", "P002"):
        registrar.declare_conflict(
            session,
            inspector=certificate,
            subject=city.codes[1],
            ground="relative",
            valid_from=BEGIN,
            by="x",
            at=MORNING,
        )
    with pytest.raises(ThinPoolError) as refusal:
        city.prepare()
    assert refusal.value.params["subjects"] == 1


def test_excluded_subjects_need_no_inspectors(session, settings):
    city = a_city(session, settings, inspectors=4)
    for certificate in ("P000", "P001", "P002"):
        registrar.declare_conflict(
            session,
            inspector=certificate,
            subject=city.codes[3],
            ground="relative",
            valid_from=BEGIN,
            by="x",
            at=MORNING,
        )

    assert city.prepare().status is DrawStatus.PREPARED


def test_the_preflight_simulates_and_names_nobody(city):
    told = city.prepare(simulations=25).preflight

    assert told["simulated"]["draws"] == 25
    assert told["simulated"]["seats"] == 12
    assert told["simulated"]["empty_most"] == 0
    largest = told["simulated"]["largest"]
    assert largest["times"] <= largest["places"]
    assert not any(certificate in str(told) for certificate in city.inspectors)
    assert not any(code in str(told) for code in city.codes)


def test_secrets_and_keys_lie_sealed_and_nowhere_else(city):
    draw = city.drawn()
    from doublerandom.draws.outcomes import known_secrets

    known = known_secrets(city.session, draw, city.settings)
    hidden = [*known.secrets.values(), *known.keys.values()]
    assert len(hidden) == 4 + 3
    rows = [row.sealed for row in city.session.exec(select(Deposit)).all()]
    trail = [act.facts for act in ledger.acts(city.session)]
    public = [row.entry for row in ledger.log_rows(city.session)]
    for text in [*rows, *trail, *public, draw.plan, str(draw.preflight)]:
        assert not any(secret in text for secret in hidden)


@pytest.mark.parametrize(
    ("wishes", "error"),
    [
        ({"plan_line": "2026-099"}, PlanLineNotPublishedError),
        ({"filter_text": "region = 339999"}, EmptyPoolError),
        ({"on": date(2025, 12, 31)}, ItemNotInForceError),
        ({"due": MORNING + timedelta(minutes=59)}, PlanRefusedError),
        ({"randomness": [{"kind": "dice", "sides": 6, "count": 3}]}, PlanRefusedError),
        ({"randomness": []}, PlanRefusedError),
        (
            {"randomness": [], "secrets_parties": [Party(party, "hz-scjg") for party in "xyz"]},
            PlanRefusedError,
        ),
        ({"closed": ["items"]}, PlanRefusedError),
        ({"reveal_by": DUE + timedelta(days=401)}, PlanRefusedError),
        ({"number": "not a token"}, PlanRefusedError),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_leaves_nothing_behind(city, wishes, error):
    acts = len(list(ledger.acts(city.session)))

    with pytest.raises(error):
        city.prepare(**wishes)

    assert not city.session.exec(select(Draw)).all()
    assert not city.session.exec(select(FrozenPool)).all()
    assert len(list(ledger.acts(city.session))) == acts
    assert not list(city.settings.data_dir.glob(".work-*"))


def test_quotas_that_take_nobody_are_refused(session, settings):
    rules = some_rules()
    for quota in rules["strata"]["quotas"]:
        quota["quota"] = {"kind": "fixed", "number": 0}
    city = a_city(session, settings, rules=rules)

    with pytest.raises(NothingToDrawError):
        city.prepare()


def test_no_rules_no_draw(session, settings):
    city = a_city(session, settings, rules=some_rules(valid_from="2026-04-01"))

    with pytest.raises(RuleSetNotFoundError):
        city.prepare()


def test_a_draw_number_is_never_used_again(city):
    city.prepare(number="X-1")

    with pytest.raises(DrawNumberTakenError):
        city.prepare(number="X-1")
    assert city.prepare().number == "HZ-SCJG-2026-0001"
    assert city.prepare().number == "HZ-SCJG-2026-0002"


def test_only_a_draw_signed_by_both_is_public(city):
    draw = city.prepare()

    assert queries.draws(city.session) == []
    with pytest.raises(services_error("WrongDrawStateError")):
        bundles.bundle(city.session, draw, settings=city.settings)


def services_error(name):
    from doublerandom.draws import errors

    return getattr(errors, name)


def test_two_who_prepare_at_once_get_two_numbers_by_themselves(city, engine):
    body = Body(token=city.body.token)
    city.session.rollback()
    gate, numbers = threading.Barrier(2), []

    def work(line):
        with Session(engine) as session:
            gate.wait()
            other = City(session, city.settings, body, city.codes, city.inspectors)
            numbers.append(other.prepare(plan_line=line).number)

    threads = [threading.Thread(target=work, args=(line,)) for line in ("2026-007", "2026-008")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(numbers) == ["HZ-SCJG-2026-0001", "HZ-SCJG-2026-0002"]
    for number in numbers:
        plan = queries.plan_of(queries.draw(city.session, number))
        assert plan["draw"] == number


def test_a_frozen_pool_is_found_in_by_search(city):
    draw = city.prepare(randomness=[DICE])

    with open_pool(queries.frozen_pools(city.session, draw)["subjects"], draw.number, city.settings) as file:
        assert find_record(file, city.codes[17])["name"] == "第17号餐馆"
        assert find_record(file, "91330102MA00000000") is None


def test_the_registry_may_change_afterwards_and_the_pool_stays(city):
    draw = city.committed()
    registrar.apply_measure(
        city.session, subject_code=city.codes[9], body_id=city.body.id, effect="exempt", valid_from=BEGIN,
        valid_to=date(2026, 12, 31), source="credit:1", by="c", at=MORNING,
    )  # fmt: skip

    city.observe(draw)
    assert city.run(draw, hours(0.1)).status is DrawStatus.DRAWN
    assert registry.subject(city.session, city.codes[9]).code == city.codes[9]


def test_no_party_keeps_its_secret_back_where_there_is_a_source(city):
    party = Party("operator", "hz-scjg", commitments={"subject": "ab" * 32})

    with pytest.raises(PlanRefusedError) as refused:
        city.prepare(secrets_parties=[party])

    assert refused.value.params["rule"] == "secret_not_deposited"
