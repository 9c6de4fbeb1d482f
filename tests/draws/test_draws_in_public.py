"""What the public sees: figures, timeline, a code looked up; and nobody's name before the reveal."""

import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from draws.a_city import BEGIN, DUE, MORNING, SIGNED, a_city, hours, some_rules

from doublerandom import clock
from doublerandom.dr1.canon import H
from doublerandom.dr1.merkle import leaf_hash, verify_inclusion
from doublerandom.draws import bundles, checks, queries, services
from doublerandom.draws.errors import DrawNotFoundError, RecordNotFoundError
from doublerandom.draws.pools import new_folder, sweep, workplace
from doublerandom.draws.services import Party
from doublerandom.ledger import queries as ledger
from doublerandom.registry import services as registrar


def everything_public(city, draw):
    """All that pages, feeds and files can show of a draw, as one text; the pool's own files left out."""
    texts = [
        repr(queries.timeline(city.session, draw, at=hours(2))),
        repr(queries.pool_counts(draw)),
        repr(queries.public_tasks(city.session, draw)),
        repr(queries.counts(city.session, year=2026)),
        repr(queries.draws(city.session)),
        repr(queries.latest_draws(city.session)),
        *(row.entry for row in ledger.log_rows(city.session)),
        *(act.facts + act.on_id for act in ledger.acts(city.session) if act.on_kind == "draw"),
    ]
    with zipfile.ZipFile(bundles.bundle(city.session, draw, settings=city.settings)) as archive:
        texts += [archive.read(name).decode() for name in archive.namelist() if name != "subjects.jsonl"]
    return "\n".join(texts)


@pytest.mark.parametrize("by", ["grade", "class"])
def test_between_draw_and_reveal_no_drawn_code_and_no_inspector_is_public(session, settings, by):
    city = a_city(session, settings, rules=some_rules(by=by))
    draw = city.drawn()

    text = everything_public(city, draw)
    answers = [checks.check_subject(session, settings, draw, code) for code in city.codes]

    assert not [code for code in city.codes if code in text]
    assert not [certificate for certificate in city.inspectors if f'"{certificate}"' in text]
    assert all(answer.drawn is None and not answer.ticket and answer.rank is None for answer in answers)


def test_after_the_reveal_closed_subjects_are_still_not_named(session, settings):
    city = a_city(session, settings, rules=some_rules(by="class"))
    draw = city.reveal(city.drawn())

    text = everything_public(city, draw)
    assert not [code for code in city.codes if code in text]
    assert not [
        code for code in city.codes if checks.check_subject(session, settings, draw, code).in_pool is not None
    ]


def test_a_code_is_looked_up_before_and_after_the_reveal(city):
    registrar.set_standing(
        city.session,
        subject_code=city.codes[5],
        kind="excluded",
        value="no-disturbance",
        body_id=city.body.id,
        valid_from=BEGIN,
        by="z",
        at=MORNING,
    )
    draw = city.drawn()
    look = lambda code: checks.check_subject(city.session, city.settings, draw, code)  # noqa: E731
    drawn = set(queries.drawn_codes(city.session, draw))

    before = look(f" {city.codes[1].lower()} ")
    draw = city.reveal(draw)
    answers = [look(code) for code in city.codes]

    assert (before.withheld, before.in_pool, before.stratum, before.take) == ("later", True, "low", 3)
    assert {answer.code for answer in answers if answer.drawn} == drawn
    for stratum in queries.plan_of(draw)["strata"]:
        inside = [answer for answer in answers if answer.stratum == stratum["id"] and not answer.excluded]
        ranked = sorted(inside, key=lambda answer: answer.ticket)
        assert [answer.rank for answer in ranked] == list(range(1, len(inside) + 1))
        assert [answer.drawn for answer in ranked].count(True) == stratum["take"]
    shut = look(city.codes[5])
    assert (shut.excluded, shut.rank, shut.drawn) == ("no-disturbance", None, False)
    assert look("91330102MA0000XXXX").in_pool is False


def test_the_shell_line_gives_the_ticket(city):
    import subprocess

    draw = city.reveal(city.drawn())
    answer = checks.check_subject(city.session, city.settings, draw, city.codes[1])

    told = subprocess.run(["sh", "-c", answer.shell_line], capture_output=True, text=True, check=True).stdout
    assert told.split()[0] == answer.ticket


def test_without_subject_secrets_the_ticket_is_public_as_soon_as_the_draw_has_run(city):
    draw = city.drawn(secrets_parties=[Party("operator", "hz-scjg", ("inspector",))])

    answer = checks.check_subject(
        city.session, city.settings, draw, queries.drawn_codes(city.session, draw)[0]
    )

    assert answer.drawn
    assert answer.withheld == ""
    assert queries.public_tasks(city.session, draw) == []


