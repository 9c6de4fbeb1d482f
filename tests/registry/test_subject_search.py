"""Searching subjects gives what a look at every row gives, through the index, beside it, and before it."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from registry.a_registry import NOON, TODAY, a_body, a_code, a_subject, some_subjects
from sqlalchemy import event
from sqlmodel import select

from doublerandom.accounts.core import Sight
from doublerandom.db import transaction
from doublerandom.folding import folded
from doublerandom.registry import bigrams, filters, services
from doublerandom.registry.models import SearchQueue, Subject
from doublerandom.registry.queries import search as searching
from doublerandom.registry.queries.search import Wanted, found_ids, search, search_stream
from doublerandom.registry.queries.search_index import indexed_to
from doublerandom.registry.services.search import index_subjects

pytestmark = pytest.mark.every_case

NAMES = (
    "杭州龙井茶叶有限公司",
    "杭州西湖龙井茶庄",
    "宁波海鲜酒楼（总店）",
    "ＡＢＣ电子商务",
    "abc 电子商务(杭州)",
    "a_b%c'\"*商店",
    "李",
    "杭",
    "龘龘",
    "茶",
    "éclair 面包",
)
ADDRESSES = ("", "西湖区文三路1号", "西湖区龙井路12号", "拱墅区 湖墅南路")
LETTERS = "杭州龙井茶西湖ABabc ａ（1号_%'\"*e李龘"


def a_market(session):
    """Subjects of every name and address, in three regions, some with a tag."""
    body = a_body(session)
    regions = ("330102", "330106", "330203")
    codes = some_subjects(
        session,
        *(
            a_subject(
                n,
                region=regions[n % 3],
                name=NAMES[n % len(NAMES)],
                address=ADDRESSES[n % len(ADDRESSES)],
                industry=("F5212", "H62", "")[n % 3],
                kind=("enterprise", "self_employed")[n % 2],
            )
            for n in range(44)
        ),
    )
    values = dict.fromkeys(codes[::5], "茶叶专项")
    services.set_standings(
        session, values=values, body_id=body.id, kind="tag", valid_from=TODAY, by="li", at=NOON
    )
    return body


def by_looking(session, words, *, tagged, prefix=""):
    """The codes that a look at every row gives."""
    rows = session.exec(select(Subject)).all()
    found = []
    for row in rows:
        texts = [row.name, row.code, row.address, *(["茶叶专项"] if row.code in tagged else [])]
        if row.region.startswith(prefix) and all(
            any(word in folded(each) for each in texts) for word in folded(words).split()
        ):
            found.append(row.code)
    return sorted(found)


class TestBigrams:
    def test_folding_forgets_width_and_ascii_case_alone(self):
        assert folded("ＡＢｃ１（ｶﾞ）É") == "abc1(ガ)É"

    def test_a_word_is_in_a_text_where_its_pairs_follow_one_another(self):
        assert bigrams.pairs("龙井茶") == ["龙井", "井茶"]
        assert bigrams.tokens("龙井") == f"{bigrams.coded('龙井')} {bigrams.coded('井')}"
        assert bigrams.tokens("") == ""

    @given(st.text(max_size=2), st.text(max_size=2))
    def test_no_two_pairs_have_one_code(self, one, other):
        assert (bigrams.coded(one) == bigrams.coded(other)) == (one == other)
        assert bigrams.coded(one).isascii()


@pytest.mark.parametrize("most", [4_000, 3, -1], ids=["by candidates", "where few", "in order of codes"])
def test_results_equal_a_look_at_every_row(session, monkeypatch, most):
    body = a_market(session)
    tagged = {a_code(n, region=("330102", "330106", "330203")[n % 3]) for n in range(0, 44, 5)}
    index_subjects(session)
    assert indexed_to(session) == 44
    some_subjects(session, a_subject(100, name="新开的龙井店"))  # the index does not know of it
    with transaction(session):
        changed = session.exec(select(Subject).where(Subject.code == a_code(1, region="330106"))).one()
        changed.name = "改名后的酒楼"
    monkeypatch.setattr(searching, "MANY", most)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(LETTERS, max_size=4), st.sampled_from(["", "3301", "330106", "32"]))
    def equal(words, prefix):
        wanted = Wanted(words=words, region_prefix=prefix, bodies=(body.id,), on=TODAY)
        expected = by_looking(session, words, tagged=tagged, prefix=prefix)
        assert [hit.code for hit in search(session, wanted, limit=100).hits] == expected
        assert [hit.code for hit in search_stream(session, wanted)] == expected

    for words in ("龙井", "西湖 龙井", "茶叶专项", "酒楼", "改名", "abc", "91330106", "专", "%", "新开"):
        wanted = Wanted(words=words, bodies=(body.id,), on=TODAY)
        assert [hit.code for hit in search(session, wanted, limit=100).hits] == by_looking(
            session, words, tagged=tagged
        )
    equal()


def test_the_index_follows_new_and_changed_subjects(session):
    a_market(session)
    assert index_subjects(session) == 44
    assert index_subjects(session) == 0
    with transaction(session):
        session.exec(select(Subject).where(Subject.code == a_code(0))).one().name = "面馆"
        session.exec(select(Subject).where(Subject.code == a_code(3))).one().established = date(2020, 1, 1)
    assert len(session.exec(select(SearchQueue)).all()) == 1

    assert index_subjects(session, most=1) == 1
    assert not session.exec(select(SearchQueue)).all()
    assert [hit.code for hit in search(session, Wanted(words="面馆", on=TODAY)).hits] == [a_code(0)]


@pytest.mark.parametrize("many", [20_000, -1])
@pytest.mark.parametrize("sort", ["code", "-code"])
def test_pages_follow_one_another_without_gap(session, monkeypatch, many, sort):
    a_market(session)
    index_subjects(session)
    monkeypatch.setattr(searching, "MANY", many)
    wanted = Wanted(words="杭", region_prefix="33", on=TODAY)
    seen, after = [], ""
    while True:
        found = search(session, wanted, sort=sort, after=after, limit=3)
        seen += [hit.code for hit in found.hits[:3]]
        if len(found.hits) <= 3:
            break
        after = seen[-1]

    expected = by_looking(session, "杭", tagged=set())
    assert seen == (expected[::-1] if sort == "-code" else expected)
    assert found.total == (len(expected) if many > 0 else None)


def test_few_are_put_in_the_order_of_names(session):
    a_market(session)
    index_subjects(session)
    wanted = Wanted(words="龙井", on=TODAY)

    names = [hit.name for hit in search(session, wanted, sort="name").hits]
    back = search(session, wanted, sort="-name", limit=2)
    rest = search(session, wanted, sort="-name", limit=100, after=back.hits[1].code)

    assert names == sorted(names)
    assert [hit.name for hit in (*back.hits[:2], *rest.hits)] == names[::-1]


def test_sight_is_the_region_and_the_members_of_own_lists(session):
    body = a_market(session)
    far = a_code(2, region="330203")
    sight = Sight(body_id=body.id, body_path=body.path, region_prefix="3301", roles=frozenset())

    def codes():
        wanted = searching.wanted_in_sight(session, sight, on=TODAY)
        return {hit.code for hit in search_stream(session, wanted)}

    assert far not in codes()
    said = {"body_id": body.id, "kind": "member", "by": "li", "at": NOON}
    services.set_standings(session, values={far: "in"}, valid_from=TODAY, **said)

    assert far in codes()
    assert len(found_ids(session, searching.wanted_in_sight(session, sight, on=TODAY), most=100)) == 31


def test_a_page_takes_few_statements_and_reads_by_index(session, engine):
    body = a_body(session)
    some_subjects(session, *(a_subject(n, name=f"第{n}号茶馆", industry="H62") for n in range(3000)))
    index_subjects(session)
    counted = []

    def count(_connection, _cursor, statement, *_rest):
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    for words, expression in (("", ""), ("茶馆", ""), ("77", "industry = 62"), ("", "tag = x and class = A")):
        counted.clear()
        read = filters.parse(expression)
        search(session, Wanted(words, read, "3301", bodies=(body.id,), on=TODAY), limit=50)
        assert len(counted) <= 9
    event.remove(engine, "before_cursor_execute", count)


def test_the_plan_of_a_page_does_not_depend_on_size(session, engine, monkeypatch):
    if engine.dialect.name != "sqlite":
        pytest.skip("the plan of PostgreSQL depends on its statistics")
    statements = []
    event.listen(
        engine, "before_cursor_execute", lambda _c, _k, sql, values, *_r: statements.append((sql, values))
    )
    for many in (20_000, -1):
        monkeypatch.setattr(searching, "MANY", many)
        search(session, Wanted("茶馆", filters.parse("class = A"), "3301", on=TODAY))
    plans = [
        row[3]
        for sql, values in statements
        if "registry_subject.code" in sql and not sql.startswith("EXPLAIN")
        for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
    ]

    assert any("USING INDEX uq_registry_subject_code" in plan for plan in plans)
    assert any("USING INTEGER PRIMARY KEY" in plan for plan in plans)
    assert not any(plan == "SCAN registry_subject" for plan in plans)
