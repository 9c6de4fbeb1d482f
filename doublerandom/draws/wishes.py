"""What a planner asks for: from the arguments of a command, or from a draft's row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from doublerandom.clock import local
from doublerandom.dr1.canon import Record
from doublerandom.draws import plans
from doublerandom.draws.errors import PlanRefusedError

PERSONS, TEAMS = "persons", "teams"


@dataclass(frozen=True)
class Wish:
    """What the planner asked for; see `services.prepare`."""

    body: str
    plan_line: str
    due: datetime
    randomness: Sequence[Record] = ()
    number: str = ""
    title: str = ""
    batch: int = 0
    filter_text: str | None = None
    team: Sequence[Record] | None = None
    inspectors: str = PERSONS
    closed: Collection[str] = ()
    parties: Sequence[plans.Party] | None = None
    supersedes: str = ""
    result_by: datetime | None = None
    reveal_by: datetime | None = None
    rehearsal: bool = False
    on: date | None = None
    simulations: int = 0
    whole: bool = False
    batches: Sequence[int] = ()
    neighbours: Collection[str] = ()
    days: int = 0
    joint_with: Sequence[Mapping[str, Any]] = ()

    @property
    def deals_teams(self) -> bool:
        """Whether standing teams are dealt; refuses what is neither persons nor teams."""
        if self.inspectors not in {PERSONS, TEAMS}:
            raise PlanRefusedError(rule="bad_inspectors", detail=self.inspectors)
        return self.inspectors == TEAMS

    @property
    def asked(self) -> dict[str, Any]:
        """The arguments of `read_groundwork`."""
        return {
            "body": self.body,
            "plan_line": self.plan_line,
            "on": self.on or local(self.due).date(),
            "team": self.team,
            "filter_text": self.filter_text,
            "teams": self.deals_teams,
            "whole": self.whole,
            "neighbours": self.neighbours,
            "days": self.days,
            "joint_with": self.joint_with,
            "supersedes": self.supersedes,
        }


def wish_of_draft(
    said: Mapping[str, Any],
    *,
    body: str,
    plan_line: str,
    rehearsal: bool,
    due: datetime,
    simulations: int = 0,
) -> Wish:
    """
    What a draft's row says.

    Args:
        said: The row's `wish`; what is not there is by plan line and rules.
        body: Token of its body.
        plan_line: Number of its line.
        rehearsal: Whether it is one.
        due: When the randomness is due, where nothing was said yet.
        simulations: How many draws are to be simulated.
    """
    return Wish(
        body=body,
        plan_line=plan_line,
        due=_moment(said.get("due")) or due,
        randomness=said.get("randomness", [{"kind": "drand"}]),
        title=said.get("title", ""),
        batch=said.get("batch", 0),
        filter_text=said.get("filter"),
        team=said.get("team"),
        inspectors=said.get("inspectors", PERSONS),
        closed=said.get("closed", ()),
        parties=_parties(said),
        supersedes=said.get("supersedes", ""),
        result_by=_moment(said.get("result_by")),
        reveal_by=_moment(said.get("reveal_by")),
        rehearsal=rehearsal,
        simulations=simulations,
        whole=said.get("whole", False),
        batches=said.get("batches", ()),
        neighbours=said.get("neighbours", ()),
        days=said.get("days", 0),
        joint_with=said.get("joint_with", ()),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _parties(said: Mapping[str, Any]) -> list[plans.Party] | None:
    """Those of level C; at the other levels the office's own two make the secrets."""
    if said.get("randomness", True):
        return None
    return [plans.Party(party["party"], party["body"]) for party in said.get("parties", ())]
