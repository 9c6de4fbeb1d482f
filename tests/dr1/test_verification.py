"""Bundles in all their variants are verified in numbered checks; nothing in them can be changed unseen."""

import functools
import importlib.util
import itertools
import json
import sys
import zipfile
from datetime import datetime

import pytest
from dr1 import bundles
from dr1.bundles import DICE, LATE, REVEALED, VARIANTS, Swap, fixed, private_key, public_key

from doublerandom.dr1.bundle import write_bundle
from doublerandom.dr1.verification import Status, verify_bundle
from doublerandom.dr1.verification.report import TITLES

JSON_ENDINGS = (".json", ".jsonl")


@functools.cache
def built(variant: str) -> bundles.Bundle:
    """A variant of the factory, made once: nobody changes it."""
    return bundles.build(variant)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
def verify(tmp_path):
    """Verify a bundle as a directory, at a time, with what the asker brings."""
    numbers = itertools.count()

    def run(bundle: bundles.Bundle, now: str = REVEALED, **outside):
        return verify_bundle(bundle.write(tmp_path / str(next(numbers))), moment(now), **outside)

    return run


@pytest.fixture(scope="module")
def standalone():
    """The program that every bundle carries, as a module."""
    spec = importlib.util.spec_from_file_location("standalone_verify", bundles.VERIFY_PY)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def not_checkable(report) -> set[int]:
    return {check.number for check in report.checks if check.status is Status.NOT_CHECKABLE}


class TestVariants:
    @pytest.mark.parametrize(
        "expected", VARIANTS, ids=lambda expected: f"{expected.variant}-{expected.now[:10]}"
    )
    def test_every_variant_comes_out_as_the_protocol_says(self, verify, expected):
        report = verify(built(expected.variant), expected.now)

        open_ = set(expected.open)
        assert not_checkable(report) == open_
        assert (report.exit_status == 1) == (expected.exit == 1)
        assert report.exit_status == (1 if report.failures else 2 if open_ else 0)

    @pytest.mark.parametrize(
        "expected", VARIANTS, ids=lambda expected: f"{expected.variant}-{expected.now[:10]}"
    )
    def test_the_standalone_program_agrees(self, verify, standalone, expected):
        bundle = built(expected.variant)

        ours = verify(bundle, expected.now)
        theirs = standalone.verify(bundle.files, now=expected.now)

        differing = {
            check.number
            for check, other in zip(ours.checks, theirs, strict=True)
            if (check.number, str(check.status)) != (other.number, other.state)
        }
        assert differing == set()

    def test_a_zip_and_its_directory_are_the_same(self, tmp_path):
        bundle = built("revealed")
        write_bundle(tmp_path / "ours.zip", bundle.files)
        bundle.zip(tmp_path / "theirs.zip")

        reports = [
            verify_bundle(path, moment(REVEALED))
            for path in (tmp_path / "ours.zip", tmp_path / "theirs.zip", bundle.write(tmp_path / "unpacked"))
        ]

        assert reports[0] == reports[1] == reports[2]
        assert reports[0].draw == bundle.plan["draw"]

    def test_a_checkpoint_may_stand_as_its_lines(self, verify):
        bundle = bundles.build("witnessed", checkpoint_lines=True)

        assert verify(bundle).exit_status == 2

    def test_every_check_has_a_title_and_a_detail_in_both_languages(self, verify):
        report = verify(built("revealed"))

        assert [check.number for check in report.checks] == list(TITLES)
        for check in report.checks:
            assert check.title_zh
            assert check.title_en
            assert check.detail_zh
            assert check.detail_en

    def test_the_clock_is_asked_where_no_moment_is_given(self, tmp_path):
        path = built("committed").write(tmp_path / "b")

        assert verify_bundle(path).exit_status == 1  # long past its reveal_by


def other_character(character: str, turn: int) -> str:
    """Another character of the same kind, so that most changes keep the file well formed."""
    for kind in ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        if character in kind:
            return kind[(kind.index(character) + 1 + turn % (len(kind) - 1)) % len(kind)]
    return "x" if character != "x" else "y"


