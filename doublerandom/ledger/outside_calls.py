"""Calls to servers of others: short, small, without redirects; what goes wrong is one error."""

import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any, Final

LARGEST_ANSWER: Final = 64 * 1024


class UnreachableError(Exception):
    """No answer came: no connection, no name, too slow, cut off, or not HTTP at all."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        """A server that was named answers itself or not at all."""
        return


_opener: Final = urllib.request.build_opener(_NoRedirects)


def call(
    url: str,
    body: bytes | None = None,
    *,
    kind: str = "text/plain",
    seconds: float,
    most: int = LARGEST_ANSWER,
) -> tuple[int, bytes]:
    """
    POST `body` (GET where it is None) and give status and answer, also of refusals.

    Args:
        url: http or https.
        body: What is sent.
        kind: Its media type.
        seconds: How long connecting, and each wait for more, may take.
        most: Longest answer that is read.

    Raises:
        UnreachableError: There is no answer, or a longer one.
    """
    if not url.startswith(("http://", "https://")):
        raise UnreachableError(url)
    headers = {"Content-Type": kind, "User-Agent": "doublerandom"}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - http(s) alone, as above
    try:
        with _opener.open(request, timeout=seconds) as answer:
            found = answer.status, answer.read(most + 1)
    except urllib.error.HTTPError as refusal:
        with refusal:
            found = refusal.code, refusal.read(most + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise UnreachableError(str(error)) from error
    if len(found[1]) > most:
        raise UnreachableError("the answer is too long")
    return found
