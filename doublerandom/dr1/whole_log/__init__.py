"""Rules 13 over a whole log, as a stream of entries: what one bundle cannot tell; section 11."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from doublerandom.dr1.canon import canon
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.log import LogRules, check_entry
from doublerandom.dr1.merkle import Accumulator, leaf_hash
from doublerandom.dr1.whole_log.fates import fate, follow
from doublerandom.dr1.whole_log.findings import Kind, LogFinding, Material, broken
from doublerandom.dr1.whole_log.plans import PlanRules

__all__ = ["Kind", "LogFinding", "Material", "WholeLog"]

_AFTER_PLAN: Final = {"observed", "beacon", "result", "open", "replace", "void", "outcome"}


class WholeLog:
    """
    Feed it every entry in order, then ask for what the end tells: findings come as they are found.

    It keeps the marks of what stands once, and for every plan a few facts; the entries themselves pass by.
    """

    def __init__(self, material: Material, *, origin: str = "") -> None:
        self._material = material
        self._rules = LogRules()
        self._tree = Accumulator()
        self._plans = PlanRules(material, origin)

    @property
    def size(self) -> int:
        """How many entries came."""
        return self._tree.size

    def root(self) -> bytes:
        """The root over all entries so far."""
        return self._tree.root()

    def accept(self, entry: Any) -> Iterator[LogFinding]:
        """The next entry; every rule that it breaks."""
        index = self.size
        try:
            check_entry(entry)
            data = canon(entry)
        except ProtocolError as error:
            self._tree.append(leaf_hash(b""))
            zh, en = f"条目不合格式：{error}", f"no entry of the protocol: {error}"
            yield broken("bad_entry", index, "", zh, en)
            return
        self._tree.append(leaf_hash(data))
        draw = entry.get("draw", "")
        try:
            self._rules.accept(entry)
        except ProtocolError as error:
            zh, en = f"与前面的条目矛盾：{error}", f"contradicts earlier entries: {error}"
            yield broken(error.code, index, draw, zh, en)
        if entry["type"] == "key":
            self._plans.learn_key(entry)
        elif entry["type"] == "list":
            self._plans.learn_lines(entry)
        elif entry["type"] == "plan":
            yield from self._plans.accept(index, entry)
        elif entry["type"] in _AFTER_PLAN:
            story = self._plans.stories.get(entry["plan_hash"])
            if story is None or story.draw != draw:
                zh, en = "条目所指的方案此前不在日志中", "its plan is not in the log before it"
                yield broken("before_plan", index, draw, zh, en)
            else:
                yield from follow(story, index, entry)

    def finish(self, now: datetime) -> Iterator[LogFinding]:
        """What all entries together tell at a time: what became of every plan; what could not be checked."""
        for story in self._plans.stories.values():
            yield from fate(story, self._material, now)
        if unknown := self._plans.unknown:
            some = ", ".join(unknown[:5])
            zh, en = f"{len(unknown)} 份方案没有原文：{some}", f"{len(unknown)} plans are missing: {some}"
            yield LogFinding(Kind.OPEN, "plans_unknown", -1, "", zh, en)
