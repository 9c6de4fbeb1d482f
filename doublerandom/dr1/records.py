"""The records of the three pools: their members, and their canonical lines (section 2)."""

from typing import Any, Final

from doublerandom.dr1.canon import Record, canon, check_values
from doublerandom.dr1.errors import BadConflictIdError, UnknownPoolError
from doublerandom.dr1.members import Check, attribute, closed, count, ident, list_of, text, token

SUBJECT: Final = closed(
    {"id": ident, "name": text, "region": token, "stratum": token},
    {"excluded": token},
    attribute,
)
INSPECTOR: Final = closed(
    {"id": ident, "department": token, "regions": list_of(token), "skills": list_of(token), "load": count},
    {"members": list_of(ident), "capacity": count, "excluded": token},
    attribute,
)
_CONFLICT: Final = closed(
    {"id": text, "inspector": ident, "subject": ident, "ground": token}, None, attribute
)


def CONFLICT(record: Any, where: str) -> None:  # noqa: N802 - stands beside the other two
    """Check a pair that must not meet: its id is `<inspector>:<subject>`."""
    _CONFLICT(record, where)
    if record["id"] != f"{record['inspector']}:{record['subject']}":
        raise BadConflictIdError(where=where, id=record["id"])


_CHECKS: Final[dict[str, Check]] = {"subjects": SUBJECT, "inspectors": INSPECTOR, "conflicts": CONFLICT}


def check_record(pool: str, record: Any) -> None:
    """Raise a ProtocolError unless `record` is one of this pool, with values that canon can hold."""
    check_pool(pool)
    _CHECKS[pool](record, pool)
    check_values(record)


def check_pool(pool: str) -> None:
    """Raise UnknownPoolError unless `pool` names a pool."""
    if pool not in _CHECKS:
        raise UnknownPoolError(pool=pool)


def pool_line(record: Record) -> bytes:
    """The record's canonical bytes: one line of the pool's file without its closing 0A."""
    return canon(record)
