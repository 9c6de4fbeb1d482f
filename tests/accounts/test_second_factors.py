"""Second factors: asked for at sign-in, each code once, required of some roles, removed by another person."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select
from visitors import NOON, PASSWORD, a_body, an_account, csrf_token, send, sign_in

from doublerandom import clock
from doublerandom.accounts import queries, services, totp
from doublerandom.accounts.errors import (
    FirstCodeRefusedError,
    NoSecondFactorError,
    NotOneselfError,
    SecondFactorRefusedError,
    SignInLockedError,
)
from doublerandom.accounts.models import RecoveryCode, SecondFactor
from doublerandom.ledger.models import Act

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_at(at):
    return totp.code_of(SECRET, totp.step_of(at))


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def wang(session):
    a_body(session)
    return an_account(session, "wang", roles=["planner"])


def enrolled(session, settings, at=NOON):
    return services.enrol_second_factor(session, "WANG", SECRET, code_at(at), settings=settings, at=at)


class TestEnrolling:
    def test_the_first_code_confirms_it_and_the_secret_is_nowhere_in_clear(self, session, settings, wang):
        with pytest.raises(FirstCodeRefusedError):
            services.enrol_second_factor(session, "WANG", SECRET, "000000", settings=settings, at=NOON)
        codes = enrolled(session, settings)

        row = session.exec(select(SecondFactor)).one()
        kept = row.sealed + "".join(each.digest for each in session.exec(select(RecoveryCode)).all())
        told = "".join(act.facts for act in session.exec(select(Act)).all())
        assert len(set(codes)) == 10
        for secret in (SECRET, *(code.replace("-", "") for code in codes)):
            assert secret not in kept + told

    def test_another_authenticator_ends_the_one_before_and_its_recovery_codes(self, session, settings, wang):
        old = enrolled(session, settings)
        enrolled(session, settings, at=NOON + timedelta(minutes=5))

        assert len(queries.recovery_codes_left(session, wang.id)) == 10
        with pytest.raises(SecondFactorRefusedError):
            self.prove(session, settings, old[0])

    def prove(self, session, settings, code, at=NOON + timedelta(minutes=10)):
        return services.prove_second_factor(
            session, queries.user_by_person(session, "WANG"), code, settings=settings, at=at
        )

    def test_a_code_serves_once_and_a_recovery_code_once(self, session, settings, wang):
        codes, later = enrolled(session, settings), NOON + timedelta(minutes=10)

        assert self.prove(session, settings, code_at(later)) == "totp"
        with pytest.raises(SecondFactorRefusedError):
            self.prove(session, settings, code_at(later))
        with pytest.raises(SecondFactorRefusedError):
            self.prove(session, settings, code_at(later - timedelta(seconds=30)))
        assert self.prove(session, settings, codes[3].lower()) == "recovery"
        with pytest.raises(SecondFactorRefusedError):
            self.prove(session, settings, codes[3])
        assert len(queries.recovery_codes_left(session, wang.id)) == 9

    def test_guessing_codes_locks(self, session, settings, wang):
        enrolled(session, settings)
        later = NOON + timedelta(minutes=10)
        for _ in range(settings.sign_in_attempts):
            with pytest.raises(SecondFactorRefusedError):
                self.prove(session, settings, "123456")

        with pytest.raises(SignInLockedError):
            self.prove(session, settings, code_at(later))

        assert [act.name for act in session.exec(select(Act)).all()].count("SignInLocked") == 1

    def test_another_person_removes_it_on_record_never_its_owner(self, session, settings, wang):
        with pytest.raises(NoSecondFactorError):
            services.remove_second_factor(session, "WANG", reason="lost", by="HAN", at=NOON)
        enrolled(session, settings)
        with pytest.raises(NotOneselfError):
            services.remove_second_factor(session, "WANG", reason="lost", by="WANG", at=NOON)

        services.remove_second_factor(session, "WANG", reason="lost", by="HAN", at=NOON)

        assert queries.second_factor(session, wang.id) is None
        assert not queries.recovery_codes_left(session, wang.id)
        act = session.exec(select(Act).where(Act.name == "SecondFactorRemoved")).one()
        assert (act.by, '"reason":"lost"' in act.facts) == ("HAN", True)


class TestAtTheDoor:
    def test_the_code_is_asked_after_the_password_and_nothing_opens_before(
        self, session, settings, app, client, wang
    ):
        now = clock.now()
        codes = enrolled(session, settings, at=now - timedelta(hours=1))

        assert sign_in(client, "wang", next="/me").location == "/sign-in/code"
        assert client.get("/desk").location.startswith("/sign-in?")
        wrong = send(client, "/sign-in/code", page="/sign-in/code", code="000000")
        assert (wrong.status_code, "验证码不正确" in text(wrong)) == (403, True)
        right = send(client, "/sign-in/code", page="/sign-in/code", code=codes[0])
        assert right.location == "/me"
        page = text(client.get("/me"))
        assert "还剩 9 个" in page
        assert "管理签名密钥" in page

    def test_without_the_first_step_there_is_no_second(self, client, wang):
        token = csrf_token(client)

        assert client.get("/sign-in/code").location == "/sign-in"
        answer = client.post("/sign-in/code", data={"csrf_token": token, "code": "123456"})
        assert (answer.status_code, "登录已超时" in text(answer)) == (403, True)

    def test_a_code_is_needed_in_the_form(self, session, settings, client, wang):
        enrolled(session, settings)
        sign_in(client, "wang")

        answer = send(client, "/sign-in/code", page="/sign-in/code", code="")

        assert (answer.status_code, "请输入验证码" in text(answer)) == (422, True)


class TestWhereItIsRequired:
    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"second_factor_roles": "planner, supervisor"})

    def test_who_has_none_is_led_to_enrol_and_reaches_nothing_else(self, client, wang):
        sign_in(client, "wang")
        for path in ("/desk", "/stand-ins", "/me/signing-key"):
            assert client.get(path).location == "/me/second-factor", path
        machine = client.get("/desk", headers={"Accept": "application/json"})
        assert (machine.status_code, machine.json["error"]["code"]) == (403, "second_factor_needed")
        assert send(client, "/me/recovery-codes").location == "/me/second-factor"

        page = text(client.get("/me/second-factor"))
        secret = re.search(r'<code class="code">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
        assert "<svg" in page
        assert send(client, "/me/second-factor", page="/me/second-factor", code="000000").status_code == 422
        code = totp.code_of(secret, totp.step_of(clock.now()))
        answer = send(client, "/me/second-factor", page="/me/second-factor", code=code)

        assert text(answer).count('<li class="code">') == 10
        assert client.get("/desk").status_code == 200
        assert '<li class="code">' in text(send(client, "/me/recovery-codes"))

    def test_other_roles_work_without(self, session, client, wang):
        an_account(session, "li", roles=["registrar"])
        sign_in(client, "li")

        assert client.get("/desk").status_code == 200

    def test_the_demonstration_shows_the_code(self, session, settings, wang, database_url):
        from doublerandom.app import create_app
        from doublerandom.web import db

        enrolled(session, settings)
        demo = create_app(settings.model_copy(update={"database_url": database_url, "demo": True}))
        for _visit in range(3):
            client = demo.test_client()
            sign_in(client, "wang")
            code = re.search(r'data-demo-code="(\d{6})"', text(client.get("/sign-in/code")))[1]
            assert send(client, "/sign-in/code", page="/sign-in/code", code=code).location == "/desk"
        with demo.app_context():
            for engine in db.engines.values():
                engine.dispose()


def test_proving_it_again_asks_for_password_and_code(session, settings, wang):
    from doublerandom.accounts.errors import WrongPasswordError

    codes = enrolled(session, settings)
    with pytest.raises(WrongPasswordError):
        services.prove_again(session, "WANG", "not the password", "", settings=settings, at=NOON)
    with pytest.raises(SecondFactorRefusedError):
        services.prove_again(session, "WANG", PASSWORD, "", settings=settings, at=NOON)

    services.prove_again(session, "WANG", PASSWORD, codes[0], settings=settings, at=NOON)
