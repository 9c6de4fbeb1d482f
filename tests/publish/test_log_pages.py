"""The log for people: found by what they know, proofs a shell recomputes, checkpoints that tell on it."""

import html
import re
import subprocess
from datetime import timedelta

import pytest
from draws.a_city import DUE, a_city, hours

from doublerandom.db import transaction
from doublerandom.dr1.checkpoints import sign_checkpoint
from doublerandom.ledger import keys, log, queries
from doublerandom.ledger.outside_models import Cosignature


@pytest.fixture
def city(session, settings):
    return a_city(session, settings)


def text_of(client, address, **arguments):
    answer = client.get(address, query_string=arguments or None)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


def rows(page):
    return page.count('<th scope="row"')


def test_entries_are_found_by_kind_issuer_draw_day_hash_and_number(client, session, city):
    draw = city.drawn()
    size = queries.log_size(session)

    assert rows(text_of(client, "/log")) == size
    assert rows(text_of(client, "/log", kind="plan")) == 1
    assert rows(text_of(client, "/log", draw=draw.number)) == len(
        queries.entries_of_draw(session, draw.number)
    )
    of_body = rows(text_of(client, "/log", issuer=city.body.token))
    assert of_body == len(queries.entries_of_draw(session, draw.number)) + 3  # and three keys
    assert rows(text_of(client, "/log", issuer="nobody")) == 0
    assert 0 < rows(text_of(client, "/log", day="2026-03-02")) <= size
    assert rows(text_of(client, "/log", day="1999-01-01")) == 0
    plan = next(
        index for index, one in queries.entries_of_draw(session, draw.number) if one["type"] == "plan"
    )
    for asked, place in (
        (draw.plan_hash, f"/log/{plan}"),
        (" ".join(draw.plan_hash[n : n + 4] for n in range(0, 64, 4)), f"/log/{plan}"),
        ("3", "/log/3"),
        (draw.number.lower(), f"/log?draw={draw.number}"),
    ):
        assert client.get("/log", query_string={"q": asked}).location == place
    assert "日志中没有" in text_of(client, "/log", q="no-such-thing")
    for kind in ("作出第 1 次抽取承诺", "锁定抽取结果", "登记", "随机数齐备"):
        assert kind in text_of(client, "/log")
    assert "committed to draw no. 1" in text_of(client, "/log", lang="en")


def shell_of(page):
    shown = re.search(r"<code>((?:h=|old=).*?)</code></pre>", page, re.DOTALL)
    return html.unescape(shown[1])


def test_shell_lines_of_the_pages_give_the_roots(client, session, city, settings):
    city.drawn()
    with transaction(session):
        entry = {"type": "note", "text": "it's 100% “quoted” \\n $HOME"}
        log.append(session, entry, settings=settings, at=DUE + timedelta(hours=1))
    size = queries.log_size(session)

    for index, asked in ((0, 1), (2, 5), (size - 1, size), (3, size)):
        page = text_of(client, f"/log/{index}", size=asked)
        told = subprocess.run(["/bin/sh", "-c", shell_of(page)], capture_output=True, text=True, check=True)
        lines = told.stdout.split()
        assert lines == [
            queries.root_at(session, asked),
            queries.checkpoint(session, asked).note.split("\n")[2],
        ]
    for first, second in ((1, size), (3, 7), (4, size), (6, 7)):
        page = text_of(client, "/log/consistency", first=first, second=second)
        told = subprocess.run(["/bin/sh", "-c", shell_of(page)], capture_output=True, text=True, check=True)
        assert told.stdout.split() == [queries.root_at(session, first), queries.root_at(session, second)]
    assert "没有这两个大小" in text_of(client, "/log/consistency", first=5, second=2)
    assert "不需要证明" in text_of(client, "/log/consistency", first=5, second=5)
    assert client.get("/log/consistency").status_code == 200


def test_a_kept_checkpoint_tells_whether_the_log_was_rewritten(client, session, city, settings):
    city.drawn()
    size = queries.log_size(session)
    note = text_of(client, f"/log/checkpoints/{size - 2}.txt")
    key = keys.log_key(settings)

    def verdict(text):
        return text_of(client, "/log/comparison", checkpoint=text)

    assert "完全相同" in verdict(note.replace("\n", "\r\n") + "\r\n")
    assert "日志被改写过" in verdict(sign_checkpoint(settings.log_origin, size - 2, bytes(32), key))
    assert "日志变短了" in verdict(sign_checkpoint(settings.log_origin, size + 9, bytes(32), key))
    assert "另一日志的检查点" in verdict(note.replace("log.test", "log.other"))
    assert "没有本日志的签名" in verdict(note.replace(f"\n{size - 2}\n", f"\n{size - 1}\n"))
    assert "这不是检查点" in verdict("hello")
    assert client.get("/log/checkpoints/999999.txt").status_code == 400
    assert client.get("/log/checkpoints/0.txt").status_code == 400


def test_pages_of_checkpoints_and_witnesses_say_who_saw_what(client, session, city, settings):
    from doublerandom.dr1.checkpoints import cosign_checkpoint, witness_key

    assert "还没有见证方" in text_of(client, "/log/witnesses")
    draw = city.committed()
    head = queries.latest_checkpoint(session)
    private = keys.log_key(settings)  # any key will do
    line = cosign_checkpoint(head.note, "w.test/one", private, hours(-1))
    key = witness_key("w.test/one", private.public_key().public_bytes_raw())
    with transaction(session):
        session.add(Cosignature(size=head.size, key=key, line=line, signed_at=hours(-1), at=hours(-1)))

    for page in ("/log", "/log/checkpoints", "/log/checkpoints?kept=1", "/log/witnesses"):
        assert "w.test/one" in text_of(client, page)
    assert rows(text_of(client, "/log/checkpoints?kept=1")) == 1
    assert text_of(client, "/log/checkpoint") == head.note + line
    told = client.get(f"/log/draws/{draw.number}.json").get_json()
    assert set(told) == {"plan", "signatures"}
    assert client.get("/log/draws/nobody.json").status_code == 400
    assert client.get("/log/lists/zz.json").status_code == 400
