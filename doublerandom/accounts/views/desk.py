"""The desk: what needs you today."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from doublerandom import clock, web
from doublerandom.accounts import queries
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.words import ROLE_NAMES


@bp.get("/desk")
@web.requires()
def desk() -> ResponseReturnValue:
    """What needs you today, by deadline, and for whom you stand in."""
    user = web.current_user()
    assert user is not None
    lent = user.lent_roles(clock.local(clock.now()).date())
    names = queries.person_names(web.db_session(), lent.values())
    return render_template(
        "accounts/desk.html", due=due_today(), lent=lent, person_names=names, role_names=ROLE_NAMES
    )


def due_today() -> list[web.DueItem]:
    """What waits for whoever is signed in, out of all rooms, the earliest deadline first."""
    session, user = web.db_session(), web.current_user()
    found: list[web.DueItem] = []
    for provider in current_app.config["DUE_PROVIDERS"]:
        items: Iterable[web.DueItem] = provider(session, user)
        found.extend(items)
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda item: (item.deadline or never, item.room, item.url))
