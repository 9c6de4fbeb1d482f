"""People at the city's body in the tests of pages, and the pages they read."""

import html
import re
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from publish.a_result import Results
from visitors import an_account, sign_in
from werkzeug.test import TestResponse

from doublerandom.draws.queries import TaskView

MARKUP = re.compile(r"<[^>]+>")


def text(answer: TestResponse) -> str:
    """What a page says, as a person reads it."""
    return html.unescape(MARKUP.sub("", answer.get_data(as_text=True)))


def an_inspector_at(results: Results, client: FlaskClient, position: int = 0, **facts: Any) -> TaskView:
    """Sign in as the lead of a task, and give the task."""
    task = results.task(position)
    lead = next(member for member in task.team if member)
    an_account(results.session, "lead", roles=["inspector"], certificate=lead, **facts)
    sign_in(client, "lead")
    return task


def somebody(results: Results, client: FlaskClient, role: str, **facts: Any) -> None:
    """Sign in as somebody with one role."""
    an_account(results.session, role.replace("_", "-"), roles=[role], person=role.upper(), **facts)
    sign_in(client, role.replace("_", "-"))


def anew(results: Results) -> Results:
    """The results as the database holds them now, whatever the session read before."""
    results.session.rollback()
    results.session.expire_all()
    return results


def shanghai(moment: datetime) -> str:
    """A time as pages write it."""
    from doublerandom import clock

    return clock.local(moment).strftime("%Y-%m-%d %H:%M")
