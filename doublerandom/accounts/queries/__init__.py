"""All that is read of bodies, regions and people, by noun, always ordered."""

from doublerandom.accounts.core import Sight, region_subtree_prefix
from doublerandom.accounts.models import Body, Region, User
from doublerandom.accounts.queries.bodies import (
    bodies,
    body,
    body_by_id,
    body_names,
    region_name,
    region_names,
    region_path,
)
from doublerandom.accounts.queries.people import (
    failures_since,
    people_of,
    person_names,
    roles_by_name,
    sight,
    user_by_person,
    user_by_username,
)

__all__ = [
    "Body",
    "Region",
    "Sight",
    "User",
    "bodies",
    "body",
    "body_by_id",
    "body_names",
    "failures_since",
    "people_of",
    "person_names",
    "region_name",
    "region_names",
    "region_path",
    "region_subtree_prefix",
    "roles_by_name",
    "sight",
    "user_by_person",
    "user_by_username",
]
