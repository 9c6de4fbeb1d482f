"""What the independent verifier says of bundles made by hand, of every kind of tampering, and of garbage."""

import ast
import json
import random
import shutil
import subprocess
import sys
import warnings
import zipfile
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from dr1 import bundles
from dr1.bundles import (
    BEFORE_DUE,
    DICE,
    DRAND,
    EXAMPLE,
    KL8,
    LATE,
    REVEALED,
    SSQ,
    VARIANTS,
    Swap,
    build,
    canon,
)

SPEC = spec_from_file_location("standalone_verifier", bundles.VERIFY_PY)
verifier = module_from_spec(SPEC)
SPEC.loader.exec_module(verifier)

DEAL = json.loads((bundles.HERE / "vectors" / "dr1_deal.json").read_text(encoding="utf-8"))
MERKLE = json.loads((bundles.HERE / "vectors" / "rfc6962_merkle.json").read_text(encoding="utf-8"))


def states(bundle, now=REVEALED, **outside):
    return {check.number: check.state for check in verifier.verify(bundle.files, now=now, **outside)}


def failed(bundle, now=REVEALED, **outside):
    """The numbers of the checks that fail."""
    return [number for number, state in states(bundle, now, **outside).items() if state == "failed"]


def run(*arguments, cwd=None):
    command = [sys.executable, "-I", str(bundles.VERIFY_PY), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=cwd)


class TestHonestBundles:
    @pytest.mark.parametrize("expected", VARIANTS, ids=lambda one: f"{one.variant}@{one.now[:10]}")
    def test_every_kind_of_bundle_is_judged_as_section_11_says(self, expected):
        checks = verifier.verify(build(expected.variant).files, now=expected.now)

        assert verifier.exit_status(checks) == expected.exit
        assert tuple(check.number for check in checks if check.state == "not_checkable") == expected.open
        assert [check.number for check in checks] == list(range(1, 15))

    def test_a_checkpoint_written_as_lines_is_the_same_checkpoint(self):
        bundle = build("witnessed", checkpoint_lines=True)

        assert states(bundle) == states(build("witnessed"))

    def test_rehearsals_are_spared_the_checks_of_the_log(self):
        found = states(build("rehearsal_dice"), LATE)

        assert {number for number, state in found.items() if state == "not_applicable"} == {3, 4, 13}

    def test_a_rehearsal_without_the_list_of_keys_leaves_the_signers_open(self):
        found = states(build("rehearsal_dice").replaced("log.json", None), LATE)

        assert [number for number, state in found.items() if state == "not_checkable"] == [2]

    def test_a_public_bundle_tells_nothing_of_closed_subjects_and_still_verifies(self):
        bundle = build("closed_public")

        assert not {"subjects.jsonl", "tasks.jsonl", "result.json"} & set(bundle.files)
        assert failed(bundle, LATE) == []

    def test_an_open_draw_shows_the_drawn_list_before_the_reveal(self):
        checks = verifier.verify(build("open_subjects_drawn").files, now=bundles.AFTER_DUE)

        assert checks[8].state == "not_checkable"
        assert checks[8].value.startswith("5: S00")


