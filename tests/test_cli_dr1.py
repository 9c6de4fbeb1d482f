"""The protocol on the command line: compute writes both files or none, verify prints a line per check."""

import json
import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner
from dr1 import bundles
from dr1.worked_example import EXAMPLE, Draw

from doublerandom.cli import main
from doublerandom.cli_dr1 import dr1, verify
from doublerandom.dr1.bundle import write_bundle

PROGRAM = "from doublerandom.cli import main; main()"


@pytest.fixture
def run():
    """Run the command line and give the outcome."""
    return CliRunner().invoke


class TestCompute:
    def test_it_writes_result_and_tasks(self, run, tmp_path):
        outcome = run(main, ["dr1", "compute", str(Draw().write(tmp_path))])

        assert outcome.exit_code == 0
        assert EXAMPLE["result_root"] in outcome.output
        assert json.loads((tmp_path / "result.json").read_bytes())["drawn"] == EXAMPLE["drawn"]
        assert len((tmp_path / "tasks.jsonl").read_bytes().splitlines()) == len(EXAMPLE["drawn"])

    def test_for_machines_it_prints_one_json_object(self, run, tmp_path):
        outcome = run(dr1, ["compute", str(Draw().write(tmp_path)), "--json"])

        told = json.loads(outcome.output)
        assert told == {
            "ok": True,
            "plan_hash": EXAMPLE["plan_hash"],
            "beacon": EXAMPLE["beacon"],
            "drawn": 5,
            "empty_seats": 0,
            "result_root": EXAMPLE["result_root"],
        }

    def test_where_the_input_does_not_hold_it_names_the_check_and_writes_nothing(self, run, tmp_path):
        draw = Draw()
        draw.subjects[0]["name"] = "另一家"
        before = sorted(path.name for path in draw.write(tmp_path).iterdir())

        outcome = run(dr1, ["compute", str(tmp_path)])

        assert outcome.exit_code == 1
        assert "check 5 failed" in outcome.stderr
        assert "第 5 项" in outcome.stderr
        assert "pool_mismatch" in outcome.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == before

    def test_a_refusal_can_be_read_by_machines(self, run, tmp_path):
        draw = Draw()
        draw.secrets.reverse()

        outcome = run(dr1, ["compute", str(draw.write(tmp_path)), "--json"])

        told = json.loads(outcome.output)
        assert outcome.exit_code == 1
        assert (told["ok"], told["check"], told["code"]) == (False, 7, "bad_secret")

    def test_a_refusal_leaves_an_older_result_alone(self, run, tmp_path):
        draw = Draw()
        draw.keys["tasks"] = draw.keys["conflicts"]
        (draw.write(tmp_path) / "result.json").write_bytes(b"older")

        assert run(dr1, ["compute", str(tmp_path)]).exit_code == 1
        assert (tmp_path / "result.json").read_bytes() == b"older"

    def test_an_empty_or_missing_directory_is_refused(self, run, tmp_path):
        for path in (tmp_path, tmp_path / "nowhere"):
            outcome = run(dr1, ["compute", str(path)])
            assert outcome.exit_code == 1
            assert "plan.json" in outcome.stderr

    def test_what_cannot_be_written_is_told_without_a_traceback(self, run, tmp_path):
        (Draw().write(tmp_path) / "tasks.jsonl").mkdir()

        outcome = run(dr1, ["compute", str(tmp_path)])

        assert outcome.exit_code == 1
        assert "cannot read or write" in outcome.stderr
        assert not (tmp_path / "result.json").exists()

    def test_a_bar_is_drawn_where_somebody_watches(self, tmp_path):
        path = Draw().write(tmp_path)
        watcher, terminal = pty.openpty()

        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "dr1", "compute", str(path)],
            stdout=subprocess.PIPE, stderr=terminal, text=True, check=False,
        )  # fmt: skip

        os.close(terminal)
        assert done.returncode == 0
        assert EXAMPLE["result_root"] in done.stdout
        assert os.read(watcher, 64)
        os.close(watcher)


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    """A bundle of which everything can be checked, as a zip."""
    path = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    write_bundle(path, bundles.build("rehearsal_dice").files)
    return path


