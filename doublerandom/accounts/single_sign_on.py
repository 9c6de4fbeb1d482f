"""OpenID Connect (extra `sso`): authorization code with PKCE and nonce, and what the provider then says."""

from datetime import datetime
from typing import Any

import structlog
from flask import current_app

from doublerandom.accounts.errors import SingleSignOnError, SingleSignOnUnavailableError
from doublerandom.config import Settings

NAME = "identity_provider"
SCOPE = "openid profile"
LEEWAY = 60  # seconds that two clocks may differ
log = structlog.get_logger("doublerandom.accounts")


def is_offered(settings: Settings) -> bool:
    """Whether an identity provider is set."""
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def for_enterprises(settings: Settings) -> bool:
    """Whether the identity provider names enterprises."""
    return is_offered(settings) and bool(settings.oidc_enterprise_claim)


def _provider(settings: Settings) -> Any:
    """The provider's client, made on first use: Authlib is an extra and takes its time to load."""
    from authlib.integrations.flask_client import OAuth  # noqa: PLC0415 - an extra, loaded when it is used

    known = current_app.extensions.get(NAME)
    if known is None:
        issuer = settings.oidc_issuer.rstrip("/")
        well_known = "/.well-known/openid-configuration"
        known = OAuth(current_app).register(
            NAME,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=issuer if issuer.endswith(well_known) else issuer + well_known,
            client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "timeout": 10},
        )
        current_app.extensions[NAME] = known
    return known


def redirection(settings: Settings, address: str) -> Any:
    """
    The answer that sends the browser to the identity provider, which sends it back to `address`.

    Whoever showed who it is longer ago than acts that sign allow is asked again there (`max_age`).

    Raises:
        SingleSignOnUnavailableError: The provider does not answer.
    """
    from requests import RequestException  # noqa: PLC0415 - as above

    try:
        return _provider(settings).authorize_redirect(address, max_age=settings.fresh_minutes * 60)
    except (RequestException, ValueError, KeyError) as error:
        raise SingleSignOnUnavailableError from error


def claims(settings: Settings, *, at: datetime) -> dict[str, Any]:
    """
    What the provider says of who came back: the ID token's claims, its signature, nonce and times checked.

    Raises:
        SingleSignOnError: State, code, token or nonce do not hold, the person said no, or showed who it is
            too long ago (`auth_time`), which would make a silent session count as a fresh proof.
        SingleSignOnUnavailableError: The provider does not answer.
    """
    from requests import RequestException  # noqa: PLC0415 - as above

    try:
        token = _provider(settings).authorize_access_token()
    except RequestException as error:
        raise SingleSignOnUnavailableError from error
    except Exception as error:  # whatever does not hold, of state, code, token, signature, nonce, times
        log.info("single_sign_on_refused", kind=type(error).__name__)
        raise SingleSignOnError from error
    found: dict[str, Any] = dict(token.get("userinfo") or {})
    if not found or not _is_fresh(found.get("auth_time"), settings, at):
        raise SingleSignOnError
    return found


def _is_fresh(shown_at: Any, settings: Settings, at: datetime) -> bool:
    """Whether the provider's word of when the person showed who it is lies within the minutes asked for."""
    if not isinstance(shown_at, int):
        log.info("single_sign_on_refused", kind="auth_time")
        return False
    return at.timestamp() - shown_at <= settings.fresh_minutes * 60 + LEEWAY


def shows_second_factor(said: dict[str, Any], settings: Settings) -> bool:
    """Whether the provider says, in words the operator trusts, that a second factor was shown."""
    trusted = set(filter(None, map(str.strip, settings.oidc_second_factor.split(","))))
    methods = said.get("amr") or []
    shown = {str(said.get("acr", "")), *(map(str, methods) if isinstance(methods, list) else ())}
    return not trusted.isdisjoint(shown)