class TestEverySingleCharacter:
    SMALL = ("beacon.json", "keys.json", "result.json", "rules.json", "secrets.json")

    def changed(self, tmp_path, bundle, names, step, now=REVEALED):
        """Yield each changed text's place and report."""
        folder = bundle.write(tmp_path / "b")
        for name in names:
            text = bundle.files[name].decode()
            for place in range(0, len(text), step):
                other = other_character(text[place], place)
                (folder / name).write_bytes((text[:place] + other + text[place + 1 :]).encode())
                yield (name, place, other), verify_bundle(folder, moment(now))
            (folder / name).write_bytes(bundle.files[name])

    @pytest.mark.parametrize("name", SMALL)
    def test_every_character_of_the_small_files_counts(self, tmp_path, name):
        for change, report in self.changed(tmp_path, built("dice"), (name,), 1):
            assert report.exit_status == 1, change
            assert report.failures, change

    @pytest.mark.parametrize(
        ("variant", "names", "step"),
        [
            (
                "dice",
                ("plan.json", "signatures.json", "tasks.jsonl", "inspectors.jsonl", "conflicts.jsonl"),
                19,
            ),
            ("dice", ("log.json", "subjects.jsonl"), 41),
            ("revealed", ("beacon.json",), 7),
            ("empty_seats", ("result.json",), 11),
            ("level_c", ("signatures.json",), 17),
        ],
    )
    def test_characters_of_the_other_files_count_too(self, tmp_path, variant, names, step):
        for change, report in self.changed(tmp_path, built(variant), names, step):
            assert report.exit_status == 1, change

    def test_characters_of_replacements_count_too(self, tmp_path):
        for change, report in self.changed(tmp_path, built("replaced"), ("replacements.jsonl",), 13, LATE):
            assert report.exit_status == 1, change

    def test_a_changed_witness_is_no_evidence(self, tmp_path):
        """Whoever does not know the witness cannot tell a changed cosignature from another witness's."""
        bundle, vkey = built("witnessed"), bundles.witness_vkey("witness.example")
        folder = bundle.write(tmp_path / "b")
        data = bundle.files["witness.json"]

        for place in range(0, len(data), 29):
            other = other_character(chr(data[place]), place).encode()
            (folder / "witness.json").write_bytes(data[:place] + other + data[place + 1 :])
            report = verify_bundle(folder, moment(REVEALED), witnesses=(vkey,))
            assert report.failures or report[4].status is Status.NOT_CHECKABLE, place

    @pytest.mark.parametrize("name", [name for name in built("dice").files if name.endswith(JSON_ENDINGS)])
    def test_a_character_more_or_less_counts(self, verify, name):
        data = built("dice").files[name]

        for place in (0, 1, len(data) // 2, len(data) - 2, len(data) - 1):
            for changed in (data[:place] + data[place + 1 :], data[:place] + b" " + data[place:]):
                assert verify(built("dice").replaced(name, changed)).failures

    @pytest.mark.parametrize("name", [name for name in built("dice").files if name.endswith(JSON_ENDINGS)])
    def test_a_file_emptied_or_filled_with_something_else_counts(self, verify, name):
        for data in (
            b"",
            b"\n",
            b"{}\n",
            b"[]\n",
            b"null\n",
            b"1\n",
            b'"x"\n',
            b"\xff\n",
            b"[" * 2000 + b"\n",
        ):
            if name == "conflicts.jsonl" and not data:
                continue
            report = verify(built("dice").replaced(name, data))
            assert report.exit_status == 1, (name, data)


def drop(name):
    return lambda value: value.pop(name) and None


class TestForm:
    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("plan.json", lambda plan: {**plan, "extra": 1}),
            ("signatures.json", lambda value: [{**one, "extra": "x"} for one in value]),
            ("keys.json", lambda value: {**value, "subjects": "00" * 32}),
            ("result.json", lambda value: {**value, "empty_seats": []}),
            ("secrets.json", lambda value: value[::-1]),
            ("log.json", lambda value: {**value, "extra": 1}),
            ("tasks.jsonl", lambda value: value[::-1]),
            ("tasks.jsonl", lambda value: value[:-1]),
            ("tasks.jsonl", lambda value: [*value, value[-1]]),
            ("signatures.json", lambda value: value[:1]),
            ("signatures.json", lambda value: value[::-1]),
            ("signatures.json", lambda value: [*value, value[0]]),
            ("subjects.jsonl", lambda value: value[::-1]),
            ("subjects.jsonl", lambda value: [value[0], *value]),
            ("inspectors.jsonl", lambda value: value[1:]),
            ("conflicts.jsonl", lambda value: []),
            ("beacon.json", lambda value: [*value, value[0]]),
            ("beacon.json", lambda value: []),
        ],
    )
    def test_no_file_may_say_anything_else(self, verify, name, change):
        assert verify(built("dice").edited(name, change)).exit_status == 1

    @pytest.mark.parametrize("name", ["other.json", "PLAN.JSON", "notes.txt"])
    def test_other_files_are_refused(self, verify, name):
        report = verify(built("dice").replaced(name, b"x"))

        assert report.failures == (1,)
        assert report[1].code == "bundle_name"

    @pytest.mark.parametrize(
        ("variant", "name"),
        [
            ("dice", "subjects.leaves"),
            ("closed_public", "inspectors.leaves"),
            ("closed_public", "tasks.jsonl"),
            ("closed_public", "result.json"),
            ("closed_auditor", "subjects.leaves"),
            ("rehearsal_dice", "replacements.jsonl"),
        ],
    )
    def test_files_that_have_no_place_in_this_bundle_are_refused(self, verify, variant, name):
        assert 1 in verify(built(variant).replaced(name, b""), LATE).failures

    def test_closed_pools_are_all_shown_or_all_withheld(self, verify):
        auditors = built("closed_auditor")
        leaves = built("closed_public").files["subjects.leaves"]
        mixed = auditors.replaced("subjects.jsonl", None).replaced("subjects.leaves", leaves)

        assert 1 in verify(mixed, LATE).failures

    def test_a_bundle_without_its_plan_fails(self, verify):
        report = verify(built("dice").replaced("plan.json", None))

        assert report.failures == (1,)
        assert report.draw == ""

    def test_a_rule_set_other_than_the_plans_fails(self, verify):
        assert (
            verify(built("dice").edited("rules.json", lambda rules: {**rules, "more": 1}))[1].code
            == "rules_differ"
        )

    def test_what_cannot_be_opened_fails(self, tmp_path):
        (tmp_path / "b.zip").write_bytes(b"no zip")

        for path in (tmp_path / "b.zip", tmp_path / "missing"):
            report = verify_bundle(path)
            assert (report.exit_status, report.failures) == (1, (1,))

    def test_a_damaged_archive_fails(self, tmp_path):
        path = built("dice").zip(tmp_path / "b.zip")
        path.write_bytes(path.read_bytes().replace(b'"drawn"', b'"drawm"'))

        assert verify_bundle(path, moment(REVEALED))[1].code == "bundle_unreadable"

    def test_one_name_twice_in_an_archive_fails(self, tmp_path):
        path = built("dice").zip(tmp_path / "b.zip")
        with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("plan.json", built("dice").files["plan.json"])

        assert verify_bundle(path, moment(REVEALED))[1].code == "bundle_name"

    @pytest.mark.parametrize("now", [REVEALED, LATE])
    @pytest.mark.parametrize("name", [name for name in built("dice").files if name.endswith(JSON_ENDINGS)])
    def test_what_is_absent_though_it_was_opened_has_failed(self, verify, name, now):
        assert verify(built("dice").replaced(name, None), now).failures

    @pytest.mark.parametrize("name", ["signatures.json", "rules.json", "log.json", "subjects.jsonl"])
    def test_what_is_public_from_the_commitment_on_must_be_there_when_the_randomness_is_due(
        self, verify, name
    ):
        without = built("committed").replaced(name, None)

        assert verify(without, bundles.BEFORE_DUE).failures == ()
        assert verify(without, bundles.AFTER_DUE).failures

    def test_what_need_not_be_public_yet_is_not_missed(self, verify):
        assert verify(built("drawn").replaced("beacon.json", None), bundles.AFTER_DUE).failures == ()


