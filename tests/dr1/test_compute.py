"""A draw computed from files: every value of the worked example, and every input that must be refused."""

import copy
import json
from pathlib import Path

import pytest
from dr1.worked_example import EXAMPLE, Draw

from doublerandom.dr1.bundle import json_file, lines_file
from doublerandom.dr1.compute import compute, compute_directory, write_result
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.inputs import FILES, MissingFileError, read_directory
from doublerandom.dr1.seeds import secret_commitment

DICE = {"kind": "dice", "sides": 10, "count": 40}
SSQ = {"kind": "lottery", "name": "cn-ssq", "issue": "2026088"}
KL8 = {"kind": "lottery", "name": "cn-kl8", "issue": "2026088"}
ROLLS = {"rolls": [3] * 40}
SSQ_SEEN = {"groups": [[33, 3, 12, 7, 9, 21], [16]]}
KL8_SEEN = {"groups": [list(range(1, 21))]}
DRAND = json.loads((Path(__file__).parent / "vectors/drand.json").read_text("utf-8"))

RIGHT = EXAMPLE["observed"][0]["signature"]


@pytest.fixture
def draw() -> Draw:
    return Draw()


class TestTheWorkedExample:
    def test_every_value_comes_out(self, draw, tmp_path):
        computation = compute_directory(draw.write(tmp_path))

        assert computation.plan_hash == EXAMPLE["plan_hash"]
        assert computation.beacon == EXAMPLE["beacon"]
        assert computation.seeds["subject"] == EXAMPLE["seed_subject"]
        assert computation.seeds["inspector"] == EXAMPLE["seed_inspector"]
        assert computation.drawn == EXAMPLE["drawn"]
        assert computation.tasks == EXAMPLE["tasks"]
        assert (
            dict(zip(computation.drawn, computation.commitments, strict=True)) == EXAMPLE["task_commitments"]
        )
        assert computation.deal.load_after == EXAMPLE["load_after"]
        assert computation.result_root == EXAMPLE["result_root"]
        assert computation.empty_seats == []

    def test_the_reserve_is_the_rest_of_each_stratums_order(self, draw, tmp_path):
        selection = compute_directory(draw.write(tmp_path)).selection

        assert {name: selection.order(name) for name in ("low", "high")} == EXAMPLE["order_by_stratum"]
        assert selection.reserve("high") == EXAMPLE["order_by_stratum"]["high"][3:]

    def test_carried_ids_come_first(self, draw, tmp_path):
        """The example's list has the same seed, which a plan with `carried` cannot have: so the set alone."""
        draw.plan |= {"supersedes": "HZ-2023-000000", "carried": ["S0001", "S0020"]}

        drawn = compute_directory(draw.write(tmp_path)).drawn

        assert {"S0001", "S0020"} < set(drawn)
        assert len(drawn) == len(EXAMPLE["with_carried"]["drawn"])

    def test_a_rehearsal_has_seeds_of_its_own(self, draw, tmp_path):
        draw.plan |= EXAMPLE["in_a_rehearsal"]["plan_changes"]

        computation = compute_directory(draw.write(tmp_path))

        assert computation.plan_hash == EXAMPLE["in_a_rehearsal"]["plan_hash"]
        assert computation.seeds["subject"] == EXAMPLE["in_a_rehearsal"]["seed_subject"]

    def test_the_files_are_those_of_section_12(self, draw, tmp_path):
        write_result(tmp_path, compute_directory(draw.write(tmp_path)))

        result = {"drawn": EXAMPLE["drawn"], "result_root": EXAMPLE["result_root"]}
        assert (tmp_path / "result.json").read_bytes() == json_file(result)
        ascending = sorted(EXAMPLE["tasks"], key=lambda task: task["subject"])
        assert (tmp_path / "tasks.jsonl").read_bytes() == lines_file(ascending)

    def test_empty_seats_are_written_with_their_proofs(self, draw, tmp_path):
        draw.inspectors = [record for record in draw.inspectors if record["id"] != "P07"]
        next(record for record in draw.inspectors if record["id"] == "P08")["capacity"] = 1
        draw.refreeze()

        computation = compute_directory(draw.write(tmp_path))
        write_result(tmp_path, computation)

        result = json.loads((tmp_path / "result.json").read_bytes())
        assert len(result["empty_seats"]) == 4
        assert result["empty_seats"] == computation.empty_seats
        assert (tmp_path / "result.json").read_bytes() == json_file(result)

    def test_an_empty_pool_of_conflicts_is_an_empty_file(self, draw, tmp_path):
        draw.conflicts = []
        draw.refreeze()

        assert len(compute_directory(draw.write(tmp_path)).drawn) == 5

    def test_nothing_drawn_gives_the_root_of_the_empty_tree(self, draw, tmp_path):
        for stratum in draw.plan["strata"]:
            del stratum["rate"]
            stratum["take"] = 0

        computation = compute_directory(draw.write(tmp_path))

        assert (computation.drawn, computation.tasks) == ([], [])
        assert b"".join(computation.tasks_jsonl()) == b""

    @pytest.mark.parametrize(
        ("sources", "seen"),
        [([DICE], [ROLLS]), ([SSQ, KL8], [SSQ_SEEN, KL8_SEEN]), ([DICE, SSQ], [ROLLS, SSQ_SEEN])],
    )
    def test_dice_and_lotteries_give_their_texts(self, draw, tmp_path, sources, seen):
        draw.plan["randomness"], draw.observed = sources, seen

        beacon = compute_directory(draw.write(tmp_path)).beacon

        assert len(beacon.split(",")) == len(sources)


