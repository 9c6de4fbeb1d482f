"""Who may open which address: each view declares it, one guard enforces it; undeclared stays shut."""

from collections.abc import Callable
from typing import Any, TypeVar

import flask_security
from flask import Flask, current_app, request

from doublerandom.errors import NotAllowedError

View = TypeVar("View", bound=Callable[..., Any])


class SignInNeededError(NotAllowedError):
    """The address is for people of the house, and nobody is signed in."""

    code = "sign_in_needed"
    status = 401


class RoleMissingError(NotAllowedError):
    """Whoever is signed in holds none of the roles that the address asks for."""

    code = "role_missing"


def requires(*roles: str) -> Callable[[View], View]:
    """Open a view to people who hold any of `roles`; without roles, to everybody who is signed in."""

    def mark(view: View) -> View:
        view.required_roles = frozenset(roles)  # type: ignore[attr-defined]
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
    return user is not None and any(role.name in roles for role in user.roles)


def view_of_request() -> Callable[..., Any] | None:
    """The view that the address leads to, if it leads anywhere."""
    return current_app.view_functions.get(request.endpoint or "")


def guard() -> None:
    """Refuse who may not open the view; raises SignInNeededError, RoleMissingError or NotAllowedError."""
    view = view_of_request()
    if view is None or getattr(view, "is_public", False):
        return
    roles = getattr(view, "required_roles", None)
    if roles is None:
        raise NotAllowedError
    if current_user() is None:
        raise SignInNeededError
    if roles and not has_role(*roles):
        raise RoleMissingError(roles=sorted(roles))


def open_static_files(app: Flask) -> None:
    """Declare the views that serve static files public; Flask makes them, so they cannot say so."""
    for endpoint, serve in list(app.view_functions.items()):
        if endpoint == "static" or endpoint.endswith(".static"):
            app.view_functions[endpoint] = _public_twin(serve)


def _public_twin(serve: Callable[..., Any]) -> Callable[..., Any]:
    def static_file(**arguments: Any) -> Any:
        return current_app.ensure_sync(serve)(**arguments)

    return public(static_file)
