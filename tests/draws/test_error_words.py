"""What draws refuse is told in words: no code and no time of another zone stands in a sentence."""

import pytest

from doublerandom.draws import errors
from doublerandom.draws.error_texts import TEXTS
from doublerandom.draws.models import DrawStatus

SAMPLES = [
    (errors.WrongDrawStateError(draw="D1", status=DrawStatus.COMMITTED), "已承诺", "committed"),
    (errors.SupersedesError(draw="D1", why="line"), "另一项任务", "another line"),
    (
        errors.WrongTimeError(n=0, after="2026-03-02T04:00:00+00:00", before="2026-03-02T05:00:00+00:00"),
        "2026-03-02 12:00:00（北京时间）",
        "2026-03-02 13:00:00 (Beijing time)",
    ),
    (errors.SecretRefusedError(party="p", why="late"), "已过期限", "too late"),
    (
        errors.NotDueError(draw="D1", due="2026-03-02T04:00:00+00:00"),
        "2026-03-02 12:00:00",
        "2026-03-02 12:00:00",
    ),
    (errors.ObservationRefusedError(n=4, rule="no such source"), "没有这个来源", "no such source"),
    (errors.PlanRefusedError(rule="parties_inside", detail="p"), "须有一方", "one party"),
]


@pytest.mark.parametrize(("error", "zh", "en"), SAMPLES, ids=lambda each: getattr(each, "code", ""))
def test_codes_and_times_are_told_in_words_of_each_language(error, zh, en):
    sentences = [text.format(**error.params) for text in TEXTS[error.code]]

    assert zh in sentences[0]
    assert en in sentences[1]


def test_every_state_of_a_draw_has_words():
    for status in DrawStatus:
        error = errors.WrongDrawStateError(draw="D1", status=status)
        assert f"“{status.value}”" not in TEXTS[error.code][0].format(**error.params)


def test_machines_still_get_the_code():
    assert errors.SecretRefusedError(party="p", why="late").params == {"party": "p", "why": "late"}
