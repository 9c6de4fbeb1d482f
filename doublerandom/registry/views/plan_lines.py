"""The lines of an annual plan: shown, drafted, taken out, computed from pool and rules."""

from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.errors import ConflictingStateError
from doublerandom.registry import names, queries, services
from doublerandom.registry.errors import PlanLineNotFoundError
from doublerandom.registry.forms.plans import PlanLineForm
from doublerandom.registry.models import AnnualPlan, PlanLine
from doublerandom.registry.plan_lines import days_of_line
from doublerandom.registry.structure_words import value_words
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.plans import (
    FIELD_NAMES,
    READERS,
    STATUS,
    done,
    may_plan,
    own_plan,
    plan_in_sight,
)
from doublerandom.web import current_person, db_session, flash_done, requires

NAV: Final[list[Any]] = []


def _line(found: AnnualPlan, line_id: int) -> PlanLine:
    """A line of this plan, or PlanLineNotFoundError."""
    line = queries.plan_line_by_id(db_session(), line_id)
    if line.plan_id != found.id or line.dropped:
        raise PlanLineNotFoundError(value=line_id)
    return line


@bp.get("/registry/plans/<int:plan_id>/lines/<int:line_id>")
@requires(*READERS)
def plan_line(plan_id: int, line_id: int) -> ResponseReturnValue:
    """One line: what it says, its items, what pool and rules give."""
    session, found = db_session(), plan_in_sight(plan_id)
    line = _line(found, line_id)
    scope = names.scope_words(
        line.filter, accounts_queries.region_names(session, names.regions_of_scope(line.filter))
    )
    return render_template(
        "registry/plan_line.html",
        plan=found,
        line=line,
        status=STATUS,
        drafting=may_plan(found) and found.status.value == "draft",
        computing=may_plan(found) and found.status.value not in {"amended", "closed"},
        field_names=FIELD_NAMES,
        value_words=value_words,
        scope_words=scope,
        span=days_of_line(line, found.year),
        item_names=queries.item_names(session, line.items),
        in_force={row.code for row in queries.items_in_force(session, on=clock.local(clock.now()).date())},
    )


@bp.get("/registry/plans/<int:plan_id>/lines/new")
@requires("planner")
def new_plan_line(plan_id: int) -> ResponseReturnValue:
    """The form of a new line, with the next number."""
    found = own_plan(plan_id)
    taken = {line.number for line in queries.lines_of_plan(db_session(), plan_id)}
    number = next(n for n in (f"{found.year}-{n:03d}" for n in range(1, 10_000)) if n not in taken)
    return _form(
        found, None, PlanLineForm(None, data={"number": number, "first_month": "1", "last_month": "12"})
    )


@bp.post("/registry/plans/<int:plan_id>/lines")
@requires("planner")
def add_plan_line(plan_id: int) -> ResponseReturnValue:
    """Add a line to a draft."""
    found, form = own_plan(plan_id), PlanLineForm()
    if not form.carries_out(
        lambda: services.add_plan_line(
            db_session(), plan_id, form.line(), by=current_person(), at=clock.now()
        ),
        also=(ConflictingStateError,),
    ):
        return _form(found, None, form), 422
    return done(plan_id, _("已加入任务 %(number)s。", number=form.number.data))


@bp.get("/registry/plans/<int:plan_id>/lines/<int:line_id>/edit")
@requires("planner")
def edit_plan_line(plan_id: int, line_id: int) -> ResponseReturnValue:
    """The form of a line."""
    found = own_plan(plan_id)
    line = _line(found, line_id)
    return _form(found, line, PlanLineForm.of(line))


@bp.post("/registry/plans/<int:plan_id>/lines/<int:line_id>/edit")
@requires("planner")
def save_plan_line(plan_id: int, line_id: int) -> ResponseReturnValue:
    """Save a line of a draft."""
    found, form = own_plan(plan_id), PlanLineForm()
    line = _line(found, line_id)
    if not form.carries_out(
        lambda: services.edit_plan_line(
            db_session(), line_id, form.line(line), by=current_person(), at=clock.now()
        ),
        also=(ConflictingStateError, PlanLineNotFoundError),
    ):
        return _form(found, line, form), 422
    return done(plan_id, _("任务 %(number)s 已保存。", number=form.number.data))


def _form(found: AnnualPlan, line: PlanLine | None, form: PlanLineForm) -> str:
    return render_template("registry/plan_line_form.html", plan=found, line=line, form=form)


@bp.post("/registry/plans/<int:plan_id>/lines/<int:line_id>/drop")
@requires("planner")
def drop_plan_line(plan_id: int, line_id: int) -> ResponseReturnValue:
    """Take a line out of a draft."""
    line = _line(own_plan(plan_id), line_id)
    services.drop_plan_line(db_session(), line_id, by=current_person(), at=clock.now())
    return done(plan_id, _("任务 %(number)s 已从草稿中去掉。", number=line.number))


@bp.post("/registry/plans/<int:plan_id>/lines/<int:line_id>/estimate")
@requires("planner")
def estimate_plan_line(plan_id: int, line_id: int) -> ResponseReturnValue:
    """Compute what pool and rules give for one line."""
    _line(own_plan(plan_id), line_id)
    line = services.compute_plan_line(db_session(), line_id, by=current_person(), at=clock.now())
    assert line.computed is not None
    flash_done(_("测算完成：范围内 %(size)s 户，按细则抽 %(take)s 户。", **_counts(line)))
    return redirect(url_for("registry.plan_line", plan_id=plan_id, line_id=line_id), code=303)


@bp.post("/registry/plans/<int:plan_id>/estimate")
@requires("planner")
def estimate_plan(plan_id: int) -> ResponseReturnValue:
    """Compute all lines of a plan."""
    own_plan(plan_id)
    session = db_session()
    found = [line.id for line in queries.lines_of_plan(session, plan_id)]
    for line_id in found:
        assert line_id is not None
        services.compute_plan_line(session, line_id, by=current_person(), at=clock.now())
    return done(plan_id, _("%(n)s 项任务已测算。", n=len(found)))


def _counts(line: PlanLine) -> dict[str, str]:
    assert line.computed is not None
    return {name: f"{line.computed[name]:,}" for name in ("size", "take")}
