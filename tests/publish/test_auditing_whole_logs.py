"""`doublerandom log audit`: rules 13 over a whole log, from the database, over the net, from files."""

import copy
import json
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner
from draws.a_city import DICE, DRAND, a_city, hours
from draws.test_replacing import SUBJECT, Office
from ledger.a_neighbour import served

from doublerandom.cli import main
from doublerandom.dr1.canon import format_time, parse_time
from doublerandom.dr1.plan import plan_hash
from doublerandom.dr1.whole_log import WholeLog
from doublerandom.draws import bundles, plans
from doublerandom.draws import queries as queries_of_draws
from doublerandom.ledger import queries
from doublerandom.publish.audit_material import DatabaseMaterial


class Kept:
    """Material in dictionaries, to change at will."""

    def __init__(self, material, entries):
        numbers = {entry["draw"] for entry in entries if "draw" in entry}
        self.of = {number: material.evidence(number) for number in numbers}
        digests = {entry["digest"] for entry in entries if entry["type"] == "list"}
        self.plans = {digest: material.annual_plan(digest) for digest in digests}

    def plan(self, draw, plan_hash):
        return (self.of.get(draw) or {}).get("plan")

    def signatures(self, draw):
        return (self.of.get(draw) or {}).get("signatures")

    def drawn(self, draw):
        return (self.of.get(draw) or {}).get("drawn")

    def annual_plan(self, digest):
        return self.plans.get(digest)


def rules(entries, material, at, origin="log.test/dr"):
    whole = WholeLog(material, origin=origin)
    found = [finding.rule for entry in entries for finding in whole.accept(entry)]
    return found + [finding.rule for finding in whole.finish(at)]


def test_every_broken_rule_is_found(session, settings):
    city = a_city(session, settings)
    first = city.reveal(city.drawn())
    entries = list(queries.entries(session))
    material = Kept(DatabaseMaterial(session), entries)
    soon, late = hours(1), first.reveal_by.replace(year=2027)
    place = {entry["type"]: index for index, entry in enumerate(entries)}

    def without(kind):
        return [entry for entry in entries if entry["type"] != kind]

    def changed(kind, **members):
        return [entry | members if entry["type"] == kind else entry for entry in entries]

    def with_later(**members):
        return [
            *entries,
            {"at": entries[-1]["at"], "draw": first.number, "plan_hash": first.plan_hash, **members},
        ]

    assert rules(entries, material, soon) == []
    assert rules(entries, material, late) == ["no_outcome"]
    assert rules(without("plan"), material, soon)[0] == "before_plan"
    assert rules(changed("plan", seq=2), material, soon) == ["gap", "plan_differs"]
    assert rules(changed("plan", at="2026-03-02T04:00:00Z"), material, soon)[0] == "logged_late"
    assert rules(changed("beacon", at="2026-01-01T00:00:00Z"), material, soon) == ["time_fell"]
    assert rules(without("key"), material, soon) == ["key_not_listed", "key_not_listed"]
    assert rules(without("beacon"), material, soon) == ["no_beacon"]
    assert rules(without("list"), material, soon) == ["not_planned"]
    assert rules(without("result"), material, late) == ["failed"]
    assert rules(changed("result", at=entries[place["open"]]["at"]), material, soon) == ["failed"]
    assert rules(without("open"), material, late) == ["failed", "no_outcome"]
    assert rules([*entries, entries[place["result"]] | {"at": entries[-1]["at"]}], material, soon) == [
        "entry_repeated"
    ]
    assert rules([*entries, {"type": "nonsense"}], material, soon) == ["bad_entry"]
    outcome = {"type": "outcome", "subject": "X1", "digest": "0" * 64}
    assert rules([*with_later(**outcome), *with_later(type="void", reason="leak")[-1:]], material, soon) == [
        "void_after_visit",
        "void",
    ]
    assert rules(with_later(**outcome), material, late) == ["no_outcome", "outcome_of_nobody"]
    swap = {"type": "replace", "what": "inspector", "reason": "ill", "old": "1" * 64, "commitment": "2" * 64}
    assert rules(with_later(**swap, n=2), material, soon) == ["replace_gap"]
    assert rules(entries, material, soon, origin="another.test/log") == ["another_log"]

    other = copy.deepcopy(material)
    other.of[first.number]["signatures"][0]["signature"] = "0" * 128
    assert rules(entries, other, soon) == ["bad_signature"]
    other.of[first.number]["signatures"][1] = other.of[first.number]["signatures"][0]
    assert "signers" in rules(entries, other, soon)
    other.of[first.number]["signatures"] = [{"role": "operator"}]
    assert rules(entries, other, soon) == ["signatures_unknown"]
    other.of[first.number]["plan"] = {"protocol": "dr1"}
    assert rules(entries, other, soon) == ["bad_plan"]
    other.of, other.plans = {}, {}
    assert rules(entries, other, soon) == ["plans_unknown"]
    other.of = material.of
    assert rules(entries, other, soon) == ["line_unknown"]