class TestKnownAnswers:
    def test_the_worked_example_comes_out_value_by_value(self):
        bundle = build(plan={"rules": EXAMPLE["plan"]["rules"]}).replaced("rules.json", None)

        checks = verifier.verify(bundle.files, now=REVEALED)

        assert bundle.plan == EXAMPLE["plan"]
        assert bundle.json("result.json")["drawn"] == EXAMPLE["drawn"]
        assert bundle.json("result.json")["result_root"] == EXAMPLE["result_root"]
        assert [check.number for check in checks if check.state == "failed"] == [1]
        assert checks[0].zh == "rules.json 已逾期仍未公开"
        assert EXAMPLE["beacon"] == checks[5].value
        assert f"subject {EXAMPLE['seed_subject']}, inspector {EXAMPLE['seed_inspector']}" == checks[7].value
        assert checks[10].value == EXAMPLE["result_root"]

    def test_a_rehearsal_has_another_seed(self):
        bundle = build("rehearsal", plan={"rules": EXAMPLE["plan"]["rules"]}).replaced("rules.json", None)

        checks = verifier.verify(bundle.files, now=REVEALED)

        assert f"subject {EXAMPLE['in_a_rehearsal']['seed_subject']}," in checks[7].value

    def test_the_deal_on_which_misreadings_fail(self):
        deal = verifier.Deal(DEAL["seed"], DEAL["seats"], DEAL["inspectors"], DEAL["conflicts"])
        deal.run([(one["id"], one["region"]) for one in DEAL["subjects_in_order"]])

        names = ["" if i is None else deal.people[i]["id"] for team in deal.teams for i in team]
        assert names == [name for team in DEAL["teams"].values() for name in team]
        assert deal.empty == DEAL["empty_seats"]
        assert dict(zip(deal.number, deal.loads, strict=True)) == DEAL["load_after"]
        assert all(deal.proof_holds(proof) for proof in deal.empty)

    def test_the_plain_deal_of_these_tests_agrees(self):
        pairs = {(one["inspector"], one["subject"]) for one in DEAL["conflicts"]}
        plain = bundles.PlainDeal(
            DEAL["seed"], DEAL["seats"], DEAL["inspectors"], pairs, DEAL["subjects_in_order"]
        ).run()

        assert plain.teams == DEAL["teams"]
        assert plain.empty == DEAL["empty_seats"]

    @pytest.mark.parametrize("without_d", [False, True])
    def test_the_repair_of_the_worked_example(self, without_d):
        repair = EXAMPLE["repair"]
        people = [one for one in repair["inspectors"] if not (without_d and one["id"] == "D")]
        deal = verifier.Deal(repair["seed"], repair["seats"], people, repair["conflicts"])
        deal.run([(subject, "r") for subject in repair["subjects_in_order"]])

        wanted = repair["without_D_teams" if without_d else "teams"]
        teams = [["" if i is None else people[i]["id"] for i in team] for team in deal.teams]
        assert teams == [wanted[subject] for subject in repair["subjects_in_order"]]
        assert deal.empty == (repair["without_D_empty_seats"] if without_d else [])

    def test_a_forged_proof_of_an_empty_seat_does_not_hold(self):
        deal = verifier.Deal(DEAL["seed"], DEAL["seats"], DEAL["inspectors"], DEAL["conflicts"])
        deal.run([(one["id"], one["region"]) for one in DEAL["subjects_in_order"]])

        proof = deal.empty[0]

        assert not deal.proof_holds({**proof, "met": proof["met"][1:]})
        assert not deal.proof_holds({**proof, "places": proof["places"][:-1]})

    def test_random_deals_agree_with_the_plain_one(self):
        draw = random.Random(20230915)
        for number in range(150):
            seats = [
                {"seat": f"s{n}", "skills": draw.sample("ab", draw.randint(0, 1))}
                for n in range(draw.randint(1, 3))
            ]
            people = [
                {
                    "id": f"I{n}", "department": "d",
                    "regions": draw.sample(["r1", "r2"], draw.randint(0, 1)),
                    "skills": draw.sample("ab", draw.randint(0, 2)), "load": draw.randint(0, 1),
                    "capacity": draw.randint(0, 3),
                }
                for n in range(draw.randint(1, 7))
            ]  # fmt: skip
            subjects = [
                {"id": f"S{n}", "region": draw.choice(["r1", "r2"])} for n in range(draw.randint(1, 6))
            ]
            pairs = {(one["id"], two["id"]) for one in people for two in subjects if draw.random() < 0.15}
            plain = bundles.PlainDeal(str(number), seats, people, set(pairs), list(subjects)).run()
            conflicts = [{"inspector": one, "subject": two} for one, two in pairs]
            deal = verifier.Deal(str(number), seats, people, conflicts)
            deal.run([(one["id"], one["region"]) for one in subjects])

            assert [["" if i is None else people[i]["id"] for i in team] for team in deal.teams] == [
                *plain.teams.values()
            ]
            assert deal.empty == plain.empty
            assert all(deal.proof_holds(proof) for proof in deal.empty)

    def test_other_beacon_texts(self):
        for example in EXAMPLE["other_beacon_texts"]:
            assert verifier.beacon_text([example["source"]], [example["seen"]]) == example["text"]

    def test_trees_roots_and_proofs(self):
        log = bundles.Log("x", [{"n": n} for n in range(11)])
        for size in range(1, 12):
            root = bundles.merkle(log.leaves(size))
            assert verifier.merkle_root(log.leaves(size)) == root.hex()
            for first in range(1, size + 1):
                proof = [bytes.fromhex(step) for step in log.consistency(first, size)]
                old = (first, bundles.merkle(log.leaves(first)))
                assert verifier.is_consistent(old, (size, root), proof)
                assert not verifier.is_consistent(old, (size, root[::-1]), proof)
                assert not verifier.is_consistent(old, (size, root), [*proof, root])
                assert not proof or not verifier.is_consistent(old, (size, root), proof[1:])
        assert verifier.merkle_root([]) == MERKLE.get("empty_root", verifier.sha256(""))

    def test_signatures_agree_with_a_library(self):
        draw = random.Random(8032)
        for _ in range(20):
            key = Ed25519PrivateKey.from_private_bytes(draw.randbytes(32))
            public, message = key.public_key().public_bytes_raw().hex(), draw.randbytes(draw.randint(0, 90))
            made = key.sign(message)
            bit = draw.randrange(512)
            bad = bytearray(made)
            bad[bit // 8] ^= 1 << bit % 8
            assert verifier.is_signed(public, message, made.hex())
            assert not verifier.is_signed(public, message, bytes(bad).hex())
            assert not verifier.is_signed(public, message + b"x", made.hex())

    @pytest.mark.parametrize(
        "key",
        [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0200000000000000000000000000000000000000000000000000000000000000",
        ],
    )
    def test_small_order_and_impossible_keys_sign_nothing(self, key):
        neutral = "01" + "00" * 31

        assert not verifier.is_signed(key, b"any", neutral + "00" * 32)

    def test_the_built_in_answers_hold(self):
        assert verifier.self_test() == []

    def test_every_sentence_exists_in_chinese(self):
        tree = ast.parse(bundles.VERIFY_PY.read_text(encoding="utf-8"))
        position = {"need": 1, "RefusedError": 0, "OpenError": 0, "say": 0}
        texts = [
            node.args[position[node.func.id]].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in position
            and isinstance(node.args[position[node.func.id]], ast.Constant)
        ]

        assert len(texts) > 100
        assert [text for text in texts if text not in verifier.CHINESE] == []
        assert [text for text, zh in verifier.CHINESE.items() if text.count("{}") != zh.count("{}")] == []


def character(text, position, draw):
    """Another character for the one that stands there, alike enough to pass a careless reader."""
    old = text[position]
    for group in ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        if old in group and draw.random() < 0.8:
            return draw.choice(group.replace(old, ""))
    return draw.choice([one for one in ' "{}[],:_-.0aZ甲\\\n\x00' if one != old])


class TestEverySingleCharacter:
    @pytest.mark.parametrize(
        ("variant", "name", "step"),
        [
            *(("replaced", name, 5) for name in (
                "signatures.json", "beacon.json", "secrets.json", "keys.json", "result.json", "rules.json",
                "tasks.jsonl", "replacements.jsonl",
            )),
            *(("replaced", name, 11) for name in (
                "plan.json", "subjects.jsonl", "inspectors.jsonl", "conflicts.jsonl",
            )),
            ("replaced", "log.json", 53),
            ("empty_seats", "result.json", 5),
            ("level_c", "signatures.json", 11),
            ("level_c", "secrets.json", 4),
            ("mixed", "beacon.json", 3),
            ("closed_auditor", "keys.json", 2),
            ("closed_public", "secrets.json", 2),
            ("closed_public", "log.json", 97),
            ("void_before", "log.json", 97),
            ("rehearsal", "beacon.json", 3),
            ("rehearsal", "signatures.json", 7),
            ("rehearsal", "log.json", 31),
            ("witnessed", "log.json", 97),
        ],
    )  # fmt: skip
    def test_changing_it_fails_naming_a_check(self, variant, name, step):
        draw = random.Random(f"{variant} {name}")
        bundle = build(variant)
        text = bundle.files[name].decode()
        for position in range(draw.randrange(step), len(text), step):
            new = character(text, position, draw)
            changed = bundle.replaced(name, (text[:position] + new + text[position + 1 :]).encode())

            assert failed(changed, LATE), (
                f"{text[max(0, position - 30) : position]} >{new}< {text[position:][:20]}"
            )

    @pytest.mark.parametrize("name", sorted(set(build("replaced").files) - {"verify.py", "README.txt"}))
    def test_so_does_taking_one_away_or_doubling_it(self, name):
        draw = random.Random(name)
        bundle = build("replaced")
        text = bundle.files[name].decode()
        for position in draw.sample(range(len(text)), 10):
            shorter = bundle.replaced(name, (text[:position] + text[position + 1 :]).encode())
            longer = bundle.replaced(name, (text[:position] + text[position] + text[position:]).encode())

            assert failed(shorter, LATE)
            assert failed(longer, LATE)


def swap_first_two(value):
    value[0], value[1] = value[1], value[0]


def exchange_teams(tasks):
    tasks[0]["team"], tasks[1]["team"] = tasks[1]["team"], tasks[0]["team"]


def drop_last(value):
    value.pop()


def drop_a_place(result):
    drop_last(result["empty_seats"][0]["places"])


def drop_an_outcome(log):
    log["entries"].remove(next(one for one in log["entries"] if one["entry"]["type"] == "outcome"))


def set_to(*path_and_value):
    """A change that puts a value at a path."""
    *path, last, new = path_and_value

    def change(value):
        for step in path:
            value = value[step]
        value[last] = new

    return change


TAMPERED = {
    "signers swapped": ("revealed", "signatures.json", swap_first_two, 2),
    "a signature missing": ("revealed", "signatures.json", drop_last, 2),
    "another person's name": ("revealed", "signatures.json", set_to(0, "person", "li-nb"), 2),
    "a party's signature for another": ("level_c", "signatures.json", set_to(2, "person", "notary"), 2),
    "secrets in another order": ("revealed", "secrets.json", swap_first_two, 7),
    "a secret missing": ("level_c", "secrets.json", drop_last, 7),
    "another secret": ("revealed", "secrets.json", set_to(0, "secret", "ab" * 32), 7),
    "a key more": ("revealed", "keys.json", set_to("subjects", "ab" * 32), 7),
    "a key less": ("revealed", "keys.json", lambda keys: {"tasks": keys["tasks"]}, 7),
    "another task key": ("revealed", "keys.json", set_to("tasks", "ab" * 32), 11),
    "the drawn in another order": ("revealed", "result.json", lambda r: {**r, "drawn": r["drawn"][::-1]}, 9),
    "one drawn less": ("revealed", "result.json", lambda r: {**r, "drawn": r["drawn"][:-1]}, 9),
    "another result root": ("revealed", "result.json", set_to("result_root", "ab" * 32), 11),
    "two teams exchanged": ("revealed", "tasks.jsonl", exchange_teams, 10),
    "tasks in another order": ("revealed", "tasks.jsonl", swap_first_two, 10),
    "a task missing": ("revealed", "tasks.jsonl", drop_last, 10),
    "a proof without its last place": ("empty_seats", "result.json", drop_a_place, 10),
    "an empty seat not told": ("empty_seats", "result.json", lambda r: drop_last(r["empty_seats"]), 10),
    "an empty list of empty seats": ("revealed", "result.json", set_to("empty_seats", []), 1),
    "other rules": ("revealed", "rules.json", set_to("version", 4), 1),
    "another roll": ("dice", "beacon.json", set_to(0, "rolls", 3, 5), 6),
    "a roll too many": ("dice", "beacon.json", lambda b: b[0]["rolls"].append(1), 6),
    "a roll of a larger die": ("dice", "beacon.json", set_to(0, "rolls", 3, 10), 6),
    "a lottery number twice": ("lottery", "beacon.json", set_to(0, "groups", 0, 0, 3), 6),
    "a lottery group of another shape": ("lottery", "beacon.json", lambda b: drop_last(b[0]["groups"][0]), 6),
    "values in another order": ("lottery", "beacon.json", swap_first_two, 6),
    "a drand point not compressed": ("revealed", "beacon.json", set_to(0, "signature", "37" + "13" * 47), 6),
    "a subject more": ("revealed", "subjects.jsonl", lambda s: [*s, {**s[-1], "id": "S0021"}], 5),
    "a subject twice": ("revealed", "subjects.jsonl", lambda s: [*s, s[-1]], 5),
    "subjects in another order": ("revealed", "subjects.jsonl", swap_first_two, 5),
    "a subject in another stratum": ("revealed", "subjects.jsonl", set_to(0, "stratum", "high"), 5),
    "an exclusion lifted": ("revealed", "subjects.jsonl", lambda s: s[6].pop("excluded") and None, 5),
    "a sealed conflict missing": ("revealed", "conflicts.jsonl", drop_last, 5),
    "an inspector's capacity": ("revealed", "inspectors.jsonl", set_to(0, "capacity", 3), 5),
    "a boolean for a number": ("revealed", "inspectors.jsonl", set_to(0, "load", False), 1),
    "a fraction": ("revealed", "inspectors.jsonl", set_to(0, "load", 0.5), 1),
    "a null": ("revealed", "subjects.jsonl", set_to(0, "note", None), 1),
    "a list as an attribute": ("revealed", "subjects.jsonl", set_to(0, "note", []), 1),
    "a conflict under another id": ("revealed", "conflicts.jsonl", set_to(0, "id", "P01:S0003"), 1),
    "a Chinese id": ("revealed", "subjects.jsonl", set_to(0, "id", "甲"), 1),
    "an id too long": ("revealed", "subjects.jsonl", set_to(0, "id", "S" * 32), 1),
    "a direction mark in a name": ("revealed", "subjects.jsonl", set_to(0, "name", "甲\u202e乙"), 1),
    "an unknown member": ("revealed", "result.json", set_to("note", "x"), 1),
    "another index in the log": ("revealed", "log.json", set_to("entries", 0, "index", 2), 3),
    "an entry twice": ("revealed", "log.json", lambda log: log["entries"].append(log["entries"][-1]), 3),
    "a signer's name in the log": ("revealed", "log.json", set_to("entries", 0, "entry", "name", "李某"), 3),
    "another log": ("revealed", "log.json", set_to("origin", "log.nb.example"), 3),
    "another log's key": ("revealed", "log.json", set_to("key", bundles.public_key("x")), 3),
    "an outcome missing": (
        "revealed", "log.json",
drop_an_outcome, 13,
    ),
    "the reserve jumped": ("replaced", "replacements.jsonl", set_to(1, "new", "S0003"), 12),
    "another inspector replaced": ("replaced", "replacements.jsonl", set_to(0, "old", "P05"), 12),
    "another reason": ("replaced", "replacements.jsonl", set_to(0, "reason", "ill"), 12),
    "a conflict that nobody needed": (
        "replaced", "replacements.jsonl", set_to(0, "conflicts", ["P06:S0002"]), 12,
    ),
    "replacements in another order": ("replaced", "replacements.jsonl", swap_first_two, 12),
    "a replacement missing": ("replaced", "replacements.jsonl", drop_last, 12),
    "another salt": ("replaced", "replacements.jsonl", set_to(0, "salt", "ab" * 32), 12),
    "an unsealed witness": ("witnessed", "witness.json", lambda w: {**w, "proof": w["proof"][1:]}, 4),
}  # fmt: skip


class TestTampering:
    @pytest.mark.parametrize("what", TAMPERED)
    def test_it_fails_in_the_check_it_belongs_to(self, what):
        variant, name, change, number = TAMPERED[what]

        assert number in failed(build(variant).edited(name, change), LATE)

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("plan.json", b"\xef\xbb\xbf{}\n"),
            ("plan.json", b"{}"),
            ("plan.json", b""),
            ("plan.json", b"[" * 200000 + b"\n"),
            ("secrets.json", b"[1e5]\n"),
            ("keys.json", b'{"tasks":"x","tasks":"x"}\n'),
            ("beacon.json", b"\xff\xfe\n"),
            ("rules.json", b'{ "version":3}\n'),
            ("rules.json", b'"\\ud800"\n'),
            ("rules.json", b"-0\n"),
            ("rules.json", b"9007199254740992\n"),
            ("rules.json", b'{"Version":3}\n'),
            ("subjects.jsonl", b"\n"),
            ("subjects.jsonl", b"[]\n"),
            ("inspectors.jsonl", b"1\n"),
            ("tasks.jsonl", b"{}\n"),
            ("log.json", b"9" * 9000 + b"\n"),
        ],
    )
    def test_bytes_that_are_not_canonical_fail_the_first_check(self, name, data):
        assert 1 in failed(build().replaced(name, data))

    def test_windows_line_ends_are_refused(self):
        bundle = build()

        assert 1 in failed(
            bundle.replaced("subjects.jsonl", bundle.files["subjects.jsonl"].replace(b"\n", b"\r\n"))
        )

    @pytest.mark.parametrize(
        "name", ["notes.txt", "subjects.leaves", "Plan.json", "a/plan.json", "plan.json~", ""]
    )
    def test_a_file_that_has_no_place_there_is_refused(self, name):
        assert failed(build().replaced(name, b"")) == [1]

    @pytest.mark.parametrize("name", ["tasks.jsonl", "result.json"])
    def test_what_closed_subjects_withhold_must_not_be_there(self, name):
        secret = build("closed_auditor").files[name]

        assert 1 in failed(build("closed_public").replaced(name, secret))

    @pytest.mark.parametrize(
        "name", sorted(set(build("replaced").files) - {"verify.py", "README.txt", "witness.json"})
    )
    def test_after_the_reveal_no_file_may_be_absent(self, name):
        assert failed(build("replaced").replaced(name, None), LATE)

    def test_random_bytes_never_make_a_traceback(self):
        draw = random.Random(1)
        bundle = build("replaced")
        for name in sorted(bundle.files):
            if name not in ("verify.py", "README.txt"):
                for _ in range(8):
                    data = bytearray(bundle.files[name])
                    for _ in range(draw.randint(1, 9)):
                        data[draw.randrange(len(data))] = draw.randrange(256)
                    assert failed(bundle.replaced(name, bytes(data)), LATE)