class TestSignatures:
    def test_a_plan_signed_twice_by_one_person_is_refused(self, verify):
        bundle = bundles.build("dice", signers=(("operator", "li-na"), ("supervisor", "li-na")))

        assert 2 in verify(bundle).failures

    def test_two_persons_with_one_key_are_refused(self, verify):
        def one_key(entries):
            return [
                {**e, "key": public_key("li-na")} if e.get("person") == "wang-wei" else e for e in entries
            ]

        def sign_with_it(signatures):
            text = b"dr1|plan|" + bundles.canon(bundle.plan)
            signatures[1] |= {"key": public_key("li-na"), "signature": private_key("li-na").sign(text).hex()}

        bundle = bundles.build("dice", entries=one_key)

        report = verify(bundle.edited("signatures.json", sign_with_it))
        assert report[2].code == "key_shared"

    @pytest.mark.parametrize(
        "change",
        [{"role": "head"}, {"person": "zhao"}, {"until": "2023-09-15T09:41:07Z"}, {"key": fixed("x")}],
    )
    def test_the_log_lists_the_signers_key_for_the_role_and_in_force(self, verify, change):
        def changed(entries):
            return [{**e, **change} if e.get("person") == "wang-wei" else e for e in entries]

        try:
            bundle = bundles.build("dice", entries=changed)
        except ValueError:
            pytest.skip("no key")

        assert 2 in verify(bundle).failures or 1 in verify(bundle).failures

    def test_a_key_listed_after_the_plan_does_not_count(self, verify):
        def later(entries):
            keys = [e for e in entries if e.get("person") == "li-na"]
            rest = [e for e in entries if e.get("person") != "li-na"]
            return [*rest, *({**key, "at": "2023-11-20T00:00:00Z"} for key in keys)]

        assert verify(bundles.build("dice", entries=later)).failures == (2,)

    def test_at_level_c_every_party_signs_with_its_own_key_of_its_own_body(self, verify):
        def another_body(entries):
            return [{**e, "body": "hz-scjg"} if e.get("person") == "notary" else e for e in entries]

        assert verify(bundles.build("level_c", entries=another_body)).failures == (2,)
        assert 2 in verify(built("level_c").edited("signatures.json", lambda value: value[:-1])).failures


