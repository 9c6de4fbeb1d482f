"""A drand relay on this machine: a real HTTP server that behaves as its address says, well or badly."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dr1.known_answers import vectors

VECTORS = vectors("drand")
GOOD = next(each for each in VECTORS["rounds"] if each["network"] == "quicknet")
OTHER = [each for each in VECTORS["rounds"] if each["network"] == "quicknet"][1]
OUTSIDE, UNCOMPRESSED = (
    each["signature"] for each in (VECTORS["must_reject"][0], VECTORS["must_reject"][-1])
)
ANSWER = {name: GOOD[name] for name in ("round", "randomness", "signature")}
CHAIN = VECTORS["networks"]["quicknet"]["chain_hash"]
HUGE = 50_000_000


def _answers() -> dict[str, tuple[int, bytes]]:
    """What a relay says by the first part of its address."""
    told: dict[str, Any] = {
        "good": ANSWER,
        "bare": {"round": GOOD["round"], "signature": GOOD["signature"]},
        "wrong": ANSWER | {"signature": OTHER["signature"], "randomness": OTHER["randomness"]},
        "outside": ANSWER | {"signature": OUTSIDE},
        "uncompressed": ANSWER | {"signature": UNCOMPRESSED},
        "capitals": ANSWER | {"signature": GOOD["signature"].upper()},
        "other-round": {name: OTHER[name] for name in ("round", "randomness", "signature")},
        "other-digest": ANSWER | {"randomness": "0" * 64},
        "text-round": ANSWER | {"round": str(GOOD["round"])},
        "list": [ANSWER],
    }
    answers = {name: (200, json.dumps(answer).encode()) for name, answer in told.items()}
    twice = json.dumps(ANSWER)[:-1] + f', "signature": "{OTHER["signature"]}"}}'
    answers["twice"] = (200, twice.encode())
    answers["page"] = (200, b"<!doctype html><title>portal</title>")
    answers["deep"] = (200, b"[" * 4000)
    answers["not-yet"] = (404, b"{}")
    answers["too-early"] = (425, b"{}")
    answers["broken"] = (500, b"no")
    return answers


class Relay:
    """The server: its address, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.closing = threading.Event()
        self.answers = _answers()
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                relay.asked.append(self.path)
                relay.answer(self)

            def log_message(self, *_facts: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    def __truediv__(self, behaviour: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{behaviour}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer as the first part of the path says."""
        name = handler.path.split("/")[1]
        if name == "slow":
            self.closing.wait(5)
            return
        if name == "moved":
            handler.send_response(302)
            handler.send_header("Location", f"/good{handler.path.removeprefix('/moved')}")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        status, body = self.answers.get(name, (200, b""))
        handler.send_response(status)
        handler.end_headers()
        if name == "huge":
            self._pour(handler)
        elif name == "dripping":
            self._drip(handler)
        else:
            handler.wfile.write(body)

    def _pour(self, handler: BaseHTTPRequestHandler) -> None:
        """More than anybody reads."""
        try:
            for _ in range(HUGE // 65536):
                handler.wfile.write(b" " * 65536)
        except OSError:
            self.asked.append("stopped")

    def _drip(self, handler: BaseHTTPRequestHandler) -> None:
        """A byte now and then, so that no read ever waits too long."""
        try:
            while not self.closing.wait(0.05):
                handler.wfile.write(b" ")
                handler.wfile.flush()
        except OSError:
            self.asked.append("stopped")


@contextmanager
def a_relay() -> Iterator[Relay]:
    """Serve relays until the end."""
    relay = Relay()
    thread = threading.Thread(target=relay.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield relay
    finally:
        relay.closing.set()
        relay.server.shutdown()
        thread.join()
        relay.server.server_close()