def later(kind, at):
    """A hook that gives entries of a type another time and puts the log in order of time again."""

    def change(entries):
        moved = [
            {**one, "at": at} if one["type"] == kind and one.get("draw", "").startswith("HZ") else one
            for one in entries
        ]
        return sorted(moved, key=lambda one: one["at"])

    return change


def twice(kind, **members):
    """A hook that enters another entry of a type after the first."""

    def change(entries):
        found = next(
            n for n, one in enumerate(entries) if one["type"] == kind and one.get("draw", "").startswith("HZ")
        )
        return [*entries[: found + 1], {**entries[found], **members}, *entries[found + 1 :]]

    return change


def without(kind, **members):
    def change(entries):
        return [
            one for one in entries if one["type"] != kind or any(one.get(k) != v for k, v in members.items())
        ]

    return change


class TestTheLog:
    """Here the log itself is honest about a dishonest course of things: proofs and checkpoint hold."""

    @pytest.mark.parametrize(
        ("variant", "entries", "number"),
        [
            ("revealed", twice("result", result_root="ab" * 32), 13),
            ("revealed", twice("plan"), 13),
            ("revealed", twice("plan", plan_hash="ab" * 32), 1),
            ("revealed", twice("plan", draw="HZ-2", plan_hash="ab" * 32), 13),
            ("revealed", twice("beacon"), 13),
            ("revealed", twice("open"), 13),
            ("dice", twice("observed"), 6),
            ("dice", later("observed", "2023-09-15T11:00:08Z"), 6),
            ("mixed", later("observed", "2023-09-15T11:00:00Z"), 6),
            ("mixed", without("observed", n=1), 6),
            ("revealed", later("beacon", "2023-09-15T10:59:59Z"), 6),
            ("revealed", later("beacon", "2023-09-18T11:00:01Z"), 6),
            ("revealed", later("result", "2023-09-15T12:00:08Z"), 11),
            ("dice", later("result", "2023-09-15T12:00:01Z"), 11),
            ("revealed", later("plan", "2023-09-15T11:00:00Z"), 4),
            ("revealed", without("key", role="supervisor"), 2),
            ("revealed", without("beacon"), 6),
            ("revealed", without("result"), 11),
            ("revealed", without("open"), 7),
            ("revealed", without("plan"), 3),
            ("revealed", later("open", "2023-09-15T11:00:30Z"), 11),
            ("revealed", later("outcome", "2023-12-31T00:00:01Z"), 13),
            ("revealed", twice("outcome", subject="S0007"), 13),
            ("void_after", twice("void", would_be_root="ab" * 32), 11),
            ("revealed", lambda entries: [*entries, {**entries[-1], "at": "2023-09-16T00:00:00Z"}], 3),
            ("revealed", lambda entries: entries[::-1], 3),
            ("revealed", lambda entries: [*entries, {**entries[-1], "type": "gift"}], 1),
            ("replaced", without("replace", n=2), 12),
        ],
    )
    def test_a_dishonest_course_of_things_fails(self, variant, entries, number):
        assert number in failed(build(variant, entries=entries), LATE)

    def test_a_late_beacon_gives_the_result_its_hour(self):
        def late(entries):
            entries = later("beacon", "2023-09-15T14:00:00Z")(entries)
            return later("result", "2023-09-15T15:00:00Z")(later("observed", "2023-09-15T13:59:00Z")(entries))

        assert failed(build(entries=late), LATE) == []

    @pytest.mark.parametrize("until", ["2023-09-15T09:41:07Z", "2023-01-01T00:00:00Z"])
    def test_a_key_that_had_run_out_signs_nothing(self, until):
        def change(entries):
            return [{**one, "until": until} if one.get("person") == "li-na" else one for one in entries]

        assert failed(build(entries=change)) == [2]

    def test_a_key_listed_after_the_plan_signs_nothing(self):
        def change(entries):
            key = next(one for one in entries if one.get("person") == "li-na")
            rest = [one for one in entries if one is not key]
            plan = next(n for n, one in enumerate(rest) if one.get("issuer") == "hz-scjg")
            return [*rest[: plan + 1], {**key, "at": rest[plan]["at"]}, *rest[plan + 1 :]]

        assert failed(build(entries=change)) == [2]

    @pytest.mark.parametrize(
        "signers",
        [
            (("operator", "li-na"), ("supervisor", "li-na")),
            (("supervisor", "li-na"), ("operator", "wang-wei")),
            (("operator", "li-na"), ("operator", "wang-wei")),
        ],
    )
    def test_a_plan_needs_two_persons_in_two_roles(self, signers):
        assert 2 in failed(build(signers=signers))

    def test_two_persons_with_one_key_are_one(self, monkeypatch):
        monkeypatch.setattr(
            bundles, "private_key", lambda _name: Ed25519PrivateKey.from_private_bytes(b"k" * 32)
        )
        monkeypatch.setattr(bundles, "public_key", bundles.public_key.__wrapped__)

        assert failed(build()) == [2]

    def test_a_rehearsal_in_the_log_fails(self):
        def change(entries):
            return [*entries, {"type": "note", "at": "2023-09-15T09:42:00Z", "text": "x"}]

        bundle = build("rehearsal", entries=change)
        entry = {"entry": bundle.log.entries[-1], "index": len(bundle.log.entries) - 1}
        entry["proof"] = bundle.log.inclusion(entry["index"])

        assert failed(bundle.edited("log.json", lambda log: log["entries"].append(entry)), LATE) == [1]


