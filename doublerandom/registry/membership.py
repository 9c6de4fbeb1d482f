"""Words of membership: a subject is in a body's pool, or left it for one of these reasons (a closed list)."""

from typing import Final

JOINED: Final = "in"
LEFT_REASONS: Final = (
    "deregistered",
    "revoked",
    "moved-out",
    "merged",
    "duplicate",
    "not-supervised",
    "entered-by-mistake",
)
LISTINGS: Final = ("abnormal_list", "serious_list", "no_disturbance", "key_supervision")
LICENCE_STATUSES: Final = ("valid", "suspended", "revoked", "cancelled")
