"""From plan line to reveal, and the bundle that a stranger verifies at every step."""

from datetime import timedelta

from draws.a_city import hours

from doublerandom.dr1.verification import verify_bundle
from doublerandom.draws import bundles, queries
from doublerandom.draws.models import DrawStatus


def verdicts(city, draw, at, **options):
    report = verify_bundle(bundles.bundle(city.session, draw, settings=city.settings, **options), now=at)
    failed = [check for check in report.checks if check.status == "failed"]
    assert not failed, failed
    return report


def test_a_draw_goes_from_plan_line_to_reveal(city):
    draw = city.prepare()
    assert draw.status is DrawStatus.PREPARED
    city.sign(draw, "operator", "li")
    draw = city.sign(draw, "supervisor", "wang")
    assert draw.status is DrawStatus.COMMITTED
    assert verdicts(city, draw, hours(-1)).exit_status == 2
    city.observe(draw)
    draw = city.run(draw)
    assert draw.status is DrawStatus.DRAWN
    assert draw.tasks == sum(stratum["take"] for stratum in queries.plan_of(draw)["strata"])
    assert verdicts(city, draw, hours(1)).exit_status == 2
    draw = city.reveal(draw)
    report = verdicts(city, draw, draw.reveal_by - timedelta(seconds=30))
    open_checks = [check.number for check in report.checks if check.status == "not_checkable"]
    assert open_checks == [4, 13]
