"""Which passwords hold, and what an authenticator shows (RFC 6238)."""

from datetime import UTC, datetime, timedelta

import pytest

from doublerandom.accounts import totp
from doublerandom.accounts.errors import CommonPasswordError, WeakPasswordError
from doublerandom.accounts.passwords import check_password
from doublerandom.documents.qr import qr_svg

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    "password", ["correct horse battery", "demo-yunchuan", "三个不相干的词语连在一起", "x7Q!mm2#Lr9"]
)
def test_a_long_password_of_ones_own_holds(password):
    check_password(password, username="planner", names=["李承方", "p-li"])


@pytest.mark.parametrize("password", ["short", "x" * 201, "the.planner"])
def test_a_password_is_long_and_not_the_user_name(password):
    with pytest.raises(WeakPasswordError):
        check_password(password, username="The.Planner")


@pytest.mark.parametrize(
    "password",
    [
        *(
            "password123",
            "P@ssw0rd2026",
            "qwertyuiop",
            "woaini1314520",
            "1234567890",
            "２０２６１１２２００",
            "abcdefghijkl",
        ),
        *(
            "aaaaaaaaaaaa",
            "121212121212",
            "planner@2026!",
            "李承方２０２６０１０１",
            "passwordpassword",
            "987654321098",
        ),
    ],
)
def test_what_is_guessed_first_is_refused(password):
    with pytest.raises(CommonPasswordError):
        check_password(password, username="planner", names=["李承方", "p-li"])


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)

    assert totp.code_of(RFC_SECRET, totp.step_of(at)) == code
    assert totp.step_that_fits(RFC_SECRET, code, at=at, after=0) == totp.step_of(at)


def test_a_code_may_be_one_step_off_and_no_more():
    at = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    code = totp.code_of(RFC_SECRET, totp.step_of(at))

    fits = [
        totp.step_that_fits(RFC_SECRET, code, at=at + timedelta(seconds=30 * steps), after=0) is not None
        for steps in range(-2, 3)
    ]

    assert fits == [False, True, True, True, False]


def test_a_code_is_read_as_people_type_it():
    at = datetime.fromtimestamp(59, UTC)

    assert totp.step_that_fits(RFC_SECRET, " 287 082", at=at, after=0) == 1
    assert totp.step_that_fits(RFC_SECRET, "２８７０８２", at=at, after=0) == 1
    assert totp.step_that_fits(RFC_SECRET, "28708２x", at=at, after=0) is None


def test_the_address_of_the_qr_code_is_what_authenticators_read():
    address = totp.enrolment_address("ABC", account="wang", issuer="双随机")

    assert address.startswith("otpauth://totp/%E5%8F%8C%E9%9A%8F%E6%9C%BA:wang?secret=ABC&issuer=")
    assert "style" not in qr_svg(address)
