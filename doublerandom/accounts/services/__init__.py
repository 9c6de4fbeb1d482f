"""Commands on bodies, accounts, roles and sign-ins, by noun."""

from doublerandom.accounts.services.bodies import add_regions, create_body, gb2260_rows, seed_regions
from doublerandom.accounts.services.invitations import accept_link, change_password, invite, issue_link
from doublerandom.accounts.services.mailing import send_mail
from doublerandom.accounts.services.messages import read_all_messages, read_message, send
from doublerandom.accounts.services.people import check_account, check_second, create_user, role_row
from doublerandom.accounts.services.roles import (
    check_two_persons,
    deactivate,
    decide_role,
    reactivate,
    request_role,
    withdraw_role,
)
from doublerandom.accounts.services.second_factors import (
    enrol_second_factor,
    make_recovery_codes,
    remove_second_factor,
)
from doublerandom.accounts.services.sessions import (
    begin_session,
    end_session,
    end_session_of,
    end_sessions,
    session_digest,
    session_proved,
    session_seen,
)
from doublerandom.accounts.services.signing_in import (
    count_failure,
    prove_again,
    prove_second_factor,
    sign_in,
    sign_in_by_claim,
    sign_in_with_code,
)
from doublerandom.accounts.services.signing_keys import end_own_key, make_party_key, make_signing_key
from doublerandom.accounts.services.stand_ins import end_stand_in, set_stand_in

__all__ = [
    "accept_link",
    "add_regions",
    "begin_session",
    "change_password",
    "check_account",
    "check_second",
    "check_two_persons",
    "count_failure",
    "create_body",
    "create_user",
    "deactivate",
    "decide_role",
    "end_own_key",
    "end_session",
    "end_session_of",
    "end_sessions",
    "end_stand_in",
    "enrol_second_factor",
    "gb2260_rows",
    "invite",
    "issue_link",
    "make_party_key",
    "make_recovery_codes",
    "make_signing_key",
    "prove_again",
    "prove_second_factor",
    "reactivate",
    "read_all_messages",
    "read_message",
    "remove_second_factor",
    "request_role",
    "role_row",
    "seed_regions",
    "send",
    "send_mail",
    "session_digest",
    "session_proved",
    "session_seen",
    "set_stand_in",
    "sign_in",
    "sign_in_by_claim",
    "sign_in_with_code",
    "withdraw_role",
]
