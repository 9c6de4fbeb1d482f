"""Calls of other authorities' systems: a view names the scope it asks for, a key shown as bearer opens it."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request

from doublerandom.errors import NotAllowedError

View = TypeVar("View", bound=Callable[..., Any])
BEARER = "Bearer "


class KeyNeededError(NotAllowedError):
    """The address is for systems that show a key, and none was shown."""

    code = "key_needed"
    status = 401


def needs_key(scope: str) -> Callable[[View], View]:
    """Open a view to systems whose key holds this scope; people who are signed in are not let in by that."""

    def mark(view: View) -> View:
        view.required_scope = scope  # type: ignore[attr-defined]
        return view

    return mark


def let_in(scope: str) -> None:
    """Find out whose system calls, by the lookup that the house installed (`CALLER_OF`); or refuse."""
    shown = request.headers.get("Authorization", "")
    if not shown.startswith(BEARER):
        raise KeyNeededError(scope=scope)
    g.calling_system = current_app.config["CALLER_OF"](shown.removeprefix(BEARER).strip(), scope)


def calling_system() -> Any:
    """Whose system calls (accounts.api_keys.ApiCaller), inside a view that needs a key."""
    return g.calling_system