def test_two_live_plans_of_one_line_and_gaps_between_plans_are_found(session, settings):
    city = a_city(session, settings)
    first, second = city.committed(), city.committed(batch=2)
    entries = list(queries.entries(session))
    material = Kept(DatabaseMaterial(session), entries)

    assert rules(entries, material, hours(0)) == []
    gone = [entry for entry in entries if entry.get("draw") != first.number]
    assert rules(gone, material, hours(0)) == ["gap", "previous"]

    def as_second(**members):
        """Log and material in which the second plan says something else."""
        other = copy.deepcopy(material)
        plan = other.of[second.number]["plan"]
        plan |= members
        own = plan_hash(plan)
        return [
            one | {"plan_hash": own} if one.get("draw") == second.number else one for one in entries
        ], other

    line = material.of[first.number]["plan"]["annual_item"]
    assert "two_live" in rules(*as_second(annual_item=line), hours(0))
    assert "supersedes" in rules(*as_second(supersedes=first.number, carried=[]), hours(0))
    assert "not_planned" in rules(*as_second(annual_item="2026-999"), hours(0))


def test_a_plan_with_drand_is_live_for_72_hours_and_a_later_beacon_does_not_save_it(session, settings):
    city = a_city(session, settings)
    first = city.committed(randomness=[DRAND])
    plan = queries_of_draws.plan_of(first)
    entries = list(queries.entries(session))
    material = Kept(DatabaseMaterial(session), entries)

    def with_result(of_beacon, of_result):
        common = {"draw": first.number, "plan_hash": first.plan_hash}
        result = {"type": "result", "result_root": "a" * 64, "count": 3, "empty_seats": 0}
        return [
            *entries,
            {"type": "beacon", "at": format_time(of_beacon), "beacon": "x", **common},
            {"at": format_time(of_result), **result, **common},
        ]

    def and_another(at, **members):
        """The log with a second plan of the line, made at that time."""
        due = {
            "due": format_time(at + timedelta(hours=3)),
            "result_by": format_time(at + timedelta(hours=3, minutes=30)),
        }
        later = {**plan, "draw": "Z-2", "seq": 2, "previous": first.plan_hash, **due, **members}
        later["randomness"] = [plans.source_for({"kind": "drand"}, parse_time(due["due"]))]
        later |= {"committed_at": format_time(at), "reveal_by": format_time(at + timedelta(days=60))}
        material.of["Z-2"] = {"plan": later, "signatures": material.of[first.number]["signatures"]}
        entry = {"type": "plan", "at": format_time(at), "draw": "Z-2", "issuer": plan["issuer"], "seq": 2}
        return rules([*entries, entry | {"plan_hash": plan_hash(later)}], material, at)

    assert rules(entries, material, hours(72)) == []
    assert rules(entries, material, hours(72.1)) == ["failed"]
    assert rules(with_result(hours(71), hours(71.2)), material, hours(72.1)) == []
    assert rules(with_result(hours(71), hours(73)), material, hours(74)) == ["failed"]
    assert rules(with_result(hours(200), hours(200.1)), material, hours(201)) == ["failed"]
    assert "two_live" in and_another(hours(71))
    assert "supersedes" in and_another(hours(71), supersedes=first.number, carried=[])
    assert {"two_live", "supersedes"}.isdisjoint(and_another(hours(73), supersedes=first.number, carried=[]))


def test_beside_drand_a_plan_is_not_live_beyond_result_by_without_its_dice(session, settings):
    city = a_city(session, settings)
    city.committed(randomness=[DRAND, DICE])
    entries = list(queries.entries(session))
    material = Kept(DatabaseMaterial(session), entries)

    assert rules(entries, material, hours(1)) == []
    assert rules(entries, material, hours(1.1)) == ["failed"]


