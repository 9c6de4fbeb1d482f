"""From plan line to reveal, and the bundle that a stranger verifies at every step."""

import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from draws.a_city import (
    BEGIN,
    DICE,
    DRAND,
    DUE,
    MORNING,
    ROLLS,
    ROUND,
    SIGNATURE,
    SIGNED,
    a_city,
    hours,
    some_rules,
)

from doublerandom.db import transaction
from doublerandom.dr1.canon import H, format_time
from doublerandom.dr1.seeds import secret_commitment
from doublerandom.dr1.verification import verify_bundle
from doublerandom.draws import bundles, checks, queries, services
from doublerandom.draws.errors import NotThePartyError, RandomnessMissingError, SecretRefusedError
from doublerandom.draws.models import DrawStatus
from doublerandom.draws.services import Party
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.keys import create_signing_key
from doublerandom.ledger.log import append
from doublerandom.registry.services import declare_conflict
from doublerandom.registry.services.plans import PlanLineIn

OPEN = [4, 13]  # they need a witness, and the whole log


@dataclass
class Verdict:
    """What both verifiers say of a bundle: the exit status, and the checks that are not checkable."""

    exit_status: int
    open_checks: list[int]
    names: set[str]


def verdict(city, draw, at: datetime, *, path: Path | None = None) -> Verdict:
    """Ask the package and `verify.py`; nothing may have failed, and they must agree."""
    path = path or bundles.bundle(city.session, draw, settings=city.settings)
    report = verify_bundle(path, now=at)
    assert not [check for check in report.checks if check.status == "failed"], report
    command = [sys.executable, "-I", "-W", "error", "doublerandom/static/verify.py", str(path)]
    told = subprocess.run([*command, "--now", format_time(at)], capture_output=True, text=True, check=False)
    assert told.returncode == report.exit_status, told.stdout + told.stderr
    open_checks = [check.number for check in report.checks if check.status == "not_checkable"]
    with zipfile.ZipFile(path) as archive:
        return Verdict(report.exit_status, open_checks, set(archive.namelist()))


def test_a_draw_goes_from_plan_line_to_reveal(city):
    declare_conflict(
        city.session,
        inspector="P001",
        subject=city.codes[1],
        ground="relative",
        valid_from=BEGIN,
        by="p1",
        at=MORNING,
    )
    draw = city.prepare()
    assert draw.status is DrawStatus.PREPARED
    city.sign(draw, "operator", "li")
    draw = city.sign(draw, "supervisor", "wang")
    assert draw.status is DrawStatus.COMMITTED

    before = verdict(city, draw, hours(-1))
    city.observe(draw)
    draw = city.run(draw)
    fixed = verdict(city, draw, hours(1))
    takes = sum(stratum["take"] for stratum in queries.plan_of(draw)["strata"])
    tasks = queries.tasks_of_draw(city.session, draw)
    draw = city.reveal(draw)
    after = verdict(city, draw, draw.reveal_by)

    assert before.exit_status == fixed.exit_status == after.exit_status == 2
    assert {"subjects.jsonl", "log.json", "plan.json", "verify.py", "README.txt"} <= before.names
    assert not {"inspectors.jsonl", "beacon.json", "secrets.json", "result.json"} & before.names
    assert fixed.names - before.names == {"beacon.json"}
    assert after.names >= {
        "inspectors.jsonl",
        "conflicts.jsonl",
        "secrets.json",
        "keys.json",
        "tasks.jsonl",
        "result.json",
    }
    assert after.open_checks == OPEN
    assert len(tasks) == draw.tasks == takes
    assert all(len(set(task.team)) == 2 and "P007" not in task.team for task in tasks)
    assert all("P001" not in task.team for task in tasks if task.subject == city.codes[1])


def test_a_draw_opens_early_when_every_visit_is_done(city):
    draw = city.drawn()
    for view in queries.tasks_of_draw(city.session, draw):
        services.mark_visited(city.session, draw.number, view.subject, by="p0", at=hours(30))
    draw = services.reveal(city.session, draw.number, settings=city.settings, at=hours(31))

    assert draw.revealed_at == hours(31)
    assert verdict(city, draw, draw.reveal_by).open_checks == OPEN