PLANS = {
    "an unknown member": ({"note": "x"}, {}),
    "a member missing": ({"title": None}, {}),
    "another protocol": ({"protocol": "dr2"}, {}),
    "a boolean seq": ({"seq": True}, {}),
    "seq 0 in earnest": ({"seq": 0}, {}),
    "a later plan without the one before": ({"seq": 2}, {}),
    "a time that does not exist": ({"due": "2023-02-30T11:00:00Z"}, {}),
    "due too soon": ({"committed_at": "2023-09-15T10:00:01Z"}, {}),
    "a result by two hours": ({"result_by": "2023-09-15T13:00:00Z"}, {}),
    "a reveal before the result": ({"reveal_by": "2023-09-15T12:00:00Z"}, {}),
    "a reveal after 400 days": ({"reveal_by": "2024-10-19T09:41:08Z"}, {}),
    "carried without supersedes": ({"carried": []}, {}),
    "carried out of order": ({"supersedes": "HZ-0", "carried": ["S0002", "S0001"]}, {}),
    "an open pool closed": ({"closed": ["subjects"]}, {}),
    "no team": ({"team": []}, {}),
    "nine seats": ({"team": [{"seat": "s"}] * 9}, {}),
    "an unknown chain": ({}, {"randomness": ({**DRAND, "chain": "ab" * 32},)}),
    "a source twice": ({}, {"randomness": (DICE, DICE)}),
    "dice too few": ({}, {"randomness": ({**DICE, "count": 38},)}),
    "a die of one side": ({}, {"randomness": ({**DICE, "sides": 1, "count": 200},)}),
    "one lottery alone": ({}, {"randomness": (SSQ,)}),
    "the other lottery alone": ({}, {"randomness": (KL8,)}),
    "level C with two parties": ({}, {"randomness": (), "parties": bundles.PARTIES[:2]}),
    "level C with two bodies": (
        {}, {"randomness": (), "parties": (*bundles.PARTIES[:2], ("third", "hz-sfj"))},
    ),
    "level C without subject secrets": (
        {}, {"randomness": (), "parties": bundles.PARTIES, "purposes": ("inspector",)},
    ),
    "a party twice for one purpose": ({}, {"parties": (("operator", "a"), ("operator", "a"))}),
}  # fmt: skip
STRATA = {
    "take too large": {"take": 14},
    "take other than the rate gives": {"take": 3},
    "a rate with a leading zero": {"rate": "03/20"},
    "a rate of nothing": {"rate": "0/5"},
    "a rate above one": {"rate": "3/2"},
    "a boolean take": {"take": True},
    "another size": {"size": 13},
    "another count of exclusions": {"excluded": 0},
}


