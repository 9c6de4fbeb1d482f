"""Rule sets in layers, drafts on their way, who may see what; the result categories a task goes by."""

import csv
from datetime import date

import pytest
from registry.a_registry import NOON, TODAY, a_body, a_rule_set_object
from sqlmodel import select
from visitors import an_account

from doublerandom.accounts.errors import StandsInForOtherSideError
from doublerandom.accounts.services import set_stand_in
from doublerandom.demo.rules import NAMES
from doublerandom.ledger.models import Act
from doublerandom.registry import queries, services
from doublerandom.registry.errors import (
    EmptyRuleSetError,
    InvalidRuleSetError,
    OwnDecisionError,
    RecordNotFoundError,
    RuleSetNotFoundError,
    WrongRuleSetStateError,
)
from doublerandom.registry.errors.rule_sets import BackdatedRuleSetError
from doublerandom.registry.models import RuleSetStatus
from doublerandom.registry.rule_shape import SECTIONS
from doublerandom.registry.rule_texts import changes, lines_of

BY = {"by": "zhang", "at": NOON}


def some_of(*sections, **head):
    """A rule set object with these sections alone."""
    whole = a_rule_set_object(**head)
    return {name: value for name, value in whole.items() if name not in SECTIONS or name in sections}


@pytest.fixture
def approve(session, settings):
    def approved(rules, body):
        row = services.add_rule_set(session, {**rules, "body": body.token}, body_id=body.id, **BY)
        return services.approve_rule_set(session, row.id, settings=settings, by="wang", at=NOON)

    return approved


@pytest.fixture
def tree(session):
    province = a_body(session, "zj-scjg", region="330000")
    city = a_body(session, above=province)
    return province, city, a_body(session, "xh-scjg", region="330106", above=city)


class TestLayers:
    def test_what_a_body_leaves_open_the_body_above_decides(self, session, approve, tree):
        province, city, county = tree
        approve(some_of(*SECTIONS, domain="all"), province)
        approve(some_of("caps", "capacity", capacity=5), city)
        approve(some_of("capacity", domain="all", capacity=7), county)

        found = queries.rule_set_in_force(session, body=county, on=TODAY)

        assert (found.rules["capacity"], found.rules["body"], found.domain) == (7, "xh-scjg", "all")
        assert found.sources["capacity"] == "xh-scjg:all:1"
        assert found.sources["caps"] == "hz-scjg:scjg:1"
        assert found.sources["strata"] == "zj-scjg:all:1"
        assert len(found.sets) == 3
        at_city = queries.rule_set_in_force(session, body=city, on=TODAY)
        assert (at_city.rules["capacity"], at_city.version) == (5, 1)

    def test_a_later_version_replaces_the_earlier_wholly(self, session, approve, tree):
        province, city, _county = tree
        approve(some_of(*SECTIONS, domain="all", capacity=20), province)
        approve(some_of("capacity", "caps", capacity=5), city)
        approve(some_of("caps", version=2, valid_from="2026-03-02"), city)

        before = queries.rule_set_in_force(session, body=city, on=date(2026, 3, 1))
        after = queries.rule_set_in_force(session, body=city, on=TODAY)

        assert (before.rules["capacity"], after.rules["capacity"]) == (5, 20)

    @pytest.mark.parametrize("section", ["strata", "deadlines"])
    def test_a_draw_is_refused_by_the_section_that_nobody_has(self, session, approve, tree, section):
        approve(some_of(*(SECTIONS.keys() - {section}), domain="all"), tree[0])

        with pytest.raises(RuleSetNotFoundError) as refused:
            queries.rule_set_in_force(session, body=tree[2], on=TODAY)

        assert refused.value.params["section"] == section
        found = queries.effective_rules(session, body=tree[2], on=TODAY)
        assert queries.open_sections(found) == [section]
        assert queries.parameter_in_force(session, body=tree[2], on=TODAY, section=section) is None
        assert queries.parameter_in_force(session, body=tree[2], on=TODAY, section="capacity") == 20

    def test_a_team_from_one_body_and_a_quorum_from_another_must_agree(self, session, approve, tree):
        approve({**some_of(*SECTIONS, domain="all"), "quorum": {"persons": 2}}, tree[0])
        approve(some_of("team", team=[{"seat": "lead"}, {"seat": "expert"}]), tree[1])

        with pytest.raises(InvalidRuleSetError):
            queries.rule_set_in_force(session, body=tree[1], on=TODAY)
        found = queries.effective_rules(session, body=tree[1], on=TODAY)
        assert queries.contradiction_in(found).params["where"] == "rules.team"