class TestLog:
    def test_a_second_result_for_one_plan_is_refused(self, verify):
        def twice(entries):
            place = next(n for n, entry in enumerate(entries) if entry["type"] == "result")
            return [
                *entries[: place + 1],
                {**entries[place], "result_root": fixed("other")},
                *entries[place + 1 :],
            ]

        report = verify(bundles.build("dice", entries=twice))

        assert 13 in report.failures
        assert report[13].code == "entry_repeated"

    @pytest.mark.parametrize("kind", ["plan", "beacon", "open", "observed"])
    def test_nothing_else_stands_twice(self, verify, kind):
        def twice(entries):
            return [copy for entry in entries for copy in ([entry] * 2 if entry["type"] == kind else [entry])]

        assert 13 in verify(bundles.build("dice", entries=twice)).failures

    def test_time_never_falls(self, verify):
        assert 13 in verify(bundles.build("dice", at={"open": "2023-09-15T11:00:30Z"})).failures

    @pytest.mark.parametrize("change", [{"seq": 2}, {"issuer": "nb-scjg"}])
    def test_the_plans_entry_says_what_the_plan_says(self, verify, change):
        def changed(entries):
            return [
                {**e, **change} if e.get("draw") == "HZ-2023-000001" and e["type"] == "plan" else e
                for e in entries
            ]

        assert verify(bundles.build("dice", entries=changed)).failures

    def test_a_plan_logged_at_due_is_late(self, verify):
        late = bundles.build("dice", at={"plan": "2023-09-15T11:00:00Z", "note": "2023-09-15T11:00:00Z"})

        report = verify(late)

        assert 4 in report.failures
        assert report[4].code == "logged_late"

    def test_a_result_beyond_its_time_is_late(self, verify):
        at = {"result": "2023-09-15T12:00:01Z"}

        assert verify(bundles.build("dice", at=at))[11].code == "result_late"

    def test_a_late_round_moves_the_time_of_the_result(self, verify):
        at = dict.fromkeys(("observed", "beacon"), "2023-09-15T11:30:00Z")

        in_time = verify(bundles.build("revealed", at={**at, "result": "2023-09-15T12:30:00Z"}))
        late = verify(bundles.build("revealed", at={**at, "result": "2023-09-15T12:30:01Z"}))

        assert in_time.failures == ()
        assert late.failures == (11,)

    def test_a_beacon_after_72_hours_fails(self, verify):
        at = dict.fromkeys(("observed", "beacon", "result"), "2023-09-18T11:00:01Z")

        assert 6 in verify(bundles.build("revealed", at=at)).failures

    def test_beside_drand_the_dice_are_logged_before_due(self, verify):
        def late(entries):
            return [
                {**e, "at": "2023-09-15T11:00:00Z"} if e["type"] == "observed" and e["n"] else e
                for e in entries
            ]

        assert 6 in verify(bundles.build("mixed", entries=late)).failures

    def test_another_beacon_or_observation_in_the_log_fails(self, verify):
        def another(kind, **change):
            return lambda entries: [{**e, **change} if e["type"] == kind else e for e in entries]

        assert verify(bundles.build("dice", entries=another("beacon", beacon="dice:d10:1"))).failures == (6,)
        assert 6 in verify(bundles.build("dice", entries=another("observed", value={"rolls": [1]}))).failures
        assert 6 in verify(bundles.build("dice", entries=another("observed", n=1))).failures

    def test_other_counts_or_roots_in_the_log_fail(self, verify):
        def another(**change):
            return lambda entries: [{**e, **change} if e["type"] == "result" else e for e in entries]

        for change in ({"result_root": fixed("x")}, {"count": 4}, {"empty_seats": 2}):
            assert verify(bundles.build("dice", entries=another(**change))).failures == (11,)

    def test_the_log_opens_the_same_secrets_and_keys(self, verify):
        def another(**change):
            return lambda entries: [{**e, **change} if e["type"] == "open" else e for e in entries]

        assert 7 in verify(bundles.build("dice", entries=another(secrets=[]))).failures
        assert 7 in verify(bundles.build("dice", entries=another(keys={}))).failures

    def test_an_outcome_is_of_somebody_drawn(self, verify):
        def another(entries):
            return [{**e, "subject": "S0002"} if e["type"] == "outcome" else e for e in entries]

        assert verify(bundles.build("dice", entries=another))[13].code == "outcome_of_nobody"

    def test_after_the_reveal_every_drawn_subject_has_an_outcome(self, verify):
        bundle = bundles.build("dice", outcomes=False)

        assert verify(bundle, REVEALED).failures == ()
        assert verify(bundle, LATE).failures == (13,)
        assert verify(bundle, LATE)[13].code == "no_outcome"

    def test_a_void_after_a_visit_fails(self, verify):
        def voided(entries):
            ours = next(e for e in entries if e["type"] == "result")
            void = {key: ours[key] for key in ("draw", "plan_hash")}
            return [
                *entries,
                {**void, "type": "void", "at": "2023-11-20T00:00:00Z", "reason": "late-thought"},
            ]

        assert verify(bundles.build("dice", entries=voided), LATE)[13].code == "void_after_visit"

    def test_a_void_names_the_root_that_would_have_been(self, verify):
        def another(entries):
            return [{**e, "would_be_root": fixed("x")} if e["type"] == "void" else e for e in entries]

        assert verify(bundles.build("void_after", entries=another), LATE).failures == (11,)

    def test_an_entry_that_mixes_draws_fails(self, verify):
        def mixed(entries):
            return [{**e, "draw": "HZ-2023-000007"} if e["type"] == "beacon" else e for e in entries]

        bundle = bundles.build("dice", entries=mixed)
        ours = next(n for n, e in enumerate(bundle.log.entries) if e["type"] == "beacon")
        item = {"index": ours, "entry": bundle.log.entries[ours], "proof": bundle.log.inclusion(ours)}

        def with_it(log):
            log["entries"] = sorted([*log["entries"], item], key=lambda one: one["index"])

        assert verify(bundle.edited("log.json", with_it))[3].code == "draw_differs"

    def test_nothing_of_a_draw_precedes_its_plan(self, verify):
        def early(entries):
            plan = next(e for e in entries if e["type"] == "plan" and e["draw"] == "HZ-2023-000001")
            void = {
                "type": "void",
                "at": plan["at"],
                "reason": "x",
                "draw": plan["draw"],
                "plan_hash": plan["plan_hash"],
            }
            place = entries.index(plan)
            return [*entries[:place], void, *entries[place:]]

        def without_plan(log):
            log["entries"] = [one for one in log["entries"] if one["entry"]["type"] != "plan"]

        assert verify(bundles.build("dice", entries=early))[3].code == "before_plan"
        assert verify(built("dice").edited("log.json", without_plan))[3].code == "before_plan"

    def test_entries_stand_in_order(self, verify):
        def reversed_(log):
            log["entries"].reverse()

        assert verify(built("dice").edited("log.json", reversed_))[3].code == "entries_unordered"

    @pytest.mark.parametrize(
        ("kind", "after", "code", "number"),
        [
            ("beacon", "result", "result_before_beacon", 11),
            ("observed", "beacon", "observed_after", 6),
        ],
    )
    def test_things_happen_in_their_order(self, verify, kind, after, code, number):
        def moved(entries):
            one = next(e for e in entries if e["type"] == kind)
            rest = [e for e in entries if e is not one]
            place = next(n for n, e in enumerate(rest) if e["type"] == after)
            return [*rest[: place + 1], {**one, "at": rest[place]["at"]}, *rest[place + 1 :]]

        assert verify(bundles.build("dice", entries=moved))[number].code == code

    def test_nothing_is_opened_before_the_result_is_fixed(self, verify):
        def early(entries):
            opened = next(e for e in entries if e["type"] == "open")
            rest = [e for e in entries if e is not opened]
            place = next(n for n, e in enumerate(rest) if e["type"] == "result")
            return [*rest[:place], {**opened, "at": rest[place]["at"]}, *rest[place:]]

        assert verify(bundles.build("dice", entries=early))[11].code == "opened_early"

    @pytest.mark.parametrize(("hashed", "failures"), [(fixed("other"), (13,)), (fixed("first"), ())])
    def test_the_plan_names_the_plan_before_it(self, verify, hashed, failures):
        bundle = bundles.build("dice", plan={"seq": 2, "previous": fixed("first")})
        before = {
            "type": "plan",
            "at": "2023-08-01T00:00:00Z",
            "issuer": "hz-scjg",
            "seq": 1,
            "draw": "HZ-2023-0",
        }
        log = bundles.Log(bundle.log.origin, [{**before, "plan_hash": hashed}, *bundle.log.entries])

        def grown(value):
            indices = [0, *(one["index"] + 1 for one in value["entries"])]
            value["entries"] = [
                {"index": index, "entry": log.entries[index], "proof": log.inclusion(index)}
                for index in indices
            ]
            value["checkpoint"] = log.checkpoint()

        assert verify(bundle.edited("log.json", grown)).failures == failures

    def test_the_annual_plan_is_published_before(self, verify):
        def later(entries):
            lists = [e for e in entries if e.get("what") == "annual_plan"]
            return [
                *(e for e in entries if e not in lists),
                *({**e, "at": "2023-11-20T00:00:00Z"} for e in lists),
            ]

        assert verify(bundles.build("dice", entries=later))[13].code == "annual_plan_late"

    def test_an_outcome_after_the_reveal_is_too_late(self, verify):
        def late(entries):
            done = [{**e, "at": "2024-01-05T00:00:00Z"} for e in entries if e["type"] == "outcome"]
            return [*(e for e in entries if e["type"] != "outcome"), *done]

        bundle = bundles.build("dice", entries=late, at={"note": "2023-08-31T02:00:00Z"})

        assert 13 in verify(bundle, LATE).failures

    def test_a_void_before_the_result_tells_the_root_in_its_place(self, verify):
        def without_result(entries):
            return [e for e in entries if e["type"] != "result"]

        assert verify(bundles.build("void_after", entries=without_result), LATE).failures == ()

    @pytest.mark.parametrize(("opened", "code"), [(False, "absent"), (True, "absent_though_due")])
    def test_a_void_leaves_no_result_only_until_it_is_opened(self, verify, opened, code):
        def nothing_more(entries):
            return [e for e in entries if e["type"] != "result" and (opened or e["type"] != "open")]

        report = verify(bundles.build("void_before", entries=nothing_more))

        assert report[11].code == code