class TestPlans:
    @pytest.mark.parametrize("what", PLANS)
    def test_a_plan_against_the_rules_is_refused_though_signed_and_logged(self, what):
        plan, overrides = PLANS[what]

        assert 1 in failed(build(**overrides, plan=plan))

    @pytest.mark.parametrize("what", STRATA)
    def test_strata_must_be_those_of_the_pool(self, what):
        low, high = EXAMPLE["plan"]["strata"]

        assert failed(build(plan={"strata": [{**low, **STRATA[what]}, high]}))[0] in (1, 5)

    @pytest.mark.parametrize("strata", [0, 1, 2])
    def test_no_stratum_is_missing_twice_there_or_empty(self, strata):
        low, high = EXAMPLE["plan"]["strata"]
        empty = {"id": "none", "size": 0, "excluded": 0, "take": 0}

        assert 1 in failed(build(plan={"strata": [[low], [low, low, high], [low, high, empty]][strata]}))

    @pytest.mark.parametrize("round_", [657412, 657414])
    def test_a_round_that_the_rule_does_not_give_is_refused_before_the_draw(self, round_):
        bundle = build("committed", randomness=({**DRAND, "round": round_},))

        assert failed(bundle, BEFORE_DUE) == [6]

    def test_another_take_than_the_plan_s_is_another_drawn_list(self):
        one_more = build(take={"low": 3, "high": 3})
        usual = build(take={"low": 2, "high": 3})

        assert failed(one_more) == []
        assert 9 in failed(usual.replaced("result.json", one_more.files["result.json"]))

    def test_carried_ids_must_be_in_the_pool_and_not_excluded(self):
        assert 9 in failed(build("superseding", carried=("S0007",)), LATE)
        assert 9 in failed(build("superseding", carried=("S9999",)), LATE)
        assert 9 in failed(build("superseding", carried=("S0001", "S0002", "S0003")), LATE)

    def test_an_opened_conflict_does_not_tell_its_ground(self):
        told = [{**one, "ground": "spouse"} for one in build().json("conflicts.jsonl")]

        assert failed(build(conflicts=told)) == [5]

    def test_a_logged_result_must_be_the_one_that_was_dealt(self):
        assert failed(build(tasks=lambda tasks: [{**tasks[0], "team": tasks[1]["team"]}, *tasks[1:]])) == [10]


