"""Check 5: the pools give the plan's roots and sizes, the subjects its counts per stratum."""

from doublerandom.dr1.canon import Record
from doublerandom.dr1.members import POOLS
from doublerandom.dr1.pools import PoolCommitment, check_commitment
from doublerandom.dr1.quotas import check_strata
from doublerandom.dr1.verification.material import Material, is_of_pools
from doublerandom.dr1.verification.report import Finding, FindingError, Status, failed, not_checkable, passed


def check_pools(material: Material) -> Finding:
    """Every pool that is open, or its leaves; one that has failed counts more than one that is not there."""
    plan = material.require_plan()
    held: list[str] = []
    missing: list[Finding] = []
    for pool in POOLS:
        try:
            _check_pool(material, pool)
            held.append(pool)
        except FindingError as found:
            if found.finding.status is Status.FAILED:
                raise
            missing.append(found.finding)
    value = ", ".join(f"{pool} {plan[pool]['root']}" for pool in held)
    if missing:
        return missing[0]
    if material.withheld:
        return not_checkable(
            "withheld", "根与叶值相符；不公开的库由审计方核验", "roots agree with the leaves", value
        )
    return passed(
        "三库与方案的根、数量、分层计数相符", "pools give the plan's roots, sizes and counts", value
    )


def _check_pool(material: Material, pool: str) -> None:
    plan = material.require_plan()
    if pool in material.withheld:
        name = f"{pool}.leaves"
        if name in material.faults and is_of_pools(name, material.faults[name]):
            raise material.faults[name]
        check_commitment(pool, material.value(name), plan[pool])
        return
    found = _commitment(material, pool)
    check_commitment(pool, found, plan[pool])
    if pool == "subjects" and material.subjects is not None:
        check_strata(plan, material.subjects.counts())
    if pool == "conflicts" and material.conflicts is not None:
        _check_grounds(material, plan, material.conflicts.particular)


def _commitment(material: Material, pool: str) -> PoolCommitment:
    """What the pool's file commits to; a sealed one cannot be told without its key."""
    name = f"{pool}.jsonl"
    if name in material.bundle and name not in material.values and name not in material.faults:
        material.value("keys.json")
        material.end(
            failed("key_missing", f"{pool} 已公开而无其密钥", f"{pool} is open without its key", pool)
        )
    if name in material.faults and is_of_pools(name, material.faults[name]):
        raise material.faults[name]
    commitment: PoolCommitment = material.value(name).commitment
    return commitment


def _check_grounds(material: Material, plan: Record, particular: str) -> None:
    """Conflict pairs carry the ground `barred` alone where the pool is opened to everybody."""
    if particular and "conflicts" not in plan.get("closed", []):
        material.end(
            failed(
                "ground_told", "公开的回避库写明了具体理由", "an open conflict tells its ground", particular
            )
        )