class TestOwnCheckpoint:
    def test_of_the_same_size_it_is_the_same(self, verify):
        bundle = built("dice")

        assert verify(bundle, checkpoint=bundle.log.checkpoint())[3].status is Status.PASSED

    @pytest.mark.parametrize("size", [1, 5, 11])
    def test_of_another_size_it_needs_the_logs_proof(self, verify, size):
        bundle = built("dice")
        proof = json.dumps({"proof": bundle.log.consistency(size, len(bundle.log.entries))})
        own = bundle.log.checkpoint(size)

        assert verify(bundle, checkpoint=own)[3].status is Status.NOT_CHECKABLE
        assert verify(bundle, checkpoint=own, proof=proof)[3].status is Status.PASSED
        for wrong in ('{"proof": []}', "[]", "nonsense", '{"proof": ["00"]}'):
            assert verify(bundle, checkpoint=own, proof=wrong).failures == (3,)

    def test_a_rewritten_log_is_found(self, verify):
        other = bundles.Log(built("dice").log.origin, [*built("dice").log.entries[:-1], {"rewritten": True}])

        assert verify(built("dice"), checkpoint=other.checkpoint())[3].code == "inconsistent"

    def test_every_log_extends_the_empty_one(self, verify):
        empty = bundles.Log(built("dice").log.origin)

        assert verify(built("dice"), checkpoint=empty.checkpoint(), proof='{"proof":[]}').failures == ()

    @pytest.mark.parametrize("own", ["", "nonsense", "a\n1\nb\n\n"])
    def test_what_is_no_checkpoint_of_this_log_fails(self, verify, own):
        assert verify(built("dice"), checkpoint=own).failures == (3,)


