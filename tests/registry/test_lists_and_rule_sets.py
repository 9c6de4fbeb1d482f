"""Rule sets approved by another."""

import pytest
from registry.a_registry import NOON, TODAY, a_body, a_rule_set_object

from doublerandom.dr1.canon import H, canon
from doublerandom.ledger import queries as ledger
from doublerandom.registry import queries, services
from doublerandom.registry.errors import (
    AlreadyApprovedError,
    AlreadyThereError,
    InvalidRuleSetError,
    OwnDecisionError,
    RecordNotFoundError,
    RuleSetNotFoundError,
)


class TestRuleSets:
    def approved(self, session, settings, body, **members):
        rules = a_rule_set_object(**members)
        row = services.add_rule_set(session, rules, body_id=body.id, by="zhang", at=NOON)
        return services.approve_rule_set(session, row.id, settings=settings, by="wang", at=NOON)

    def test_an_approved_rule_set_is_in_force_and_in_the_public_log(self, session, settings):
        body = a_body(session)

        row = self.approved(session, settings, body)

        found = queries.rule_set_in_force(session, body=body, on=TODAY)
        assert (found.id, found.sources["caps"]) == (row.id, "hz-scjg:scjg:1")
        assert found.digest == H(found.canonical)
        assert row.digest == H(canon(row.rules).decode())
        (entry,) = ledger.entries(session, 0, 1)
        assert (entry["type"], entry["what"], entry["digest"]) == ("list", "rule_set", row.digest)

    def test_what_is_not_approved_is_not_in_force(self, session):
        body = a_body(session)
        services.add_rule_set(session, a_rule_set_object(), body_id=body.id, by="zhang", at=NOON)

        with pytest.raises(RuleSetNotFoundError):
            queries.rule_set_in_force(session, body=body, on=TODAY)

    def test_nobody_approves_the_own_rule_set_or_one_twice(self, session, settings):
        body = a_body(session)
        row = services.add_rule_set(session, a_rule_set_object(), body_id=body.id, by="zhang", at=NOON)

        with pytest.raises(OwnDecisionError):
            services.approve_rule_set(session, row.id, settings=settings, by="zhang", at=NOON)
        services.approve_rule_set(session, row.id, settings=settings, by="wang", at=NOON)
        with pytest.raises(AlreadyApprovedError):
            services.approve_rule_set(session, row.id, settings=settings, by="wang", at=NOON)

        assert ledger.log_size(session) == 1

    def test_the_nearest_body_up_the_tree_speaks(self, session, settings):
        province = a_body(session, "zj-scjg", region="330000")
        city = a_body(session, above=province)
        county = a_body(session, "xh-scjg", region="330106", above=city)
        above = self.approved(session, settings, province)
        assert queries.rule_set_in_force(session, body=county, on=TODAY).id == above.id

        nearer = self.approved(session, settings, city)

        assert queries.rule_set_in_force(session, body=county, on=TODAY).id == nearer.id
        assert queries.rule_set_in_force(session, body=province, on=TODAY).id == above.id

    def test_the_own_line_of_work_goes_before_every_line_and_later_versions_before_earlier(
        self, session, settings
    ):
        body = a_body(session)
        every = self.approved(session, settings, body, domain="all", version=9)
        assert queries.rule_set_in_force(session, body=body, on=TODAY).id == every.id

        self.approved(session, settings, body, version=1)
        later = self.approved(session, settings, body, version=2, valid_from="2026-03-02")
        self.approved(session, settings, body, version=3, valid_from="2026-12-01")

        assert queries.rule_set_in_force(session, body=body, on=TODAY).id == later.id
        assert queries.rule_set_in_force(session, body=body, on=TODAY, domain="fire").id == every.id
        assert len(queries.rule_sets(session, body_id=body.id)) == len(queries.rule_sets(session)) == 4

    def test_a_version_stands_once_and_a_bad_one_never(self, session):
        body = a_body(session)
        services.add_rule_set(session, a_rule_set_object(), body_id=body.id, by="zhang", at=NOON)

        with pytest.raises(AlreadyThereError):
            services.add_rule_set(session, a_rule_set_object(), body_id=body.id, by="zhang", at=NOON)
        with pytest.raises(InvalidRuleSetError):
            services.add_rule_set(session, a_rule_set_object(version=0), body_id=body.id, by="zhang", at=NOON)
        with pytest.raises(RecordNotFoundError):
            queries.rule_set_by_id(session, 99)