def test_closed_subjects_stay_closed_and_the_auditors_bundle_verifies_in_full(session, settings):
    city = a_city(session, settings, rules=some_rules(by="class"))
    draw = city.drawn()
    assert queries.plan_of(draw)["closed"] == ["subjects"]
    draw = city.reveal(draw)

    public = verdict(city, draw, draw.reveal_by)
    path = services.auditor_bundle(session, draw.number, settings=settings, by="auditor", at=hours(800))
    whole = verdict(city, draw, draw.reveal_by, path=path)

    assert public.open_checks == [4, 5, 7, 8, 9, 10, 11, 12, 13]
    assert "subjects.leaves" in public.names
    assert not {"subjects.jsonl", "tasks.jsonl", "result.json"} & public.names
    assert whole.open_checks == OPEN
    assert "subjects.jsonl" in whole.names


@pytest.mark.parametrize("by", ["grade", "class"])
def test_published_outcomes_stand_in_the_bundle_and_verify_long_after(session, settings, by):
    city = a_city(session, settings, rules=some_rules(by=by))
    draw = city.drawn()
    for view in queries.tasks_of_draw(session, draw):
        services.mark_visited(session, draw.number, view.subject, by="p0", at=hours(30))
        with transaction(session):
            subject = view.commitment if view.subjects_closed else view.subject
            facts = {
                "draw": draw.number,
                "plan_hash": draw.plan_hash,
                "subject": subject,
                "digest": H(subject),
            }
            append(session, {"type": "outcome", **facts}, settings=settings, at=hours(31))
    draw = services.reveal(session, draw.number, settings=settings, at=hours(32))

    found = verdict(city, draw, draw.reveal_by + timedelta(days=100))
    path = services.auditor_bundle(session, draw.number, settings=settings, by="auditor", at=hours(800))
    whole = verdict(city, draw, draw.reveal_by + timedelta(days=100), path=path)

    assert set(found.open_checks) >= set(OPEN)
    assert whole.open_checks == OPEN


def test_without_subject_secrets_the_list_is_public_with_the_dice(city):
    parties = [Party("operator", "hz-scjg", ("inspector",)), Party("supervisor", "hz-scjg", ("inspector",))]
    draw = city.drawn(secrets_parties=parties)

    assert verdict(city, draw, hours(1)).exit_status == 2


def test_a_rehearsal_runs_on_a_real_drand_round_and_is_never_logged(session, settings):
    city = a_city(session, settings, rules=some_rules())
    due = ROUND
    early = due - timedelta(hours=2)
    draw = city.prepare(due=due, at=early, randomness=[DRAND], rehearsal=True, on=MORNING.date())
    city.sign(draw, "operator", "li", early)
    draw = city.sign(draw, "supervisor", "wang", early)
    city.observe(draw, SIGNATURE, at=due + timedelta(seconds=9))
    draw = city.run(draw, due + timedelta(minutes=1))
    draw = city.reveal(draw, due + timedelta(minutes=2))

    told = [event.kind for event in queries.timeline(session, draw, at=draw.due + timedelta(days=1))]
    assert told == ["committed", "due", "beacon", "result", "open"]
    assert checks.check_subject(session, settings, draw, city.codes[1]).ticket
    assert queries.plan_of(draw)["randomness"][0]["round"] == 657413
    assert draw.seq == 0
    assert not queries.tasks_of_draw(session, draw)
    assert draw.number.endswith("R001")
    assert verdict(city, draw, due + timedelta(hours=1)).exit_status == 0


def committed_by_three(city):
    """A draw at level C signed by all, and the parties' secrets, not yet handed in."""
    secrets = {
        (purpose, party): f"{place}{place}" * 32
        for place, (purpose, party) in enumerate((p, q) for p in ("subject", "inspector") for q in "xyz")
    }
    parties = []
    for party in "xyz":
        create_signing_key(
            city.session,
            party,
            name=party,
            role="party",
            body=f"body-{party}",
            pin="314159",
            settings=city.settings,
            by="admin",
            at=MORNING,
        )
        made = {
            purpose: secret_commitment("hz-scjg", "C-1", purpose, party, secrets[purpose, party])
            for purpose in ("subject", "inspector")
        }
        parties.append(Party(party, f"body-{party}", commitments=made))
    draw = city.prepare(number="C-1", randomness=[], secrets_parties=parties)
    for party in "xyz":
        services.sign(
            city.session, "C-1", role="party", pin="314159", settings=city.settings, by=party, at=SIGNED
        )
    city.sign(draw, "operator", "li")
    return city.sign(draw, "supervisor", "wang"), secrets


