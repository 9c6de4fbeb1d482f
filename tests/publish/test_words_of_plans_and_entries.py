"""Plans and log entries in words, in both languages; what has no word is shown as it stands."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from doublerandom.dr1.log import ENTRIES
from doublerandom.publish import entry_words, plan_words
from doublerandom.registry import names
from doublerandom.web.languages import LOCALES, HouseBabel

PLAN = {
    "annual_item": "2026-001",
    "items": ["SC-01", "XX-09"],
    "filter": "region in (330102, 330103) and industry = 62 and name ~ 'in 园'",
    "team": [{"seat": "lead", "department": "scjg", "skills": ["food"]}, {"seat": "witness"}],
    "randomness": [{"kind": "dice", "sides": 10, "count": 40}],
    "secrets": [
        {"party": "operator", "body": "hz-scjg", "purpose": purpose} for purpose in ("subject", "inspector")
    ],
    "closed": ["subjects"],
    "seq": 7,
}


@pytest.fixture(params=["zh", "en"])
def language(request):
    app = Flask("words")
    HouseBabel(app)
    with app.test_request_context("/"), force_locale(LOCALES[request.param]):
        yield request.param


def rows(**changes):
    known = {"items": {"SC-01": "餐饮检查"}, "bodies": {"hz-scjg": "杭州局"}, "regions": {"330102": "上城区"}}
    return [value for _, value in plan_words.plan_rows({**PLAN, **changes}, **known)]


def test_a_plan_is_told_in_the_readers_words(language):
    told = rows()

    assert told[1] == {"zh": "SC-01 餐饮检查、XX-09", "en": "SC-01 餐饮检查, XX-09"}[language]
    assert told[3].startswith(
        {"zh": "组长（市场监管、食品安全）、", "en": "lead (market regulation, "}[language]
    )
    assert told[3].endswith("witness")
    assert told[5] == {"zh": "经办方（杭州局）", "en": "Operator (杭州局)"}[language]
    assert told[7] == "7"


def test_a_scope_names_fields_and_regions_and_leaves_quoted_text_alone(language):
    told = names.scope_words(PLAN["filter"], {"330102": "上城区"})

    assert "上城区 330102" in told
    assert told.endswith("~ 'in 园'")
    assert names.regions_of_scope(PLAN["filter"]) == {"330102", "330103"}
    if language == "zh":
        assert told.startswith("区划 属于 (上城区 330102, 330103) 且 行业 = 62 且 名称")


def test_without_scope_sources_or_parties_that_is_said(language):
    told = rows(filter="", randomness=[], secrets=[], seq=0, closed=[])

    assert "" not in told
    assert len(set(told)) == len(told)


def test_every_source_has_words(language):
    sources = [
        {"kind": "drand", "round": 657413},
        {"kind": "lottery", "name": "cn-ssq", "issue": "2026088"},
        {"kind": "lottery", "name": "xx-lotto", "issue": "1"},
    ]

    told = [plan_words.source_words(source) for source in sources]

    assert "657,413" in told[0]
    assert "2026088" in told[1]
    assert "xx-lotto" in told[2]


def test_every_kind_of_entry_has_a_name():
    assert set(entry_words.KIND_NAMES) == set(ENTRIES)


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ({"type": "plan", "plan_hash": "ab"}, "ab"),
        ({"type": "observed", "value": {"red": [1, 2], "blue": 3}}, "3 1 2"),
        ({"type": "beacon", "beacon": ""}, ""),
        ({"type": "open", "secrets": []}, ""),
    ],
)
def test_an_entry_tells_its_one_value(entry, value):
    assert entry_words.told(entry) == value


def test_an_entry_tells_its_moment():
    assert entry_words.moment({"at": "2026-03-02T04:00:00Z"}) == datetime(2026, 3, 2, 4, tzinfo=UTC)
