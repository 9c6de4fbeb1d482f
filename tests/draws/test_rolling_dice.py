"""Dice are rolled before a witness and typed by two persons; nothing gives an unfinished entry away."""

from datetime import timedelta

import pytest
from draws.a_city import DUE, ROLLS, hours

from doublerandom.accounts.services import create_user
from doublerandom.draws import queries, services
from doublerandom.draws.errors import (
    DiceDifferError,
    ObservationRefusedError,
    SamePersonError,
    SecondValueError,
    WitnessNeededError,
    WitnessNotFoundError,
    WitnessRefusedError,
    WitnessTypesError,
    WrongDrawStateError,
    WrongTimeError,
)
from doublerandom.ledger import queries as ledger

OTHERS = {"rolls": [1] * 40}
SHORT = {"rolls": ROLLS["rolls"][:39]}
DOTTED = ".".join(map(str, ROLLS["rolls"]))


def name(city, draw, *told, by="li", at=DUE):
    return services.name_witness(
        city.session, draw, **dict(zip(("name", "office"), told, strict=False)), by=by, at=at
    )


def roll(city, draw, value=ROLLS, *, by, at=DUE, **how):
    services.type_dice(city.session, draw, n=0, value=value, settings=city.settings, by=by, at=at, **how)


def acts(city, draw):
    return ledger.acts_on(city.session, "draw", draw.number)


def test_a_witness_is_named_first_and_does_not_type(city):
    draw = city.committed().number
    for username, person in (("li", "李计划"), ("sun", "孙见证")):
        known = {"body_token": "hz-scjg", "roles": ["planner"], "password": "correct horse battery"}
        create_user(
            city.session, username=username, person=username, name=person, **known, by="system", at=DUE
        )
    with pytest.raises(WitnessNeededError):
        roll(city, draw, by="li")
    for wrong in ("李计划", "wang", "  ", "a\u202eb"):
        with pytest.raises(WitnessRefusedError):
            name(city, draw, wrong)

    mistaken = name(city, draw, " 孙见证 ", "消费者\u3000协会")
    assert (mistaken.name, mistaken.office) == ("孙见证", "消费者 协会")
    with pytest.raises(WitnessRefusedError):
        name(city, draw, "孙见证", "消费者 协会")
    with pytest.raises(WitnessTypesError):
        roll(city, draw, by="sun")
    services.strike_witness(city.session, draw, mistaken.id, by="wang", at=DUE)
    with pytest.raises(WitnessNotFoundError):
        services.strike_witness(city.session, draw, mistaken.id, by="wang", at=DUE)
    with pytest.raises(WitnessNeededError):
        roll(city, draw, by="li")

    witness = name(city, draw, "孙见证")
    row = queries.draw(city.session, draw)
    assert [one.id for one in queries.witnesses(city.session, row)] == [witness.id]
    assert [bool(one.struck_at) for one in queries.witnesses(city.session, row, struck=True)] == [True, False]
    roll(city, draw, by="li")
    roll(city, draw, by="wang")
    with pytest.raises(WrongDrawStateError):
        services.strike_witness(city.session, draw, witness.id, by="wang", at=DUE)


def test_nothing_on_record_gives_the_first_entry_away(city):
    draw = city.committed()
    name(city, draw, "孙见证")
    roll(city, draw, by="li", confirmed=False)
    assert not queries.first_entries(city.session, draw)
    with pytest.raises(WrongTimeError):
        roll(city, draw, by="li", at=DUE - timedelta(seconds=1), confirmed=False)
    with pytest.raises(ObservationRefusedError):
        roll(city, draw, SHORT, by="li", confirmed=False)

    roll(city, draw, by="li")
    with pytest.raises(SamePersonError):
        roll(city, draw, by="li", confirmed=False)
    with pytest.raises(DiceDifferError):
        roll(city, draw, OTHERS, by="wang")
    roll(city, draw, by="wang", at=hours(0.1))

    row = queries.draw(city.session, draw.number)
    facts = " ".join(act.facts for act in acts(city, draw))
    for rolls in (ROLLS["rolls"], OTHERS["rolls"]):
        assert ",".join(map(str, rolls[:20])) not in facts
    assert DOTTED not in facts
    told = queries.refusals(city.session, row)
    assert [refusal.rule for refusal in told] == [
        "wrong_time",
        "observation_refused",
        "same_person",
        "dice_differ",
    ]
    assert all(refusal.value.startswith("H=") for refusal in told[:3])
    assert (told[3].first, told[3].value, told[3].first_by, told[3].by) == ("", "", "li", "wang")

    roll(city, draw, by="li", at=hours(0.2))

    last = queries.refusals(city.session, row)[3]
    assert (last.first, last.value) == (f"dice:d10:{DOTTED}", "dice:d10:" + ".".join("1" * 40))
    city.run(queries.draw(city.session, draw.number), at=hours(0.3))
    with pytest.raises(WrongDrawStateError):
        roll(city, draw, by="wang", at=hours(0.4))
    assert queries.refusals(city.session, row)[-1].rule == "wrong_draw_state"


def test_a_second_value_is_on_record_before_the_draw_runs(city):
    draw = city.observe(city.committed())
    name(city, draw, "孙见证")

    with pytest.raises(SecondValueError):
        roll(city, draw, OTHERS, by="li", confirmed=False)

    assert [refusal.rule for refusal in queries.refusals(city.session, draw)] == ["second_value"]
