"""Bodies stand in a tree, regions come from GB/T 2260, and sight follows both."""

import pytest
from sqlmodel import select
from visitors import NOON, a_body, an_account

from doublerandom.accounts import queries, services
from doublerandom.accounts.core import region_subtree_prefix
from doublerandom.accounts.errors import (
    BodyExistsError,
    BodyOutsideParentError,
    MalformedRegionError,
    UnknownBodyError,
    UnknownLevelError,
)
from doublerandom.accounts.models import Body, Region
from doublerandom.dr1.errors import BadTokenError
from doublerandom.ledger.models import Act


class TestBodies:
    def test_a_body_stands_below_its_parent(self, session):
        a_body(session, "zj", level="province", region="330000")

        body = a_body(session, "hz", parent_token="zj")

        assert body.path == "zj/hz/"
        assert [found.token for found in queries.bodies(session, below="zj/")] == ["zj", "hz"]

    def test_creating_a_body_is_on_record(self, session):
        a_body(session, "hz")

        act = session.exec(select(Act)).one()
        assert (act.name, act.on_kind, act.on_id) == ("BodyCreated", "body", "hz")

    @pytest.mark.parametrize(
        ("facts", "error"),
        [
            ({"token": "zj", "region": "330000"}, BodyExistsError),
            ({"token": "sh", "region": "310000", "parent_token": "zj"}, BodyOutsideParentError),
            ({"token": "hz", "region": "3301"}, MalformedRegionError),
            ({"token": "hz", "region": "３３0100"}, MalformedRegionError),
            ({"token": "hz", "level": "galaxy"}, UnknownLevelError),
            ({"token": "hz", "parent_token": "nobody"}, UnknownBodyError),
            ({"token": "hz/x"}, BadTokenError),
            ({"token": "hz", "line": ""}, BadTokenError),
        ],
    )
    def test_a_refused_body_leaves_nothing_behind(self, session, facts, error):
        a_body(session, "zj", level="province", region="330000")

        with pytest.raises(error):
            a_body(session, **facts)

        assert [body.token for body in session.exec(select(Body)).all()] == ["zj"]
        assert len(session.exec(select(Act)).all()) == 1

    def test_a_body_is_found_by_its_row_and_token(self, session):
        body = a_body(session)

        assert queries.body(session, "hz-scjg") is queries.body_by_id(session, body.id)
        assert queries.body_names(session) == {body.id: body.name}
        with pytest.raises(UnknownBodyError):
            queries.body_by_id(session, body.id + 1)


class TestSight:
    def test_a_province_sees_its_counties_and_no_other(self, session):
        a_body(session, "zj", level="province", region="330000")
        a_body(session, "zj-county", level="county", region="330102", parent_token="zj")
        a_body(session, "zjx", level="province", region="340000")

        sight = queries.sight(an_account(session, body="zj", roles=["auditor"]))

        assert sight.sees_body("zj/zj-county/")
        assert not sight.sees_body("zjx/")
        assert sight.sees_region("330102")
        assert not sight.sees_region("340100")
        assert sight.has("planner", "auditor")
        assert not sight.has("planner")

    @pytest.mark.parametrize(
        ("code", "prefix"), [("330000", "33"), ("330100", "3301"), ("330102", "330102"), ("33", "33")]
    )
    def test_a_subtree_shares_its_prefix(self, code, prefix):
        assert region_subtree_prefix(code) == prefix


class TestRegions:
    def test_seeding_twice_adds_once(self, session):
        added = services.seed_regions(session, by="system", at=NOON)

        assert added > 3000
        assert services.seed_regions(session, by="system", at=NOON) == 0
        assert len(session.exec(select(Act)).all()) == 1

    def test_every_region_stands_below_one_that_exists(self):
        rows = list(services.gb2260_rows())

        codes = [row["code"] for row in rows]
        assert len(set(codes)) == len(codes)
        assert all(len(code) == 6 and code.isdigit() for code in codes)
        assert {row["parent"] for row in rows} - {""} <= set(codes)
        assert {row["level"] for row in rows} == {"province", "city", "county"}
        assert all(
            row["code"].startswith(region_subtree_prefix(row["parent"])) for row in rows if row["parent"]
        )

    def test_a_region_is_named_with_those_above_it(self, session):
        services.seed_regions(session, by="system", at=NOON)

        assert queries.region_name(session, "330102") == "上城区"
        assert queries.region_path(session, "330102") == "浙江省杭州市上城区"
        assert queries.region_path(session, "469001") == "海南省五指山市"
        assert queries.region_names(session, ["330100", "000000"]) == {"330100": "杭州市"}
        assert session.get(Region, "110101").parent == "110000"

    def test_an_unknown_code_stands_for_itself(self, session):
        assert queries.region_name(session, "999999") == queries.region_path(session, "999999") == "999999"
