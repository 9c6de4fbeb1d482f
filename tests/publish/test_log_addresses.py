"""The log at the addresses of the protocol: what a stranger fetches verifies by the protocol alone."""

import hashlib

import pytest
from draws.a_city import a_city

from doublerandom.dr1.canon import canon
from doublerandom.dr1.checkpoints import verify_checkpoint
from doublerandom.dr1.merkle import leaf_hash, verify_consistency, verify_inclusion


@pytest.fixture
def size(session, settings):
    """A city with a drawn draw; gives the size of its log."""
    city = a_city(session, settings)
    city.drawn()
    from doublerandom.ledger import queries

    return queries.log_size(session)


def checkpoint_of(client, settings):
    """The newest checkpoint, its signature checked."""
    key = bytes.fromhex(client.get("/log/key").get_data(as_text=True).strip())
    note = client.get("/log/checkpoint").get_data(as_text=True)
    return verify_checkpoint(note, origin=settings.log_origin, public_key=key)


def proof(client, kind, **arguments):
    answer = client.get(f"/log/proof/{kind}", query_string=arguments)
    assert answer.status_code == 200
    return [bytes.fromhex(step) for step in answer.get_json()["proof"]]


def test_every_entry_is_in_the_tree_whose_signed_root_is_served(client, settings, size):
    checkpoint = checkpoint_of(client, settings)
    entries = client.get(f"/log/entries?start=0&end={size}").get_json()

    assert checkpoint.size == size == len(entries)
    for index, entry in enumerate(entries):
        path = proof(client, "inclusion", index=index, size=size)
        assert verify_inclusion(leaf_hash(canon(entry)), index, size, path, checkpoint.root)


def test_every_earlier_tree_is_a_beginning_of_the_present_one(client, settings, size):
    checkpoint = checkpoint_of(client, settings)
    entries = client.get(f"/log/entries?start=0&end={size}").get_json()
    leaves = [leaf_hash(canon(entry)) for entry in entries]

    for first in range(1, size + 1):
        path = proof(client, "consistency", first=first, second=size)
        assert verify_consistency(first, size, root_of(leaves[:first]), checkpoint.root, path)


def root_of(leaves):
    """The root by RFC 6962, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + root_of(leaves[:k]) + root_of(leaves[k:])).digest()


def test_entries_come_as_asked_for(client, size):
    whole = client.get(f"/log/entries?start=0&end={size}").get_json()

    assert client.get("/log/entries?start=1&end=3").get_json() == whole[1:3]
    assert [entry["type"] for entry in whole][-1] == "result"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_see_an_entry_with_its_proof(client, size, language):
    for index in (0, size - 1):
        page = client.get(f"/log/{index}?lang={language}")
        assert page.status_code == 200
        assert f"/log/proof/inclusion?index={index}&amp;size={size}" in page.get_data(as_text=True)
    assert client.get(f"/log/{size}").status_code == 404


NOT_THERE = [
    "/log/entries",
    "/log/entries?start=0",
    "/log/entries?start=0&end=0",
    "/log/entries?start=3&end=2",
    "/log/entries?start=0&end=1000000",
    "/log/entries?start=-1&end=2",
    "/log/entries?start=٠&end=2",
    "/log/entries?start=0&end=99999999999999999999",
    "/log/proof/inclusion?index=0&size=0",
    "/log/proof/inclusion?index=5&size=5",
    "/log/proof/inclusion?index=0&size=1000000",
    "/log/proof/inclusion?index=x&size=1",
    "/log/proof/consistency?first=0&second=1",
    "/log/proof/consistency?first=2&second=1",
    "/log/proof/consistency?first=1&second=1000000",
    "/log/proof/consistency?first=1",
]


def test_machines_are_told_in_json_what_the_log_does_not_have(client, size):
    for address in NOT_THERE:
        answer = client.get(address)
        assert answer.status_code == 400
        error = answer.get_json()["error"]
        assert error["code"] == "no_such_log_range"
        assert str(size) in error["reason_zh"]
        assert str(size) in error["reason_en"]


def test_an_empty_log_has_no_checkpoint_but_a_key(client):
    assert client.get("/log/checkpoint").status_code == 404
    assert len(bytes.fromhex(client.get("/log/key").get_data(as_text=True))) == 32
    assert client.get("/log/entries?start=0&end=1").status_code == 400


@pytest.mark.parametrize("page", ["/log/checkpoint", "/log/key"])
def test_texts_are_served_as_text(client, size, page):
    assert client.get(page).mimetype == "text/plain"
