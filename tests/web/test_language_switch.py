"""The switch keeps the address, remembers the language, and leads to no other site."""

import pytest


def test_chinese_is_what_a_new_reader_sees(client):
    assert '<html lang="zh-CN">' in client.get("/sign-in", headers={"Accept-Language": "en"}).get_data(
        as_text=True
    )


def test_switching_goes_back_to_the_same_address_and_is_remembered(client):
    page = client.get("/sign-in?next=/desk").get_data(as_text=True)
    assert (
        "/lang/en?next=/sign-in?next%3D/desk" in page or "/lang/en?next=%2Fsign-in%3Fnext%3D%252Fdesk" in page
    )

    answer = client.get("/lang/en?next=/sign-in%3Fnext%3D/desk")

    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/desk")
    assert '<html lang="en">' in client.get("/sign-in").get_data(as_text=True)
    client.get("/lang/zh?next=/")
    assert '<html lang="zh-CN">' in client.get("/sign-in").get_data(as_text=True)


def test_the_address_may_ask_for_a_language_once(client):
    assert "Staff sign-in" in client.get("/sign-in?lang=en").get_data(as_text=True)
    assert "工作人员登录" in client.get("/sign-in").get_data(as_text=True)


def test_an_unknown_language_is_not_found(client):
    assert client.get("/lang/xx").status_code == 404
    assert client.get("/sign-in?lang=xx").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_nobody_is_led_elsewhere(client, elsewhere):
    answer = client.get("/lang/en", query_string={"next": elsewhere})

    assert (answer.status_code, answer.location) == (303, "/")