def test_a_newcomers_outcome_does_not_stand_for_another_subjects(session, settings):
    office = Office(a_city(session, settings))
    office.replace(office.task(0), SUBJECT, "closed")
    draw = office.city.reveal(office.draw)
    entries = list(queries.entries(session))
    material = Kept(DatabaseMaterial(session), entries)
    now = [task.subject for task in queries_of_draws.tasks_of_draw(session, draw)]
    late = draw.reveal_by + timedelta(days=1)

    def with_outcomes(codes):
        common = {"at": format_time(draw.reveal_by), "draw": draw.number, "plan_hash": draw.plan_hash}
        made = [{"type": "outcome", "subject": code, "digest": "0" * 64, **common} for code in codes]
        return rules([*entries, *made], material, late)

    assert with_outcomes(now) == []
    assert with_outcomes(now[:-1]) == ["no_outcome"]
    assert with_outcomes([*now[:-1], "X1"]) == ["no_outcome", "outcome_of_nobody"]
    material.of = {draw.number: {**material.of[draw.number], "drawn": None}}
    assert with_outcomes(now) == []
    assert with_outcomes(now[:-1]) == ["no_outcome"]


@pytest.fixture
def audit(session, settings, database_url, monkeypatch):
    """Run the command at a time; gives exit status and what was printed."""
    monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("DOUBLERANDOM_DATABASE_URL", database_url)
    monkeypatch.setenv("DOUBLERANDOM_LOG_ORIGIN", settings.log_origin)

    def audit(*options):
        session.rollback()
        with time_machine.travel(hours(2), tick=False):
            done = CliRunner().invoke(main, ["log", "audit", *map(str, options)])
        return done.exit_code, done.output

    return audit


def test_the_command_audits_a_database_a_site_and_files(app, client, session, settings, audit, tmp_path):
    city = a_city(session, settings)
    draw = city.drawn()
    session.commit()
    size = queries.log_size(session)

    status, told = audit()
    assert (status, told.splitlines()[-1].endswith("成立 / holds")) == (0, True), told
    with served(app) as address:
        assert audit("--url", address) == (0, told)
        assert audit("--url", address, "--key", "11" * 32)[0] == 1
        assert audit("--url", address + "/nowhere")[0] == 1
    entries, note = tmp_path / "entries.json", tmp_path / "checkpoint.txt"
    entries.write_text(client.get(f"/log/entries?start=0&end={size}").get_data(as_text=True))
    note.write_text(client.get("/log/checkpoint").get_data(as_text=True))
    key = client.get("/log/key").get_data(as_text=True).strip()
    status, bare = audit("--entries", entries)
    assert (status, "plans_unknown" in bare, "no_checkpoint" in bare) == (2, True, True)
    folder = tmp_path / "material"
    folder.mkdir()
    bundle = bundles.bundle(session, draw, settings=settings)
    (folder / "one.zip").write_bytes(bundle.read_bytes())
    digest = next(one["digest"] for one in queries.entries(session) if one.get("what") == "annual_plan")
    (folder / "plan.json").write_bytes(client.get(f"/log/lists/{digest}.json").data)
    material = ("--material", folder, "--checkpoint", note, "--key", key)
    assert audit("--entries", entries, *material) == (0, told)
    lines = tmp_path / "entries.jsonl"
    lines.write_text("".join(json.dumps(one) + "\n" for one in json.loads(entries.read_text())[:-1]))
    status, cut = audit("--entries", lines, *material, "--json")
    assert status == 1
    assert [one["rule"] for one in json.loads(cut)["findings"]] == ["failed", "checkpoint"]


def test_the_command_keeps_the_logs_that_are_witnessed(session, audit, settings):
    def run(*words):
        done = CliRunner().invoke(main, ["log", *words])
        return done.exit_code, done.output

    key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert run("witness", "add", "other.test/log", key)[0] == 0
    assert run("witness", "list") == (0, f"other.test/log {key} 0\n")
    assert run("witness", "add", "other.test/log", key)[0] == 1
    assert run("witness", "add", "bad origin", key)[0] == 1
    assert run("witness", "end", "other.test/log")[0] == 0
    assert "ended" in run("witness", "list")[1]
    assert run("witness", "end", "other.test/log")[0] == 1
    assert run("witness", "key")[1].startswith("log.test/dr/witness+")
    assert run("reach")[0] == 0
