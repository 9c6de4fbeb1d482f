"""What a filter's SQL takes of sample subjects is what plain Python takes of them, on both databases."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from registry.a_registry import NOON, TODAY, a_body, a_code, a_subject, some_subjects
from sqlmodel import col, select

from doublerandom.db import transaction
from doublerandom.registry import filters, services
from doublerandom.registry.filters import CHOICES, DATES, Comparison, Facts, Junction, Negation
from doublerandom.registry.models import Licence, Subject, SubjectListing

REGIONS = ("330102", "330106", "330200", "440305")
INDUSTRIES = ("", "62", "6210", "F52")
NAMES = ("杭州茶馆", "abc 店", "ABC店", "第'一'店", "100%_店")
DAYS = (None, date(2019, 12, 31), date(2020, 1, 1), date(2026, 3, 2))
TAGS = ("食品", "x", "and")
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def samples(session):
    """Subjects of all kinds, with words of this body and of another, before, on and after the day."""
    own, other = a_body(session), a_body(session, "nb-scjg", region="330200")
    facts = []
    for n in range(24):
        subject = a_subject(
            n,
            region=REGIONS[n % 4],
            name=NAMES[n % 5],
            address=("", "文三路 1 号")[n % 2],
            industry=INDUSTRIES[n // 2 % 4],
            kind=CHOICES["kind"][n % 4],
            status=("active", "revoked", "deregistered")[n % 3],
            established=DAYS[n % 4],
            credit_class=("", "A", "D")[n % 3],
            credit_class_on=DAYS[n // 3 % 4],
        )
        facts.append((subject, {name: set() for name in ("tag", "grade", "special", "supervisor", "member")}))
    some_subjects(session, *(subject for subject, _ in facts))

    def say(n, kind, value, body, first, last=None):
        services.set_standing(
            session,
            subject_code=facts[n][0].code,
            body_id=body.id,
            kind=kind,
            value=value,
            valid_from=first,
            valid_to=last,
            by="li",
            at=NOON,
        )
        if body is own and first <= TODAY and (last is None or last >= TODAY) and kind != "member":
            facts[n][1][kind].add(value)

    for n in range(0, 24, 2):
        say(n, "tag", TAGS[n % 3], own, TODAY)
        say(n, "grade", "一级", (own, other)[n % 4 // 2], YESTERDAY)
        say(n, "special", "双减", own, (YESTERDAY, TOMORROW)[n % 4 // 2])
        say(n, "supervisor", "wang", own, YESTERDAY, (TODAY, YESTERDAY)[n % 4 // 2])
    for n, words in ((1, ["in"]), (3, ["in", "merged"]), (5, ["merged", "in"]), (7, ["duplicate"])):
        for word in words:
            say(n, "member", word, own, TODAY)
        facts[n][1]["member"].add("joined" if words[-1] == "in" else "left")
    listed = beside(session, [subject.code for subject, _ in facts])
    return own, {
        subject.code: Facts(
            values={
                "address": subject.address,
                "class": subject.credit_class,
                "code": subject.code,
                "industry": subject.industry,
                "kind": subject.kind,
                "name": subject.name,
                "office": "",
                "region": subject.region,
                "status": subject.status,
            },
            days={"established": subject.established, "class_on": subject.credit_class_on},
            sets={**{name: frozenset(said) for name, said in sets.items()}, **listed.get(subject.code, {})},
        )
        for subject, sets in facts
    }


def beside(session, codes):
    """Licences in two versions, and listings, some of which have ended."""
    ids = {row.code: row.id for row in session.exec(select(Subject)).all()}
    known = {"source": "file", "by": "li", "at": NOON}
    listed = {}
    with transaction(session):
        for n, code in enumerate(codes[::3]):
            licence = {"subject_id": ids[code], "number": f"L{n}", **known}
            session.add(Licence(name="食品经营许可", **licence))
            if n % 2:
                session.add(Licence(name="食品经营许可", version=2, status="revoked", **licence))
            last = (None, YESTERDAY)[n % 2]
            session.add(
                SubjectListing(
                    subject_id=ids[code], kind="abnormal_list", valid_from=YESTERDAY, valid_to=last, **known
                )
            )
            listed[code] = {
                "licence": frozenset() if n % 2 else frozenset({"食品经营许可"}),
                "listing": frozenset() if last else frozenset({"abnormal_list"}),
            }
    return listed


PLAIN = {
    "address": ("文三路 1 号",),
    "class": ("A", "D", "C"),
    "code": (a_code(0), a_code(1, region="330106")),
    "grade": ("一级", "二级"),
    "industry": ("6", "62", "621", "F"),
    "licence": ("食品经营许可",),
    "listing": ("abnormal_list", "serious_list"),
    "name": NAMES,
    "region": ("330000", "330100", "330106", "330200", "440000"),
    "special": ("双减",),
    "supervisor": ("wang",),
    "tag": TAGS,
    **CHOICES,
}
COMPARISONS = st.one_of(
    st.sampled_from(sorted(PLAIN)).flatmap(
        lambda field: st.sets(st.sampled_from(PLAIN[field]), min_size=1, max_size=2).map(
            lambda values: Comparison(field, tuple(sorted(values, key=str.encode)))
        )
    ),
    st.builds(
        lambda field, text: Comparison(field, (text,), contains=True),
        st.sampled_from(["name", "address", "code"]),
        st.sampled_from(["店", "abc", "ABC", "%", "_", "'", "路", "MA", "33010"]),
    ),
    st.builds(
        lambda field, order, day: Comparison(field, (day.isoformat(),), order=order),
        st.sampled_from(DATES),
        st.sampled_from(["", "<", "<=", ">", ">="]),
        st.sampled_from([day for day in DAYS if day]),
    ),
)
EXPRESSIONS = st.recursive(
    COMPARISONS,
    lambda parts: st.one_of(
        parts.map(Negation),
        st.builds(
            Junction, st.sampled_from(["and", "or"]), st.lists(parts, min_size=2, max_size=3).map(tuple)
        ),
    ),
    max_leaves=5,
)


def test_sql_takes_what_python_takes_and_the_text_says_the_same(session):
    body, facts = samples(session)
    taken = 0

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(EXPRESSIONS)
    def agree(expression):
        nonlocal taken
        read = filters.parse(str(expression))
        condition = filters.condition(expression, bodies=[body.id], on=TODAY)
        found = session.exec(select(Subject.code).where(condition).order_by(col(Subject.code))).all()
        assert found == sorted(code for code, row in facts.items() if filters.evaluate(expression, row))
        assert found == sorted(code for code, row in facts.items() if filters.evaluate(read, row))
        taken += 0 < len(found) < len(facts)

    agree()
    assert taken > 20
    assert all(filters.evaluate(None, row) for row in facts.values())


@settings(deadline=None)
@given(EXPRESSIONS)
def test_the_form_takes_a_filter_apart_and_puts_it_together_again(expression):
    written = filters.canonical(str(expression))
    fields, rest = filters.taken_apart(filters.parse(written))
    again = filters.put_together(fields, rest)

    assert filters.taken_apart(filters.parse(again))[0] == fields
    assert filters.put_together(*filters.taken_apart(filters.parse(again))) == again
    assert filters.fields_of(filters.parse(again)) == filters.fields_of(filters.parse(written))
