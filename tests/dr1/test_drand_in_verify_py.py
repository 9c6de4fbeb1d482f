"""The standalone verifier's own BLS12-381: equal to the installed library on vectors and forgeries."""

import hashlib
import importlib.util
import json
import sys
from functools import partial

import pytest
from dr1 import bundles
from hypothesis import given, settings
from hypothesis import strategies as st
from py_arkworks_bls12381 import G1Point

from doublerandom.dr1.drand import QUICKNET

VECTORS = json.loads((bundles.HERE / "vectors" / "drand.json").read_text(encoding="utf-8"))
ROUNDS = [(each["round"], each["signature"]) for each in VECTORS["rounds"] if each["network"] == "quicknet"]


@pytest.fixture(scope="module")
def verifier():
    """The program that every bundle carries, as a module."""
    spec = importlib.util.spec_from_file_location("verify_py_of_drand", bundles.VERIFY_PY)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.mark.parametrize(("number", "signature"), ROUNDS)
def test_every_known_round_holds_and_no_other_round_does(verifier, number, signature):
    signs = partial(verifier.signs_round, bytes.fromhex(signature))

    assert signs(number)
    assert not signs(number + 1)


@pytest.mark.parametrize("known", VECTORS["must_reject"], ids=lambda known: known["why"][:30])
def test_what_must_be_rejected_is(verifier, known):
    assert not verifier.signs_round(bytes.fromhex(known["signature"]), known["round"])


def test_the_pinned_points_are_the_curve_s(verifier):
    for digits in (verifier.KEY_OF_QUICKNET, verifier.GENERATOR_OF_G2):
        (x, y) = verifier.twist_point(digits)
        square, cube = verifier.multiply(y, y), verifier.multiply(verifier.multiply(x, x), x)
        assert square == ((cube[0] + 4) % verifier.P_BLS, (cube[1] + 4) % verifier.P_BLS)
    assert QUICKNET.public_key == verifier.KEY_OF_QUICKNET


@settings(max_examples=5, deadline=None)
@given(st.binary(max_size=80))
def test_messages_hash_to_the_same_points_as_with_the_library(verifier, message):
    tag = verifier.TAG_OF_QUICKNET

    x, y = verifier.hashed_to_g1(message, tag)

    ours = bytearray(x.to_bytes(48, "big"))
    ours[0] |= 0xA0 if y > verifier.P_BLS // 2 else 0x80
    assert bytes(ours) == G1Point.hash_to_curve(message, tag).to_compressed_bytes()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 47), st.integers(1, 255))
def test_a_changed_signature_never_holds(verifier, place, change):
    data = bytearray(bytes.fromhex(ROUNDS[0][1]))
    data[place] ^= change

    assert not verifier.signs_round(bytes(data), ROUNDS[0][0])


def test_the_randomness_is_the_digest_of_the_bytes_that_were_checked():
    known = next(each for each in VECTORS["rounds"] if each["round"] == ROUNDS[0][0])

    assert hashlib.sha256(bytes.fromhex(ROUNDS[0][1])).hexdigest() == known["randomness"]
