"""The first page, and how anyone verifies a draw."""

from pathlib import Path

from flask import current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from doublerandom import clock
from doublerandom.draws import queries as draws_queries
from doublerandom.ledger import queries as ledger_queries
from doublerandom.publish import (
    queries,
    verifier_words,
)
from doublerandom.publish.views.blueprint import bp
from doublerandom.publish.views.places import names_by_id
from doublerandom.registry import queries as registry_queries
from doublerandom.web import (
    db_session,
    public,
)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """What this is, live counts, the next and the latest draws."""
    session, now = db_session(), clock.now()
    return render_template(
        "publish/home.html",
        counts=draws_queries.counts(session, year=clock.local(now).year),
        next_draws=draws_queries.next_draws(session, at=now),
        latest=draws_queries.latest_draws(session),
        subjects=registry_queries.subjects_count(session),
        inspectors=registry_queries.inspectors_count(session),
        items=len(registry_queries.items_in_force(session, on=clock.local(now).date())),
        results=queries.count(session),
        log_size=ledger_queries.log_size(session),
        bodies=names_by_id(session),
    )


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """The verifier that runs in the page, on a bundle dropped there or on that of `draw`, check by check."""
    wanted = request.args.get("draw", "")
    return render_template(
        "publish/verify.html",
        latest=draws_queries.latest_draws(db_session(), limit=3),
        wanted=draws_queries.public_draw(db_session(), wanted).number if wanted else "",
        words=verifier_words.for_page(),
        checks=verifier_words.CHECKS,
    )


@bp.get("/verify.py")
@public
def verify_py() -> ResponseReturnValue:
    """The independent verifier, one file."""
    path = Path(str(current_app.static_folder)) / "verify.py"
    return send_file(path, mimetype="text/x-python", as_attachment=True, download_name="verify.py")