class TestWitness:
    VKEY = bundles.witness_vkey("witness.example")

    def test_a_trusted_witness_before_due_is_outside_evidence(self, verify):
        assert verify(built("witnessed"), witnesses=(self.VKEY,))[4].status is Status.PASSED

    def test_without_a_trusted_key_it_is_not_checkable(self, verify):
        other = bundles.witness_vkey("somebody.example")

        assert verify(built("witnessed"))[4].code == "witness_unknown"
        assert verify(built("witnessed"), witnesses=(other,))[4].code == "witness_unknown"

    def test_a_witnessed_checkpoint_waits_for_the_log_and_needs_its_proof(self, verify):
        def other_key(log):
            log["key"] = public_key("somebody")

        without = built("witnessed").edited("witness.json", lambda value: {"checkpoint": value["checkpoint"]})

        assert verify(built("witnessed").edited("log.json", other_key))[4].code == "waits"
        assert verify(without)[4].code == "no_proof"

    @pytest.mark.parametrize(
        "key", ["", "witness.example", "witness.example+00000000+AAAA", "a+b+c", VKEY.replace("+", "+0", 1)]
    )
    def test_a_key_of_another_form_fails(self, verify, key):
        assert verify(built("witnessed"), witnesses=(key,)).failures == (4,)

    def test_a_witness_who_saw_it_at_due_is_late(self, verify):
        bundle = built("witnessed")
        index = next(n for n, e in enumerate(bundle.log.entries) if e.get("draw") == bundle.plan["draw"])
        late = bundle.log.cosigned(index + 1, "witness.example", 1694775600)

        report = verify(
            bundle.edited("witness.json", lambda value: value | {"checkpoint": late}), witnesses=(self.VKEY,)
        )

        assert report[4].code == "witnessed_late"

    def test_a_checkpoint_before_the_plan_says_nothing(self, verify):
        bundle = built("witnessed")
        early = {"checkpoint": bundle.log.cosigned(2, "witness.example", 1694773800)}

        assert verify(bundle.edited("witness.json", lambda _: early))[4].code == "witness_too_small"

    @pytest.mark.parametrize("change", [{"proof": "x"}, {"proof": ["00"]}, {"extra": 1}, {"checkpoint": 1}])
    def test_a_witnessed_checkpoint_of_another_shape_fails(self, verify, change):
        assert verify(built("witnessed").edited("witness.json", lambda value: value | change)).failures == (
            4,
        )

    def test_evidence_of_another_kind_is_left_to_the_reader(self, verify):
        report = verify(built("witnessed").edited("witness.json", lambda _: {"newspaper": "2023-09-15"}))

        assert report[4].code == "own_clock"


