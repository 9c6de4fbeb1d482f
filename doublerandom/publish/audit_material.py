"""Where an audit of a log takes its entries and plans from: this database, another office's site, files."""

import json
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts
from doublerandom.dr1.canon import H, Record, canon
from doublerandom.dr1.errors import ProtocolError
from doublerandom.draws import queries as draws
from doublerandom.draws.plans import is_closed
from doublerandom.ledger.outside_calls import UnreachableError, call
from doublerandom.registry import queries as registry
from doublerandom.registry import services as registry_services

PAGE: Final = 1000
LARGEST: Final = 64 << 20
PAGE_SECONDS: Final = 60.0
"""How long one page of another site's log may take, to its last byte."""
_PUBLISHED: Final = {"published", "amended", "closed"}


class SourceError(Exception):
    """A site, a file or what it says cannot be read as it should."""


class DatabaseMaterial:
    """What the database of this house says; of drawn lists only what is public."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def evidence(self, draw: str) -> Record | None:
        """What `/log/draws/<draw>.json` serves: plan, signatures, and the drawn once they are public."""
        found = draws.draw_or_none(self._session, draw)
        if found is None or found.status not in draws.PUBLIC or found.rehearsal:
            return None
        plan = draws.plan_of(found)
        signatures = [
            {"role": row.role, "person": row.person, "key": row.key, "signature": row.signature}
            for row in draws.plan_signatures(self._session, found)
        ]
        told: Record = {"plan": plan, "signatures": signatures}
        if found.revealed_at is not None and not is_closed(plan):
            told["drawn"] = draws.drawn_codes(self._session, found)
        return told

    def plan(self, draw: str, plan_hash: str) -> Record | None:
        """The plan of the draw, of whatever hash: that it fits is what the audit checks."""
        del plan_hash
        return (self.evidence(draw) or {}).get("plan")

    def signatures(self, draw: str) -> list[Record] | None:
        """Its signatures."""
        return (self.evidence(draw) or {}).get("signatures")

    def drawn(self, draw: str) -> list[str] | None:
        """Its drawn subjects, once public."""
        return (self.evidence(draw) or {}).get("drawn")

    @cached_property
    def _plans(self) -> dict[str, int | None]:
        plans = registry.annual_plans(self._session)
        return {plan.digest: plan.id for plan in plans if plan.status.value in _PUBLISHED}

    def annual_plan(self, digest: str) -> Record | None:
        """The annual plan whose text gives this digest."""
        number = self._plans.get(digest)
        if number is None:
            return None
        found = registry.plan_by_id(self._session, number)
        body = accounts.body_by_id(self._session, found.body_id)
        text = registry_services.plan_object(self._session, found, body=body)
        return text if H(canon(text).decode()) == digest else None


class SiteMaterial:
    """What another office's site serves of its log."""

    def __init__(self, url: str, *, seconds: float) -> None:
        self._url = url.rstrip("/")
        self._seconds = seconds
        self._last: tuple[str, Record | None] = ("", None)

    def text(self, path: str) -> str:
        """A served text; raises SourceError."""
        try:
            status, answer = call(self._url + path, seconds=self._seconds, most=LARGEST)
        except UnreachableError as error:
            raise SourceError(f"{self._url}{path}: {error}") from error
        if status != 200:
            raise SourceError(f"{self._url}{path}: {status}")
        return answer.decode(errors="replace")

    def entries(self, size: int) -> Iterator[Any]:
        """The entries up to a size, a thousand at a time."""
        start = 0
        while start < size:
            found = _json(self.text(f"/log/entries?start={start}&end={min(size, start + PAGE)}"), self._url)
            if type(found) is not list or not found:
                raise SourceError(f"{self._url}: no entries from {start}")
            yield from found[: size - start]
            start += len(found)

    def _evidence(self, draw: str) -> Record:
        if self._last[0] != draw:
            self._last = (draw, self._fetched(f"/log/draws/{draw}.json"))
        return self._last[1] or {}

    def _fetched(self, path: str) -> Record | None:
        try:
            found = _json(self.text(path), path)
        except SourceError:
            return None
        return found if type(found) is dict else None

    def plan(self, draw: str, plan_hash: str) -> Record | None:
        """The plan as the site serves it."""
        del plan_hash
        return self._evidence(draw).get("plan")

    def signatures(self, draw: str) -> list[Record] | None:
        """Its signatures."""
        return self._evidence(draw).get("signatures")

    def drawn(self, draw: str) -> list[str] | None:
        """Its drawn subjects, once public."""
        told = self._evidence(draw).get("drawn")
        return told if type(told) is list and all(type(one) is str for one in told) else None

    def annual_plan(self, digest: str) -> Record | None:
        """The annual plan, if its text gives the digest."""
        found = self._fetched(f"/log/lists/{digest}.json")
        return found if found is not None and _digest(found) == digest else None


class FolderMaterial:
    """Bundles (`*.zip`) and texts of annual plans (`*.json`) that lie in a folder; None: nothing at all."""

    def __init__(self, folder: Path | None) -> None:
        self._bundles: dict[str, Path] = {}
        self._texts: dict[str, Record] = {}
        for path in sorted(folder.iterdir()) if folder else ():
            if path.suffix == ".zip":
                plan = _of_zip(path, "plan.json")
                self._bundles[str(plan.get("draw")) if type(plan) is dict else ""] = path
            elif path.suffix == ".json":
                found = _json(path.read_text(encoding="utf-8"), str(path))
                self._texts[_digest(found)] = found

    def _file(self, draw: str, name: str) -> Any:
        return _of_zip(self._bundles[draw], name) if draw in self._bundles else None

    def plan(self, draw: str, plan_hash: str) -> Record | None:
        """The plan in the bundle of the draw."""
        del plan_hash
        found: Record | None = self._file(draw, "plan.json")
        return found

    def signatures(self, draw: str) -> list[Record] | None:
        """The signatures in its bundle."""
        found: list[Record] | None = self._file(draw, "signatures.json")
        return found

    def drawn(self, draw: str) -> list[str] | None:
        """The drawn subjects in its bundle, if it is a revealed one."""
        found = self._file(draw, "result.json")
        return found["drawn"] if found else None

    def annual_plan(self, digest: str) -> Record | None:
        """The text with this digest."""
        return self._texts.get(digest)


def entries_of_file(path: Path) -> Iterator[Any]:
    """The entries of a saved file: one JSON object a line, or one JSON list (as `/log/entries` serves)."""
    with path.open(encoding="utf-8") as lines:
        first = lines.read(1)
        lines.seek(0)
        if first == "[":
            yield from _json(lines.read(), str(path))
            return
        for line in lines:
            yield _json(line, str(path))


def _digest(value: Any) -> str:
    """H of the canon, empty where there is none."""
    try:
        return H(canon(value).decode())
    except ProtocolError:
        return ""


def _of_zip(path: Path, name: str) -> Any:
    try:
        with zipfile.ZipFile(path) as bundle:
            return _json(bundle.read(name).decode(), str(path)) if name in bundle.namelist() else None
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise SourceError(f"{path}: {error}") from error


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise SourceError(f"{where}: {error}") from error
