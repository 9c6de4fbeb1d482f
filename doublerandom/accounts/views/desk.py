"""The desk, and the own account."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from doublerandom import web
from doublerandom.accounts.views.blueprint import bp
from doublerandom.accounts.views.words import ROLE_NAMES


@bp.get("/desk")
@web.requires()
def desk() -> ResponseReturnValue:
    """What needs you today, by deadline."""
    return render_template("accounts/desk.html", due=due_today())


def due_today() -> list[web.DueItem]:
    """What waits for whoever is signed in, out of all rooms, the earliest deadline first."""
    session, user = web.db_session(), web.current_user()
    found: list[web.DueItem] = []
    for provider in current_app.config["DUE_PROVIDERS"]:
        items: Iterable[web.DueItem] = provider(session, user)
        found.extend(items)
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda item: (item.deadline or never, item.room, item.url))


@bp.get("/me")
@web.requires()
def me() -> ResponseReturnValue:
    """The own account: body, roles, certificate."""
    return render_template("accounts/me.html", role_names=ROLE_NAMES)
