"""Whose rows a file may tell of: those in the area of the body at whose desk it comes in."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from sqlmodel import Session

from doublerandom.accounts.queries import Body, region_subtree_prefix
from doublerandom.registry import queries
from doublerandom.registry.models import Subject


@dataclass(frozen=True)
class Area:
    """The region of a body and its path; the command line, which gives no path, may tell of everything."""

    body: Body | None = None
    path: str = ""

    @classmethod
    def of(cls, body: Body | None, within: str) -> Self:
        """The area of a desk; without a scope, everywhere."""
        return cls(body, within) if body is not None and within else cls()

    @property
    def limited(self) -> bool:
        """Whether there is anything outside."""
        return self.body is not None

    def holds(self, region: str) -> bool:
        """Whether a region is in the area."""
        return self.body is None or region.startswith(region_subtree_prefix(self.body.region))

    def holds_subject(self, session: Session, subject: Subject, *, on: date) -> bool:
        """Whether a subject is in the area, or in the pool that the body keeps as a list."""
        if self.body is None or self.holds(subject.region):
            return True
        pool = self.body.pool == "listed"
        return pool and bool(queries.codes_in_pool(session, [subject.code], body=self.body, on=on))