class TestReplacements:
    def test_chains_of_replacements_agree_with_the_plain_reading(self):
        draw = random.Random(9)
        for number in range(25):
            scarce = [{**one, "capacity": draw.randint(1, 4)} for one in EXAMPLE["inspectors"]]
            swaps, seen = [], set()
            for _ in range(draw.randint(1, 5)):
                subject, seat = draw.randrange(5), draw.choice([None, 0, 1, 2])
                if subject not in seen:
                    swaps.append(Swap(subject, seat, "ill"))
                if seat is None:
                    seen.add(subject)
            bundle = build(
                "replaced", inspectors=scarce, swaps=tuple(swaps), plan={"title": f"第 {number} 次"}
            )

            lines = bundle.json("replacements.jsonl") if "replacements.jsonl" in bundle.files else []
            idle = any(not {"old", "new"} & set(line) for line in lines)  # an empty seat that stays empty
            assert (12 in failed(bundle, LATE)) if idle else failed(bundle, LATE) == []

    def test_a_new_conflict_counts_from_the_moment_it_is_known(self):
        first = build("replaced", swaps=(Swap(0, 1, "ill"),)).json("replacements.jsonl")[0]
        pair = f"{first['new']}:*"

        bundle = build("replaced", swaps=(Swap(0, 1, "ill", (pair,)),))

        assert failed(bundle, LATE) == []
        assert bundle.json("replacements.jsonl")[0].get("new") != first["new"]
        assert 12 in failed(
            bundle.edited("replacements.jsonl", lambda lines: lines[0].pop("conflicts") and None), LATE
        )


