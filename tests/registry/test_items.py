"""Items: through their gate into force, suspended, superseded; in force on any day; the list published."""

import json
from datetime import date

import pytest
from registry.a_registry import NOON, TODAY, a_body
from registry.an_item import READY, an_item
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from doublerandom.db import transaction
from doublerandom.dr1.canon import H
from doublerandom.ledger import queries as ledger
from doublerandom.ledger.models import Act
from doublerandom.registry import queries, services
from doublerandom.registry.errors import (
    AlreadyThereError,
    InvalidRecordError,
    ItemDraftThereError,
    ItemListUnchangedError,
    ItemNotFoundError,
    ItemNotReadyError,
    ReasonMissingError,
    RecordNotFoundError,
    StateDayError,
    WrongItemStateError,
)
from doublerandom.registry.item_days import Span, cover
from doublerandom.registry.models import Item, ItemStatus

BY = {"by": "wang", "at": NOON}


def day(month: int, of: int) -> date:
    """A day of the year of the tests."""
    return date(2026, month, of)


def in_force(session, on: date) -> list[tuple[str, int]]:
    """Codes and versions in force on a day."""
    return [(item.code, item.version) for item in queries.items_in_force(session, on=on)]


class TestGate:
    @pytest.mark.parametrize("missing", sorted(READY))
    def test_an_item_that_lacks_anything_cannot_come_into_force(self, session, missing):
        item = an_item(session, in_force=False, **{missing: " "})

        with pytest.raises(ItemNotReadyError) as refused:
            services.put_item_in_force(session, item.id, **BY)

        assert refused.value.params["missing"] == missing == services.missing_of(item)[0]
        assert queries.items_in_force(session, on=TODAY) == []

    def test_the_schema_knows_the_gate_too(self, session):
        item = Item(code="X", name="x", status=ItemStatus.IN_FORCE)

        with pytest.raises(IntegrityError, match="gate"), transaction(session):
            session.add(item)


class TestDays:
    def test_a_new_version_supersedes_from_its_first_day_and_the_old_stays_readable(self, session):
        first = an_item(session, valid_from=day(1, 1))
        draft = services.add_item_version(session, first.id, **BY)
        services.edit_item(session, draft.id, name="食品经营检查（新）", **BY)
        services.put_item_in_force(session, draft.id, valid_from=day(4, 1), **BY)

        assert (draft.version, draft.supersedes_id, draft.basis) == (2, first.id, first.basis)
        assert (first.status, first.valid_to) == (ItemStatus.ABOLISHED, day(3, 31))
        assert in_force(session, day(3, 31)) == [("FOOD-01", 1)]
        assert in_force(session, day(4, 1)) == [("FOOD-01", 2)]
        assert in_force(session, date(2025, 12, 31)) == []
        assert queries.item(session, "FOOD-01").id == draft.id
        assert queries.states_of_items(session, [first.id])[first.id][-1].successor == 2
        with pytest.raises(WrongItemStateError):
            services.put_item_in_force(session, first.id, **BY)

    def test_suspended_days_are_left_out_whenever_one_asks(self, session):
        item = an_item(session, valid_from=day(1, 1))
        services.suspend_item(session, item.id, reason="法规修订", first_day=day(3, 10), **BY)
        assert in_force(session, day(3, 9)) == [("FOOD-01", 1)]
        assert in_force(session, day(3, 10)) == in_force(session, day(12, 31)) == []

        services.put_item_in_force(session, item.id, valid_from=day(5, 1), reason="修订完成", **BY)

        assert [on for on in (day(1, 1), day(3, 10), day(4, 30), day(5, 1)) if in_force(session, on)] == [
            day(1, 1),
            day(5, 1),
        ]
        assert item.valid_from == day(1, 1)
        spans = queries.days_in_force(session, ["FOOD-01", "NO"])
        assert spans == {"FOOD-01": [Span(day(1, 1), day(3, 9)), Span(day(5, 1), date.max)], "NO": []}
        assert cover(spans["FOOD-01"], day(2, 1), day(3, 9))
        assert not cover(spans["FOOD-01"], day(2, 1), day(3, 10))

    def test_the_last_day_that_an_item_names_ends_it(self, session):
        an_item(session, valid_from=day(1, 1), valid_to=day(6, 30))

        assert in_force(session, day(6, 30))
        assert not in_force(session, day(7, 1))

    def test_two_versions_on_end_cover_a_year_together(self, session):
        item = an_item(session, valid_from=day(1, 1))
        second = services.add_item_version(session, item.id, **BY)
        services.put_item_in_force(session, second.id, valid_from=day(7, 1), **BY)

        spans = queries.days_in_force(session, ["FOOD-01"])["FOOD-01"]

        assert len(spans) == 2
        assert cover(spans, day(1, 1), day(12, 31))
        assert not cover([], day(1, 1), day(1, 1))

    def test_the_past_stays_as_it_was(self, session):
        item = an_item(session, valid_from=day(2, 1))

        with pytest.raises(StateDayError):
            services.suspend_item(session, item.id, reason="x", first_day=day(1, 31), **BY)

        assert in_force(session, day(2, 1))

    def test_abolished_items_do_not_come_back_and_each_act_is_on_record(self, session):
        item = an_item(session)
        with pytest.raises(ReasonMissingError):
            services.suspend_item(session, item.id, reason=" ", **BY)
        services.suspend_item(session, item.id, reason="a", **BY)
        services.put_item_in_force(session, item.id, **BY)
        services.abolish_item(session, item.id, reason="b", **BY)

        for command, why in (
            (services.put_item_in_force, {}),
            (services.suspend_item, {"reason": "c"}),
            (services.abolish_item, {"reason": "c"}),
            (services.structure_item, {"quota": None, "times": None}),
            (services.edit_item, {"name": "x"}),
        ):
            with pytest.raises(WrongItemStateError):
                command(session, item.id, **why, **BY)
        assert [act.name for act in session.exec(select(Act).order_by(Act.id))] == [
            "ItemAdded", "ItemPutInForce", "ItemEnded", "ItemPutInForce", "ItemEnded",
        ]  # fmt: skip


