"""Accounts are opened under rules, and signing in gives nothing away and locks after failures."""

from datetime import timedelta

import pytest
from sqlmodel import select
from visitors import NOON, PASSWORD, a_body, an_account

from doublerandom.accounts import queries, services
from doublerandom.accounts.core import ALONE, ROLES, can_be_combined
from doublerandom.accounts.errors import (
    AccountExistsError,
    MalformedUsernameError,
    RolesDoNotCombineError,
    SignInLockedError,
    SignInRefusedError,
    UnknownBodyError,
    UnknownPersonError,
    UnknownRoleError,
    WeakPasswordError,
)
from doublerandom.accounts.models import SignInFailure, User
from doublerandom.accounts.passwords import hash_password, password_fits
from doublerandom.db import transaction
from doublerandom.dr1.errors import BadTokenError
from doublerandom.ledger.models import Act


def acts(session):
    return [act.name for act in session.exec(select(Act).order_by(Act.id)).all()]


class TestAccounts:
    def test_an_account_belongs_to_a_body_and_holds_roles(self, session):
        a_body(session)

        user = an_account(session, " Wang ", roles=["planner", "head", "planner"], person="P7")

        assert user.username == "wang"
        assert [role.name for role in user.roles] == ["head", "planner"]
        assert user.body.token == "hz-scjg"
        assert queries.user_by_person(session, "P7").id == user.id
        assert queries.person_names(session, ["P7", "P8"]) == {"P7": user.name}

    def test_a_password_is_kept_as_argon2_only(self, session):
        a_body(session)

        user = an_account(session, roles=["planner"])

        assert user.password.startswith("$argon2id$")
        assert password_fits(PASSWORD, user.password)
        facts = "".join(act.facts for act in session.exec(select(Act)).all())
        assert PASSWORD not in facts
        assert user.password not in facts

    @pytest.mark.parametrize(
        ("facts", "error"),
        [
            ({"username": "wang"}, AccountExistsError),
            ({"username": "li", "person": "WANG"}, AccountExistsError),
            ({"username": "li li", "person": "LI"}, MalformedUsernameError),
            ({"username": "李", "person": "LI"}, MalformedUsernameError),
            ({"username": "li", "password": "short"}, WeakPasswordError),
            ({"username": "li", "password": "x" * 201}, WeakPasswordError),
            ({"username": "li.the.planner", "password": "Li.the.planner"}, WeakPasswordError),
            ({"username": "li", "roles": ["king"]}, UnknownRoleError),
            ({"username": "li", "roles": []}, RolesDoNotCombineError),
            ({"username": "li", "roles": ["auditor", "planner"]}, RolesDoNotCombineError),
            ({"username": "li", "roles": ["administrator", "auditor"]}, RolesDoNotCombineError),
            ({"username": "li", "body": "nobody"}, UnknownBodyError),
            ({"username": "li", "person": "a b"}, BadTokenError),
        ],
    )
    def test_a_refused_account_leaves_nothing_behind(self, session, facts, error):
        a_body(session)
        an_account(session, "wang", roles=["planner"])

        with pytest.raises(error):
            an_account(session, **{"roles": ["planner"], **facts})

        assert [user.username for user in session.exec(select(User)).unique().all()] == ["wang"]
        assert acts(session) == ["BodyCreated", "UserCreated"]

    def test_nobody_is_found_under_an_unknown_person(self, session):
        with pytest.raises(UnknownPersonError):
            queries.user_by_person(session, "P9")

    @pytest.mark.parametrize("role", ROLES)
    def test_a_role_may_stand_alone_and_all_but_two_combine(self, role):
        assert can_be_combined([role])
        assert can_be_combined([role, role])
        assert can_be_combined([role, "head", "planner"]) is (role not in ALONE)


class TestSigningIn:
    @pytest.fixture
    def wang(self, session):
        a_body(session)
        return an_account(session, "wang", roles=["planner"])

    def try_with(self, session, settings, username="wang", password=PASSWORD, at=NOON):
        return services.sign_in(session, username, password, settings=settings, at=at)

    def test_the_right_password_signs_in_and_is_on_record(self, session, settings, wang):
        user = self.try_with(session, settings, username=" WANG ")

        assert user.person == "WANG"
        assert acts(session)[-1] == "SignedIn"

    @pytest.mark.parametrize("username", ["wang", "nobody", "", "wang\x00", "x" * 65, "王"])
    def test_a_refusal_is_the_same_whether_or_not_the_account_exists(self, session, settings, wang, username):
        with pytest.raises(SignInRefusedError) as refusal:
            self.try_with(session, settings, username=username, password="wrong password")

        assert refusal.value.params == {}

    @pytest.mark.parametrize("username", ["wang", "nobody"])
    def test_too_many_failures_lock_the_user_name_for_the_window(self, session, settings, wang, username):
        for _ in range(settings.sign_in_attempts):
            with pytest.raises(SignInRefusedError):
                self.try_with(session, settings, username=username, password="wrong password")

        with pytest.raises(SignInLockedError):
            self.try_with(session, settings, username=username)

    def test_the_lock_ends_with_the_window(self, session, settings, wang):
        for _ in range(settings.sign_in_attempts):
            with pytest.raises(SignInRefusedError):
                self.try_with(session, settings, password="wrong password")

        later = NOON + timedelta(minutes=settings.sign_in_window_minutes)
        assert self.try_with(session, settings, at=later).id == wang.id

    def test_locking_an_account_is_on_record_once(self, session, settings, wang):
        for _ in range(settings.sign_in_attempts + 3):
            with pytest.raises((SignInRefusedError, SignInLockedError)):
                self.try_with(session, settings, password="wrong password")

        assert acts(session).count("SignInLocked") == 1

    def test_signing_in_forgets_the_failures_before(self, session, settings, wang):
        for _ in range(3):
            for _ in range(settings.sign_in_attempts - 1):
                with pytest.raises(SignInRefusedError):
                    self.try_with(session, settings, password="wrong password")
            self.try_with(session, settings)

        assert session.exec(select(SignInFailure)).all() == []

    def test_a_closed_account_does_not_sign_in(self, session, settings, wang):
        with transaction(session):
            session.get(User, wang.id).active = False

        with pytest.raises(SignInRefusedError):
            self.try_with(session, settings)

    def test_failures_of_others_do_not_lock(self, session, settings, wang):
        for _ in range(settings.sign_in_attempts):
            with pytest.raises(SignInRefusedError):
                self.try_with(session, settings, username="li", password="wrong password")

        assert self.try_with(session, settings).id == wang.id


def test_no_password_fits_where_there_is_no_account():
    assert not password_fits("no account has this password", None)


def test_no_password_fits_a_hash_that_is_none():
    assert not password_fits("x", "plain")
    assert password_fits("x", hash_password("x"))