def refused(draw: Draw, path: Path, files: dict[str, bytes] | None = None) -> ProtocolError:
    """The error that the draw's directory, some of its files replaced, is refused with."""
    draw.write(path)
    for name, data in (files or {}).items():
        (path / name).write_bytes(data)
    with pytest.raises(ProtocolError) as caught:
        compute_directory(path)
    return caught.value


class TestMustRefuse:
    """Each line of the worked example's `must_refuse` that a computation can meet."""

    @pytest.mark.parametrize("pool", ["subjects", "inspectors", "conflicts"])
    def test_two_records_with_one_id(self, draw, tmp_path, pool):
        records = getattr(draw, pool)
        records.insert(0, copy.deepcopy(records[0]))

        assert refused(draw, tmp_path).code == "duplicate_id"

    def test_records_out_of_order(self, draw, tmp_path):
        draw.subjects.reverse()

        error = refused(draw, tmp_path)

        assert (error.code, error.check) == ("unsorted_ids", 5)

    @pytest.mark.parametrize("wrong", ["S 001", "S/001", "S:001", "S甲", "S" * 32, "", ".S"])
    @pytest.mark.parametrize("pool", ["subjects", "inspectors"])
    def test_an_id_of_another_form(self, draw, tmp_path, pool, wrong):
        getattr(draw, pool)[-1]["id"] = wrong

        assert refused(draw, tmp_path).check in {1, 5}

    @pytest.mark.parametrize(
        "raw", [b'"name":1.5', b'"name":null', '"name":"a\u2028b"'.encode(), b'"name":"a\\u0007b"']
    )
    def test_a_float_a_null_or_a_barred_character(self, draw, tmp_path, raw):
        lines = lines_file(draw.subjects).replace(b'"name":"' + "甲1餐饮有限公司".encode() + b'"', raw)

        assert refused(draw, tmp_path, {"subjects.jsonl": lines}).check == 1

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("plan.json", lambda value: {**value, "extra": "x"}),
            ("plan.json", lambda value: {**value, "subjects": {**value["subjects"], "extra": 1}}),
            ("plan.json", lambda value: {**value, "strata": [{**s, "extra": 1} for s in value["strata"]]}),
            ("beacon.json", lambda value: [{**value[0], "extra": 1}]),
            ("secrets.json", lambda value: [{**entry, "extra": "x"} for entry in value]),
            ("keys.json", lambda value: {**value, "extra": "00" * 32}),
        ],
    )
    def test_a_member_that_is_not_named(self, draw, tmp_path, name, change):
        value = json.loads(draw.files()[name])

        assert refused(draw, tmp_path, {name: json_file(change(value))}).check in {1, 6, 7}

    @pytest.mark.parametrize("held", [True, [], {}, [1]])
    def test_a_further_attribute_that_is_neither_string_nor_integer(self, draw, tmp_path, held):
        draw.subjects[3]["more"] = held

        assert refused(draw, tmp_path).check == 1

    def test_a_boolean_where_an_integer_stands(self, draw, tmp_path):
        draw.inspectors[0]["load"] = False
        assert refused(draw, tmp_path).check == 1

        draw.inspectors[0]["load"] = 0
        draw.plan["strata"][0]["excluded"] = True
        assert refused(draw, tmp_path).check == 1

    def test_a_stratum_twice_missing_or_with_other_counts(self, draw, tmp_path):
        strata = draw.plan["strata"]
        wrong = [
            [*strata, strata[0]],
            strata[:1],
            [{**strata[0], "size": 15}, strata[1]],
            [{**strata[0], "size": 13, "excluded": 0}, {**strata[1], "size": 7, "excluded": 2}],
            [{**strata[0], "id": "other"}, strata[1]],
        ]

        for listed in wrong:
            draw.plan["strata"] = listed
            assert refused(draw, tmp_path).check in {1, 5}

    @pytest.mark.parametrize(
        "change", [{"take": 3}, {"take": 1}, {"take": 14, "rate": None}, {"take": -1, "rate": None}]
    )
    def test_a_take_beyond_the_records_left_or_other_than_the_rate_gives(self, draw, tmp_path, change):
        stratum = {**draw.plan["strata"][0], **change}
        draw.plan["strata"][0] = {key: value for key, value in stratum.items() if value is not None}

        assert refused(draw, tmp_path).check in {1, 5}

    @pytest.mark.parametrize("rate", ["03/100", "0/5", "3/2", "1/0", "1", "1/1000000000", "+1/2", "1/2 "])
    def test_a_rate_of_another_form(self, draw, tmp_path, rate):
        draw.plan["strata"][0]["rate"] = rate

        assert refused(draw, tmp_path).code == "bad_rate"

    @pytest.mark.parametrize(
        "rolls", [[10] + [3] * 39, [-1] + [3] * 39, [3] * 39, [3] * 41, [True] + [3] * 39, []]
    )
    def test_rolls_outside_the_dice_or_too_few(self, draw, tmp_path, rolls):
        draw.plan["randomness"], draw.observed = [DICE], [{"rolls": rolls}]

        assert refused(draw, tmp_path).check in {1, 6}

    def test_dice_below_128_bits(self, draw, tmp_path):
        draw.plan["randomness"], draw.observed = [{**DICE, "count": 38}], [{"rolls": [3] * 38}]

        assert refused(draw, tmp_path).code == "bad_dice"

    @pytest.mark.parametrize(
        "groups",
        [
            [[33, 3, 12, 7, 9, 21, 22], [16]],
            [[33, 3, 12, 7, 9], [16]],
            [[34, 3, 12, 7, 9, 21], [16]],
            [[3, 3, 12, 7, 9, 21], [16]],
            [[33, 3, 12, 7, 9, 21], [17]],
            [[33, 3, 12, 7, 9, 21], [0]],
            [[33, 3, 12, 7, 9, 21]],
            [[33, 3, 12, 7, 9, 21], [16], []],
        ],
    )
    def test_a_lottery_group_of_another_shape(self, draw, tmp_path, groups):
        draw.plan["randomness"] = [SSQ, KL8]
        draw.observed = [{"groups": groups}, KL8_SEEN]

        error = refused(draw, tmp_path)

        assert (error.code, error.check) == ("bad_lottery", 6)

    @pytest.mark.parametrize("signature", sorted({v["signature"] for v in DRAND["must_reject"]} - {RIGHT}))
    def test_a_drand_signature_that_must_be_rejected(self, draw, tmp_path, signature):
        draw.observed = [{"signature": signature}]

        assert refused(draw, tmp_path).check in {1, 6}

    def test_a_drand_signature_of_another_round(self, draw, tmp_path):
        others = [
            r["signature"] for r in DRAND["rounds"] if r["network"] == "quicknet" and r["round"] != 657413
        ]

        for signature in others:
            draw.observed = [{"signature": signature}]
            assert refused(draw, tmp_path).check == 6

    @pytest.mark.parametrize("other", [657412, 657414, 0])
    def test_a_round_that_the_rule_does_not_give(self, draw, tmp_path, other):
        draw.plan["randomness"][0]["round"] = other

        error = refused(draw, tmp_path)

        assert (error.code, error.check) == ("bad_round", 6)

    def test_one_party_twice_for_one_purpose(self, draw, tmp_path):
        entry, secret = draw.plan["secrets"][0], {**draw.secrets[0], "secret": "99" * 32}
        commitment = secret_commitment("hz-scjg", "HZ-2023-000001", "subject", "operator", secret["secret"])
        draw.plan["secrets"].append({**entry, "commitment": commitment})
        draw.secrets.append(secret)

        error = refused(draw, tmp_path)

        assert (error.code, error.check) == ("duplicate_party", 7)

    def test_secrets_in_another_order(self, draw, tmp_path):
        draw.secrets.reverse()

        error = refused(draw, tmp_path)

        assert (error.code, error.check) == ("bad_secret", 7)

    @pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: [*s, s[0]], lambda s: []])
    def test_secrets_missing_or_too_many(self, draw, tmp_path, change):
        draw.secrets = change(draw.secrets)

        assert refused(draw, tmp_path).check == 7

    def test_a_secret_that_does_not_open_its_commitment(self, draw, tmp_path):
        draw.secrets[2]["secret"] = "98" * 32

        error = refused(draw, tmp_path)

        assert (error.check, error.params["party"], error.params["purpose"]) == (7, "operator", "inspector")