class TestDrafts:
    def test_a_draft_is_a_copy_changed_on_record_and_approved_by_another(
        self, session, settings, approve, tree
    ):
        city = tree[1]
        first = approve(a_rule_set_object(), city)
        draft = services.draft_rule_set(session, body=city, domain="scjg", valid_from=date(2026, 4, 1), **BY)
        assert (draft.version, draft.rules["capacity"]) == (2, 20)

        services.save_section(session, draft.id, "capacity", 9, by="liu", at=NOON)
        services.save_section(session, draft.id, "credit", None, **BY)
        services.set_days(session, draft.id, valid_from=date(2026, 5, 1), remark="新规", **BY)
        services.submit_rule_set(session, draft.id, **BY)

        assert queries.rule_set_in_force(session, body=city, on=date(2026, 6, 1)).id == first.id
        for author in ("zhang", "liu"):
            with pytest.raises(OwnDecisionError):
                services.approve_rule_set(session, draft.id, settings=settings, by=author, at=NOON)
        services.approve_rule_set(session, draft.id, settings=settings, by="wang", at=NOON)
        found = queries.rule_set_in_force(session, body=city, on=date(2026, 6, 1))
        assert (found.version, found.rules["capacity"], "credit" in found.rules) == (2, 9, False)
        names = session.exec(select(Act.name).where(Act.on_id == str(draft.id)).order_by(Act.id)).all()
        assert names == [
            "RuleSetDrafted", "RuleSetEdited", "RuleSetEdited", "RuleSetEdited", "RuleSetMoved",
            "RuleSetApproved",
        ]  # fmt: skip

    def test_who_returned_it_may_approve_it_in_the_end(self, session, settings, tree):
        draft = services.draft_rule_set(session, body=tree[1], domain="food", valid_from=TODAY, **BY)
        with pytest.raises(EmptyRuleSetError):
            services.submit_rule_set(session, draft.id, **BY)
        services.save_section(session, draft.id, "capacity", 9, **BY)
        services.submit_rule_set(session, draft.id, **BY)

        services.return_rule_set(session, draft.id, reason="太多", by="wang", at=NOON)
        services.save_section(session, draft.id, "capacity", 8, **BY)
        services.submit_rule_set(session, draft.id, **BY)
        services.approve_rule_set(session, draft.id, settings=settings, by="wang", at=NOON)

        assert queries.rule_set_by_id(session, draft.id).status is RuleSetStatus.APPROVED

    def test_rules_that_were_in_force_are_not_replaced_afterwards(self, session, approve, tree):
        approve(a_rule_set_object(), tree[1])
        with pytest.raises(BackdatedRuleSetError):
            approve(a_rule_set_object(version=2, valid_from="2026-03-01"), tree[1])

        approve(a_rule_set_object(version=3, valid_from="2026-03-02"), tree[1])
        approve(a_rule_set_object(), tree[2])

    def test_nobody_approves_only_in_the_place_of_the_author(self, session, settings, tree):
        an_account(session, "li", roles=["planner", "head"])
        an_account(session, "qi", roles=["registrar"])
        days = {"first_day": TODAY, "last_day": TODAY, "reason": "出差"}
        set_stand_in(session, "LI", "QI", roles=["head"], **days, by="LI", at=NOON)
        row = services.add_rule_set(session, a_rule_set_object(), body_id=tree[1].id, by="LI", at=NOON)

        with pytest.raises(StandsInForOtherSideError):
            services.approve_rule_set(session, row.id, settings=settings, by="QI", at=NOON)

    def test_nothing_but_a_draft_is_changed_and_one_draft_is_open_at_a_time(
        self, session, settings, approve, tree
    ):
        row = approve(a_rule_set_object(), tree[1])
        draft = services.draft_rule_set(session, body=tree[1], domain="scjg", valid_from=TODAY, **BY)
        with pytest.raises(WrongRuleSetStateError):
            services.draft_rule_set(session, body=tree[1], domain="scjg", valid_from=TODAY, **BY)
        with pytest.raises(InvalidRuleSetError):
            services.save_section(session, draft.id, "capacity", 0, **BY)
        with pytest.raises(WrongRuleSetStateError):
            services.approve_rule_set(session, draft.id, settings=settings, by="wang", at=NOON)

        services.withdraw_rule_set(session, draft.id, reason="不改了", **BY)

        for number in (row.id, draft.id):
            with pytest.raises(WrongRuleSetStateError):
                services.save_section(session, number, "capacity", 9, **BY)
        again = services.draft_rule_set(session, body=tree[1], domain="scjg", valid_from=TODAY, **BY)
        assert again.version == 3

    def test_states_follow_the_day(self, session, approve, tree):
        first = approve(a_rule_set_object(), tree[1])
        second = approve(a_rule_set_object(version=2, valid_from="2026-05-01"), tree[1])
        versions = queries.versions_of(session, body_id=tree[1].id, domain="scjg")

        def states(day):
            return [queries.state_on(row, day, versions) for row in (first, second)]

        assert states(date(2026, 4, 30)) == ["in_force", "to_come"]
        assert states(date(2026, 5, 1)) == ["ended", "in_force"]

    def test_those_below_read_what_is_approved_above_and_those_above_read_all(self, session, approve, tree):
        province, city, county = tree
        above = approve(a_rule_set_object(), province)
        draft = services.draft_rule_set(session, body=province, domain="scjg", valid_from=TODAY, **BY)
        below = services.draft_rule_set(session, body=county, domain="scjg", valid_from=TODAY, **BY)
        beside = a_body(session, "nb-scjg", region="330200", above=province)

        def seen(body):
            return {row.id for row in queries.rule_sets_in_sight(session, body=body)}

        assert seen(province) == {above.id, draft.id, below.id}
        assert seen(city) == {above.id, below.id}
        assert seen(beside) == {above.id}
        with pytest.raises(RecordNotFoundError):
            queries.rule_set_in_sight(session, below.id, body=beside)


