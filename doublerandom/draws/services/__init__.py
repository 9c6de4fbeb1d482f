"""The commands on draws: prepare, sign, observe, run, reveal, void, fail, and what is told from above."""

from doublerandom.draws.plans import VOID_REASONS, Party
from doublerandom.draws.services.drafting import confirm_step, leave_draft, open_draft
from doublerandom.draws.services.ending import (
    fail_overdue,
    show_would_be,
    void_confirm,
    void_request,
    void_withdraw,
)
from doublerandom.draws.services.observing import hand_in, observe
from doublerandom.draws.services.opening import auditor_bundle, may_reveal, reveal
from doublerandom.draws.services.parties import hand_in_all, make_party_key, submit_commitments
from doublerandom.draws.services.preparing import prepare
from doublerandom.draws.services.running import run
from doublerandom.draws.services.signing import sign
from doublerandom.draws.services.visits import mark_disclosed, mark_visited

__all__ = [
    "VOID_REASONS",
    "Party",
    "auditor_bundle",
    "confirm_step",
    "fail_overdue",
    "hand_in",
    "hand_in_all",
    "make_party_key",
    "leave_draft",
    "mark_disclosed",
    "mark_visited",
    "may_reveal",
    "observe",
    "open_draft",
    "prepare",
    "reveal",
    "run",
    "show_would_be",
    "sign",
    "submit_commitments",
    "void_confirm",
    "void_request",
    "void_withdraw",
]
