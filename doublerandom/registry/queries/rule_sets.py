"""Rule sets in sight, and what is in force for a body on a day, section by section."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from doublerandom.accounts.queries import Body
from doublerandom.ledger import queries as ledger_queries
from doublerandom.ledger.trail import facts_of
from doublerandom.registry.errors import (
    InvalidRuleSetError,
    RecordNotFoundError,
    RuleSetNotFoundError,
)
from doublerandom.registry.models import RuleSet, RuleSetStatus
from doublerandom.registry.queries.bodies import chain_ids
from doublerandom.registry.rule_shape import DRAW_NEEDS
from doublerandom.registry.rules import check_complete, digest_of, merged, text_of

ANY_LINE = "all"


@dataclass(frozen=True)
class EffectiveRuleSet:
    """
    What is in force for a body and line of work on a day, put together from the sets of the chain.

    `id`, `body_id`, `domain`, `version`, days and approval are those of the nearest set that says anything;
    `rules` is the whole object with `sources`; `digest` is H of its canonical text.
    """

    id: int
    body_id: int
    domain: str
    version: int
    valid_from: date
    valid_to: date | None
    approved_by: str
    approved_at: datetime | None
    rules: dict[str, Any]
    sets: tuple[int, ...]

    @property
    def sources(self) -> dict[str, str]:
        """For each section the set that it comes from, as `body:domain:version`."""
        found: dict[str, str] = self.rules["sources"]
        return found

    @property
    def canonical(self) -> str:
        """The canonical text of the rules."""
        return text_of(self.rules)

    @property
    def digest(self) -> str:
        """H of the canonical text."""
        return digest_of(self.rules)


def rule_set_in_force(session: Session, *, body: Body, on: date, domain: str = "") -> EffectiveRuleSet:
    """
    The rules that a draw of this body uses on that day: each section from the nearest set that has it.

    Args:
        session: Where to read.
        body: Who draws.
        on: The day.
        domain: Line of work; empty: the body's own.

    Raises:
        RuleSetNotFoundError: A section that a draw needs is left open by the body and all above it.
        InvalidRuleSetError: What is put together contradicts itself: a team smaller than the quorum.
    """
    found = effective_rules(session, body=body, on=on, domain=domain)
    missing = [name for name in DRAW_NEEDS if found is None or name not in found.rules]
    if found is None or missing:
        raise RuleSetNotFoundError(body=body.name, on=on.isoformat(), section=missing[0])
    check_complete(found.rules)
    return found


def effective_rules(session: Session, *, body: Body, on: date, domain: str = "") -> EffectiveRuleSet | None:
    """What the sets of the chain say together on a day, complete or not; None where there is no set."""
    sets = rule_sets_in_force(session, body=body, on=on, domain=domain)
    if not sets:
        return None
    first = sets[0]
    assert first.id is not None
    return EffectiveRuleSet(
        id=first.id,
        body_id=first.body_id,
        domain=first.domain,
        version=first.version,
        valid_from=first.valid_from,
        valid_to=first.valid_to,
        approved_by=first.approved_by,
        approved_at=first.approved_at,
        rules=merged(row.rules for row in sets),
        sets=tuple(row.id for row in sets if row.id is not None),
    )


def rule_sets_in_force(session: Session, *, body: Body, on: date, domain: str = "") -> list[RuleSet]:
    """
    The approved sets of the chain in force on a day, in the order in which their sections count.

    Nearest body first; of one body those for the line of work before those for every line (`all`). A later
    version replaces the earlier one wholly: what it leaves out is left to the body above.
    """
    line = domain or body.line
    chain = chain_ids(session, body)
    statement = select(RuleSet).where(
        col(RuleSet.body_id).in_(chain),
        col(RuleSet.domain).in_([line, ANY_LINE]),
        RuleSet.status == RuleSetStatus.APPROVED,
        col(RuleSet.valid_from) <= on,
        or_(col(RuleSet.valid_to).is_(None), col(RuleSet.valid_to) >= on),
    )
    rows = session.exec(statement.order_by(col(RuleSet.version), col(RuleSet.id)))
    newest = {(row.body_id, row.domain): row for row in rows}
    return sorted(newest.values(), key=lambda row: (chain.index(row.body_id), row.domain != line))


def parameter_in_force(session: Session, *, body: Body, on: date, section: str, domain: str = "") -> Any:
    """One section of what is in force, or None where it is left open by everybody."""
    found = effective_rules(session, body=body, on=on, domain=domain)
    return None if found is None else found.rules.get(section)


def rule_set_by_id(session: Session, rule_set_id: int) -> RuleSet:
    """One rule set, or RecordNotFoundError."""
    found = session.get(RuleSet, rule_set_id)
    if found is None:
        raise RecordNotFoundError(value=rule_set_id)
    return found


def rule_sets(session: Session, *, body_id: int | None = None) -> list[RuleSet]:
    """All rule sets, or those of one body, by body, domain and version."""
    statement = select(RuleSet)
    if body_id is not None:
        statement = statement.where(RuleSet.body_id == body_id)
    return list(
        session.exec(statement.order_by(col(RuleSet.body_id), col(RuleSet.domain), col(RuleSet.version)))
    )


def rule_sets_in_sight(
    session: Session, *, body: Body, domain: str = "", rule_set_id: int | None = None
) -> list[RuleSet]:
    """
    What a body may read: all of its own and of those below it, and what those above it had approved.

    In the order of the tree, then by domain, the newest version first.
    """
    below = select(Body.id).where(col(Body.path).startswith(body.path, autoescape=True))
    above = [number for number in chain_ids(session, body) if number != body.id]
    readable = or_(
        col(RuleSet.body_id).in_(below),
        (col(RuleSet.body_id).in_(above)) & (col(RuleSet.status) == RuleSetStatus.APPROVED),
    )
    statement = select(RuleSet).join(Body, col(Body.id) == col(RuleSet.body_id)).where(readable)
    if domain:
        statement = statement.where(RuleSet.domain == domain)
    if rule_set_id is not None:
        statement = statement.where(RuleSet.id == rule_set_id)
    order = (col(Body.path), col(RuleSet.domain), col(RuleSet.version).desc())
    return list(session.exec(statement.order_by(*order)))


def rule_set_in_sight(session: Session, rule_set_id: int, *, body: Body) -> RuleSet:
    """One rule set that a body may read, or RecordNotFoundError."""
    found = rule_sets_in_sight(session, body=body, rule_set_id=rule_set_id)
    if not found:
        raise RecordNotFoundError(value=rule_set_id)
    return found[0]


def versions_of(session: Session, *, body_id: int, domain: str) -> list[RuleSet]:
    """All versions of one body's rules for a line of work, the newest first."""
    statement = select(RuleSet).where(RuleSet.body_id == body_id, RuleSet.domain == domain)
    return list(session.exec(statement.order_by(col(RuleSet.version).desc())))


