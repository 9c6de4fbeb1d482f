"""Commands on bodies, accounts and sign-ins, by noun."""

from doublerandom.accounts.services.bodies import add_regions, create_body, gb2260_rows, seed_regions
from doublerandom.accounts.services.people import check_account, create_user, role_row
from doublerandom.accounts.services.signing_in import count_failure, sign_in

__all__ = [
    "add_regions",
    "check_account",
    "count_failure",
    "create_body",
    "create_user",
    "gb2260_rows",
    "role_row",
    "seed_regions",
    "sign_in",
]
