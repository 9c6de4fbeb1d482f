"""Calls to servers of others: short as a whole, small, without redirects; what goes wrong is one error."""

import time
import urllib.error
import urllib.request
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final

LARGEST_ANSWER: Final = 64 * 1024
_PIECE: Final = 64 * 1024


class UnreachableError(Exception):
    """No answer came: no connection, no name, too slow, too long, cut off, or not HTTP at all."""


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
        seconds: How long all of it may take: finding the name, connecting, headers, the last byte.
        most: Longest answer that is read.

    Raises:
        UnreachableError: There is no answer, or a longer one.
    """
    if not url.startswith(("http://", "https://")):
        raise UnreachableError(url)
    headers = {"Content-Type": kind, "User-Agent": "doublerandom"}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - http(s) alone, as above
    heard: SimpleQueue[tuple[int, bytes] | UnreachableError] = SimpleQueue()
    Thread(target=_ask, args=(heard, request, seconds, most), daemon=True).start()
    try:
        found = heard.get(timeout=seconds)
    except Empty:
        raise UnreachableError("no whole answer in time") from None
    if isinstance(found, UnreachableError):
        raise found
    return found


def _ask(heard: SimpleQueue[Any], request: urllib.request.Request, seconds: float, most: int) -> None:
    """Ask in a thread of its own: names that are not found and dripping headers hold up nobody else."""
    until = time.monotonic() + seconds
    try:
        with _opener.open(request, timeout=seconds) as answer:
            heard.put((answer.status, _read(answer, until, most)))
    except urllib.error.HTTPError as refusal:
        with refusal:
            heard.put(_of_refusal(refusal, until, most))
    except (OSError, HTTPException, ValueError, UnreachableError) as error:
        heard.put(UnreachableError(str(error)))


def _of_refusal(
    refusal: urllib.error.HTTPError, until: float, most: int
) -> tuple[int, bytes] | UnreachableError:
    try:
        return refusal.code, _read(refusal, until, most)
    except (OSError, HTTPException, UnreachableError) as error:
        return UnreachableError(str(error))


def _read(answer: Any, until: float, most: int) -> bytes:
    """The body, piece by piece, so that neither a long nor a dripping answer holds us up."""
    body = bytearray()
    while piece := answer.read1(_PIECE):
        body += piece
        if len(body) > most:
            raise UnreachableError("the answer is too long")
        if time.monotonic() > until:
            raise UnreachableError("no whole answer in time")
    return bytes(body)
