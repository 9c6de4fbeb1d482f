"""Signing a plan: operator, then a supervisor; the second signature commits it in the public log."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session

from doublerandom.accounts import queries as accounts_queries
from doublerandom.accounts import services as accounts
from doublerandom.clock import local
from doublerandom.config import Settings
from doublerandom.db import transaction
from doublerandom.dr1.canon import Record, canon
from doublerandom.dr1.plan import plan_hash, signing_text
from doublerandom.draws import plans, queries
from doublerandom.draws.acts import CommitmentSigned, DrawCommitted, PlanSigned, SignatureLapsed
from doublerandom.draws.errors import (
    LivePlanError,
    MustSupersedeError,
    PartyMissingError,
    SamePersonError,
    SignatureLapsedError,
    SignatureMissingError,
    SignerRoleError,
    SupersedesError,
    TooLateToSignError,
    WrongDrawStateError,
)
from doublerandom.draws.models import Draw, DrawStatus, PlanSignature
from doublerandom.draws.services import notices
from doublerandom.draws.services.basis import check_batch, check_still_so
from doublerandom.draws.services.observing import logged_at
from doublerandom.errors import InvalidInputError
from doublerandom.ledger import log
from doublerandom.ledger.keys import sign_with
from doublerandom.ledger.pins import pin_attempt
from doublerandom.ledger.trail import put_on_record

ROLE_OF: Final = {"operator": "planner", "supervisor": "supervisor"}


@dataclass(frozen=True)
class Signer:
    """Who signs, and when; the PIN is kept nowhere else."""

    person: str
    pin: str = field(repr=False)
    at: datetime
    settings: Settings


def sign(
    session: Session,
    draw: Draw | str,
    *,
    role: str,
    pin: str,
    settings: Settings,
    by: str,
    at: datetime,
) -> Draw:
    """
    Sign a prepared draw as `operator`, then as `supervisor`; at level C every `party` has signed before.

    The first signature gives the plan its place in the issuer's row (`seq`, `previous`) and its time; the
    second must come before `due`, from another person, and puts the plan into the public log in the same
    transaction. A first signature that another plan has overtaken lapses, on record, and is asked again: the
    operator may sign anew at once.

    Raises:
        WrongDrawStateError, SignatureMissingError, SamePersonError, PartyMissingError: Not this role now.
        TooLateToSignError: Less than an hour to `due` at the first signature, none at the second.
        SignatureLapsedError: The operator signs again.
        LivePlanError: The same line has a committed draw that is not finished.
        BatchDrawnError: This batch of the line was drawn already.
        BasisChangedError, PreparedTooLongAgoError: It is prepared anew before anybody signs.
        MustSupersedeError: The same line has a voided or failed draw that this one does not supersede.
        WrongPinLockedError: Too many wrong PINs of this person within the window.
        WrongPinError, NoSigningKeyError: Nothing was signed; an operator's key is one of the issuer's body.
    """
    steps = {"party": _sign_commitments, "operator": _sign_first, "supervisor": _sign_second}
    if role not in steps:
        raise InvalidInputError(field="role", value=role)
    number = queries.number_of(draw)
    with pin_attempt(session, by, settings=settings, at=at):
        with transaction(session):
            row = queries.draw_for_update(session, number)
            why = why_lapsed(session, row, at) if role != "party" and row.status is DrawStatus.SIGNED else ""
            if why:
                _lapse(session, row, why, by=by, at=at)
            if not why or role == "operator":
                steps[role](session, row, Signer(by, pin, at, settings))
        if why and role == "supervisor":  # no PIN was looked at: the attempt forgives none that was wrong
            raise SignatureLapsedError(draw=number, why=why)
    return row


def _sign_commitments(session: Session, draw: Draw, signer: Signer) -> None:
    """A party signs each commitment that the plan lists for it."""
    if draw.status is not DrawStatus.PREPARED:
        raise WrongDrawStateError(draw=draw.number, status=draw.status)
    assert draw.id is not None
    by, at = signer.person, signer.at
    entries = [(n, entry) for n, entry in enumerate(queries.plan_of(draw)["secrets"]) if entry["party"] == by]
    if not entries or not all(entry["commitment"] for _, entry in entries):
        raise PartyMissingError(party=by)
    for n, entry in entries:
        text = f"dr1|commit|{entry['commitment']}".encode()
        body = entry["body"]
        key, signature = sign_with(session, by, signer.pin, text, role="party", body=body, at=at)
        row = PlanSignature(
            draw_id=draw.id, role="party", n=n, person=by, key=key, signature=signature, at=at
        )
        session.add(row)
        act = CommitmentSigned(draw.number, by, entry["purpose"], key, entry["commitment"])
        put_on_record(session, act, by=by, at=at)


def _sign_first(session: Session, draw: Draw, signer: Signer) -> None:
    """The operator's signature: the plan takes its place and its time."""
    if draw.status is not DrawStatus.PREPARED:
        raise WrongDrawStateError(draw=draw.number, status=draw.status)
    plan = queries.plan_of(draw)
    _require_parties(session, draw, plan, signer.at)
    _refuse_second_role(session, draw, signer)
    if draw.due - signer.at < plans.LEAD:
        raise TooLateToSignError(draw=draw.number, due=plan["due"])
    _refuse_rival(session, draw)
    check_still_so(session, draw, at=signer.at)
    seq, previous = queries.next_place(session, draw.body_id)
    before = draw.plan_hash
    plan = plans.checked(plans.with_place(plan, seq=seq, previous=previous, at=signer.at))
    draw.plan, draw.plan_hash = canon(plan).decode(), plan_hash(plan)
    draw.status = DrawStatus.SIGNED
    _add_signature(session, draw, plan, "operator", signer, before=before)