@pytest.fixture(scope="module")
def revealed(tmp_path_factory):
    """A bundle revealed for good, as a directory, and its log."""
    bundle = bundles.build("dice", plan={"reveal_by": "2024-10-01T00:00:00Z"})
    return bundle.write(tmp_path_factory.mktemp("bundle") / "b"), bundle


class TestVerify:
    def test_it_prints_one_line_per_check_and_exits_0_where_all_pass(self, run, rehearsal):
        outcome = run(main, ["verify", str(rehearsal)])

        assert outcome.exit_code == 0
        lines = outcome.output.splitlines()
        assert [int(line.split()[0]) for line in lines] == list(range(1, 15))
        assert "通过" in lines[0]
        assert "不适用" in lines[2]

    def test_it_speaks_english_too(self, run, rehearsal):
        outcome = run(verify, [str(rehearsal), "--lang", "en"])

        assert "passed" in outcome.output
        assert "通过" not in outcome.output

    def test_it_exits_2_where_something_is_not_checkable(self, run, revealed):
        outcome = run(verify, [str(revealed[0]), "--lang", "en"])

        assert outcome.exit_code == 2
        assert "4 not checkable" in outcome.output

    def test_it_exits_1_where_something_fails_and_names_it(self, run, revealed, tmp_path):
        changed = revealed[1].edited("result.json", lambda result: {**result, "result_root": "00" * 32})

        outcome = run(verify, [str(changed.write(tmp_path / "b")), "--lang", "en"])

        assert outcome.exit_code == 1
        assert [line[:9] for line in outcome.output.splitlines() if "FAILED" in line] == ["11 FAILED"]

    def test_for_machines_it_prints_the_report(self, run, rehearsal):
        outcome = run(verify, [str(rehearsal), "--json"])

        report = json.loads(outcome.output)
        assert report["exit_status"] == 0
        assert [check["number"] for check in report["checks"]] == list(range(1, 15))
        assert {check["status"] for check in report["checks"]} == {"passed", "not_applicable"}

    def test_what_cannot_be_read_has_failed(self, run, tmp_path):
        outcome = run(verify, [str(tmp_path / "nowhere.zip")])

        assert outcome.exit_code == 1
        assert "1 不通过" in outcome.output

    def test_a_checkpoint_and_proof_of_ones_own_are_compared(self, run, revealed, tmp_path):
        path, bundle = revealed
        (tmp_path / "checkpoint").write_text(bundle.log.checkpoint(5), "utf-8")
        (tmp_path / "proof.json").write_text(
            json.dumps({"proof": bundle.log.consistency(5, len(bundle.log.entries))}), "utf-8"
        )
        kept = ["--checkpoint", str(tmp_path / "checkpoint")]

        alone = run(verify, [str(path), "--lang", "en", *kept])
        proved = run(verify, [str(path), "--lang", "en", *kept, "--proof", str(tmp_path / "proof.json")])

        assert " 3 not checkable" in alone.output
        assert "consistent with one's own checkpoint" in proved.output

    def test_a_checkpoint_that_is_no_text_fails(self, run, revealed, tmp_path):
        (tmp_path / "checkpoint").write_bytes(b"\xff\xfe")

        outcome = run(
            verify, [str(revealed[0]), "--lang", "en", "--checkpoint", str(tmp_path / "checkpoint")]
        )

        assert outcome.exit_code == 1
        assert " 3 FAILED" in outcome.output

    def test_it_runs_as_a_program_of_its_own(self, rehearsal):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "verify", str(rehearsal)],
            capture_output=True,
            text=True,
            check=False,
        )

        assert (done.returncode, done.stderr) == (0, "")
        assert len(done.stdout.splitlines()) == 14
