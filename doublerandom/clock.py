"""The one clock: every time that enters a command comes from here, in UTC."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment in UTC, to the second, as the protocol writes times."""
    return datetime.now(UTC).replace(microsecond=0)


def local(moment: datetime) -> datetime:
    """The same moment on the wall clock of Asia/Shanghai, for pages and printed records."""
    return moment.astimezone(SHANGHAI)
