"""Commands of the registry: each one transaction, with an act on record for each thing changed."""

from doublerandom.registry.services.conflicts import (
    decide_conflict,
    declare_conflict,
)
from doublerandom.registry.services.inspectors import (
    add_absence,
    add_inspector,
)
from doublerandom.registry.services.items import (
    abolish_item,
    add_item,
    put_item_in_force,
    suspend_item,
)
from doublerandom.registry.services.plans import (
    PlanLineIn,
    add_annual_plan,
    plan_object,
    publish_annual_plan,
)
from doublerandom.registry.services.rule_sets import (
    add_rule_set,
    approve_rule_set,
)
from doublerandom.registry.services.standings import (
    apply_measure,
    set_standing,
    set_standings,
)
from doublerandom.registry.services.subjects import (
    SubjectIn,
    add_subjects,
)
from doublerandom.registry.services.visits import (
    record_visit,
)

__all__ = [
    "PlanLineIn",
    "SubjectIn",
    "abolish_item",
    "add_absence",
    "add_annual_plan",
    "add_inspector",
    "add_item",
    "add_rule_set",
    "add_subjects",
    "apply_measure",
    "approve_rule_set",
    "decide_conflict",
    "declare_conflict",
    "plan_object",
    "publish_annual_plan",
    "put_item_in_force",
    "record_visit",
    "set_standing",
    "set_standings",
    "suspend_item",
]
