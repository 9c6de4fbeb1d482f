"""drand relays are asked, all at once and for a short time; the first answer that verifies is taken."""

import http.client
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final
from urllib import request
from urllib.error import HTTPError, URLError

from doublerandom.config import Settings
from doublerandom.dr1.canon import Record
from doublerandom.draws.beacon.answers import LONGEST, BadAnswerError, verified
from doublerandom.draws.beacon.words import Word

NOT_YET: Final = frozenset({404, 425, 503})
"""Statuses with which relays say that they do not have the round yet."""
GRACE: Final = 1.0
"""Seconds for which the others are heard once one answer has verified."""
_PIECE: Final = 1024


@dataclass(frozen=True)
class Answer:
    """What a relay said about a source: a word, and the value where it verified."""

    relay: str
    source: Record
    word: Word
    value: Record | None = None


def fetch_round(settings: Settings, plan: Record, n: int) -> Record | None:
    """
    The value of the plan's drand source `n` from the relays, verified; None where none has it.

    Nothing of a relay is trusted: only a signature that verifies offline against the pinned key is a value.
    """
    answers = ask(settings.relays, [plan["randomness"][n]], seconds=settings.drand_seconds)
    return next((answer.value for answer in answers if answer.value is not None), None)


def ask(relays: Collection[str], sources: Sequence[Record], *, seconds: float) -> list[Answer]:
    """
    Ask every relay about every source, all at once.

    Args:
        relays: Base addresses.
        sources: drand sources of checked plans, each once.
        seconds: How long to wait in all; who has not answered then is slow.

    Returns:
        What each relay said that was waited for, in the order of the answers; then those that did not answer
        in time. Once every source has a value, the others are heard for a moment more.
    """
    heard: SimpleQueue[Answer] = SimpleQueue()
    asked = [(relay, source) for source in sources for relay in relays]
    for relay, source in asked:
        Thread(target=_ask_one, args=(heard, relay, source, seconds), daemon=True).start()
    answers = _hear(heard, len(asked), len(sources), seconds)
    told = [(answer.relay, answer.source) for answer in answers]
    late = [Answer(relay, source, Word.SLOW) for relay, source in asked if (relay, source) not in told]
    return answers + late


def _hear(heard: SimpleQueue[Answer], most: int, wanted: int, seconds: float) -> list[Answer]:
    answers: list[Answer] = []
    until = time.monotonic() + seconds
    while len(answers) < most:
        try:
            answers.append(heard.get(timeout=max(0.0, until - time.monotonic())))
        except Empty:
            break
        if len({answer.source["round"] for answer in answers if answer.value}) == wanted:
            until = min(until, time.monotonic() + GRACE)
    return answers


def _ask_one(heard: SimpleQueue[Answer], relay: str, source: Record, seconds: float) -> None:
    """One relay about one source; whatever happens, it is said in one word."""
    try:
        value = verified(_download(address(relay, source), seconds), source)
    except BadAnswerError as error:
        heard.put(Answer(relay, source, error.word))
    except Exception:  # noqa: BLE001 - a thread of its own: what is not foreseen is no answer either
        heard.put(Answer(relay, source, Word.NO_ANSWER))
    else:
        heard.put(Answer(relay, source, Word.VERIFIED, value))


def address(relay: str, source: Record) -> str:
    """Where a relay has a round of a chain (drand's HTTP interface, version 1)."""
    return f"{relay.rstrip('/')}/{source['chain']}/public/{source['round']}"


def _opener() -> request.OpenerDirector:
    """What opens http and https and follows no redirect: a relay answers itself or not at all."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _download(url: str, seconds: float) -> bytes:
    """At most LONGEST bytes, within so many seconds; raises BadAnswerError with a word for what happened."""
    until = time.monotonic() + seconds
    asked = request.Request(url, headers={"Accept": "application/json", "User-Agent": "doublerandom"})  # noqa: S310 - the settings take http and https alone
    try:
        with _opener().open(asked, timeout=seconds) as answer:
            return _read(answer, until)
    except HTTPError as error:
        with error:
            raise BadAnswerError(_word_of(error.code)) from None
    except TimeoutError:
        raise BadAnswerError(Word.SLOW) from None
    except (URLError, http.client.HTTPException, OSError) as error:
        late = isinstance(getattr(error, "reason", None), TimeoutError)
        raise BadAnswerError(Word.SLOW if late else Word.UNREACHABLE) from None


def _word_of(status: int) -> Word:
    if status in NOT_YET:
        return Word.NOT_YET
    return Word.SENT_AWAY if status in range(300, 400) else Word.NO_ANSWER


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    """The body, piece by piece, so that neither a long nor a dripping answer holds us up."""
    body = b""
    while piece := answer.read1(_PIECE):
        body += piece
        if len(body) > LONGEST:
            raise BadAnswerError(Word.TOO_LONG)
        if time.monotonic() > until:
            raise BadAnswerError(Word.SLOW)
    return body