class TestPoolsAndKeys:
    @pytest.mark.parametrize("pool", ["subjects", "inspectors", "conflicts"])
    def test_another_record_is_another_root(self, draw, tmp_path, pool):
        getattr(draw, pool)[0]["note"] = "x"

        error = refused(draw, tmp_path)

        assert (error.code, error.check, error.params["pool"]) == ("pool_mismatch", 5, pool)

    @pytest.mark.parametrize("pool", ["inspectors", "conflicts"])
    def test_another_key_is_another_root(self, draw, tmp_path, pool):
        draw.keys[pool] = "77" * 32

        assert refused(draw, tmp_path).params["pool"] == pool

    @pytest.mark.parametrize(
        "keys",
        [
            {"inspectors": "00" * 32, "conflicts": "22" * 32},
            {"inspectors": "00" * 32, "tasks": "33" * 32},
            {"inspectors": "00" * 32, "conflicts": "22" * 32, "tasks": "33" * 32, "subjects": "44" * 32},
            {"inspectors": "00" * 32, "conflicts": "33" * 32, "tasks": "33" * 32},
        ],
    )
    def test_keys_are_those_of_the_sealed_pools_and_the_tasks_each_its_own(self, draw, tmp_path, keys):
        draw.keys = keys

        assert refused(draw, tmp_path).code == "bad_pool_key"

    @pytest.mark.parametrize("keys", [[], {"tasks": 1}, {"tasks": "00" * 31}, {"tasks": "AA" * 32}])
    def test_keys_of_another_shape(self, draw, tmp_path, keys):
        draw.keys = keys

        assert refused(draw, tmp_path).check == 1

    def test_a_sealed_subjects_pool_is_read_with_its_key(self, draw, tmp_path):
        draw.keys["subjects"] = "88" * 32
        draw.plan["subjects"]["sealed"] = True
        draw.refreeze()

        assert len(compute_directory(draw.write(tmp_path)).drawn) == 5

    def test_a_carried_id_that_is_not_there_or_excluded_fails_check_9(self, draw, tmp_path):
        for carried in (["S0007"], ["S9999"], ["S0001", "S0002", "S0003"]):
            draw.plan |= {"supersedes": "HZ-2023-000000", "carried": carried}
            assert refused(draw, tmp_path).check == 9