@pytest.mark.parametrize("by", ["grade", "class"])
def test_a_firm_gets_its_own_record_with_its_proof(session, settings, by):
    city = a_city(session, settings, rules=some_rules(by=by))
    draw = city.drawn()
    before = checks.own_record(session, settings, draw, city.codes[7])
    draw = city.reveal(draw)
    own = checks.own_record(session, settings, draw, city.codes[7])

    data = bytes.fromhex(H(f"dr1|leaf|{own.salt}|{own.line}")) if by == "class" else own.line.encode()
    path = [bytes.fromhex(step) for step in own.path]
    root = queries.plan_of(draw)["subjects"]["root"]
    assert verify_inclusion(leaf_hash(data), own.index, own.size, path, bytes.fromhex(root))
    assert (before.answer.ticket, before.answer.drawn) == ("", None)
    assert own.answer.drawn is (city.codes[7] in queries.drawn_codes(session, draw))
    assert len(own.answer.ticket) == 64
    with pytest.raises(RecordNotFoundError):
        checks.own_record(session, settings, draw, "nobody")


def test_the_timeline_tells_what_was_and_what_will_be(city):
    draw = city.committed()
    first = queries.timeline(city.session, draw, at=SIGNED)
    city.observe(draw)
    draw = city.reveal(city.run(draw))
    last = queries.timeline(city.session, draw, at=draw.reveal_by)

    assert [(event.kind, event.done) for event in first] == [
        ("committed", True),
        ("due", False),
        ("reveal", False),
    ]
    assert [event.kind for event in last] == ["committed", "due", "observed", "beacon", "result", "open"]
    assert [event.index for event in last if event.index >= 0] == sorted(
        event.index for event in last if event.index >= 0
    )


def test_figures_and_lists_of_the_home_page(city):
    revealed = city.reveal(city.drawn())
    coming = city.committed(
        plan_line="2026-008",
        due=revealed.reveal_by + timedelta(days=1),
        at=revealed.reveal_by,
        signed=revealed.reveal_by,
    )
    voided = city.committed(batch=2, due=hours(900), at=hours(800), signed=hours(801))
    city.void(voided, hours(802))

    counts = queries.counts(city.session, year=2026)
    assert (counts.draws, counts.tasks, counts.voids, counts.failures, counts.waiting) == (3, 6, 1, 0, 1)
    assert [row.number for row in queries.next_draws(city.session, at=hours(0))] == [coming.number]
    assert [row.number for row in queries.latest_draws(city.session)] == [voided.number, revealed.number]
    assert len(queries.draws(city.session)) == 3
    assert queries.counts(city.session, year=2025).draws == 0
    assert queries.draws(city.session, body_id=city.body.id + 1) == []
    assert len(queries.draws_of_body(city.session, [city.body.id])) == 3


def test_a_draw_in_preparation_is_unknown_to_the_public(city):
    draw = city.prepare()

    with pytest.raises(DrawNotFoundError):
        queries.public_draw(city.session, draw.number)
    with pytest.raises(DrawNotFoundError):
        queries.draw(city.session, "X-9")


def test_the_year_of_the_figures_begins_at_midnight_in_shanghai(city):
    last = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    for due in (last, last + timedelta(seconds=1)):
        wish = {"due": due, "at": due - timedelta(hours=3), "on": DUE.date()}
        plan_line = "2026-007" if due == last else "2026-008"
        city.committed(signed=due - timedelta(hours=2), plan_line=plan_line, **wish)

    assert [queries.counts(city.session, year=year).draws for year in (2025, 2026, 2027)] == [0, 1, 1]


def test_a_bundle_has_the_same_bytes_until_there_is_a_new_entry(city):
    draw = city.drawn()
    path = bundles.bundle(city.session, draw, settings=city.settings)
    data = path.read_bytes()
    path.unlink()
    city.committed(plan_line="2026-008", due=hours(5), at=hours(1), signed=hours(1))

    assert bundles.bundle(city.session, draw, settings=city.settings).read_bytes() == data
    draw = city.reveal(draw)
    assert bundles.bundle(city.session, draw, settings=city.settings).read_bytes() != data
    with zipfile.ZipFile(bundles.bundle(city.session, draw, settings=city.settings)) as archive:
        kinds = [item["entry"]["type"] for item in json.loads(archive.read("log.json"))["entries"]]
    assert kinds == ["list", "key", "key", "plan", "observed", "beacon", "result", "open"]


def test_the_auditors_bundle_is_a_file_of_its_own_that_is_not_kept(city):
    draw = city.reveal(city.drawn())

    paths = [
        services.auditor_bundle(city.session, draw.number, settings=city.settings, by="a", at=hours(800))
        for _ in range(2)
    ]

    assert paths[0] != paths[1]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert {path.parent.stat().st_mode & 0o777 for path in paths} == {0o700}
    assert not list((city.settings.data_dir / "bundles").glob("whole*"))
    assert sweep(city.settings, at=clock.now() + timedelta(minutes=2)) == 2
    assert not any(path.exists() for path in paths)


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_holds_is_not(settings):
    with workplace(settings) as living:
        left = new_folder(settings)
        (left / "subjects").write_text("plain")

        assert sweep(settings, at=clock.now()) == 0
        assert sweep(settings, at=clock.now() + timedelta(minutes=2)) == 1
        assert (living.exists(), left.exists()) == (True, False)
    assert not living.exists()


def test_old_bundles_of_a_draw_do_not_fill_the_disk(city):
    draw = city.committed()
    paths = [bundles.bundle(city.session, draw, settings=city.settings)]
    for change in (city.observe, city.run, city.reveal):
        draw = change(draw)
        paths.append(bundles.bundle(city.session, draw, settings=city.settings))

    assert [path.exists() for path in paths] == [False, False, True, True]
