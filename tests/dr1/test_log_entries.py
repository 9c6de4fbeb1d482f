"""Log entries are closed and typed, a log says nothing twice, checkpoints are signed notes of one form."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from doublerandom.dr1.errors import BadSignatureError, ProtocolError
from doublerandom.dr1.log import (
    BadCheckpointError,
    BadEntryError,
    EntryRepeatedError,
    LogRules,
    TimeFellError,
    check_entry,
    check_log,
    checkpoint_text,
    entry_bytes,
    key_id,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from doublerandom.dr1.signatures import is_public_key, verify_signature

AT = "2023-09-15T09:41:07Z"
LATER = "2023-09-15T12:00:00Z"
PLAN = "ab" * 32
ROOT = "cd" * 32
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
ORIGIN = "log.hz.example/ssj"
SECRET = {"party": "operator", "purpose": "subject", "secret": "44" * 32}
OF_A_PLAN = {"draw": "HZ-1", "plan_hash": PLAN}

ENTRIES = {
    "key": {
        "person": "p1",
        "name": "王",
        "role": "operator",
        "body": "hz",
        "key": PUBLIC.hex(),
        "until": LATER,
    },
    "plan": {**OF_A_PLAN, "issuer": "hz", "seq": 1},
    "observed": {**OF_A_PLAN, "n": 0, "value": {"rolls": [3, 0, 9]}},
    "beacon": {**OF_A_PLAN, "beacon": "dice:d10:3.0.9"},
    "result": {**OF_A_PLAN, "result_root": ROOT, "count": 5, "empty_seats": 0},
    "open": {**OF_A_PLAN, "secrets": [SECRET], "keys": {"inspectors": "11" * 32, "tasks": "33" * 32}},
    "list": {"what": "annual_plan", "name": "2023", "digest": ROOT},
    "replace": {**OF_A_PLAN, "n": 1, "what": "inspector", "reason": "ill", "old": ROOT, "commitment": PLAN},
    "void": {**OF_A_PLAN, "reason": "wrong-pool", "would_be_root": ROOT},
    "outcome": {**OF_A_PLAN, "subject": "S0001", "digest": ROOT},
    "note": {"text": "第一条"},
}


def entry(kind, at=AT, **changes):
    return {"type": kind, "at": at, **ENTRIES[kind], **changes}


@pytest.mark.parametrize("kind", ENTRIES)
def test_each_type_is_accepted_with_its_members(kind):
    check_entry(entry(kind))


@pytest.mark.parametrize("kind", ENTRIES)
def test_a_member_that_is_not_named_is_refused_in_every_type(kind):
    with pytest.raises(BadEntryError) as refused:
        check_entry(entry(kind, extra="x"))

    assert refused.value.params["type"] == kind
    assert "unknown_member" in refused.value.params["reason"]


@pytest.mark.parametrize(("kind", "member"), [(kind, member) for kind in ENTRIES for member in ENTRIES[kind]])
def test_a_missing_member_is_refused_unless_it_may_be_absent(kind, member):
    mutilated = entry(kind)
    del mutilated[member]

    if (kind, member) in {("key", "until"), ("void", "would_be_root")}:
        check_entry(mutilated)
    else:
        with pytest.raises(BadEntryError):
            check_entry(mutilated)


@pytest.mark.parametrize(("kind", "member"), [(kind, member) for kind in ENTRIES for member in ENTRIES[kind]])
@pytest.mark.parametrize("wrong", [True, None, 1.5, -1, "Z" * 65, "", [], {}, {"x": 1}])
def test_a_value_of_another_kind_is_refused(kind, member, wrong):
    free_text = {("key", "name"), ("beacon", "beacon"), ("note", "text")}
    if ((kind, member) in free_text and type(wrong) is str) or (kind == "open" and wrong in ([], {})):
        return  # any text may stand there, and an opening may hold no secrets or no keys

    with pytest.raises(ProtocolError):
        check_entry(entry(kind, **{member: wrong}))


@pytest.mark.parametrize("wrong", [None, [], "plan", {}, {"type": "plan"}, {"type": ["plan"], "at": AT}])
def test_what_is_no_entry_at_all_is_refused(wrong):
    with pytest.raises(BadEntryError):
        check_entry(wrong)


@pytest.mark.parametrize("at", ["2023-02-30T00:00:00Z", "2023-09-15T09:41:07", "2023-09-15 09:41:07Z", 5])
def test_an_entry_is_dated_with_a_real_utc_time(at):
    with pytest.raises(BadEntryError):
        check_entry(entry("note", at=at))


def test_a_barred_character_in_a_note_is_refused():
    with pytest.raises(ProtocolError):
        check_entry(entry("note", text="two\nlines"))


@pytest.mark.parametrize("value", [{"signature": "b7" * 48}, {"groups": [[3, 7], [16]]}, {"rolls": []}])
def test_an_observed_value_is_a_signature_groups_or_rolls(value):
    check_entry(entry("observed", value=value))


@pytest.mark.parametrize(
    "value", [{"signature": "B7" * 48}, {"groups": [3]}, {"rolls": [True]}, {"dice": [1]}]
)
def test_an_observed_value_of_another_shape_is_refused(value):
    with pytest.raises(BadEntryError):
        check_entry(entry("observed", value=value))


def test_with_closed_subjects_an_outcome_names_the_commitment():
    check_entry(entry("outcome", subject="ef" * 32))


def test_a_result_kept_twice_is_what_a_log_refuses_first():
    with pytest.raises(EntryRepeatedError) as refused:
        check_log([entry("plan"), entry("result"), entry("result", at=LATER, result_root="ee" * 32)])

    assert refused.value.check == 13
    assert refused.value.params["type"] == "result"


@pytest.mark.parametrize("kind", ["plan", "beacon", "result", "open", "observed", "replace"])
def test_a_second_entry_of_its_type_for_one_plan_is_refused(kind):
    rules = LogRules()
    rules.accept(entry(kind))

    with pytest.raises(EntryRepeatedError):
        rules.accept(entry(kind))


@pytest.mark.parametrize("kind", ["key", "list", "void", "outcome", "note"])
def test_other_types_may_come_again(kind):
    check_log([entry(kind), entry(kind)])


@pytest.mark.parametrize(("changes", "refused"), [({"draw": "HZ-2"}, True), ({"seq": 2}, True), ({}, True)])
def test_one_issuer_uses_a_seq_and_a_draw_number_once(changes, refused):
    with pytest.raises(EntryRepeatedError):
        check_log([entry("plan"), entry("plan", plan_hash=ROOT, **changes)])


def test_another_issuer_may_use_the_same_numbers():
    check_log([entry("plan"), entry("plan", plan_hash=ROOT, issuer="nb")])


def test_values_are_observed_once_for_each_source_and_replacements_numbered_once():
    check_log(
        [
            entry("observed"),
            entry("observed", n=1),
            entry("replace"),
            entry("replace", n=2, commitment="ef" * 32),
        ]
    )


def test_a_key_or_a_commitment_never_stands_twice():
    with pytest.raises(EntryRepeatedError):
        check_log([entry("open"), entry("open", plan_hash=ROOT)])
    with pytest.raises(EntryRepeatedError):
        check_log([entry("open", keys={"inspectors": "11" * 32, "tasks": "11" * 32})])
    with pytest.raises(EntryRepeatedError):
        check_log([entry("replace"), entry("replace", n=2)])


def test_time_never_falls_but_may_stand_still():
    check_log([entry("note"), entry("note"), entry("note", at=LATER)])

    with pytest.raises(TimeFellError):
        check_log([entry("note", at=LATER), entry("note")])


def test_a_refused_entry_leaves_the_rules_as_they_were():
    rules = LogRules()
    rules.accept(entry("plan"))
    with pytest.raises(EntryRepeatedError):
        rules.accept(entry("plan", at=LATER, plan_hash=ROOT))

    rules.accept(entry("beacon"))
    rules.accept(entry("plan", plan_hash=ROOT, seq=2, draw="HZ-2"))


def test_leaf_data_are_the_canonical_bytes():
    assert entry_bytes(entry("note", text="好")) == f'{{"at":"{AT}","text":"好","type":"note"}}'.encode()


class TestCheckpoints:
    def test_a_checkpoint_is_the_signed_note_of_c2sp(self):
        root = hashlib.sha256(b"root").digest()

        text = sign_checkpoint(ORIGIN, 7, root, KEY)

        head, line = text.split("\n\n")
        signed = base64.b64decode(line.removeprefix(f"— {ORIGIN} ").strip())
        assert head == f"{ORIGIN}\n7\n{base64.b64encode(root).decode()}"
        assert signed[:4] == hashlib.sha256(ORIGIN.encode() + b"\n\x01" + PUBLIC).digest()[:4]
        KEY.public_key().verify(signed[4:], (head + "\n").encode())

    def test_a_checkpoint_comes_back_as_it_was_signed(self):
        root = hashlib.sha256(b"root").digest()

        checkpoint = verify_checkpoint(
            sign_checkpoint(ORIGIN, 7, root, KEY), origin=ORIGIN, public_key=PUBLIC
        )

        assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 7, root)

    def test_the_empty_log_has_a_checkpoint_too(self):
        text = sign_checkpoint(ORIGIN, 0, hashlib.sha256(b"").digest(), KEY)

        assert verify_checkpoint(text, origin=ORIGIN, public_key=PUBLIC).size == 0

    def test_every_single_character_change_is_refused(self):
        text = sign_checkpoint(ORIGIN, 7, hashlib.sha256(b"root").digest(), KEY)

        for position, character in enumerate(text):
            for other in "A1=+ \n":
                if other == character:
                    continue
                changed = text[:position] + other + text[position + 1 :]
                with pytest.raises(BadCheckpointError):
                    verify_checkpoint(changed, origin=ORIGIN, public_key=PUBLIC)

    def test_lines_of_witnesses_are_kept_and_must_be_well_formed(self):
        text = sign_checkpoint(ORIGIN, 7, hashlib.sha256(b"root").digest(), KEY)
        witness = base64.b64encode(b"wit1" + bytes(72)).decode()

        checkpoint = verify_checkpoint(f"{text}— w.example {witness}\n", origin=ORIGIN, public_key=PUBLIC)

        assert checkpoint.signatures[1] == ("w.example", b"wit1", bytes(72))
        for broken in [f"w.example {witness}\n", f"— w.example {witness}", "— w.example AAAA\n", "\n"]:
            with pytest.raises(BadCheckpointError):
                verify_checkpoint(text + broken, origin=ORIGIN, public_key=PUBLIC)

    def test_another_key_or_origin_is_refused(self):
        text = sign_checkpoint(ORIGIN, 7, hashlib.sha256(b"root").digest(), KEY)
        other = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32).public_key().public_bytes_raw()

        with pytest.raises(BadCheckpointError):
            verify_checkpoint(text, origin=ORIGIN, public_key=other)
        with pytest.raises(BadCheckpointError):
            verify_checkpoint(text, origin="log.other.example", public_key=PUBLIC)
        with pytest.raises(BadCheckpointError):
            verify_checkpoint(text, origin=ORIGIN, public_key=b"\x01" + bytes(31))

    def test_the_logs_line_stands_once(self):
        text = sign_checkpoint(ORIGIN, 7, hashlib.sha256(b"root").digest(), KEY)

        with pytest.raises(BadCheckpointError):
            verify_checkpoint(text + text.splitlines()[-1] + "\n", origin=ORIGIN, public_key=PUBLIC)

    @pytest.mark.parametrize(
        ("origin", "size", "root"), [("a b", 1, bytes(32)), ("a", -1, bytes(32)), ("a", 1, b"")]
    )
    def test_nothing_unfit_is_written(self, origin, size, root):
        with pytest.raises(BadCheckpointError):
            checkpoint_text(origin, size, root)

    def test_the_key_id_depends_on_origin_and_key(self):
        assert len({key_id(ORIGIN, PUBLIC), key_id("x", PUBLIC), key_id(ORIGIN, bytes(32))}) == 3

    def test_a_bare_text_is_no_checkpoint(self):
        for text in ["", "a\n1\n", "a\n1\nAAAA\n\n— a AAAAAAAAAAAA\n", "a\n1\n\n\n"]:
            with pytest.raises(BadCheckpointError):
                parse_checkpoint(text)


def _add(p, q):
    prime = 2**255 - 19
    (x1, y1), (x2, y2) = p, q
    t = -121665 * pow(121666, -1, prime) * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + t, -1, prime) % prime,
        (y1 * y2 + x1 * x2) * pow(1 - t, -1, prime) % prime,
    )


def _small_order_points():
    """All points of order dividing 8, made from one of order 8, by the curve's own addition."""
    prime = 2**255 - 19
    d = -121665 * pow(121666, -1, prime) % prime
    y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
    square = (y * y - 1) * pow(d * y * y + 1, -1, prime) % prime
    x = pow(square, (prime + 3) // 8, prime)
    if (x * x - square) % prime:
        x = x * pow(2, (prime - 1) // 4, prime) % prime
    assert (x * x - square) % prime == 0
    points, point = [], (0, 1)
    for _ in range(8):
        points.append(point)
        point = _add(point, (x, y))
    assert point == (0, 1)
    return points


def test_all_eight_points_of_small_order_are_no_keys():
    points = _small_order_points()

    keys = {(y | (x & 1) << 255).to_bytes(32, "little").hex() for x, y in points}

    assert len(keys) == 8
    assert not any(is_public_key(key) for key in keys)
    assert not is_public_key("ed" + "ff" * 30 + "7f")  # y = p: 0 in another encoding
    assert not is_public_key(PUBLIC.hex().upper())
    assert is_public_key(PUBLIC.hex())


def test_a_signature_with_s_beyond_the_order_is_refused():
    order = 2**252 + 27742317777372353535851937790883648493
    good = KEY.sign(b"text")
    verify_signature(PUBLIC.hex(), good.hex(), b"text")

    doubled = good[:32] + (int.from_bytes(good[32:], "little") + order).to_bytes(32, "little")

    for bad in [doubled.hex(), good.hex().upper(), good.hex()[:-2], bytes(64).hex()]:
        with pytest.raises(BadSignatureError):
            verify_signature(PUBLIC.hex(), bad, b"text")


def test_a_key_of_small_order_signs_nothing():
    identity = "01" + "00" * 31

    with pytest.raises(BadSignatureError):
        verify_signature(identity, identity + "00" * 32, b"anything")
