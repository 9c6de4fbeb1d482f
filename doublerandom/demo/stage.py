"""Where the demonstration is told: database, settings, and the day to which its history is relative."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.config import Settings


@dataclass
class Stage:
    """A city's history, told relative to the day on which it is made."""

    session: Session
    settings: Settings
    today: datetime
    folder: Path

    def ago(self, days: float, *, minutes: int = 0) -> datetime:
        """The moment so many days before today, and some minutes later."""
        return (self.today - timedelta(days=days) + timedelta(minutes=minutes)).replace(
            second=0, microsecond=0
        )

    @property
    def year(self) -> int:
        """The year of the annual plan."""
        return clock.local(self.ago(120)).year

    def line(self, number: str) -> str:
        """A plan line's full number."""
        return f"{self.year}-{number}"

    def body(self, token: str) -> accounts.Body:
        """A body of the demonstration."""
        return accounts.body(self.session, token)

    def body_by_id(self, row: int) -> accounts.Body:
        """A body by its row."""
        return accounts.body_by_id(self.session, row)

    def body_id(self, token: str) -> int:
        """The row of a body."""
        found = self.body(token).id
        assert found is not None
        return found