class TestPlanRules:
    """A plan that breaks a rule of its randomness or parties is still read; the right check names it."""

    def test_a_round_that_the_rule_does_not_give_fails_check_6(self, verify):
        source = {**bundles.DRAND, "round": 657414}

        assert verify(bundles.build("revealed", randomness=(source,))).failures == (6,)

    def test_too_few_parties_at_level_c_fail(self, verify):
        assert 6 in verify(bundles.build("level_c", parties=bundles.PARTIES[:2])).failures

    def test_one_party_twice_for_one_purpose_fails_check_7(self, verify):
        twice = (*bundles.Story().parties, ("operator", "hz-scjg"))

        assert 7 in verify(bundles.build("dice", parties=twice)).failures

    @pytest.mark.parametrize("carried", ["S0007", "S9999"])
    def test_where_somebody_carried_cannot_be_drawn_check_9_fails_and_the_deal_waits(self, verify, carried):
        report = verify(bundles.build("superseding", carried=(carried,)), LATE)

        assert report.failures == (9,)
        assert [report[number].code for number in (10, 12)] == ["waits", "waits"]

    @pytest.mark.parametrize(("source", "number"), [({**DICE, "count": 38}, 6), ({**DICE, "sides": 101}, 6)])
    def test_dice_that_no_plan_may_name_fail(self, verify, source, number):
        seen = built("dice").edited("plan.json", lambda plan: plan | {"randomness": [source]})

        assert verify(seen).failures == (1, number) or number in verify(seen).failures

    def test_without_observed_values_level_c_needs_no_beacon_entry(self, verify):
        def without(entries):
            return [e for e in entries if e["type"] != "beacon"]

        assert verify(bundles.build("level_c", entries=without)).failures == ()

    def test_a_deal_without_secrets_is_warned_of(self, verify):
        report = verify(bundles.build("dice", purposes=("subject",)))

        assert report.failures == ()
        assert "the deal has no secrets" in report[14].detail_en

    def test_a_rehearsal_is_never_logged(self, verify):
        def logged(entries):
            return [*entries, {"type": "note", "at": "2023-09-16T00:00:00Z", "text": "x"}]

        bundle = bundles.build("rehearsal_dice", entries=logged)
        index = len(bundle.log.entries) - 1
        item = {"index": index, "entry": bundle.log.entries[index], "proof": bundle.log.inclusion(index)}

        def with_it(log):
            log["entries"].append(item)

        assert verify(bundle.edited("log.json", with_it))[1].code == "rehearsal_logged"

    def test_a_rehearsal_without_a_list_of_keys_leaves_the_signers_open(self, verify):
        report = verify(built("rehearsal_dice").replaced("log.json", None))

        assert report.failures == ()
        assert report[2].code == "no_key_list"


class TestLeaves:
    @pytest.mark.parametrize("change", [lambda leaves: leaves[65:], lambda leaves: leaves[:65] + leaves])
    def test_leaves_give_the_root_each_once_in_order(self, verify, change):
        changed = change(built("closed_public").files["subjects.leaves"])

        assert verify(built("closed_public").replaced("subjects.leaves", changed), LATE).failures == (5,)

    def test_leaves_are_hex(self, verify):
        changed = built("closed_public").files["subjects.leaves"].upper()

        assert verify(built("closed_public").replaced("subjects.leaves", changed), LATE).failures == (1,)


class TestResult:
    def test_another_drawn_list_fails(self, verify):
        def swapped(result):
            return {**result, "drawn": [*result["drawn"][1:], result["drawn"][0]]}

        assert verify(built("dice").edited("result.json", swapped)).failures == (9,)

    def test_a_team_chosen_by_hand_fails_even_where_everything_else_agrees(self, verify):
        def chosen(tasks):
            tasks[0]["team"][1]["inspector"] = "P06"
            return tasks

        assert verify(bundles.build("dice", tasks=chosen)).failures == (10,)

    def test_a_list_chosen_by_hand_fails_even_where_everything_else_agrees(self, verify):
        def chosen(result):
            return {**result, "drawn": sorted(result["drawn"])}

        assert verify(bundles.build("dice", result=chosen)).failures == (9,)

    def test_the_proof_of_an_empty_seat_is_complete(self, verify):
        def shorter(result):
            result["empty_seats"][0]["places"].pop()

        assert verify(built("empty_seats").edited("result.json", shorter)).failures == (10,)

    @pytest.mark.parametrize("strata", [{"low": 3}, {"low": 1, "high": 1}])
    def test_any_sizes_are_verified(self, verify, strata):
        assert verify(bundles.build("dice", take=strata)).failures == ()

    def test_a_ground_told_in_an_open_pool_of_conflicts_fails(self, verify):
        pairs = [{**one, "ground": "spouse"} for one in bundles.Story().conflicts]

        assert verify(bundles.build("dice", conflicts=pairs))[5].code == "ground_told"

    def test_nobody_drawn_twice_by_a_wrong_count_of_a_stratum(self, verify):
        def fewer(plan):
            plan["strata"][0]["excluded"] = 2

        assert set(verify(built("dice").edited("plan.json", fewer)).failures) & {1, 5}


