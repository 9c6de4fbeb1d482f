"""When a visit is to be: shown stays shown; a time that has passed stands for a visit until denied."""

from datetime import timedelta

import pytest
from draws.a_city import a_city, hours, some_rules
from draws.test_replacing import SUBJECT, Office

from doublerandom.draws import queries, services
from doublerandom.draws.errors import (
    NotReplaceableError,
    NotTheLeadError,
    NoVisitError,
    VisitPassedError,
    VisitShownError,
    VisitStatedError,
    VisitTimeError,
)
from doublerandom.draws.models import DrawStatus
from doublerandom.ledger import queries as ledger


def set_time(office, task, visit_at, *, at):
    return services.set_visit_time(
        office.session, task.id, certificate=task.lead, visit_at=visit_at, by="ins", at=at
    )


def deny(office, task, *, at, certificate=""):
    return services.note_no_visit(
        office.session, task.id, certificate=certificate or task.lead, by="ins", at=at
    )


def test_a_visit_whose_subject_was_shown_is_not_put_off(session, settings):
    rules = some_rules(visit={"unannounced": True, "hours_before": 24})
    office = Office(a_city(session, settings, rules=rules))
    task = office.task()

    def hidden(at):
        own = queries.tasks_of_inspector(session, task.lead, at=at)
        return next(view.hidden for view in own if view.id == task.id)

    with pytest.raises(VisitTimeError):
        set_time(office, task, hours(5) + timedelta(minutes=1), at=hours(5))
    set_time(office, task, hours(100), at=hours(5))
    set_time(office, task, hours(200), at=hours(5))
    before = hidden(hours(6))
    set_time(office, task, hours(30), at=hours(6))
    with pytest.raises(VisitShownError):
        set_time(office, task, hours(31), at=hours(7))
    set_time(office, task, hours(29), at=hours(7))
    deny(office, task, at=hours(29))
    with pytest.raises(VisitShownError):
        set_time(office, task, hours(480), at=hours(29.5))

    assert before
    assert not hidden(hours(7))
    assert not hidden(hours(30))


def test_after_the_time_of_a_visit_nothing_is_undone_unless_the_lead_denies_it(city):
    office = Office(city)
    task, other = office.task(), office.task(1)
    set_time(office, task, hours(6), at=hours(5))
    asked = office.ask(task, SUBJECT, "closed")
    late = {"at": hours(7)}

    with pytest.raises(VisitStatedError):
        city.void(office.draw, **late)
    with pytest.raises(NotReplaceableError, match="stated"):
        office.confirm(asked, **late)
    with pytest.raises(VisitPassedError):
        set_time(office, task, hours(20), **late)
    with pytest.raises(NotTheLeadError):
        deny(office, task, certificate=task.team[1], **late)
    with pytest.raises(NoVisitError):
        deny(office, other, **late)
    row = deny(office, task, **late)
    with pytest.raises(NoVisitError):
        deny(office, task, **late)
    office.confirm(asked, **late)

    assert (row.missed_by, row.missed_at) == ("ins", hours(7))
    acts = [act.name for act in ledger.acts_on(city.session, "draw", office.draw.number)]
    assert acts.count("NoVisitStated") == 1
    assert city.void(office.draw, hours(8)).status is DrawStatus.VOIDED