class TestDrafts:
    def test_each_save_of_a_draft_is_an_act_with_what_changed(self, session):
        item = an_item(session, in_force=False)
        points = [{"name": "许可证", "key": True}, {"name": "台账", "key": False}]

        services.edit_item(session, item.id, points=points, sub_items=["餐饮"], name=item.name, **BY)
        services.edit_item(session, item.id, points=points, **BY)

        acts = ledger.acts_on(session, "item", "FOOD-01")
        assert [act.name for act in acts] == ["ItemAdded", "ItemEdited"]
        assert json.loads(acts[1].facts)["changes"].keys() == {"points", "sub_items"}

    def test_there_is_one_draft_at_a_time(self, session):
        item = an_item(session, in_force=False)

        for draft in (
            lambda: services.add_item(session, "FOOD-01", name="x", **BY),
            lambda: services.add_item_version(session, item.id, **BY),
        ):
            with pytest.raises(ItemDraftThereError):
                draft()

    @pytest.mark.parametrize(
        ("code", "fields"),
        [
            ("编号", {}),
            ("X", {"name": ""}),
            ("X", {"name": "x" * 256}),
            ("X", {"name": "x\u202e"}),
            ("X", {"colour": "red"}),
            ("X", {"skills": ["食品"]}),
            ("X", {"sub_items": [""]}),
            ("X", {"points": [{"name": "甲"}]}),
            ("X", {"points": [{"name": "", "key": True}]}),
            ("X", {"quota": {"kind": "all"}}),
        ],
    )
    def test_what_no_item_can_hold_is_refused(self, session, code, fields):
        with pytest.raises(InvalidRecordError):
            an_item(session, code, in_force=False, **fields)

        assert queries.items(session) == []

    def test_items_are_found_by_what_is_asked(self, session):
        body = a_body(session)
        county = a_body(session, "xh-scjg", region="330106", above=body)
        elsewhere = a_body(session, "nb-scjg", region="330200")
        draft = an_item(session, "B", in_force=False, name="药品检查", category="药品")
        an_item(session, "A", body_id=body.id, key=True)
        an_item(session, "C", body_id=elsewhere.id)
        services.add_item_version(session, queries.item(session, "A").id, **BY)

        def found(**asked):
            rows = queries.items_in_sight(session, body=county, **asked)
            return [(row.code, row.version) for row in rows]

        assert [item.code for item in queries.items(session, status=ItemStatus.IN_FORCE)] == ["A", "C"]
        assert found() == [("A", 1), ("B", 1)]
        assert found(status=ItemStatus.DRAFT) == [("A", 2), ("B", 1)]
        assert found(key=True) == [("A", 1)]
        assert found(words="药", category="药品") == [("B", 1)]
        assert queries.item_categories(session, body=county) == ["药品"]
        assert queries.item_names(session, ["B", "A"]) == {"A": "食品经营检查", "B": "药品检查"}
        assert draft.status is ItemStatus.DRAFT
        with pytest.raises(ItemNotFoundError):
            queries.item(session, "D")
        with pytest.raises(ItemNotFoundError):
            queries.item_by_id(session, 99)


