"""A temporary task on its way: approval number, amendment of the plan, publication, then the draw."""

from datetime import date
from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.draws.forms.temporary_tasks import TemporaryTaskForm
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.drafts import own_body
from doublerandom.errors import ConflictingStateError
from doublerandom.registry import queries as registry
from doublerandom.registry import services
from doublerandom.web import current_person, db_session, flash_done, requires

NAV: Final[list[Any]] = []


@bp.get("/new/temporary")
@requires("planner")
def new_temporary() -> ResponseReturnValue:
    """The form of a temporary task, or what has to be done before one can be added."""
    today = clock.local(clock.now()).date()
    return _page(TemporaryTaskForm(None, data={"start": today, "items": []}))


def _page(form: TemporaryTaskForm) -> str:
    session, body = db_session(), own_body()
    assert body.id is not None
    today = clock.local(clock.now()).date()
    versions = registry.plan_versions(session, body_id=body.id, year=today.year)
    drafting = bool(versions) and versions[0].status.value == "draft"
    return render_template(
        "draws/temporary_task.html",
        form=form.offering(_items(today), reasoned=not drafting),
        plan=registry.annual_plan(session, body_id=body.id, year=today.year),
        newest=versions[0] if versions else None,
        year=today.year,
    )


def _items(today: date) -> list[tuple[str, str]]:
    """The items in force, those of the own body first."""
    own = own_body().id
    found = sorted(registry.items_in_force(db_session(), on=today), key=lambda item: item.body_id != own)
    return [(item.code, f"{item.code} {item.name}") for item in found]


@bp.post("/new/temporary")
@requires("planner")
def add_temporary() -> ResponseReturnValue:
    """Put the task into an amendment; it is drawn once the amendment is approved and published."""
    form = TemporaryTaskForm().offering(_items(clock.local(clock.now()).date()), reasoned=False)
    amended: list[Any] = []

    def add() -> None:
        amended.append(
            services.add_temporary_task(
                db_session(),
                form.line(),
                body=own_body(),
                reason=form.reason.data or "",
                by=current_person(),
                at=clock.now(),
            )
        )

    if not form.carries_out(add, also=(ConflictingStateError,)):
        return _page(form), 422
    if amended[0].status.value == "submitted":
        flash_done(_("临时任务已写入修订并提交机关负责人。批准、公布之后即可在“准备抽取”中选用。"))
    else:
        flash_done(_("临时任务已写入正在编制的修订。提交、批准、公布之后即可在“准备抽取”中选用。"))
    return redirect(url_for("registry.plan", plan_id=amended[0].id), code=303)
