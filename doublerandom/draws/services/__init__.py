"""The commands on draws: prepare, sign, observe, run, reveal, void, fail, and what is told from above."""

from doublerandom.draws.plans import VOID_REASONS, Party
from doublerandom.draws.services.drafting import confirm_step, leave_draft, open_draft
from doublerandom.draws.services.ending import fail_overdue, show_would_be
from doublerandom.draws.services.fetching import Fetched, fetch_due
from doublerandom.draws.services.observing import hand_in, look_at, observe
from doublerandom.draws.services.opening import auditor_bundle, may_reveal, reveal
from doublerandom.draws.services.parties import hand_in_all, make_party_key, submit_commitments
from doublerandom.draws.services.preparing import prepare
from doublerandom.draws.services.rolling import type_dice
from doublerandom.draws.services.running import run
from doublerandom.draws.services.signing import lapse_overtaken, sign
from doublerandom.draws.services.visits import mark_disclosed, mark_visited
from doublerandom.draws.services.voiding import void_confirm, void_request, void_withdraw
from doublerandom.draws.services.watching import Watched, beat, note_error, pauses, watch
from doublerandom.draws.services.witnesses import name_witness, strike_witness

__all__ = [
    "VOID_REASONS",
    "Fetched",
    "Party",
    "Watched",
    "auditor_bundle",
    "beat",
    "confirm_step",
    "fail_overdue",
    "fetch_due",
    "hand_in",
    "hand_in_all",
    "lapse_overtaken",
    "leave_draft",
    "look_at",
    "make_party_key",
    "mark_disclosed",
    "mark_visited",
    "may_reveal",
    "name_witness",
    "note_error",
    "observe",
    "open_draft",
    "pauses",
    "prepare",
    "reveal",
    "run",
    "show_would_be",
    "sign",
    "strike_witness",
    "submit_commitments",
    "type_dice",
    "void_confirm",
    "void_request",
    "void_withdraw",
    "watch",
]
