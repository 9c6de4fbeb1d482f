"""The commands on draws: prepare, sign, observe, run, reveal, void, fail, and what is told from above."""

from doublerandom.draws.plans import VOID_REASONS, Party
from doublerandom.draws.services.basis import why_not_signable
from doublerandom.draws.services.confirming import confirm_replacements
from doublerandom.draws.services.counting import count_again, tally_awaited
from doublerandom.draws.services.drafting import confirm_step, leave_draft, open_draft, prepare_again
from doublerandom.draws.services.ending import fail_overdue, show_would_be
from doublerandom.draws.services.excluding import (
    ExclusionIn,
    decide_exclusion,
    exclusions_of_draft,
    holds_on,
    lift_exclusion,
    request_exclusion,
    withdraw_exclusion,
)
from doublerandom.draws.services.fetching import Fetched, fetch_due
from doublerandom.draws.services.observing import hand_in, look_at, observe
from doublerandom.draws.services.opening import auditor_bundle, may_reveal, reveal
from doublerandom.draws.services.overlapping import answer_offer, offer_merge, overlaps, withdraw_offer
from doublerandom.draws.services.parties import hand_in_all, make_party_key, submit_commitments
from doublerandom.draws.services.preparing import prepare
from doublerandom.draws.services.preparing_work import (
    enough,
    is_working,
    preflight_in_background,
    prepare_in_background,
    recover_drafts,
    stop_work,
)
from doublerandom.draws.services.recusals import recusals_to_carry_out, take_up_granted, take_up_recusals
from doublerandom.draws.services.replacing import (
    Grounds,
    approve_direct,
    refuse_replacement,
    request_for_inspector,
    request_replacement,
    withdraw_replacement,
)
from doublerandom.draws.services.reports import scope_report, strata_report
from doublerandom.draws.services.rolling import type_dice
from doublerandom.draws.services.running import run
from doublerandom.draws.services.signing import lapse_overtaken, sign
from doublerandom.draws.services.team_reports import team_report
from doublerandom.draws.services.visiting import (
    note_evidence_seen,
    note_lists_seen,
    note_no_visit,
    note_task_seen,
    set_visit_time,
)
from doublerandom.draws.services.visits import mark_disclosed, mark_visited
from doublerandom.draws.services.voiding import void_confirm, void_request, void_withdraw
from doublerandom.draws.services.watching import Watched, beat, note_error, pausing, watch
from doublerandom.draws.services.witnesses import name_witness, strike_witness

__all__ = [
    "VOID_REASONS",
    "ExclusionIn",
    "Fetched",
    "Grounds",
    "Party",
    "Watched",
    "answer_offer",
    "approve_direct",
    "auditor_bundle",
    "beat",
    "confirm_replacements",
    "confirm_step",
    "count_again",
    "decide_exclusion",
    "enough",
    "exclusions_of_draft",
    "fail_overdue",
    "fetch_due",
    "hand_in",
    "hand_in_all",
    "holds_on",
    "is_working",
    "lapse_overtaken",
    "leave_draft",
    "lift_exclusion",
    "look_at",
    "make_party_key",
    "mark_disclosed",
    "mark_visited",
    "may_reveal",
    "name_witness",
    "note_error",
    "note_evidence_seen",
    "note_lists_seen",
    "note_no_visit",
    "note_task_seen",
    "observe",
    "offer_merge",
    "open_draft",
    "overlaps",
    "pausing",
    "preflight_in_background",
    "prepare",
    "prepare_again",
    "prepare_in_background",
    "recover_drafts",
    "recusals_to_carry_out",
    "refuse_replacement",
    "request_exclusion",
    "request_for_inspector",
    "request_replacement",
    "reveal",
    "run",
    "scope_report",
    "set_visit_time",
    "show_would_be",
    "sign",
    "stop_work",
    "strata_report",
    "strike_witness",
    "submit_commitments",
    "take_up_granted",
    "take_up_recusals",
    "tally_awaited",
    "team_report",
    "type_dice",
    "void_confirm",
    "void_request",
    "void_withdraw",
    "watch",
    "why_not_signable",
    "withdraw_exclusion",
    "withdraw_offer",
    "withdraw_replacement",
]
