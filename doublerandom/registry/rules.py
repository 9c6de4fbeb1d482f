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
from doublerandom.registry.rule_shape import check_rules

__all__ = [
    "CLASSES",
    "Pair",
    "SubjectFacts",
    "Verdict",
    "check_rules",
    "digest_of",
    "exclusion_of",
    "is_hard",
    "kept_pairs",
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
    """What the rules look at; `SubjectRow` of the queries has the same names."""

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
    strata = rules["strata"]
    value = facts.grade if strata["by"] == "grade" else shifted(facts.credit_class, facts.effect)
    for quota in strata["quotas"]:
        if value in quota["when"]:
            return str(quota["stratum"])
    return str(strata["otherwise"])


def exclusion_of(rules: Mapping[str, Any], facts: Any, *, on: date) -> str:
    """
    The reason code (token) why a subject cannot be drawn on that day, or the empty text.

    The first that holds: its body's own reason · `status-<status>` · `exempt-by-measure` · `cap-per-year` ·
    `cool-down` · `stratum-excluded`.
    """
    if facts.excluded:
        return str(facts.excluded)
    if facts.status != "active":
        return "status-" + str(facts.status).replace("_", "-")
    return _capped(rules["caps"], facts, on) or _shut(rules, facts)


def _capped(caps: Mapping[str, Any], facts: Any, on: date) -> str:
    if facts.effect == "exempt" and caps["exempt_measures"]:
        return "exempt-by-measure"
    if facts.visits_this_year >= caps["per_year"]:
        return "cap-per-year"
    if facts.last_visit is not None and on < facts.last_visit + timedelta(days=caps["cool_down_days"]):
        return "cool-down"
    return ""


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


def strata_of(rules: Mapping[str, Any], counts: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """
    The plan's `strata`: what each stratum of the pool gives, in the order of the rules.

    Strata without records are left out. A `rate` rounds up and stays a rate; `at_most` rounds down and stands
    as a fixed number; `fixed` gives no more than there are; `all` is the rate 1/1.

    Args:
        rules: A checked rule set object.
        counts: For each stratum (size, excluded), as `dr1.quotas.strata_counts` counts them.
    """
    strata = []
    for quota in rules["strata"]["quotas"]:
        if quota["stratum"] in counts:
            size, excluded = counts[quota["stratum"]]
            taken = _taken(quota["quota"], size - excluded)
            strata.append({"id": quota["stratum"], "size": size, "excluded": excluded, **taken})
    return strata


def _taken(quota: Mapping[str, Any], eligible: int) -> dict[str, Any]:
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
        case _:
            return {"take": 0}


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