def who_wrote(session: Session, rule_set_id: int) -> set[str]:
    """Whoever drafted, changed, submitted or withdrew this rule set; to return one is not to write it."""
    acts = ledger_queries.acts_on(session, "rule_set", str(rule_set_id))
    return {act.by for act in acts if facts_of(act).get("status") != RuleSetStatus.DRAFT}


def state_on(row: RuleSet, day: date, versions: Iterable[RuleSet]) -> str:
    """
    A rule set's state on a day, as people name it.

    `draft`, `submitted` and `withdrawn` are states of the row; an approved one is `to_come`, `in_force` or
    `ended` (its last day has passed, or a later version has taken its place).

    Args:
        row: The rule set.
        day: The day.
        versions: All versions of the same body and domain, in any order.
    """
    if row.status is not RuleSetStatus.APPROVED:
        return row.status.value
    if row.valid_from > day:
        return "to_come"
    later = any(
        each.status is RuleSetStatus.APPROVED
        and each.version > row.version
        and each.valid_from <= day
        and (each.valid_to is None or each.valid_to >= day)
        for each in versions
    )
    return "ended" if later or (row.valid_to is not None and row.valid_to < day) else "in_force"


def open_sections(effective: EffectiveRuleSet | None) -> Sequence[str]:
    """The sections that a draw needs and that are left open."""
    return [name for name in DRAW_NEEDS if effective is None or name not in effective.rules]


def contradiction_in(effective: EffectiveRuleSet | None) -> InvalidRuleSetError | None:
    """What contradicts itself in rules put together from several sets, if anything does."""
    if effective is None or open_sections(effective):
        return None
    try:
        check_complete(effective.rules)
    except InvalidRuleSetError as error:
        return error
    return None
