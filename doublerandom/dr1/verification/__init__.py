"""Verification of a bundle in the fourteen checks of section 11; the drand signature is verified too."""

from datetime import UTC, datetime
from pathlib import Path

from doublerandom.dr1.bundle import open_bundle
from doublerandom.dr1.errors import ProtocolError
from doublerandom.dr1.verification import course, form, logged, outcome, pools, randomness, replaced, signed
from doublerandom.dr1.verification.material import Material, Outside
from doublerandom.dr1.verification.report import (
    STATUS_WORDS,
    TITLES,
    Check,
    Finding,
    FindingError,
    Report,
    Status,
    check_of,
    refused,
)

__all__ = ["STATUS_WORDS", "TITLES", "Check", "Finding", "Report", "Status", "verify_bundle"]

_CHECKS = {
    1: form.check_form,
    2: signed.check_signatures,
    3: logged.check_inclusion,
    4: logged.check_commitment_time,
    5: pools.check_pools,
    6: randomness.check_beacon,
    7: randomness.check_secrets,
    8: randomness.check_seeds,
    9: outcome.check_drawn,
    10: outcome.check_deal,
    11: outcome.check_result,
    12: replaced.check_replacements,
    13: course.check_log,
    14: course.check_level,
}


def verify_bundle(
    path: Path,
    now: datetime | None = None,
    checkpoint: str | None = None,
    proof: str | None = None,
    witnesses: tuple[str, ...] = (),
) -> Report:
    """
    Verify a bundle: a zip, or the directory it was unpacked to. Never raises for what is in it.

    Args:
        path: The bundle.
        now: The moment of asking (aware); what is absent then, though it should be public, has failed.
        checkpoint: The text of a checkpoint of the log that the asker kept.
        proof: The log's consistency proof between that checkpoint and the bundle's, as
            `/log/proof/consistency` serves it; not needed where both have one size.
        witnesses: Keys of witnesses that the asker trusts, as C2SP writes them (`<name>+<hash>+<base64>`).

    Returns:
        The report; `exit_status` is that of section 11.
    """
    outside = Outside(now or datetime.now(UTC), checkpoint, proof, witnesses)
    try:
        with open_bundle(path) as bundle:
            material = Material(bundle, outside)
            form.read_files(material)
            return _run(material)
    except ProtocolError as error:
        return _unreadable(error)


def _run(material: Material) -> Report:
    for number in _CHECKS:
        material.findings[number] = _finding(material, number)
    draw = material.plan["draw"] if material.plan else ""
    return Report(draw, tuple(check_of(number, finding) for number, finding in material.findings.items()))


def _finding(material: Material, number: int) -> Finding:
    """What one check finds; a rule of the protocol that it meets broken is its failure."""
    unfit = material.faults.get("plan.json")
    try:
        if unfit is not None and unfit.check == number:
            return refused(unfit, "plan.json")
        if number > 1:
            material.require_plan()
        return _CHECKS[number](material)
    except FindingError as found:
        return found.finding
    except ProtocolError as error:
        return refused(error)


def _unreadable(error: ProtocolError) -> Report:
    """The report on what cannot be opened at all: check 1 failed, the others wait for it."""
    rest = Material.waiting(1)
    findings = {number: refused(error) if number == 1 else rest for number in _CHECKS}
    return Report("", tuple(check_of(number, finding) for number, finding in findings.items()))