def _unreadable(path):
    raise PermissionError(path)


class TestFiles:
    @pytest.mark.parametrize("name", FILES)
    def test_a_missing_file_is_named(self, draw, tmp_path, name):
        (draw.write(tmp_path) / name).unlink()

        with pytest.raises(MissingFileError) as error:
            compute_directory(tmp_path)

        assert error.value.params == {"file": name}

    @pytest.mark.parametrize("name", FILES)
    @pytest.mark.parametrize(
        "change", [lambda data: data[:-1], lambda data: data + b"\n", lambda data: b"\xff" + data]
    )
    def test_other_bytes_are_refused(self, draw, tmp_path, name, change):
        assert refused(draw, tmp_path, {name: change(draw.files()[name])}).check == 1

    def test_a_file_that_cannot_be_read_is_refused(self, draw, tmp_path, monkeypatch):
        monkeypatch.setattr(Path, "read_bytes", _unreadable)

        assert refused(draw, tmp_path).code == "bundle_unreadable"

    def test_the_stages_are_told(self, draw, tmp_path):
        told = []

        compute_directory(draw.write(tmp_path), stage=told.append)

        assert told == [
            "inspectors.jsonl", "conflicts.jsonl", "subjects.jsonl", "beacon", "tickets", "deal", "tasks",
        ]  # fmt: skip

    def test_reading_and_computing_can_be_done_apart(self, draw, tmp_path):
        inputs = read_directory(draw.write(tmp_path))

        assert compute(inputs).result_root == EXAMPLE["result_root"]

    def test_where_the_second_file_cannot_be_placed_neither_is_left(self, draw, tmp_path):
        computation = compute_directory(draw.write(tmp_path))
        (tmp_path / "tasks.jsonl").mkdir()

        with pytest.raises(OSError, match="directory"):
            write_result(tmp_path, computation)

        (tmp_path / "tasks.jsonl").rmdir()
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
