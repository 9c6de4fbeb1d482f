"""The public log at the addresses of the protocol (section 10): checkpoint, key, entries, proofs."""

from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from doublerandom.ledger import keys
from doublerandom.ledger import outside_queries as outside
from doublerandom.ledger import queries as ledger
from doublerandom.publish.errors import LogEmptyError, LogRangeError
from doublerandom.web import answers_json, db_session, public, settings

bp = Blueprint("log", __name__, url_prefix="/log")
MOST_ENTRIES = 1000


def _whole(name: str) -> int:
    """A query argument that is a plain integer, or LogRangeError."""
    value = request.args.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise LogRangeError(value=f"{name}={value}", size=ledger.log_size(db_session()))
    return int(value)


@bp.get("/checkpoint")
@public
def checkpoint() -> ResponseReturnValue:
    """The newest signed tree head, as C2SP note text; further lines are witnesses'."""
    newest = ledger.latest_checkpoint(db_session())
    if newest is None:
        raise LogEmptyError
    return Response(outside.note_with_witnesses(db_session(), newest), mimetype="text/plain")


@bp.get("/key")
@public
def key() -> ResponseReturnValue:
    """The log's Ed25519 public key, hex."""
    return Response(keys.log_public_hex(settings()) + "\n", mimetype="text/plain")


@bp.get("/entries")
@public
@answers_json
def entries() -> list[dict[str, Any]]:
    """Entries from `start` up to, not including, `end`; at most a thousand at once."""
    start, end = _whole("start"), _whole("end")
    size = ledger.log_size(db_session())
    if not start < end <= size:
        raise LogRangeError(value=f"start={start}&end={end}", size=size)
    return ledger.log_entries_page(db_session(), start, min(end, start + MOST_ENTRIES))


@bp.get("/proof/inclusion")
@public
@answers_json
def inclusion() -> dict[str, list[str]]:
    """RFC 6962 audit path of entry `index` in the tree of `size` entries."""
    index, size = _whole("index"), _whole("size")
    present = ledger.log_size(db_session())
    if not index < size <= present:
        raise LogRangeError(value=f"index={index}&size={size}", size=present)
    return {"proof": ledger.inclusion_proof(db_session(), index, size)}


@bp.get("/proof/consistency")
@public
@answers_json
def consistency() -> dict[str, list[str]]:
    """RFC 6962 proof that the tree of `first` entries is a prefix of the tree of `second`."""
    first, second = _whole("first"), _whole("second")
    present = ledger.log_size(db_session())
    if not 0 < first <= second <= present:
        raise LogRangeError(value=f"first={first}&second={second}", size=present)
    return {"proof": ledger.consistency_proof(db_session(), first, second)}
