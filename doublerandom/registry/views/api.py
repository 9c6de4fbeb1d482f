"""What systems of other authorities deliver: licences of approval bureaus, visits of bodies outside."""

import json
from dataclasses import asdict
from typing import Any, Final

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from doublerandom import clock
from doublerandom.accounts import api_keys
from doublerandom.accounts import queries as accounts
from doublerandom.registry import queries
from doublerandom.registry.licence_events import LicenceEvent
from doublerandom.registry.models.handovers import LicenceHandover
from doublerandom.registry.services import handovers as services
from doublerandom.registry.services import visits as visit_services
from doublerandom.registry.services.visits import VisitIn
from doublerandom.web import answers_json, calling_system, db_session, needs_key

KEYED: Final[list[dict[str, list[str]]]] = [{"key": []}]
LICENCES: Final = Tag(name="licences", description="审管衔接: licences granted, changed, revoked")
VISITS: Final = Tag(name="visits", description="检查记录: inspections by bodies outside the platform")
MOST: Final = 1000
api = APIBlueprint("api", __name__, url_prefix="/api/v1", abp_security=KEYED)


class IdempotencyHeader(BaseModel):
    """The name of a call: the same call under the same name is carried out once."""

    idempotency_key: str = Field(
        alias="Idempotency-Key", min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$"
    )


class HandoverAnswer(BaseModel):
    """Where the delivered event stands."""

    handover: int = Field(description="number of the hand-over")
    status: str = Field(description="pending (a department is to accept) or unassigned (the office decides)")
    department: str = Field(description="token of the department; empty while nobody is named")
    subject: str = Field(description="code of the supervised subject")


class ErrorAnswer(BaseModel):
    """Why a call was not carried out; nothing of it was applied."""

    error: dict[str, Any] = Field(
        description="`code`, `params` (of refused data: `problems`, each with field, value, zh, en), "
        "`reason_zh`, `reason_en`"
    )


REFUSALS: Final[dict[str | int, Any]] = {401: ErrorAnswer, 409: ErrorAnswer, 422: ErrorAnswer}


@api.post(
    "/licences",
    tags=[LICENCES],
    summary="Deliver an event of a licence",
    responses={200: HandoverAnswer, **REFUSALS},
)
@needs_key("licences:write")
@answers_json
def post_licence(header: IdempotencyHeader, body: LicenceEvent) -> dict[str, Any]:
    """Create or correct the licensed subject and put it into the inbox of who supervises it."""
    session, caller, now = db_session(), calling_system(), clock.now()

    def command() -> dict[str, Any]:
        sender = accounts.body_by_id(session, caller.body_id)
        within = accounts.region_subtree_prefix(sender.region)
        return _answer(services.receive_licence(session, body, by=caller.person, at=now, within=within))

    call = {"licences": body.plain()}
    return api_keys.once(session, caller, header.idempotency_key, call, command, at=now)


class VisitsCall(BaseModel):
    """Visits that a body's system sends together: all are taken, or none."""

    model_config = ConfigDict(extra="forbid")

    visits: list[VisitIn] = Field(min_length=1, max_length=MOST)


class VisitsAnswer(BaseModel):
    """What became of them; one sent again under its key with other facts is a correction."""

    recorded: int
    corrected: int
    unchanged: int


@api.post(
    "/visits",
    tags=[VISITS],
    summary="Deliver visits of bodies outside",
    responses={200: VisitsAnswer, **REFUSALS},
)
@needs_key("visits:write")
@answers_json
def post_visits(header: IdempotencyHeader, body: VisitsCall) -> dict[str, Any]:
    """Record visits, so that frequency caps and rotation count them."""
    session, caller, now = db_session(), calling_system(), clock.now()

    def command() -> dict[str, Any]:
        sender = accounts.body_by_id(session, caller.body_id)
        report = visit_services.record_outside_visits(
            session, body.visits, body=sender, by=caller.person, at=now
        )
        return asdict(report)

    call = {"visits": [json.loads(one.model_dump_json(exclude_none=True)) for one in body.visits]}
    return api_keys.once(session, caller, header.idempotency_key, call, command, at=now)


def _answer(handover: LicenceHandover) -> dict[str, Any]:
    session = db_session()
    subject = queries.subject_by_id(session, handover.subject_id)
    department = accounts.body_by_id(session, handover.department_id).token if handover.department_id else ""
    assert handover.id is not None
    return HandoverAnswer(
        handover=handover.id, status=handover.status.value, department=department, subject=subject.code
    ).model_dump()
