"""What goes wrong has a page, a code, a sentence in both languages and the way out."""

import importlib
import pkgutil
import string

import pytest
from visitors import csrf_token

import doublerandom
from doublerandom import web
from doublerandom.app import all_error_texts
from doublerandom.errors import ConflictingStateError, DoubleRandomError, InvalidInputError
from doublerandom.web.answers import sentence

JSON = {"Accept": "application/json"}


def add_failing(app, error, path="/failing", methods=("GET",)):
    def fail():
        raise error

    app.add_url_rule(path, path, web.public(fail), methods=list(methods))


def test_an_unknown_page_says_so_in_the_readers_language(client):
    chinese = client.get("/no/such/page")
    english = client.get("/no/such/page?lang=en")

    assert (chinese.status_code, english.status_code) == (404, 404)
    assert "没有这个页面" in chinese.get_data(as_text=True)
    assert "There is no such page" in english.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "headers"), [("/api/nothing", {}), ("/nothing.json", {}), ("/nothing", JSON)]
)
def test_an_unknown_page_is_json_for_machines(client, path, headers):
    answer = client.get(path, headers=headers)

    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "http_404"
    assert "没有这个页面" in answer.get_data(as_text=True)
    assert answer.json["error"]["reason_en"]


def test_a_wrong_method_names_those_that_work(client):
    answer = client.delete("/sign-in")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "此地址不接受这种请求方式" in answer.get_data(as_text=True)
    assert client.delete("/sign-in", headers=JSON).json["error"]["code"] == "http_405"


def test_a_rule_that_is_broken_gives_its_status_and_sentence(app, client):
    add_failing(app, ConflictingStateError())

    answer = client.get("/failing")

    assert answer.status_code == 409
    assert "当前状态下不能进行此操作" in answer.get_data(as_text=True)


def test_a_machine_reads_the_code_and_the_parameters(app, client):
    add_failing(app, InvalidInputError(line=7))

    answer = client.get("/failing", headers=JSON)

    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "invalid_input"
    assert answer.json["error"]["params"] == {"line": 7}


def test_a_failure_of_ours_tells_no_secret_and_gives_its_number(app, client):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    add_failing(app, RuntimeError("the password is hunter2"))

    answer = client.get("/failing", headers={"X-Request-Id": "req-12345678"})

    assert answer.status_code == 500
    assert "hunter2" not in answer.get_data(as_text=True)
    assert "req-12345678" in answer.get_data(as_text=True)
    assert client.get("/failing", headers=JSON).json["error"]["code"] == "http_500"


def test_even_a_broken_template_gives_a_last_page(app, client):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.jinja_env.globals["public_menu"] = None
    add_failing(app, RuntimeError())

    assert "系统出错" in client.get("/failing").get_data(as_text=True)


def test_an_error_page_after_a_form_leads_back_to_the_form(app, client):
    add_failing(app, InvalidInputError(), methods=("POST",))

    answer = client.post(
        "/failing",
        data={"csrf_token": csrf_token(client)},
        headers={"Referer": "http://localhost/sign-in?next=%2Fdesk"},
    )

    assert answer.status_code == 422
    assert 'href="/sign-in?next=%2Fdesk"' in answer.get_data(as_text=True)


def test_an_error_page_leads_to_no_other_site(app, client):
    add_failing(app, InvalidInputError(), methods=("POST",))

    answer = client.post(
        "/failing", data={"csrf_token": csrf_token(client)}, headers={"Referer": "http://evil.test/x"}
    )

    assert "evil.test" not in answer.get_data(as_text=True)


def test_parameters_are_shown_as_text_never_as_markup(app, client):
    app.config["ERROR_TEXTS"]["invalid_input"] = ("{value}", "{value}")
    add_failing(app, InvalidInputError(value="<script>alert(1)</script>"))

    assert "<script>alert" not in client.get("/failing").get_data(as_text=True)


def every_error_class(base):
    for module in pkgutil.walk_packages(doublerandom.__path__, "doublerandom."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)
    found, rest = set(), [base]
    while rest:
        kind = rest.pop()
        rest += kind.__subclasses__()
        if kind.__module__.startswith("doublerandom."):
            found.add(kind)
    return sorted(found, key=lambda kind: kind.__qualname__)


def test_every_error_of_the_house_has_its_sentence():
    texts = all_error_texts()

    assert [
        kind.__qualname__ for kind in every_error_class(DoubleRandomError) if kind.code not in texts
    ] == []


def test_no_two_rules_share_a_code():
    codes = [kind.code for kind in every_error_class(DoubleRandomError)]

    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_both_languages_name_the_same_facts_and_hold_them_by_name():
    for code, pair in all_error_texts().items():
        names = [
            {
                name.removesuffix("_zh").removesuffix("_en")  # a fact may be told in words of each language
                for _text, name, _spec, _conversion in string.Formatter().parse(text)
                if name
            }
            for text in pair
        ]
        assert names[0] == names[1], code


def test_a_sentence_survives_a_missing_fact(app):
    with app.app_context():
        app.config["ERROR_TEXTS"]["x"] = ("第 {line} 行", "line {line}")
        assert sentence("x", {}, "zh") == "第 … 行"
        assert sentence("unknown code", {}, "en") == all_error_texts()["error"][1]
