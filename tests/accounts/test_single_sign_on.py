"""OIDC against an identity provider on loopback: staff with an account, enterprises to their own record."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from accounts.an_identity_provider import CLIENT, SECRET, identity_provider
from visitors import NOON, a_body, an_account

from doublerandom import clock
from doublerandom.accounts import services, totp
from doublerandom.app import create_app
from doublerandom.config import Settings
from doublerandom.web import db

USCC = "91330106MA2CDEFG0X"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(scope="module")
def served():
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def provider(served):
    served.claims, served.lies, served.signs = {"preferred_username": "Wang"}, {}, served.key
    return served


@pytest.fixture
def site(provider, settings, sqlite_template, tmp_path):
    """The site with that provider, and wang, who plans."""
    import shutil

    from sqlmodel import Session

    from doublerandom.db import make_engine

    shutil.copy(sqlite_template, tmp_path / "sso.db")
    facts = {
        "database_url": f"sqlite:///{tmp_path / 'sso.db'}",
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_enterprise_claim": "uscc",
        "oidc_second_factor": "mfa",
    }
    house = settings.model_copy(update=facts)
    engine = make_engine(house.resolved_database_url)
    with Session(engine) as session:
        a_body(session)
        an_account(session, "wang", roles=["planner"])
        yield create_site(house), session, house
    engine.dispose()


SITES = []


def create_site(house):
    SITES.append(create_app(house))
    return SITES[-1]


@pytest.fixture(autouse=True)
def _disposed():
    yield
    while SITES:
        app = SITES.pop()
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def come_back(client, path="/sign-in/sso?next=/me", **changes):
    """Go to the provider as a browser does, and back; `changes` are made to the way back."""
    away = client.get(path)
    assert away.status_code == 302, away.get_data(as_text=True)
    asked = parse_qs(urlsplit(away.location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["nonce"][0]
    back = requests.get(away.location, allow_redirects=False, timeout=10).headers["Location"]
    answer = {**{name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}, **changes}
    return client.get(urlsplit(back).path, query_string=answer)


def test_who_has_an_account_comes_in(site):
    app, _session, _house = site
    client = app.test_client()
    assert "统一身份认证登录" in client.get("/sign-in").get_data(as_text=True)

    assert come_back(client).location == "/me"
    assert "wang某" in client.get("/me").get_data(as_text=True)


def test_our_second_factor_is_asked_for_unless_the_provider_showed_one(site, provider):
    app, session, house = site
    at = NOON
    code = totp.code_of(TOTP_SECRET, totp.step_of(at))
    services.enrol_second_factor(session, "WANG", TOTP_SECRET, code, settings=house, at=at)
    client = app.test_client()

    provider.claims["amr"] = ["pwd"]
    assert come_back(client).location == "/sign-in/code"
    assert client.get("/desk").status_code == 303
    provider.claims["amr"] = ["pwd", "mfa"]
    assert come_back(app.test_client()).location == "/me"


@pytest.mark.parametrize(
    "claims", [{"preferred_username": "nobody"}, {"preferred_username": ""}, {"email": "x"}]
)
def test_no_account_is_ever_made(site, provider, claims):
    provider.claims = claims

    answer = come_back(site[0].test_client())

    assert (answer.status_code, "没有对应的有效账户" in answer.get_data(as_text=True)) == (403, True)


def test_a_closed_account_is_refused(site):
    app, session, house = site
    services.deactivate(session, "WANG", reason="left", settings=house, by="HAN", at=clock.now())

    assert come_back(app.test_client()).status_code == 403


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"aud": "somebody else"},
        {"iss": "http://evil.test"},
        {"exp": int((NOON - timedelta(days=30)).timestamp())},
        {"auth_time": int((datetime.now(UTC) - timedelta(hours=2)).timestamp())},
        {"auth_time": None},
    ],
)
def test_a_token_that_does_not_hold_opens_nothing(site, provider, lies):
    provider.lies, client = lies, site[0].test_client()

    assert come_back(client).status_code == 403
    assert client.get("/me").status_code == 303


def test_a_foreign_signature_a_foreign_state_and_a_refusal_open_nothing(site, provider):
    client = site[0].test_client()
    assert come_back(client, state="another").status_code == 403
    assert come_back(client, error="access_denied").status_code == 403
    provider.signs = provider.stranger
    assert come_back(client).status_code == 403
    assert client.get("/sign-in/sso/callback?code=1&state=2").status_code == 403
    assert client.get("/me").status_code == 303


def test_a_provider_that_does_not_answer_is_said(settings, sqlite_template):
    dead = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": CLIENT, "oidc_enterprise_claim": "uscc"}
    dead["database_url"] = f"sqlite:///{sqlite_template}"
    client = create_site(settings.model_copy(update=dead)).test_client()

    answer = client.get("/sign-in/sso")

    assert (answer.status_code, "没有响应" in answer.get_data(as_text=True)) == (503, True)
    assert client.get("/enterprise/sign-in").status_code == 503


def test_without_a_provider_there_is_no_such_page(settings, sqlite_template):
    house = settings.model_copy(update={"database_url": f"sqlite:///{sqlite_template}"})
    client = create_site(house).test_client()

    paths = ("/sign-in/sso", "/sign-in/sso/callback", "/enterprise/sign-in")
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    assert Settings.model_fields["oidc_client_secret"].repr is False


def test_an_enterprise_comes_to_its_own_record_and_nothing_else(site, provider):
    client = site[0].test_client()
    provider.claims = {"uscc": USCC.lower()}

    assert come_back(client, "/enterprise/sign-in?next=/items").location == "/items"
    with client.session_transaction() as kept:
        assert kept["enterprise"]["code"] == USCC
    assert client.get("/desk").status_code == 303


@pytest.mark.parametrize("claims", [{}, {"uscc": "330106000012345"}, {"uscc": "某公司"}])
def test_an_identity_without_a_unified_code_is_no_enterprise(site, provider, claims):
    provider.claims = claims

    assert come_back(site[0].test_client(), "/enterprise/sign-in").status_code == 403
