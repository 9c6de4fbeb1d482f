"""Addresses within the site: the present one with arguments changed, paths that are safe to go back to."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for


def url_with(**changes: Any) -> str:
    """The present address with query arguments changed; None takes one away."""
    arguments: dict[str, Any] = request.args.to_dict(flat=False)
    arguments.update(changes)
    kept = {name: value for name, value in arguments.items() if value not in (None, "", [])}
    if request.endpoint is None:
        return request.path
    return url_for(request.endpoint, **(request.view_args or {}), **kept)


def outside_url(path: str = "") -> str:
    """
    The whole address of a path of this site as it stands on papers and in QR codes; by default this page's.

    The operator's `base_url`, where it is set: behind some proxies a request does not know its own host.
    """
    base: str = current_app.config["SETTINGS"].base_url or request.url_root
    if not path:
        path = request.full_path if request.query_string else request.path
    return base.rstrip("/") + path


def local_path(address: str | None, otherwise: str = "/") -> str:
    """`address` where it is a path of this site, else `otherwise`: no crafted link leads elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    if any(ord(letter) < 0x20 or letter == "\\" for letter in address):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def came_from() -> str:
    """The path of the page whose link or form was followed, when it is one of ours; else empty."""
    parts = urlsplit(request.referrer or "")
    if not parts.netloc or parts.netloc != request.host:
        return ""
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return local_path(path, otherwise="")