def _sign_second(session: Session, draw: Draw, signer: Signer) -> None:
    """The supervisor's signature, and with it the commitment."""
    if draw.status is DrawStatus.PREPARED:
        raise SignatureMissingError(draw=draw.number, missing="operator")
    if draw.status is not DrawStatus.SIGNED:
        raise WrongDrawStateError(draw=draw.number, status=draw.status)
    _refuse_second_role(session, draw, signer)
    _refuse_stand_in_of_other_side(session, draw, signer)
    _refuse_rival(session, draw)
    if not draw.rehearsal:
        check_batch(session, draw.body_id, queries.line_of(session, draw), draw.annual_item)
    if draw.supersedes and queries.superseded_by(session, draw.supersedes):
        raise SupersedesError(draw=draw.supersedes, why="superseded")
    plan = queries.plan_of(draw)
    before = draw.plan_hash
    draw.status = DrawStatus.COMMITTED
    draw.committed_at = signer.at
    draw.seq = plan["seq"]
    _add_signature(session, draw, plan, "supervisor", signer, before=before)
    index = -1
    if not draw.rehearsal:
        entry = {
            "type": "plan",
            "draw": draw.number,
            "issuer": plan["issuer"],
            "seq": plan["seq"],
            "plan_hash": draw.plan_hash,
        }
        index = log.append(session, entry, settings=signer.settings, at=signer.at)
    act = DrawCommitted(draw.number, draw.plan_hash, draw.seq, index)
    put_on_record(session, act, by=signer.person, at=signer.at, after=plan)
    notices.tell_committed(session, draw, at=signer.at)


def _add_signature(
    session: Session, draw: Draw, plan: Record, role: str, signer: Signer, *, before: str
) -> None:
    assert draw.id is not None
    by, at = signer.person, signer.at
    user = accounts_queries.user_or_none(session, by)
    if user is not None and ROLE_OF[role] not in {*user.own_roles, *user.lent_roles(local(at).date())}:
        raise SignerRoleError(person=by)
    body = plan["issuer"] if role == "operator" else None  # the supervisor may be of a body above
    key, signature = sign_with(session, by, signer.pin, signing_text(plan), role=role, body=body, at=at)
    session.add(PlanSignature(draw_id=draw.id, role=role, person=by, key=key, signature=signature, at=at))
    act = PlanSigned(draw.number, role, draw.plan_hash, key, signature)
    put_on_record(session, act, by=by, at=at, before=before, after=draw.plan_hash)