class TestOutside:
    def test_a_checkpoint_of_one_s_own_of_the_same_size_is_enough_alone(self):
        bundle = build()

        found = verifier.verify(bundle.files, now=REVEALED, checkpoint=bundle.log.checkpoint().encode())

        assert (found[2].state, "consistent with your own" in found[2].en) == ("passed", True)

    @pytest.mark.parametrize("size", [1, 7, 12, 16])
    def test_an_older_one_needs_a_proof(self, size):
        bundle = build()
        own, whole = bundle.log.checkpoint(size).encode(), len(bundle.log.entries)
        proof = canon({"proof": bundle.log.consistency(size, whole)})

        assert states(bundle, checkpoint=own)[3] == "not_checkable"
        assert states(bundle, checkpoint=own, proof=proof)[3] == "passed"
        assert states(bundle, checkpoint=own, proof=b'{"proof":[]}')[3] == "failed"
        assert states(bundle, checkpoint=own, proof=b"no")[3] == "failed"

    def test_another_history_is_found_out(self):
        bundle = build()
        other = bundles.Log(
            bundle.log.origin, [{**bundle.log.entries[0], "text": "别的"}, *bundle.log.entries[1:]]
        )

        assert failed(bundle, checkpoint=other.checkpoint().encode()) == [3]

    def test_a_trusted_witness_settles_the_hour(self):
        witness = bundles.witness_vkey("witness.example")
        stranger = bundles.witness_vkey("stranger.example")

        assert states(build("witnessed"), witnesses=[witness])[4] == "passed"
        assert states(build("witnessed"), witnesses=[stranger])[4] == "not_checkable"
        assert states(build("witnessed"), witnesses=["nonsense"])[4] == "failed"

    def test_a_witness_after_due_is_none(self):
        bundle = build("witnessed")
        size = next(n for n, one in enumerate(bundle.log.entries) if one.get("issuer") == "hz-scjg") + 1
        note = bundle.log.cosigned(size, "witness.example", 1694775600)
        late = bundle.edited("witness.json", set_to("checkpoint", note))

        assert failed(late, witnesses=[bundles.witness_vkey("witness.example")]) == [4]

    def test_what_a_witness_saw_must_be_this_log(self):
        bundle = build("witnessed")
        text = bundle.files["witness.json"].decode()
        cosignature, proof = text.index("witness.example") - 2, text.index('"proof"')
        bound = [*range(len('{"checkpoint":"'), cosignature), *range(proof + len('"proof":["'), len(text))]
        draw = random.Random("witness")
        for position in draw.sample(bound, 120):
            new = character(text, position, draw)
            changed = bundle.replaced("witness.json", (text[:position] + new + text[position + 1 :]).encode())

            assert failed(changed), f"{text[max(0, position - 30) : position]} >{new}<"

    def test_an_unknown_kind_of_witness_leaves_the_question_open(self):
        assert states(build().replaced("witness.json", b'{"newspaper":"2023-09-15"}\n'))[4] == "not_checkable"


