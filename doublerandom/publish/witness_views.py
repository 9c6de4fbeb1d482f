"""This office as a witness: the one address at which logs of others hand in their checkpoints."""

from typing import Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from doublerandom import clock
from doublerandom.ledger import witness
from doublerandom.web import answers_json, db_session, public, settings
from doublerandom.web.setup import csrf

bp = Blueprint("witness", __name__, url_prefix="/witness")
ADD_CHECKPOINT: Final = "/witness/add-checkpoint"


@bp.post("/add-checkpoint")
@csrf.exempt  # type: ignore[untyped-decorator]  # no session, no cookie: the log's signature is what counts
@public
@answers_json
def add_checkpoint() -> ResponseReturnValue:
    """C2SP tlog-witness: a checkpoint with its consistency proof comes in, a cosignature goes out."""
    if request.content_length is None or request.content_length > witness.LARGEST_REQUEST:
        return Response("request too long\n", status=413, mimetype="text/plain")
    answer = witness.add_checkpoint(db_session(), request.get_data(), settings=settings(), at=clock.now())
    return Response(answer.text, status=answer.status, mimetype=answer.mimetype)
