"""The commands on draws: prepare, sign, observe, run, reveal, void, fail, and what is told from above."""

from doublerandom.draws.plans import VOID_REASONS, Party
from doublerandom.draws.services.ending import (
    fail_overdue,
    show_would_be,
    void_confirm,
    void_request,
    void_withdraw,
)
from doublerandom.draws.services.observing import hand_in, observe
from doublerandom.draws.services.opening import auditor_bundle, may_reveal, reveal
from doublerandom.draws.services.preparing import prepare
from doublerandom.draws.services.running import run
from doublerandom.draws.services.signing import sign
from doublerandom.draws.services.visits import mark_disclosed, mark_visited

__all__ = [
    "VOID_REASONS",
    "Party",
    "auditor_bundle",
    "fail_overdue",
    "hand_in",
    "mark_disclosed",
    "mark_visited",
    "may_reveal",
    "observe",
    "prepare",
    "reveal",
    "run",
    "show_would_be",
    "sign",
    "void_confirm",
    "void_request",
    "void_withdraw",
]
