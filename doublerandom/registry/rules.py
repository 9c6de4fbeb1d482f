"""
What the rule set in force says of a subject, a stratum, a pair: pure functions of the rules and facts.

Nothing here knows a number of its own; rates are integers `a/b`; minimum ratios round up, maximum ones down.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from doublerandom.dr1.canon import H, canon
from doublerandom.dr1.quotas import parse_rate, take
from doublerandom.registry.rule_shape import SECTIONS, check_complete, check_rules

__all__ = [
    "CLASSES",
    "Pair",
    "SubjectFacts",
    "Verdict",
    "categories_on",
    "check_complete",
    "check_rules",
    "digest_of",
    "exclusion_of",
    "is_hard",
    "kept_pairs",
    "merged",
    "quota_for",
    "shifted",
    "strata_of",
    "stratum_of",
    "text_of",
    "verdict_of",
]

CLASSES: Final = ("A", "B", "C", "D")  # 信用风险分类, low to high, as the State Administration names them
ROTATION: Final = "inspected-last-time"
REGULAR_SUPERVISOR: Final = "regular-supervisor"


@dataclass(frozen=True)
class SubjectFacts:
    """
    What the rules look at; `SubjectRow` of the queries has the same names.

    Visits are those that count: of anybody in the calendar year, of bodies of the same level, of the body
    itself; the last one of anybody, the last one of a body of a higher level; `last_drawn` by this body.
    """

    status: str = "active"
    credit_class: str = ""
    grade: str = ""
    effect: str = ""
    excluded: str = ""
    visits_this_year: int = 0
    last_visit: date | None = None
    visits_at_level: int = 0
    visits_by_agency: int = 0
    last_drawn: date | None = None
    last_upper_visit: date | None = None
    no_disturbance: bool = False


class Verdict(NamedTuple):
    """Where a subject stands in a draw: its stratum, and the reason why it cannot be drawn, or nothing."""

    stratum: str
    excluded: str


class Pair(NamedTuple):
    """An inspector (certificate number) who must not inspect a subject (code), on a ground (token)."""

    inspector: str
    subject: str
    ground: str
    hard: bool


def text_of(rules: Mapping[str, Any]) -> str:
    """The canonical text of a rule set object: what `rules.json` holds, without its newline."""
    return canon(rules).decode()


def digest_of(rules: Mapping[str, Any]) -> str:
    """H of the canonical rule set: what a draw's plan names as `rules`."""
    return H(text_of(rules))


