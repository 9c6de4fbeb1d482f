"""A bundle's bytes depend on its contents alone; reading one takes nothing that section 12 does not name."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from doublerandom.dr1.bundle import (
    MOST_BYTES,
    NAMES,
    BundleBytesError,
    BundleFormError,
    BundleNameError,
    BundleUnreadableError,
    json_file,
    lines_file,
    log_file,
    note_text,
    open_bundle,
    read_json,
    write_bundle,
)
from doublerandom.dr1.errors import NotCanonicalError, ProtocolError
from doublerandom.dr1.lines import LONGEST_LINE

FILES = {
    "plan.json": b'{"a":1}\n',
    "subjects.jsonl": b'{"id":"S1"}\n{"id":"S2"}\n',
    "README.txt": "读我\n".encode(),
}
HEX = "ab" * 32
TASK = {"draw": "D", "subject": "S1", "team": [{"inspector": "P1", "seat": "lead"}]}


def test_the_bytes_depend_on_names_and_contents_alone(tmp_path):
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    (tmp_path / "subjects").write_bytes(FILES["subjects.jsonl"])

    write_bundle(first, FILES)
    write_bundle(second, {**dict(reversed(FILES.items())), "subjects.jsonl": tmp_path / "subjects"})

    assert first.read_bytes() == second.read_bytes()


def test_members_are_stored_in_order_undated_and_without_extra_fields(tmp_path):
    write_bundle(tmp_path / "a.zip", FILES)

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        members = archive.infolist()
    assert [member.filename for member in members] == ["README.txt", "plan.json", "subjects.jsonl"]
    assert {member.compress_type for member in members} == {zipfile.ZIP_STORED}
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {(member.extra, member.comment, member.flag_bits) for member in members} == {(b"", b"", 0)}


def test_a_bundle_can_be_written_to_a_stream(tmp_path):
    stream = io.BytesIO()

    write_bundle(stream, FILES)

    write_bundle(tmp_path / "a.zip", FILES)
    assert stream.getvalue() == (tmp_path / "a.zip").read_bytes()


def test_a_refused_bundle_leaves_nothing_behind(tmp_path):
    with pytest.raises(BundleNameError):
        write_bundle(tmp_path / "a.zip", {"other.txt": b""})
    with pytest.raises(FileNotFoundError):
        write_bundle(tmp_path / "a.zip", {"plan.json": tmp_path / "missing"})

    assert list(tmp_path.iterdir()) == []


@pytest.fixture(params=["zip", "directory"])
def stored(request, tmp_path):
    """A function that stores files as a bundle of either kind and gives its path."""

    def store(files: dict[str, bytes]) -> Path:
        if request.param == "zip":
            path = tmp_path / "bundle.zip"
            with zipfile.ZipFile(path, "w") as archive:
                for name in sorted(files):
                    archive.writestr(zipfile.ZipInfo(name), files[name])
            return path
        path = tmp_path / "bundle"
        path.mkdir()
        for name, data in files.items():
            (path / name).parent.mkdir(exist_ok=True)
            (path / name).write_bytes(data)
        return path

    return store


def test_what_was_stored_is_read(stored):
    with open_bundle(stored(FILES)) as bundle:
        assert bundle.names == set(FILES)
        assert "plan.json" in bundle
        assert bundle.read("plan.json") == FILES["plan.json"]
        assert list(bundle.lines("subjects.jsonl")) == [b'{"id":"S1"}', b'{"id":"S2"}']


@pytest.mark.parametrize("name", ["other.txt", "PLAN.json", "sub/plan.json", "tasks.leaves", ".DS_Store"])
def test_names_that_the_protocol_does_not_list_are_refused(stored, name):
    with pytest.raises(BundleNameError):
        open_bundle(stored({**FILES, name: b""}))


def test_a_directory_is_not_a_file(tmp_path):
    (tmp_path / "plan.json").mkdir()

    with pytest.raises(BundleNameError):
        open_bundle(tmp_path)


def test_a_name_that_stands_twice_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("plan.json", b"{}\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("plan.json", b'{"a":1}\n')

    with pytest.raises(BundleNameError):
        open_bundle(tmp_path / "a.zip")


def test_a_small_zip_that_would_unpack_beyond_all_measure_is_not_opened(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.json", bytes(1 << 24))

    with pytest.raises(BundleFormError):
        open_bundle(tmp_path / "a.zip")


@pytest.mark.parametrize(("name", "measure"), [("tasks.jsonl", LONGEST_LINE), ("plan.json", MOST_BYTES)])
def test_a_file_beyond_all_measure_is_unreadable(tmp_path, name, measure):
    with (tmp_path / name).open("wb") as file:
        file.truncate(measure + (2 << 20))

    with open_bundle(tmp_path) as bundle, pytest.raises(BundleUnreadableError, match="too large"):
        bundle.read(name) if name == "plan.json" else list(bundle.lines(name))


def test_threads_that_write_the_same_bundle_at_once_do_not_disturb_each_other(tmp_path):
    target = tmp_path / "a.zip"
    files = FILES | {"conflicts.jsonl": b"0" * (1 << 23)}

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write_bundle(target, files), range(32)))

    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    with open_bundle(target) as bundle:
        assert bundle.read("conflicts.jsonl") == files["conflicts.jsonl"]


def test_what_is_no_zip_is_unreadable(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK but no more")

    with pytest.raises(BundleUnreadableError):
        open_bundle(tmp_path / "a.zip")
    with pytest.raises(BundleUnreadableError):
        open_bundle(tmp_path / "missing.zip")


def test_a_damaged_member_is_unreadable(tmp_path):
    write_bundle(tmp_path / "a.zip", FILES)
    data = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data.replace(b'{"id":"S2"}', b'{"id":"S3"}'))

    with open_bundle(tmp_path / "a.zip") as bundle:
        with pytest.raises(BundleUnreadableError):
            bundle.read("subjects.jsonl")
        with pytest.raises(BundleUnreadableError):
            list(bundle.lines("subjects.jsonl"))


def test_a_last_line_without_its_newline_is_refused(stored):
    with open_bundle(stored({"tasks.jsonl": b'{"a":1}\n{"b":2}'})) as bundle, pytest.raises(BundleBytesError):
        list(bundle.lines("tasks.jsonl"))


def test_an_empty_pool_is_an_empty_file(stored):
    with open_bundle(stored({"conflicts.jsonl": b""})) as bundle:
        assert list(bundle.lines("conflicts.jsonl")) == []


def test_files_are_canon_and_a_newline():
    assert json_file({"b": 1, "a": "好"}) == '{"a":"好","b":1}\n'.encode()
    assert lines_file([{"a": 1}, {"a": 2}]) == b'{"a":1}\n{"a":2}\n'
    assert lines_file([]) == b""


@pytest.mark.parametrize("data", [b"[]", b"[]\n\n", b" []\n", b"[ ]\n", b"[]\r\n", b"\xef\xbb\xbf[]\n", b""])
def test_other_bytes_of_the_same_json_are_refused(data):
    assert read_json("beacon.json", b"[]\n") == []

    with pytest.raises((BundleBytesError, NotCanonicalError)):
        read_json("beacon.json", data)


GOOD = {
    "signatures.json": [{"role": "operator", "person": "p", "key": HEX, "signature": HEX * 2}],
    "beacon.json": [{"signature": "ab" * 48}, {"rolls": [1]}, {"groups": [[1, 2], [3]]}],
    "secrets.json": [{"party": "p", "purpose": "subject", "secret": HEX}],
    "keys.json": {"inspectors": HEX, "tasks": HEX},
    "result.json": {
        "drawn": ["S1"],
        "result_root": HEX,
        "empty_seats": [{"met": ["P1"], "places": [["S1", 0]], "seat": "lead", "subject": "S1"}],
    },
    "log.json": {
        "origin": "log.example",
        "key": HEX,
        "checkpoint": ["log.example", "1", "root", "", "— log.example sig"],
        "entries": [{"index": 0, "entry": {"type": "note"}, "proof": [HEX]}],
    },
    "tasks.jsonl": TASK,
    "replacements.jsonl": {
        "n": 1,
        "old": "P1",
        "new": "P2",
        "reason": "ill",
        "salt": HEX,
        "seat": 0,
        "task": TASK,
        "conflicts": ["P1:S1"],
    },
    "rules.json": {"anything": ["that", 1, True]},
    "witness.json": [{"anything": "else"}],
}


@pytest.mark.parametrize("name", GOOD)
def test_each_file_is_accepted_with_its_members(name):
    assert read_json(name, json_file(GOOD[name])) == GOOD[name]


def _spoilt(value):
    """The value with each object given a member more, and each member in turn replaced by true."""
    if isinstance(value, dict):
        yield {**value, "extra": "x"}
        for key, held in value.items():
            for other in _spoilt(held):
                yield {**value, key: other}
    elif isinstance(value, list):
        yield [*value, True]
        for position, held in enumerate(value):
            for other in _spoilt(held):
                yield [*value[:position], other, *value[position + 1 :]]
    yield True


@pytest.mark.parametrize("name", [name for name in GOOD if name not in {"rules.json", "witness.json"}])
def test_no_file_takes_a_further_member_or_a_boolean(name):
    spoilt = [value for value in _spoilt(GOOD[name]) if not _free(value)]

    assert spoilt
    for value in spoilt:
        with pytest.raises(ProtocolError):
            read_json(name, json_file(value))


def _free(value):
    """What the file's shape leaves to others: an entry's members."""
    text = json.dumps(value)
    free = [
        '"entry": {"type": "note", "extra": "x"}',
        '"entry": {"type": true}',
        '"ground": "barred", "extra": "x"',
    ]
    return any(part in text for part in free)


@pytest.mark.parametrize("name", [name for name in GOOD if name not in {"rules.json", "witness.json"}])
def test_no_file_lacks_a_member(name):
    value = GOOD[name][0] if isinstance(GOOD[name], list) else GOOD[name]
    optional = {
        "keys.json": {"inspectors", "tasks"},
        "result.json": {"empty_seats"},
        "beacon.json": set(),
    }.get(name, {"old", "new", "seat", "conflicts"})

    for member in value.keys() - optional:
        less = {key: held for key, held in value.items() if key != member}
        with pytest.raises(ProtocolError):
            read_json(name, json_file([less] if isinstance(GOOD[name], list) else less))


CHECKPOINT = "log.example\n1\nroot\n\n— log.example sig\n"


def test_a_checkpoint_stands_in_log_json_as_its_text_or_as_its_lines():
    written = log_file("log.example", HEX, CHECKPOINT, GOOD["log.json"]["entries"])

    as_text, as_lines = read_json("log.json", written), read_json("log.json", json_file(GOOD["log.json"]))

    assert written.startswith(b'{"checkpoint":"log.example\\n1\\n')
    assert as_text["checkpoint"] == CHECKPOINT
    assert note_text(as_text["checkpoint"]) == note_text(as_lines["checkpoint"]) == CHECKPOINT


@pytest.mark.parametrize(
    "change",
    [(b"\\n1", b"\\u000a1"), (b"\\n1", b"\\t1"), (b"{", b"{ "), (b'"key"', b'"Key"'), (b"}\n", b"\n")],
)
def test_beside_its_newlines_the_checkpoint_text_takes_no_liberty(change):
    written = log_file("log.example", HEX, CHECKPOINT, GOOD["log.json"]["entries"])

    with pytest.raises(ProtocolError):
        read_json("log.json", written.replace(*change))


@pytest.mark.parametrize("pair", ["P1", "P1:", ":S1", "P1:S1:x", "P 1:S1", 1])
def test_a_pair_known_since_names_an_inspector_and_a_subject(pair):
    with pytest.raises(ProtocolError):
        read_json("replacements.jsonl", json_file({**GOOD["replacements.jsonl"], "conflicts": [pair]}))


@pytest.mark.parametrize("signature", ["ab" * 63, "AB" * 64, "zz" * 64])
def test_a_signature_is_128_lower_case_hex_digits(signature):
    with pytest.raises(ProtocolError):
        read_json("signatures.json", json_file([{**GOOD["signatures.json"][0], "signature": signature}]))


def test_the_names_are_those_of_section_12():
    assert len(NAMES) == 19
