"""Commands of the registry: each one transaction, with an act on record for each thing changed."""

from doublerandom.registry.plan_lines import (
    PlanLineIn,
)
from doublerandom.registry.services.absences import (
    add_absence,
    correct_absence,
)
from doublerandom.registry.services.calendar import (
    change_calendar_day,
    enter_calendar_year,
    seed_calendar,
)
from doublerandom.registry.services.certificates import (
    add_certificate,
    add_qualification,
    set_certificate_status,
)
from doublerandom.registry.services.conflicts import (
    apply_for_recusal,
    decide_conflict,
    decide_conflicts,
    declare_conflict,
    end_conflict,
)
from doublerandom.registry.services.industries import (
    seed_industries,
)
from doublerandom.registry.services.inspectors import (
    InspectorIn,
    add_inspector,
    change_inspector,
)
from doublerandom.registry.services.issued_codes import (
    add_subject,
    issue_code,
)
from doublerandom.registry.services.item_lists import (
    list_changed,
    publish_item_list,
)
from doublerandom.registry.services.items import (
    abolish_item,
    add_item,
    add_item_version,
    edit_item,
    missing_of,
    put_item_in_force,
    structure_item,
    suspend_item,
)
from doublerandom.registry.services.licences import (
    put_on_list,
    record_licence,
    take_off_list,
)
from doublerandom.registry.services.loads import (
    note_dealt,
    note_replaced,
    void_dealt,
)
from doublerandom.registry.services.membership import (
    join_pool,
    leave_pool,
    leave_pool_many,
)
from doublerandom.registry.services.plan_approval import (
    amend_annual_plan,
    approve_annual_plan,
    as_drafted,
    close_annual_plan,
    drafters_of,
    file_annual_plan,
    items_lacking,
    publish_annual_plan,
    return_annual_plan,
    submit_annual_plan,
)
from doublerandom.registry.services.plans import (
    add_annual_plan,
    add_plan_line,
    compute_plan_line,
    drop_plan_line,
    edit_annual_plan,
    edit_plan_line,
    plan_object,
)
from doublerandom.registry.services.rule_sets import (
    add_rule_set,
    approve_rule_set,
    draft_rule_set,
    name_of,
    return_rule_set,
    save_section,
    set_days,
    submit_rule_set,
    withdraw_rule_set,
)
from doublerandom.registry.services.saved_filters import (
    carry_on_bulk_acts,
    check_bulk,
    confirm_bulk,
    end_filter,
    save_filter,
)
from doublerandom.registry.services.search import (
    index_subjects,
)
from doublerandom.registry.services.standings import (
    apply_measure,
    end_standing,
    set_standing,
    set_standings,
)
from doublerandom.registry.services.subject_changes import (
    change_subject,
    change_subjects,
)
from doublerandom.registry.services.subjects import (
    SubjectIn,
    add_subjects,
)
from doublerandom.registry.services.teams import (
    MemberIn,
    change_team,
    end_team,
    found_team,
)
from doublerandom.registry.services.temporary_tasks import add_temporary_task
from doublerandom.registry.services.ties import (
    add_link,
    add_tie,
    withdraw_tie,
)
from doublerandom.registry.services.visits import (
    VisitIn,
    VisitsReport,
    correct_visit,
    enter_visit,
    record_outside_visits,
    record_visit,
)

__all__ = [
    "InspectorIn",
    "MemberIn",
    "PlanLineIn",
    "SubjectIn",
    "VisitIn",
    "VisitsReport",
    "abolish_item",
    "add_absence",
    "add_annual_plan",
    "add_certificate",
    "add_inspector",
    "add_item",
    "add_item_version",
    "add_link",
    "add_plan_line",
    "add_qualification",
    "add_rule_set",
    "add_subject",
    "add_subjects",
    "add_temporary_task",
    "add_tie",
    "amend_annual_plan",
    "apply_for_recusal",
    "apply_measure",
    "approve_annual_plan",
    "approve_rule_set",
    "as_drafted",
    "carry_on_bulk_acts",
    "change_calendar_day",
    "change_inspector",
    "change_subject",
    "change_subjects",
    "change_team",
    "check_bulk",
    "close_annual_plan",
    "compute_plan_line",
    "confirm_bulk",
    "correct_absence",
    "correct_visit",
    "decide_conflict",
    "decide_conflicts",
    "declare_conflict",
    "draft_rule_set",
    "drafters_of",
    "drop_plan_line",
    "edit_annual_plan",
    "edit_item",
    "edit_plan_line",
    "end_conflict",
    "end_filter",
    "end_standing",
    "end_team",
    "enter_calendar_year",
    "enter_visit",
    "file_annual_plan",
    "found_team",
    "index_subjects",
    "issue_code",
    "items_lacking",
    "join_pool",
    "leave_pool",
    "leave_pool_many",
    "list_changed",
    "missing_of",
    "name_of",
    "note_dealt",
    "note_replaced",
    "plan_object",
    "publish_annual_plan",
    "publish_item_list",
    "put_item_in_force",
    "put_on_list",
    "record_licence",
    "record_outside_visits",
    "record_visit",
    "return_annual_plan",
    "return_rule_set",
    "save_filter",
    "save_section",
    "seed_calendar",
    "seed_industries",
    "set_certificate_status",
    "set_days",
    "set_standing",
    "set_standings",
    "structure_item",
    "submit_annual_plan",
    "submit_rule_set",
    "suspend_item",
    "take_off_list",
    "void_dealt",
    "withdraw_rule_set",
    "withdraw_tie",
]
