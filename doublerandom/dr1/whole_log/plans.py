"""What must hold when a plan enters the log: its number, its predecessor, its line, its signers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from doublerandom.dr1.bundle_files import SIGNATURES
from doublerandom.dr1.canon import ZEROS, Record, parse_time
from doublerandom.dr1.errors import BadSignatureError, ProtocolError
from doublerandom.dr1.plan import check_plan, plan_hash, signing_text
from doublerandom.dr1.signatures import verify_signature
from doublerandom.dr1.whole_log.findings import Kind, LogFinding, Material, Story, broken

_SIGNERS: Final = ("operator", "supervisor")


class PlanRules:
    """Takes keys, lists and plans in log order; `stories` and `unknown` (plans not to be had) come of it."""

    def __init__(self, material: Material, origin: str) -> None:
        self.stories: dict[str, Story] = {}
        self.unknown: list[str] = []
        self._material = material
        self._origin = origin
        self._last: dict[str, tuple[int, str]] = {}
        self._of_line: dict[tuple[str, str], str] = {}
        self._draws: dict[tuple[str, str], str] = {}
        self._superseded: set[tuple[str, str]] = set()
        self._keys: dict[str, list[Record]] = {}
        self._lines: set[tuple[str, str]] = set()
        self._unread_lists = 0

    def learn_key(self, entry: Record) -> None:
        """A key that may sign from here on."""
        self._keys.setdefault(entry["key"], []).append(entry)

    def learn_lines(self, entry: Record) -> None:
        """The lines of an annual plan, in force from here on."""
        if entry["what"] != "annual_plan":
            return
        found = self._material.annual_plan(entry["digest"])
        try:
            self._lines |= {(found["body"], line["number"]) for line in found["lines"]} if found else set()
        except (KeyError, TypeError):  # its digest is right, but it is no annual plan
            found = None
        self._unread_lists += found is None

    def accept(self, index: int, entry: Record) -> Iterator[LogFinding]:
        """A plan's entry; every rule that it breaks."""
        issuer, draw, own = entry["issuer"], entry["draw"], entry["plan_hash"]
        seq, before = self._last.get(issuer, (0, ZEROS))
        if entry["seq"] != seq + 1:
            yield broken(
                "gap", index, draw, f"{issuer} 的序号应为 {seq + 1}，实为 {entry['seq']}",
                f"{issuer} has number {entry['seq']} where {seq + 1} follows",
            )  # fmt: skip
        self._last[issuer] = (entry["seq"], own)
        plan = self._material.plan(draw, own)
        story = Story(index, entry, plan)
        self.stories[own] = story
        self._draws[issuer, draw] = own
        if plan is None:
            self.unknown.append(draw)
            return
        try:
            check_plan(plan)
            fits = plan_hash(plan) == own
        except ProtocolError as error:
            yield broken(
                "bad_plan", index, draw, f"方案不合规则：{error}", f"the plan breaks a rule: {error}"
            )
            return
        if not fits or any(plan[name] != entry[name] for name in ("issuer", "draw", "seq")):
            yield broken("plan_differs", index, draw, "方案与其条目不符", "the plan is not that of its entry")
            return
        story.reveal_by = parse_time(plan["reveal_by"])
        yield from self._check_plan(story, before)
        yield from self._check_signers(story)

    def _check_plan(self, story: Story, before: str) -> Iterator[LogFinding]:
        plan, index, draw = story.plan, story.index, story.draw
        assert plan is not None
        at, line = parse_time(story.entry["at"]), str(plan["annual_item"])
        if plan["previous"] != before:
            yield broken("previous", index, draw, "previous 不是前一方案", "previous is not the plan before")
        if at >= parse_time(plan["due"]):
            yield broken("logged_late", index, draw, "方案入日志不早于 due", "logged no earlier than due")
        if self._origin and plan["log"] != self._origin:
            yield broken("another_log", index, draw, "方案写的是另一日志", "the plan names another log")
        rival = self.stories.get(self._of_line.get((plan["issuer"], line), ""))
        if rival is not None and rival.ended_by(at) is False:
            yield broken(
                "two_live",
                index,
                draw,
                f"{line} 另有未了结的 {rival.draw}",
                f"{line} has the live draw {rival.draw}",
            )
        self._of_line[plan["issuer"], line] = story.entry["plan_hash"]
        yield from self._check_line(story, str(plan["issuer"]), line)
        if "supersedes" in plan:
            yield from self._check_superseding(story, plan["issuer"], plan["supersedes"], at)

    def _check_line(self, story: Story, issuer: str, line: str) -> Iterator[LogFinding]:
        """The line, without its batch, stands in an annual plan of the issuer that was logged before."""
        if {(issuer, line), (issuer, line.rpartition(".")[0])} & self._lines:
            return
        if self._unread_lists:
            yield LogFinding(
                Kind.OPEN, "line_unknown", story.index, story.draw, f"年度计划原文不全，无法核对 {line}",
                f"texts of annual plans are missing: {line} is not checkable",
            )  # fmt: skip
            return
        yield broken(
            "not_planned", story.index, story.draw, f"{line} 不在此前公布的年度计划中",
            f"{line} stands in no annual plan logged before",
        )  # fmt: skip

    def _check_superseding(
        self, story: Story, issuer: str, number: str, at: datetime
    ) -> Iterator[LogFinding]:
        former = self.stories.get(self._draws.get((issuer, number), ""))
        ended = former is not None and (former.void is not None or former.failed_by(at) is not False)
        if former is not None and not ended and former.reveal_by is not None:
            ended = former.opened is None and at > former.reveal_by  # failed: not opened in time
            ended = ended or (former.opened is not None and former.opened > former.reveal_by)
        if not ended or (issuer, number) in self._superseded:
            yield broken(
                "supersedes", story.index, story.draw, f"所替代的 {number} 并未作废或失败，或已被替代",
                f"{number} is neither void nor failed, or superseded before",
            )  # fmt: skip
        self._superseded.add((issuer, number))

    def _check_signers(self, story: Story) -> Iterator[LogFinding]:
        """Two persons with two keys, each listed before the plan and not ended; the signatures verify."""
        plan, signatures = story.plan, self._material.signatures(story.draw)
        assert plan is not None
        try:
            SIGNATURES(signatures, "signatures")
        except ProtocolError:
            signatures = None
        if signatures is None:
            yield LogFinding(
                Kind.OPEN,
                "signatures_unknown",
                story.index,
                story.draw,
                "没有签名原文",
                "the signatures are missing",
            )
            return
        two = [one for one in signatures if one["role"] in _SIGNERS]
        if [one["role"] for one in two] != list(_SIGNERS) or any(
            len({one[name] for one in two}) < 2 for name in ("person", "key")
        ):
            yield broken(
                "signers", story.index, story.draw, "签名人不是两人两钥", "not two persons with two keys"
            )
        for one in two:
            if not any(self._listed(known, one, plan) for known in self._keys.get(one["key"], ())):
                yield broken(
                    "key_not_listed", story.index, story.draw, f"{one['person']} 的密钥此前未登记或已到期",
                    f"the key of {one['person']} is not listed before, or ended",
                )  # fmt: skip
            try:
                verify_signature(one["key"], one["signature"], signing_text(plan))
            except BadSignatureError:
                yield broken(
                    "bad_signature", story.index, story.draw, f"{one['person']} 的签名无效",
                    f"the signature of {one['person']} does not verify",
                )  # fmt: skip

    @staticmethod
    def _listed(known: Record, signature: Record, plan: Record) -> bool:
        same = (known["person"], known["role"]) == (signature["person"], signature["role"])
        return same and (
            "until" not in known or parse_time(known["until"]) > parse_time(plan["committed_at"])
        )