class TestStructure:
    def test_what_a_person_read_stands_beside_the_text_until_the_text_changes(self, session):
        item = an_item(session, in_force=False, ratio="不低于3%", frequency="每年一次")
        assert queries.items_to_structure(session, body_ids=[None]) == [item]
        times = {"per": "year", "times": 1, "bound": "exactly", "of": "batch"}

        services.structure_item(session, item.id, quota={"kind": "rate", "rate": "3/100"}, times=times, **BY)

        assert (item.ratio, item.quota["rate"], item.structured_by) == ("不低于3%", "3/100", "wang")
        assert queries.items_to_structure(session, body_ids=[None, 7]) == []
        services.edit_item(session, item.id, scope="食品", **BY)
        assert item.quota
        services.edit_item(session, item.id, ratio="不低于5%", **BY)
        assert (item.quota, item.times, item.structured_at) == (None, None, None)
        with pytest.raises(InvalidRecordError):
            services.structure_item(session, item.id, quota={"kind": "half"}, times=None, **BY)


class TestPublishedLists:
    def test_the_digest_of_the_list_as_it_stands_enters_the_public_log(self, session, settings):
        body = a_body(session)
        item = an_item(session, body_id=body.id, valid_from=day(1, 1))
        an_item(session, "OTHER")
        assert services.list_changed(session, body=body, on=TODAY)

        first = services.publish_item_list(session, body=body, settings=settings, **BY)

        found = json.loads(first.text)
        assert ([row["code"] for row in found["items"]], found["day"]) == (["FOOD-01"], "2026-03-02")
        (entry,) = ledger.entries(session, 0, 1)
        assert (entry["what"], entry["name"]) == ("item_list", "hz-scjg:1")
        assert entry["digest"] == first.digest == H(first.text)
        with pytest.raises(ItemListUnchangedError):
            services.publish_item_list(session, body=body, settings=settings, **BY)

        with pytest.raises(StateDayError):
            services.suspend_item(session, item.id, reason="a", first_day=day(3, 1), **BY)
        services.suspend_item(session, item.id, reason="a", **BY)
        second = services.publish_item_list(session, body=body, settings=settings, **BY)

        assert (second.number, second.items) == (2, 0)
        assert queries.newest_item_lists(session) == [second]
        assert queries.item_lists(session, body_id=body.id) == [second, first]
        assert queries.item_list_by_id(session, first.id) == first
        with pytest.raises(RecordNotFoundError):
            queries.item_list_by_id(session, 99)


def test_another_bodys_code_makes_no_version_and_ends_none(session):
    ours = a_body(session)
    other = a_body(session, "nb-scjg", region="330200")
    first = an_item(session, body_id=ours.id)
    with pytest.raises(AlreadyThereError):
        an_item(session, body_id=other.id)
    draft = services.add_item_version(session, first.id, **BY)
    services.edit_item(session, draft.id, body_id=other.id, **BY)

    with pytest.raises(AlreadyThereError):
        services.put_item_in_force(session, draft.id, **BY)

    assert [row.status for row in queries.item_versions(session, first.code)] == ["draft", "in_force"]