class TestLinesOfAFile:
    LONGEST = 2**24

    def lines(self, data):
        return list(verifier.Bundle({"subjects.jsonl": data}).lines("subjects.jsonl"))

    @pytest.mark.parametrize("size", [0, 1, 2**20 - 1, 2**20, 2**20 + 1, 3 * 2**20, LONGEST])
    def test_lines_are_whole_wherever_the_reading_stops(self, size):
        line = b"a" * size

        assert self.lines(line + b"\n\nb\n" + line + b"\n") == [line, b"", b"b", line]

    def test_a_file_without_lines_has_none(self):
        assert self.lines(b"") == []

    @pytest.mark.parametrize("data", [b"b", b"a\nb", b"a" * 2**20, b"\n" + b"a" * 2**21])
    def test_a_last_line_without_its_newline_is_refused(self, data):
        with pytest.raises(verifier.RefusedError, match="newline"):
            self.lines(data)

    @pytest.mark.parametrize("data", [b"a" * (LONGEST + 1) + b"\n", b"b\n" + b"a" * (LONGEST + 2**20)])
    def test_a_line_beyond_all_measure_is_refused(self, data):
        with pytest.raises(verifier.RefusedError, match="too large"):
            self.lines(data)


class TestTheCommand:
    def test_a_zip_a_directory_and_its_own_directory_are_all_read(self, tmp_path):
        bundle = build("rehearsal_dice")
        archive, folder = bundle.zip(tmp_path / "bundle.zip"), bundle.write(tmp_path / "bundle")
        shutil.copy(archive, tmp_path / "again.zip")

        at_home = subprocess.run([sys.executable, "verify.py"], cwd=folder, capture_output=True, check=False)

        assert [run(archive).returncode, run(folder).returncode, at_home.returncode] == [0, 0, 0]
        assert len(at_home.stdout.splitlines()) == 14
        assert sorted(path.name for path in folder.iterdir()) == sorted(bundle.files)

    def test_it_speaks_chinese_unless_asked_and_json_to_machines(self, tmp_path):
        archive = build("revealed").zip(tmp_path / "bundle.zip")

        zh, en = run(archive, "--now", REVEALED), run(archive, "--now", REVEALED, "--lang", "en")
        machine = run(archive, "--now", REVEALED, "--json")

        assert (zh.returncode, en.returncode, machine.returncode) == (2, 2, 2)
        assert zh.stdout.splitlines()[0].startswith(" 1 [通过] 文件形式与方案哈希：")
        assert "[not checkable]" in en.stdout
        answer = json.loads(machine.stdout)
        assert (answer["exit"], [row["number"] for row in answer["checks"]]) == (2, list(range(1, 15)))

    def test_wrong_usage_and_unreadable_things_are_failures(self, tmp_path):
        (tmp_path / "text.zip").write_text("no zip")
        nothing = tmp_path / "nothing"
        nothing.mkdir()

        for arguments in (
            ["--now", "today"],
            ["--colour"],
            [tmp_path / "absent.zip"],
            [tmp_path / "text.zip"],
            [nothing],
        ):
            done = run(*arguments)
            assert done.returncode == 1
            assert "Traceback" not in done.stderr

    def test_the_self_test_is_one_word(self):
        assert run("--self-test").stdout == "OK\n"

    def test_a_checkpoint_comes_from_a_file(self, tmp_path):
        bundle = build("dice")
        archive = bundle.zip(tmp_path / "bundle.zip")
        (tmp_path / "checkpoint").write_text(bundle.log.checkpoint(9), encoding="utf-8")
        (tmp_path / "proof").write_bytes(canon({"proof": bundle.log.consistency(9, len(bundle.log.entries))}))

        done = run(archive, "--checkpoint", tmp_path / "checkpoint", "--proof", tmp_path / "proof", "--json")

        assert json.loads(done.stdout)["checks"][2]["state"] == "passed"
        assert run(archive, "--checkpoint", tmp_path / "absent").returncode == 1

    @pytest.mark.parametrize("name", ["plan.json", "../plan.json", "folder/", "/plan.json"])
    def test_archives_with_paths_or_two_files_of_one_name_are_refused(self, tmp_path, name):
        archive = build().zip(tmp_path / "bundle.zip")
        with warnings.catch_warnings(), zipfile.ZipFile(archive, "a") as more:
            warnings.simplefilter("ignore")  # zipfile warns of the second plan.json, which is the point
            more.writestr(name, b"{}\n")

        assert [
            check.number for check in verifier.verify(archive, now=REVEALED) if check.state == "failed"
        ] == [1]

    def test_a_damaged_archive_fails_without_a_traceback(self, tmp_path):
        archive = build().zip(tmp_path / "bundle.zip")
        data = bytearray(archive.read_bytes())
        position = data.find(b'"hz-scjg"')
        data[position + 2] ^= 1
        archive.write_bytes(data)

        assert verifier.exit_status(verifier.verify(archive, now=REVEALED)) == 1
