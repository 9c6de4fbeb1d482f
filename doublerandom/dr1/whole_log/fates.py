"""What follows a plan in the log, and what became of it in the end."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from doublerandom.dr1.canon import Record, parse_time
from doublerandom.dr1.whole_log.findings import LogFinding, Material, Story, broken, named


def follow(story: Story, index: int, entry: Record) -> Iterator[LogFinding]:
    """An entry that names the plan of `story`; every rule that it breaks."""
    yield from _FOLLOWING[entry["type"]](story, index, entry)


def _observed(story: Story, _index: int, entry: Record) -> Iterator[LogFinding]:
    story.observed.setdefault(entry["n"], parse_time(entry["at"]))
    yield from ()


def _beacon(story: Story, _index: int, entry: Record) -> Iterator[LogFinding]:
    story.beacon = story.beacon or parse_time(entry["at"])
    yield from ()


def _result(story: Story, index: int, entry: Record) -> Iterator[LogFinding]:
    if story.beacon is None:
        yield broken("no_beacon", index, story.draw, "结果之前没有随机数", "a result without its randomness")
    story.result = story.result or (index, entry)


def _void(story: Story, index: int, entry: Record) -> Iterator[LogFinding]:
    if story.outcomes:
        zh, en = "已有检查结果，不得作废", "a void although something was inspected"
        yield broken("void_after_visit", index, story.draw, zh, en)
    story.void = story.void or (index, entry)


def _open(story: Story, _index: int, entry: Record) -> Iterator[LogFinding]:
    story.opened = story.opened or parse_time(entry["at"])
    yield from ()


def _replace(story: Story, index: int, entry: Record) -> Iterator[LogFinding]:
    story.replaced += 1
    story.new_subjects += entry["what"] == "subject"
    if entry["n"] != story.replaced:
        zh, en = "更换的序号不连续", "replacements are not numbered without gap"
        yield broken("replace_gap", index, story.draw, zh, en)


def _outcome(story: Story, index: int, entry: Record) -> Iterator[LogFinding]:
    if story.result is None:
        zh, en = "尚无抽取结果即有检查结果", "an outcome without a result"
        yield broken("outcome_early", index, story.draw, zh, en)
    story.outcomes.setdefault(entry["subject"], parse_time(entry["at"]))


_FOLLOWING: Final[dict[str, Callable[[Story, int, Record], Iterator[LogFinding]]]] = {
    "observed": _observed,
    "beacon": _beacon,
    "result": _result,
    "void": _void,
    "open": _open,
    "replace": _replace,
    "outcome": _outcome,
}


def fate(story: Story, material: Material, now: datetime) -> Iterator[LogFinding]:
    """What became of a plan, once all entries are known."""
    index, draw = story.index, story.draw
    if story.void is not None:
        reason = story.void[1]["reason"]
        yield named("void", story.void[0], draw, f"已作废：{reason}", f"void: {reason}")
        return
    if story.reveal_by is None:
        return  # without the plan its times are not known
    if story.result is None:
        if story.failed_by(now):
            yield named("failed", index, draw, "失败：未在期限内得出结果", "failed: no result in time")
        return
    if story.failed_by(now):
        yield named("failed", story.result[0], draw, "失败：结果逾期", "failed: the result came too late")
        return
    if (story.opened or now) > story.reveal_by:
        yield named("failed", index, draw, "失败：未在期限内揭示", "failed: not opened in time")
    yield from _missing_outcomes(story, material, now)


def _missing_outcomes(story: Story, material: Material, now: datetime) -> Iterator[LogFinding]:
    """
    Past `reveal_by` every task has an outcome: of the subject drawn, or of the one that replaced it.

    Which newcomers came is not known here, so that at most as many drawn subjects may lack one, and at most
    as many others have one, as subjects were replaced.
    """
    assert story.result is not None and story.reveal_by is not None  # noqa: PT018 - one state
    if now <= story.reveal_by:
        return
    last = story.reveal_by
    done = {subject for subject, at in story.outcomes.items() if at <= last}
    drawn = material.drawn(story.draw)
    missing = sorted(set(drawn) - done) if drawn is not None else []
    number = max(story.result[1]["count"] - len(done), len(missing) - story.new_subjects)
    if number > 0:
        some = "：" + ", ".join(missing[:5]) if missing and not story.new_subjects else ""
        yield broken(
            "no_outcome", story.index, story.draw, f"{number} 个抽中对象到期无结果，也未更换{some}",
            f"{number} drawn subjects without outcome or replacement{some.replace('：', ': ')}",
        )  # fmt: skip
    strangers = sorted(done - set(drawn)) if drawn is not None else []
    if len(strangers) > story.new_subjects:
        yield broken(
            "outcome_of_nobody", story.index, story.draw, f"未抽中者有检查结果：{strangers[0]}",
            f"an outcome of somebody not drawn: {strangers[0]}",
        )  # fmt: skip
