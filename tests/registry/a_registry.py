"""Bodies, subjects and rules for the registry's tests; each factory takes only what its test is about."""

from datetime import UTC, date, datetime

from sqlmodel import Session

from doublerandom.accounts.models import Body
from doublerandom.db import transaction
from doublerandom.registry import services
from doublerandom.registry.services import SubjectIn
from doublerandom.registry.uscc import check_character

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def a_code(n: int, *, region: str = "330102", kind: str = "91") -> str:
    """The n-th valid code of a region."""
    first17 = f"{kind}{region}MA{n:07d}"
    return first17 + check_character(first17)


def a_body(
    session: Session, token: str = "hz-scjg", *, region: str = "330100", above: Body | None = None
) -> Body:
    """A body, below another or on top."""
    with transaction(session):
        body = Body(
            token=token,
            name=token,
            line="scjg",
            level="city",
            region=region,
            parent_id=above.id if above else None,
            path=(above.path if above else "") + f"{token}/",
            created_at=NOON,
        )
        session.add(body)
    return body


def a_subject(n: int, *, region: str = "330102", **fields) -> SubjectIn:
    """The n-th subject of a region."""
    return SubjectIn(
        code=a_code(n, region=region), name=fields.pop("name", f"第{n}号商店"), region=region, **fields
    )


def some_subjects(session: Session, *subjects: SubjectIn) -> list[str]:
    """Put these subjects into the registry and give their codes."""
    services.add_subjects(session, subjects, source="test", by="zhang", at=NOON)
    return [subject.code for subject in subjects]


def an_inspector(session: Session, certificate: str, *, body: Body, **fields):
    """An inspector of a body."""
    facts = {"name": "王某", "department": "scjg", **fields}
    return services.add_inspector(session, certificate, body_id=body.id, by="zhang", at=NOON, **facts)


def a_rule_set_object(**members):
    """A valid rule set object, with these members instead of its own."""
    rules = {
        "body": "hz-scjg",
        "domain": "scjg",
        "version": 1,
        "valid_from": "2026-01-01",
        "strata": {
            "by": "class",
            "quotas": [
                {"stratum": "a", "when": ["A"], "quota": {"kind": "rate", "rate": "1/50"}},
                {"stratum": "b", "when": ["B"], "quota": {"kind": "at_most", "rate": "1/20"}},
                {"stratum": "c", "when": ["C"], "quota": {"kind": "fixed", "number": 7}},
                {"stratum": "d", "when": ["D"], "quota": {"kind": "all"}},
                {"stratum": "rest", "when": [], "quota": {"kind": "excluded"}},
            ],
            "otherwise": "rest",
        },
        "caps": {"per_year": 2, "cool_down_days": 30, "exempt_measures": True},
        "conflicts": {
            "hard": ["relative"],
            "soft": ["inspected-last-time", "regular-supervisor"],
            "soft_needs": 4,
            "rotation": True,
            "former_years": 3,
        },
        "team": [{"seat": "lead", "skills": ["lead"]}, {"seat": "member"}],
        "capacity": 20,
        "deadlines": {"publish_working_days": 20, "result_minutes": 60, "reveal_days": 30},
        "credit": [
            {
                "when": {"categories": ["2"]},
                "kind": "penalty",
                "level": "ordinary",
                "effect": "raise",
                "days": 365,
                "display_min_days": 90,
                "display_max_days": 365,
            },
            {
                "when": {"categories": ["1"], "clean_visits": 1},
                "kind": "reward",
                "level": "ordinary",
                "effect": "lower",
                "days": 365,
            },
        ],
    }
    return {**rules, **members}
