"""Who may open which address: each view declares it, one guard enforces it; undeclared stays shut."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import flask_security
from flask import Flask, current_app, g, request

from doublerandom import clock
from doublerandom.errors import NotAllowedError
from doublerandom.web.keys import let_in

View = TypeVar("View", bound=Callable[..., Any])


class SignInNeededError(NotAllowedError):
    """The address is for people of the house, and nobody is signed in."""

    code = "sign_in_needed"
    status = 401


class RoleMissingError(NotAllowedError):
    """Whoever is signed in holds none of the roles that the address asks for."""

    code = "role_missing"


class SecondFactorNeededError(NotAllowedError):
    """Whoever is signed in holds a role that cannot work without a second factor, and has none yet."""

    code = "second_factor_needed"


class FreshSignInNeededError(NotAllowedError):
    """The act signs or grants, and it is too long ago that it was proved who it is."""

    code = "fresh_sign_in_needed"


@dataclass(frozen=True)
class SignIn:
    """How somebody is signed in; accounts puts it into `g.sign_in` when it finds out who it is."""

    fresh_at: datetime
    must_enrol: bool


def requires(*roles: str, fresh: bool = False, early: bool = False) -> Callable[[View], View]:
    """
    Open a view to people who hold any of `roles`; without roles, to everybody who is signed in.

    Args:
        roles: Own roles or lent ones (stand-ins).
        fresh: The view signs or grants, or shows the form that does: it asks again who it is where that was
            proved more than `settings.fresh_minutes` ago, and comes back to the page.
        early: The view opens before a second factor that the roles ask for is enrolled (it is how to enrol).
    """

    def mark(view: View) -> View:
        view.required_roles = frozenset(roles)  # type: ignore[attr-defined]
        view.needs_fresh = fresh  # type: ignore[attr-defined]
        view.opens_early = early  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Open a view to everybody."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def answers_json(view: View) -> View:
    """Say that a view is for machines: its errors are JSON as well."""
    view.answers_json = True  # type: ignore[attr-defined]
    return view


def current_user() -> Any | None:
    """Who is signed in (a row of accounts), or None."""
    user = flask_security.current_user
    if not user or not user.is_authenticated:
        return None
    return user._get_current_object()  # noqa: SLF001 - werkzeug's name for what the proxy stands for


def current_person() -> str:
    """The token by which trail, log and pools know whoever is signed in; raises SignInNeededError."""
    user = current_user()
    if user is None:
        raise SignInNeededError
    person: str = user.person
    return person


def has_role(*roles: str) -> bool:
    """Whether whoever is signed in holds any of `roles`."""
    user = current_user()
    return user is not None and not must_enrol() and not user.acting_roles.isdisjoint(roles)


def must_enrol() -> bool:
    """Whether whoever is signed in reaches nothing before a second factor is enrolled."""
    how: SignIn | None = g.get("sign_in")
    return how is not None and how.must_enrol


def needs_fresh_sign_in() -> None:
    """Go on only where it was proved a short time ago who it is; raises FreshSignInNeededError."""
    how: SignIn | None = g.get("sign_in")
    longest = timedelta(minutes=current_app.config["SETTINGS"].fresh_minutes)
    if how is None or clock.now() - how.fresh_at > longest:
        raise FreshSignInNeededError


def view_of_request() -> Callable[..., Any] | None:
    """The view that the address leads to, if it leads anywhere."""
    return current_app.view_functions.get(request.endpoint or "")


def guard() -> None:
    """
    Refuse who may not open the view.

    Raises:
        SignInNeededError, SecondFactorNeededError, RoleMissingError, FreshSignInNeededError; NotAllowedError
        where the view declares nothing.
    """
    view = view_of_request()
    if view is None or getattr(view, "is_public", False):
        return
    if scope := getattr(view, "required_scope", ""):
        let_in(scope)
        return
    roles = getattr(view, "required_roles", None)
    if roles is None:
        raise NotAllowedError
    if current_user() is None:
        raise SignInNeededError
    if must_enrol() and not getattr(view, "opens_early", False):
        raise SecondFactorNeededError
    if roles and not has_role(*roles):
        raise RoleMissingError(roles=sorted(roles))
    if getattr(view, "needs_fresh", False):
        needs_fresh_sign_in()


def open_static_files(app: Flask) -> None:
    """Declare the views that serve static files public; Flask makes them, so they cannot say so."""
    for endpoint, serve in list(app.view_functions.items()):
        if endpoint == "static" or endpoint.endswith(".static"):
            app.view_functions[endpoint] = _public_twin(serve)


def _public_twin(serve: Callable[..., Any]) -> Callable[..., Any]:
    def static_file(**arguments: Any) -> Any:
        return current_app.ensure_sync(serve)(**arguments)

    return public(static_file)
