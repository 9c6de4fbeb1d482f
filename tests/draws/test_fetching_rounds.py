"""Due rounds are fetched by themselves, once; what relays said is told, and bad answers are on record."""

from datetime import timedelta

import pytest
from draws.a_city import DICE, DRAND, DUE, ROUND, SIGNATURE
from draws.a_relay import a_relay

from doublerandom.draws import queries, services
from doublerandom.draws.services import Fetched
from doublerandom.ledger import queries as ledger

LATER = timedelta(seconds=5)


@pytest.fixture(scope="module")
def relay():
    with a_relay() as relay:
        yield relay


def a_rehearsal(city, **wishes):
    """A rehearsal on a round of 2023, signed by both: a real draw of today has no known signature."""
    draw = city.prepare(due=ROUND, at=ROUND - timedelta(hours=3), rehearsal=True, on=DUE.date(), **wishes)
    for role, by in (("operator", "li"), ("supervisor", "wang")):
        city.sign(draw, role, by, ROUND - timedelta(hours=2))
    return draw


def distrusted(city, draw):
    found = [
        act for act in ledger.acts_on(city.session, "draw", draw.number) if act.name == "RelayDistrusted"
    ]
    return [act.facts for act in found]


def test_a_due_round_is_fetched_verified_and_entered_once(city, relay):
    draw = a_rehearsal(city, randomness=[DRAND])
    relays = [relay / name for name in ("not-yet", "outside", "wrong", "other-round")]
    bad = city.settings.model_copy(update={"drand_relays": ",".join(relays), "drand_seconds": 2})
    good = bad.model_copy(update={"drand_relays": ",".join([relays[1], relay / "good"])})

    def fetch(settings, at):
        return services.fetch_due(city.session, settings, at)

    assert fetch(bad, ROUND) == []  # the round comes three seconds later
    assert fetch(city.settings, ROUND + LATER) == []  # no network
    assert fetch(bad, ROUND + LATER) == [Fetched(draw.number, 0, "missing")]
    assert fetch(bad, ROUND + 2 * LATER) == [Fetched(draw.number, 0, "missing")]
    words = {row.relay: (row.word, row.times) for row in queries.relay_words(city.session, draw)}
    assert words == {
        relays[0]: ("not-yet", 2),
        relays[1]: ("wrong-signature", 2),
        relays[2]: ("wrong-signature", 2),
        relays[3]: ("wrong-round", 2),
    }
    assert len(distrusted(city, draw)) == 3
    assert not queries.observations(city.session, draw)

    hour = timedelta(hours=1)
    assert fetch(bad, ROUND + hour) == [Fetched(draw.number, 0, "missing")]
    assert fetch(bad, ROUND + hour + LATER) == []  # now and then is enough
    assert fetch(good, ROUND + 2 * hour) == [Fetched(draw.number, 0, "taken")]

    (seen,) = queries.observations(city.session, draw)
    assert (seen.value, seen.by) == (SIGNATURE, "system")
    assert fetch(good, ROUND + 3 * hour) == []
    assert queries.refusals(city.session, draw) == []
    assert city.run(queries.draw(city.session, draw.number), at=ROUND + 2 * hour + LATER).result_root


def test_after_its_time_a_round_is_fetched_for_what_would_have_been_drawn(city, relay):
    draw = a_rehearsal(city, randomness=[DRAND, DICE])
    settings = city.settings.model_copy(update={"drand_relays": relay / "good"})
    late = ROUND + timedelta(hours=72, seconds=1)

    assert services.fetch_due(city.session, settings, late) == []
    services.fail_overdue(city.session, at=late)

    assert services.fetch_due(city.session, settings, late) == [Fetched(draw.number, 0, "taken")]