def merged(sets: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """
    One rule set object out of several, nearest first: each section whole, from the first that has it.

    Body, domain, version and first day are the first one's; the member `sources` names for each section the
    set that it comes from, as `body:domain:version`.
    """
    first, *others = sets
    rules = {name: value for name, value in first.items() if name not in SECTIONS}
    sources: dict[str, str] = {}
    for each in (first, *others):
        for name in SECTIONS:
            if name in each and name not in sources:
                rules[name] = each[name]
                sources[name] = f"{each['body']}:{each['domain']}:{each['version']}"
    return {**rules, "sources": sources}


def shifted(credit_class: str, effect: str) -> str:
    """The class after a measure, within A–D: `raise` is one riskier, `lower` one less risky."""
    step = {"raise": 1, "lower": -1}.get(effect, 0)
    if not step or credit_class not in CLASSES:
        return credit_class
    return CLASSES[min(max(CLASSES.index(credit_class) + step, 0), len(CLASSES) - 1)]


def stratum_of(rules: Mapping[str, Any], facts: Any) -> str:
    """
    The stratum of a subject: by the grade its body gave, or by the imported class as measures shift it.

    Args:
        rules: A checked rule set object.
        facts: SubjectFacts, or anything with its fields.
    """
    strata, value = rules["strata"], _value_of(rules, facts)
    for quota in strata["quotas"]:
        if value in quota["when"]:
            return str(quota["stratum"])
    return str(strata["otherwise"])


def _value_of(rules: Mapping[str, Any], facts: Any) -> str:
    """The grade or the shifted class, whichever the strata go by."""
    by_grade = rules["strata"]["by"] == "grade"
    return str(facts.grade) if by_grade else shifted(facts.credit_class, facts.effect)


def exclusion_of(rules: Mapping[str, Any], facts: Any, *, on: date) -> str:
    """
    The reason code (token) why a subject cannot be drawn on that day, or the empty text.

    The first that holds: its body's own reason · `status-<status>` · `no-disturbance` (the list, unless the
    rules say that it does not count) · `exempt-by-measure` · `cap-per-year` ·
    `cap-per-level` · `cap-per-agency` · `cap-low-risk` · `cool-down` · `drawn-recently` ·
    `upper-level-recently` · `stratum-excluded`. What counts as low risk is read as the strata are, by grade
    or by class, so that no reason in an open pool tells a class.
    """
    if facts.excluded:
        return str(facts.excluded)
    if facts.status != "active":
        return "status-" + str(facts.status).replace("_", "-")
    if facts.no_disturbance and not rules["caps"].get("draws_no_disturbance", False):
        return "no-disturbance"
    if facts.effect == "exempt" and rules["caps"]["exempt_measures"]:
        return "exempt-by-measure"
    return _capped(rules, facts) or _left_alone(rules["caps"], facts, on) or _shut(rules, facts)


def _capped(rules: Mapping[str, Any], facts: Any) -> str:
    """The cap that the visits of the year have reached."""
    caps = rules["caps"]
    counted = (
        ("cap-per-year", "per_year", facts.visits_this_year),
        ("cap-per-level", "per_level", facts.visits_at_level),
        ("cap-per-agency", "per_agency", facts.visits_by_agency),
    )
    for reason, member, visits in counted:
        if member in caps and visits >= caps[member]:
            return reason
    low = caps.get("low_risk")
    if low and _value_of(rules, facts) in low["classes"] and facts.visits_this_year >= low["number"]:
        return "cap-low-risk"
    return ""


def _left_alone(caps: Mapping[str, Any], facts: Any, on: date) -> str:
    """The span in which a subject is left alone, and that has not ended."""
    spans = (
        ("cool-down", facts.last_visit, timedelta(days=caps["cool_down_days"])),
        ("upper-level-recently", facts.last_upper_visit, timedelta(days=caps.get("upper_level_days", 0))),
    )
    ends = {reason: last + span for reason, last, span in spans if last is not None}
    if facts.last_drawn is not None:
        ends["drawn-recently"] = _years_later(facts.last_drawn, caps.get("drawn_years", 0))
    order = ("cool-down", "drawn-recently", "upper-level-recently")
    return next((reason for reason in order if reason in ends and on < ends[reason]), "")


def _years_later(day: date, years: int) -> date:
    """The same day so many years later; for 29 February the first of March where there is none."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _shut(rules: Mapping[str, Any], facts: Any) -> str:
    shut = quota_for(rules, stratum_of(rules, facts))["kind"] == "excluded"
    return "stratum-excluded" if shut else ""


def verdict_of(rules: Mapping[str, Any], facts: Any, *, on: date) -> Verdict:
    """Stratum and exclusion of a subject in one."""
    return Verdict(stratum_of(rules, facts), exclusion_of(rules, facts, on=on))


def quota_for(rules: Mapping[str, Any], stratum: str) -> Mapping[str, Any]:
    """The quota object of a stratum of these rules."""
    for quota in rules["strata"]["quotas"]:
        if quota["stratum"] == stratum:
            found: Mapping[str, Any] = quota["quota"]
            return found
    raise KeyError(stratum)


def strata_of(
    rules: Mapping[str, Any], counts: Mapping[str, tuple[int, int]], *, inspectors: int = 0
) -> list[dict[str, Any]]:
    """
    The plan's `strata`: what each stratum of the pool gives, in the order of the rules.

    Strata without records are left out. A `rate` rounds up and stays a rate; `at_most` rounds down and stands
    as a fixed number; `fixed` gives no more than there are; `all` is the rate 1/1; `per_inspector` stands as
    a fixed number too, rounded down, so that nobody is asked for more than that.

    Args:
        rules: A checked rule set object.
        counts: For each stratum (size, excluded), as `dr1.quotas.strata_counts` counts them.
        inspectors: How many inspectors of the pool can be dealt.
    """
    strata = []
    for quota in rules["strata"]["quotas"]:
        if quota["stratum"] in counts:
            size, excluded = counts[quota["stratum"]]
            taken = _taken(quota["quota"], size - excluded, inspectors)
            strata.append({"id": quota["stratum"], "size": size, "excluded": excluded, **taken})
    return strata


def _taken(quota: Mapping[str, Any], eligible: int, inspectors: int) -> dict[str, Any]:
    match quota["kind"]:
        case "rate":
            return {"rate": quota["rate"], "take": take(quota["rate"], eligible)}
        case "all":
            return {"rate": "1/1", "take": eligible}
        case "at_most":
            a, b = parse_rate(quota["rate"])
            return {"take": a * eligible // b}
        case "fixed":
            return {"take": min(quota["number"], eligible)}
        case "per_inspector":
            a, b = map(int, quota["rate"].split("/"))
            return {"take": min(a * inspectors // b, eligible)}
        case _:
            return {"take": 0}


def categories_on(rules: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    """The rows of the result-category table in force on a day, in their order; none where it is left open."""
    text = day.isoformat()
    return [
        row
        for row in rules.get("categories", {}).get("table", [])
        if row["valid_from"] <= text <= row.get("valid_to", text)
    ]


def is_hard(rules: Mapping[str, Any], ground: str, *, declared_hard: bool = True) -> bool:
    """Whether a ground parts a pair whatever it costs: the two lists decide, else the declaration itself."""
    conflicts = rules["conflicts"]
    if ground in conflicts["hard"]:
        return True
    return declared_hard and ground not in conflicts["soft"]


def kept_pairs(
    rules: Mapping[str, Any],
    pairs: Iterable[Pair],
    *,
    eligible: Callable[[str], Collection[str]],
) -> tuple[list[Pair], int]:
    """
    One pair for each inspector and subject; soft grounds give way where too few are left.

    A subject left with fewer than `soft_needs` inspectors, after hard and soft grounds, keeps its hard pairs
    only. A pair on several grounds stands on a hard one if it has one, else on the first by name.

    Args:
        rules: A checked rule set object.
        pairs: Every ground for every pair, in any order.
        eligible: For a subject's code the inspectors who could be dealt to it if there were no conflict.

    Returns:
        The pairs ascending by inspector and subject, and how many soft pairs were waived.
    """
    best: dict[str, dict[str, Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: (not pair.hard, pair.ground)):
        best.setdefault(pair.subject, {}).setdefault(pair.inspector, pair)
    kept: list[Pair] = []
    waived = 0
    for subject, of_subject in best.items():
        soft = sum(not pair.hard for pair in of_subject.values())
        left = len(set(eligible(subject)) - of_subject.keys()) if soft else 0
        if soft and left < rules["conflicts"]["soft_needs"]:
            waived += soft
            kept.extend(pair for pair in of_subject.values() if pair.hard)
        else:
            kept.extend(of_subject.values())
    return sorted(kept), waived