class TestReplacements:
    @pytest.mark.parametrize(
        "change",
        [
            lambda lines: lines[:-1],
            lambda lines: lines[::-1],
            lambda lines: [*lines, lines[-1]],
            lambda lines: [{**lines[0], "conflicts": ["P04:S0016", "P06:S0001"]}, *lines[1:]],
            lambda lines: [*lines[:2], {**lines[2], "conflicts": ["P09:S0001"]}, *lines[3:]],
            lambda lines: [{**lines[0], "new": "P06"}, *lines[1:]],
            lambda lines: [{**lines[0], "seat": 2}, *lines[1:]],
            lambda lines: [{**lines[0], "reason": "other"}, *lines[1:]],
            lambda lines: [{**lines[0], "salt": fixed("x")}, *lines[1:]],
            lambda lines: [lines[0], {**lines[1], "new": "S0002"}, *lines[2:]],
            lambda lines: [lines[0], {**lines[1], "conflicts": ["P05:" + lines[1]["new"]]}, *lines[2:]],
            lambda lines: [lines[0], {**lines[1], "old": "S0002"}, *lines[2:]],
        ],
    )
    def test_another_replacement_than_the_order_gives_fails(self, verify, change):
        assert verify(built("replaced").edited("replacements.jsonl", change), LATE).failures in {(12,), (1,)}

    @pytest.mark.parametrize(
        "change",
        [{"n": 9}, {"what": "direct"}, {"old": fixed("x")}, {"commitment": fixed("x")}, {"reason": "x"}],
    )
    def test_the_log_has_the_same_replacements(self, verify, change):
        def changed(entries):
            return [{**e, **change} if e["type"] == "replace" and e["n"] == 2 else e for e in entries]

        assert 12 in verify(bundles.build("replaced", entries=changed), LATE).failures

    def test_replacements_that_nobody_logged_fail(self, verify):
        def unlogged(entries):
            return [e for e in entries if e["type"] != "replace"]

        assert 12 in verify(bundles.build("replaced", entries=unlogged), LATE).failures

    def test_a_replacement_before_the_result_fails(self, verify):
        def early(entries):
            replaced = [{**e, "at": "2023-09-15T11:00:08Z"} for e in entries if e["type"] == "replace"]
            rest = [e for e in entries if e["type"] != "replace"]
            place = next(n for n, e in enumerate(rest) if e["type"] == "result")
            return [*rest[:place], *replaced, *rest[place:]]

        assert 12 in verify(bundles.build("replaced", entries=early), LATE).failures

    @pytest.mark.parametrize("seat", [0, 1, 2])
    def test_whoever_falls_ill_is_replaced_in_order(self, verify, seat):
        bundle = bundles.build(
            "dice", swaps=(Swap(0, seat, "ill"), Swap(1, seat, "ill"), Swap(2, None, "moved"))
        )

        assert verify(bundle, LATE).failures == ()


class TestWarnings:
    def test_level_small_pools_late_reveals_and_voids_are_told(self, verify):
        late = bundles.build("dice", at={"open": "2024-01-05T00:00:00Z", "note": "2024-01-06T00:00:00Z"})

        assert verify(built("revealed"))[14].value == "A"
        assert verify(built("dice"))[14].value == "B"
        assert verify(built("level_c"))[14].value == "C"
        assert "small pool" in verify(built("dice"))[14].detail_en
        assert "this draw is void" in verify(built("void_after"))[14].detail_en
        assert "late reveal" in verify(built("committed"), LATE)[14].detail_en
        assert "rehearsal" in verify(built("rehearsal_dice"))[14].detail_en
        assert "replaces the void" in verify(built("superseding"))[14].detail_en
        assert late.plan["randomness"] == [DICE]

    def test_the_fate_of_the_draw_is_told(self, verify):
        assert verify(built("committed"), "2023-09-15T10:30:00Z")[13].value == "live"
        assert verify(built("committed"), "2023-09-15T13:00:00Z")[13].value == "failed"
        assert verify(built("dice"))[13].value == "result"
        assert verify(built("void_before"))[13].value == "void: wrong-scope"
