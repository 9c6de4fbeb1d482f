"""The plan: its closed members and every rule that can be read from it alone; its hash (sections 3 to 5)."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from doublerandom.dr1 import beacon, quotas
from doublerandom.dr1.canon import ZEROS, H, Record, canon, check_values, parse_time
from doublerandom.dr1.errors import (
    BadClosedError,
    BadPlanError,
    BadSeqError,
    BadStratumError,
    BadSupersedesError,
    BadTakeError,
    BadTimesError,
    DuplicatePartyError,
    WeakRandomnessError,
)
from doublerandom.dr1.members import (
    POOLS,
    PURPOSES,
    closed,
    count,
    digest,
    flag,
    ident,
    list_of,
    moment,
    one_of,
    text,
    token,
)

_LEAD: Final = timedelta(hours=1)
_RESULT_WITH_DRAND: Final = timedelta(minutes=60)
_RESULT_WITHOUT: Final = timedelta(hours=24)
_REVEAL: Final = timedelta(days=400)
_PARTIES_WITHOUT_SOURCE: Final = 3
_SEATS: Final = 8
_ORIGIN: Final = re.compile(r"[^\s+]+")  # what C2SP lets name a signed note

_POOL: Final = closed({"root": digest, "sealed": flag, "size": count})
_PLAN: Final = closed(
    {
        "protocol": one_of("dr1"),
        "suite": one_of("sha256"),
        "log": text,
        "issuer": token,
        "draw": token,
        "title": text,
        "seq": count,
        "previous": digest,
        "annual_item": token,
        "items": list_of(token),
        "filter": text,
        "rules": digest,
        **dict.fromkeys(POOLS, _POOL),
        "strata": list_of(
            closed({"id": token, "size": count, "excluded": count, "take": count}, {"rate": text})
        ),
        "team": list_of(closed({"seat": token}, {"department": token, "skills": list_of(token)}), 1, _SEATS),
        "randomness": list_of(beacon.check_source),
        "secrets": list_of(
            closed({"party": token, "body": token, "purpose": one_of(*PURPOSES), "commitment": digest}),
        ),
        "rehearsal": flag,
        "committed_at": moment,
        "due": moment,
        "result_by": moment,
        "reveal_by": moment,
    },
    {"closed": list_of(one_of(*POOLS)), "supersedes": token, "carried": list_of(ident)},
)


def plan_hash(plan: Record) -> str:
    """The hash that commits to the plan."""
    return H(signing_text(plan).decode())


def signing_text(plan: Record) -> bytes:
    """What operator and supervisor sign: `"dr1|plan|" ‖ canon(plan)`."""
    return b"dr1|plan|" + canon(plan)


def check_plan(plan: Any) -> None:
    """Raise unless the plan holds by itself: members, types, and every rule that needs no pool and no log.

    Raises:
        BadPlanError or another ProtocolError: One class for each rule; neither the pools nor the log are
            looked at (see quotas.check_strata, pools.check_commitment, tickets.select).
    """
    _PLAN(plan, "plan")
    check_values(plan)
    if not _ORIGIN.fullmatch(plan["log"]):
        raise BadPlanError(rule="log", value=plan["log"])
    _check_seq(plan)
    _check_times(plan)
    _check_closed(plan)
    _check_strata(plan)
    _check_supersedes(plan)
    beacon.check_sources(plan["randomness"], parse_time(plan["due"]))
    _check_parties(plan)


def _check_seq(plan: Record) -> None:
    """A rehearsal has seq 0; the first plan, and a rehearsal, has no previous one."""
    if plan["rehearsal"] != (plan["seq"] == 0):
        raise BadSeqError(seq=plan["seq"], rehearsal=plan["rehearsal"])
    if (plan["seq"] <= 1) != (plan["previous"] == ZEROS):
        raise BadSeqError(seq=plan["seq"], previous=plan["previous"])


def _check_times(plan: Record) -> None:
    committed, due = parse_time(plan["committed_at"]), parse_time(plan["due"])
    result, reveal = parse_time(plan["result_by"]), parse_time(plan["reveal_by"])
    window = _RESULT_WITH_DRAND if beacon.has_drand(plan["randomness"]) else _RESULT_WITHOUT
    if due - committed < _LEAD:
        raise BadTimesError(member="due", rule="at least one hour after committed_at")
    if not timedelta(0) < result - due <= window:
        raise BadTimesError(
            member="result_by", rule="after due, within the window", hours=window.seconds // 3600
        )
    if result >= reveal or reveal - committed > _REVEAL:
        raise BadTimesError(member="reveal_by", rule="after result_by, within 400 days of committed_at")


def _check_closed(plan: Record) -> None:
    names = plan.get("closed", [])
    _refuse_repeated(names, BadClosedError)
    for name in names:
        if not plan[name]["sealed"]:
            raise BadClosedError(pool=name, reason="not sealed")


def _check_strata(plan: Record) -> None:
    _refuse_repeated([stratum["id"] for stratum in plan["strata"]], BadStratumError)
    for stratum in plan["strata"]:
        if not 0 < stratum["size"] >= stratum["excluded"]:
            raise BadStratumError(stratum=stratum["id"], size=stratum["size"], excluded=stratum["excluded"])
        _check_take(stratum)
    total = sum(stratum["size"] for stratum in plan["strata"])
    if total != plan["subjects"]["size"]:
        raise BadStratumError(
            reason="sizes do not add up to the pool", total=total, size=plan["subjects"]["size"]
        )


def _check_take(stratum: Record) -> None:
    """No more than are left, and what the rate gives where there is one."""
    left = stratum["size"] - stratum["excluded"]
    wanted = quotas.take(stratum["rate"], left) if "rate" in stratum else stratum["take"]
    if stratum["take"] > left or stratum["take"] != wanted:
        raise BadTakeError(stratum=stratum["id"], take=stratum["take"], left=left, by_rate=wanted)


def _check_supersedes(plan: Record) -> None:
    """`carried` stands exactly where `supersedes` does: distinct, ascending, not more than are taken."""
    if ("supersedes" in plan) != ("carried" in plan):
        raise BadSupersedesError(reason="one of supersedes and carried without the other")
    carried = plan.get("carried", [])
    if plan.get("supersedes") == plan["draw"]:
        raise BadSupersedesError(reason="a draw does not supersede itself")
    if any(first >= second for first, second in pairwise(carried)):
        raise BadSupersedesError(reason="carried ids not distinct and ascending")
    if len(carried) > sum(stratum["take"] for stratum in plan["strata"]):
        raise BadSupersedesError(reason="more carried than taken", carried=len(carried))


def _check_parties(plan: Record) -> None:
    """Each party once for each purpose; without a source three parties of three bodies for each."""
    secrets = plan["secrets"]
    _refuse_repeated([(entry["party"], entry["purpose"]) for entry in secrets], DuplicatePartyError)
    _refuse_repeated([entry["commitment"] for entry in secrets], DuplicatePartyError)
    if plan["randomness"]:
        return
    for purpose in PURPOSES:
        bodies = {entry["body"] for entry in secrets if entry["purpose"] == purpose}
        if len(bodies) < _PARTIES_WITHOUT_SOURCE:
            raise WeakRandomnessError(reason="fewer than three parties of three bodies", purpose=purpose)


def _refuse_repeated(values: Sequence[Any], error: type[BadPlanError | DuplicatePartyError]) -> None:
    seen = set()
    for value in values:
        if value in seen:
            raise error(repeated=value)
        seen.add(value)