def hand_in(city, party, purpose, secret, *, by=""):
    services.hand_in(
        city.session,
        "C-1",
        party=party,
        purpose=purpose,
        secret=secret,
        settings=city.settings,
        by=by or party,
        at=DUE,
    )


def test_level_c_needs_three_parties_and_nothing_else(city):
    draw, secrets = committed_by_three(city)

    with pytest.raises(SecretRefusedError):
        hand_in(city, "x", "subject", "f" * 64)
    with pytest.raises(NotThePartyError):
        hand_in(city, "x", "subject", secrets["subject", "x"], by="y")
    with pytest.raises(RandomnessMissingError):
        city.run(draw)
    for (purpose, party), secret in secrets.items():
        hand_in(city, party, purpose, secret)
    with pytest.raises(SecretRefusedError):
        hand_in(city, "x", "subject", secrets["subject", "x"])
    draw = city.reveal(city.run(draw))

    assert verdict(city, draw, draw.reveal_by).open_checks == OPEN


def test_a_void_at_level_c_whose_secrets_are_all_in_shows_what_would_have_been(city):
    draw, secrets = committed_by_three(city)
    for (purpose, party), secret in secrets.items():
        hand_in(city, party, purpose, secret)

    draw = city.void(draw, hours(0.1))

    kinds = [entry["type"] for _, entry in ledger.entries_of_draw(city.session, "C-1")]
    assert kinds == ["plan", "beacon", "void", "open"]
    assert verdict(city, draw, draw.reveal_by).open_checks == OPEN


def test_a_void_at_level_c_shows_what_would_have_been_at_its_time_and_not_before(city):
    draw, secrets = committed_by_three(city)
    for (purpose, party), secret in secrets.items():
        hand_in(city, party, purpose, secret)

    draw = city.void(draw, SIGNED + timedelta(minutes=10))
    early = [entry["type"] for _, entry in ledger.entries_of_draw(city.session, "C-1")]
    shown = [
        services.show_would_be(city.session, "C-1", settings=city.settings, at=at)
        for at in (DUE - timedelta(seconds=1), DUE)
    ]

    assert (early, shown) == (["plan", "void"], [False, True])
    kinds = [entry["type"] for _, entry in ledger.entries_of_draw(city.session, "C-1")]
    assert kinds == ["plan", "void", "beacon", "result", "open"]
    assert verdict(city, queries.draw(city.session, "C-1"), draw.reveal_by).open_checks == OPEN


def test_empty_seats_are_shown_with_their_proof_after_the_reveal_only(session, settings):
    rules = some_rules(capacity=3)
    rules["strata"]["quotas"][1]["quota"] = {"kind": "rate", "rate": "1/4"}
    city = a_city(session, settings, rules=rules)
    draw = city.drawn()
    assert draw.empty > 0
    assert draw.empty_seats == []

    draw = city.reveal(draw)

    assert len(draw.empty_seats) == draw.empty
    assert verdict(city, draw, draw.reveal_by).open_checks == OPEN


def test_two_draws_of_one_issuer_stand_in_a_row_without_gap(city):
    first = city.committed()
    second = city.committed(
        plan_line="2026-008", randomness=[DICE, {"kind": "lottery", "name": "cn-ssq", "issue": "2026024"}]
    )
    city.observe(second, ROLLS)
    city.observe(second, {"groups": [[33, 3, 12, 7, 9, 21], [16]]}, n=1)
    second = city.reveal(city.run(second))

    assert (first.seq, second.seq) == (1, 2)
    assert queries.plan_of(second)["previous"] == first.plan_hash
    assert verdict(city, second, second.reveal_by).open_checks == OPEN


def test_a_narrower_scope_stands_in_the_plan(session, settings):
    lines = [PlanLineIn("2026-007", "上城区餐饮", ["SPJY-01"], filter="region = 330103")]
    city = a_city(session, settings, lines=lines)
    draw = city.drawn()

    assert queries.plan_of(draw)["filter"] == "region = 330103"
    assert queries.pool_counts(draw).size == 30
    assert {view.region for view in queries.tasks_of_draw(session, draw)} == {"330103"}