def _refuse_second_role(session: Session, draw: Draw, signer: Signer) -> None:
    """Nobody signs one draw in two roles."""
    if any(signature.person == signer.person for signature in queries.plan_signatures(session, draw)):
        raise SamePersonError(person=signer.person)


def _refuse_stand_in_of_other_side(session: Session, draw: Draw, supervisor: Signer) -> None:
    """Operator and supervisor are not one person and who stands in for that person."""
    for signature in queries.plan_signatures(session, draw):
        if signature.role == "operator":
            accounts.check_two_persons(
                session,
                signature.person,
                supervisor.person,
                first_roles=("planner",),
                second_roles=("supervisor",),
                at=supervisor.at,
                first_at=signature.at,
            )


def _require_parties(session: Session, draw: Draw, plan: Record, at: datetime) -> None:
    """At level C every commitment is signed by its party before the plan is, by a key that still stands."""
    if plan["randomness"]:
        return
    signed = {row.n for row in queries.party_signatures_that_stand(session, draw, at=at)}
    missing = [entry["party"] for n, entry in enumerate(plan["secrets"]) if n not in signed]
    if missing:
        raise SignatureMissingError(draw=draw.number, missing=", ".join(dict.fromkeys(missing)))


def _refuse_rival(session: Session, draw: Draw) -> None:
    """
    One batch of a line has one live plan; and a void or failure frees nobody.

    As long as a draw of the line, whatever its batch, has ended and none supersedes it, the next plan does.
    """
    if draw.rehearsal:
        return
    live = queries.live_draw(session, draw.body_id, draw.annual_item)
    if live is not None:
        raise LivePlanError(annual_item=draw.annual_item, draw=live.number)
    ended = queries.unsuperseded(session, draw.body_id, queries.line_of(session, draw))
    if ended and draw.supersedes not in {row.number for row in ended}:
        raise MustSupersedeError(annual_item=draw.annual_item, draw=ended[0].number)


def why_lapsed(session: Session, draw: Draw, at: datetime) -> str:
    """Why the first signature no longer holds: `due`, `overtaken`, or nothing."""
    plan = queries.plan_of(draw)
    if logged_at(session, draw, at) >= draw.due:
        return "due"
    if not draw.rehearsal and (plan["seq"], plan["previous"]) != queries.next_place(session, draw.body_id):
        return "overtaken"
    return ""


def lapse_overtaken(session: Session, *, by: str = "system", at: datetime) -> list[str]:
    """Take back every first signature that no longer holds, so that it is asked again; the draws' numbers."""
    waiting = queries.awaiting(session, DrawStatus.SIGNED)
    found = [row.number for row in waiting if why_lapsed(session, row, at)]
    return [number for number in found if _lapsed(session, number, by=by, at=at)]


def _lapsed(session: Session, number: str, *, by: str, at: datetime) -> bool:
    with transaction(session):
        row = queries.draw_for_update(session, number)
        why = why_lapsed(session, row, at) if row.status is DrawStatus.SIGNED else ""
        if why:
            _lapse(session, row, why, by=by, at=at)
    return bool(why)


def _lapse(session: Session, draw: Draw, why: str, *, by: str, at: datetime) -> None:
    """Take the first signature back; the trail keeps it."""
    for signature in queries.plan_signatures(session, draw):
        if signature.role == "operator":
            act = SignatureLapsed(draw.number, draw.plan_hash, signature.key, signature.signature, why)
            put_on_record(session, act, by=by, at=at, before=draw.plan_hash)
            notices.tell_lapsed(session, draw, why, signature.person, at=at)
            session.delete(signature)
    draw.status = DrawStatus.PREPARED
    session.flush()
