"""Template filters: times, numbers, hashes and durations as pages write them."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from doublerandom import clock
from doublerandom.web.languages import lang


def local_time(moment: datetime | None, seconds: bool = False) -> str:  # noqa: FBT001, FBT002 - a filter's
    """`2026-11-21 14:05` in Asia/Shanghai; empty for no time."""
    if moment is None:
        return ""
    return clock.local(moment).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def local_date(moment: datetime | date | None) -> str:
    """`2026-11-21`: the day in Asia/Shanghai."""
    if moment is None:
        return ""
    return (clock.local(moment) if isinstance(moment, datetime) else moment).strftime("%Y-%m-%d")


def number(value: Any) -> str:
    """With thousands separators; empty for None."""
    return "" if value is None else f"{value:,}"


def percent(part: int, whole: int, digits: int = 1) -> str:
    """A share with the counts it stands on: `3.2%（12/375）`; of nothing there is no share, only counts."""
    left, right = ("（", "）") if lang() == "zh" else (" (", ")")
    counts = f"{left}{part:,}/{whole:,}{right}"
    return f"{100 * part / whole:.{digits}f}%{counts}" if whole else f"—{counts}"


def hash_groups(value: str) -> str:
    """A hash in groups of four, so that two can be compared by eye."""
    return " ".join(value[start : start + 4] for start in range(0, len(value), 4))


def duration(span: timedelta | float) -> str:
    """A span of time in words, its two largest units: `3 天 2 小时`; the sentence says its direction."""
    seconds = int(abs(span.total_seconds() if isinstance(span, timedelta) else span))
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes = rest // 60
    if days:
        words = [ngettext("%(num)s 天", "%(num)s 天", days), _hours(hours)]
    elif hours:
        words = [_hours(hours), _minutes(minutes)]
    else:
        words = [_minutes(minutes) or _("不到 1 分钟")]
    return " ".join(filter(None, words))


def _hours(count: int) -> str:
    return str(ngettext("%(num)s 小时", "%(num)s 小时", count)) if count else ""


def _minutes(count: int) -> str:
    return str(ngettext("%(num)s 分钟", "%(num)s 分钟", count)) if count else ""


def iso(moment: datetime) -> str:
    """The time as machines read it: `2026-11-21T06:05:00Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def hash_id(text: str) -> str:
    """A short name for an element, the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


FILTERS = {
    "hash_id": hash_id,
    "local_time": local_time,
    "local_date": local_date,
    "number": number,
    "percent": percent,
    "hash_groups": hash_groups,
    "duration": duration,
    "iso": iso,
}