class TestWords:
    def test_every_parameter_is_told_and_every_difference_found(self):
        before = a_rule_set_object()
        quotas = [dict(each) for each in before["strata"]["quotas"]]
        quotas[0] = {**quotas[0], "quota": {"kind": "per_inspector", "rate": "5/1"}}
        after = {
            **before,
            "strata": {**before["strata"], "quotas": quotas},
            "capacity": 9,
            "team": before["team"][::-1],
        }
        del after["credit"]

        found = changes(before, after, 0)

        assert list(found) == ["strata", "team", "capacity", "credit"]
        (stratum,) = found["strata"]
        assert ("1/50" in stratum.before, "5/1" in stratum.after) == (True, True)
        assert [change.after for change in found["credit"]] == ["", ""]
        assert found["capacity"][0].before == "20 席"
        assert changes(before, before, 1) == {}
        for name in SECTIONS.keys() & before.keys():
            assert all(
                line.label and line.value
                for language in (0, 1)
                for line in lines_of(name, before[name], language)
            )

    def test_the_demonstrations_mapping_knows_every_name_of_two_systems_in_use(self, real_data):
        with (real_data / "cn_result_code_lists.csv").open(encoding="utf-8-sig") as file:
            rows = [(row["list"], row["code"], row["text"]) for row in csv.DictReader(file)]

        assert [(each["system"], each["code"], each["text"]) for each in NAMES] == rows
