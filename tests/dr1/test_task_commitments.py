"""Tasks: hidden by a salt, fixed by a root, opened one by one with a proof."""

import hashlib
import hmac

import pytest
from dr1.known_answers import worked_example

from doublerandom.dr1 import tasks
from doublerandom.dr1.canon import canon
from doublerandom.dr1.errors import BadHexError, BadPoolKeyError, BadTaskError, ProtocolError
from doublerandom.dr1.merkle import EMPTY_ROOT

EXAMPLE = worked_example()
KEY = bytes.fromhex(EXAMPLE["keys"]["tasks"])
COMMITMENTS = list(EXAMPLE["task_commitments"].values())


def test_an_empty_seat_is_left_out_of_the_task():
    seats = [{"seat": "lead"}, {"seat": "member"}, {"seat": "member"}]

    task = tasks.task_object("D1", "S1", ["P1", "", "P2"], seats)

    assert task == {
        "draw": "D1",
        "subject": "S1",
        "team": [{"inspector": "P1", "seat": "lead"}, {"inspector": "P2", "seat": "member"}],
    }
    tasks.check_task(task)


def test_the_example_s_tasks_are_made_of_its_teams():
    for task in EXAMPLE["tasks"]:
        team = [seat["inspector"] for seat in task["team"]]
        assert tasks.task_object(task["draw"], task["subject"], team, EXAMPLE["plan"]["team"]) == task


@pytest.mark.parametrize(
    "task",
    [
        {},
        {"draw": "D", "subject": "S"},
        {"draw": "D", "subject": "S", "team": [], "note": "x"},
        {"draw": "D", "subject": "S", "team": [{"inspector": "P", "seat": "s", "note": "x"}]},
        {"draw": "D", "subject": "S", "team": [{"inspector": "P"}]},
        {"draw": "D", "subject": "S:1", "team": []},
        [],
    ],
)
def test_what_is_no_task_is_refused(task):
    with pytest.raises(ProtocolError):
        tasks.check_task(task)


def test_the_salt_and_the_commitment_are_the_texts_of_section_8():
    task = EXAMPLE["tasks"][0]
    salt = hmac.new(KEY, b"dr1|task|S0016", hashlib.sha256).hexdigest()

    found = tasks.task_commitment(tasks.task_salt(KEY, "S0016"), task)

    assert found == hashlib.sha256(b"dr1|task|" + salt.encode() + b"|" + canon(task)).hexdigest()
    assert found == EXAMPLE["task_commitments"]["S0016"]


def test_a_replacement_s_salt_names_its_number():
    assert tasks.task_salt(KEY, "S1", 2) == hmac.new(KEY, b"dr1|task|S1|2", hashlib.sha256).hexdigest()


def test_the_root_does_not_depend_on_the_order_of_the_tasks():
    assert tasks.result_root(COMMITMENTS[::-1]) == tasks.result_root(COMMITMENTS) == EXAMPLE["result_root"]
    assert tasks.result_root([]) == EMPTY_ROOT.hex()


def test_each_task_is_proved_under_the_root():
    root = EXAMPLE["result_root"]

    for task in EXAMPLE["tasks"]:
        salt = tasks.task_salt(KEY, task["subject"])
        proof = tasks.task_proof(COMMITMENTS, tasks.task_commitment(salt, task))
        assert proof.count == len(COMMITMENTS)
        assert sorted(COMMITMENTS)[proof.index] == EXAMPLE["task_commitments"][task["subject"]]
        assert tasks.verify_task(task, salt, proof, root)
        assert not tasks.verify_task({**task, "team": []}, salt, proof, root)
        assert not tasks.verify_task(task, "0" * 64, proof, root)
        assert not tasks.verify_task(task, salt, proof, "0" * 64)


def test_a_commitment_that_is_not_of_the_result_has_no_proof():
    for commitments in (COMMITMENTS, []):
        with pytest.raises(BadTaskError):
            tasks.task_proof(commitments, "0" * 64)


def test_keys_salts_and_commitments_of_another_form_are_refused():
    with pytest.raises(BadPoolKeyError):
        tasks.task_salt(b"short", "S1")
    with pytest.raises(BadHexError):
        tasks.task_commitment("AB" * 32, EXAMPLE["tasks"][0])
    with pytest.raises(BadHexError):
        tasks.result_root(["x"])
