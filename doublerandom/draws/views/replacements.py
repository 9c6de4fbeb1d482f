"""Replacements at the desk: asked for, approved, confirmed with a key; who comes shows at the reveal."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import queries, services
from doublerandom.draws.errors import ReplacementNotFoundError
from doublerandom.draws.forms.replacements import FillForm, InspectorGoneForm, RefusalForm
from doublerandom.draws.forms.signing import PinForm
from doublerandom.draws.models import Draw, Replacement, ReplacementKind, ReplacementState
from doublerandom.draws.plans import is_closed
from doublerandom.draws.reasons import ALL_REASONS, KIND_NAMES
from doublerandom.draws.services.outlook import outlook
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.desk import READERS, draw_seen
from doublerandom.errors import DoubleRandomError
from doublerandom.registry import evidence
from doublerandom.registry.names import seat_name
from doublerandom.web import (
    DueItem,
    Form,
    current_person,
    db_session,
    flash_done,
    has_role,
    requires,
    settings,
)

NAV: Final[tuple[Any, ...]] = ()
ASKING: Final = ("planner", "supervisor")
DECIDING: Final = ("supervisor", "head")
WAITING: Final = {ReplacementState.REQUESTED, ReplacementState.APPROVED}
NAMES: Final[dict[str, Any]] = {"kind_names": KIND_NAMES, "reason_names": ALL_REASONS, "seat_name": seat_name}


@bp.get("/<number>/replacements")
@requires(*READERS)
def replacements(number: str) -> ResponseReturnValue:
    """All requests of a draw with counts, empty seats, and the forms that ask."""
    return _page(draw_seen(number))


def _page(draw: Draw, **forms: Form) -> str:
    session = db_session()
    rows = queries.replacements(session, draw)
    views = queries.task_views(session, [row.task_id for row in rows])
    empty = _empty_places(draw)
    people = {row.requested_by for row in rows} | {row.decided_by for row in rows}
    regions = accounts.region_names(session, {view.region for view in views.values()})
    works = draw.status in queries.IN_WORK and not draw.rehearsal
    return render_template(
        "draws/replacements.html",
        draw=draw,
        rows=[(row, _place(draw, row, views[row.task_id], regions)) for row in rows],
        waiting=[row.id for row in rows if _waits_for_confirmation(row)],
        counts=queries.replacement_counts(session, draw),
        to_visit=queries.places_to_visit(session, draw),
        empty=empty,
        recusals=_recusals(draw) if works and has_role(*ASKING) else 0,
        forms={
            "gone": (forms.get("gone") or InspectorGoneForm(None)).apart("gone"),
            "fill": _fill_form(draw, forms).apart("fill"),
        },
        may_ask=works and has_role(*ASKING),
        may_confirm=works and has_role("supervisor"),
        names=_is_public(draw),
        people=accounts.person_names(session, people - {""}),
        **NAMES,
    )


def _is_public(draw: Draw) -> bool:
    """Whether everybody may read who was drawn: after the reveal, unless the subjects are closed."""
    return draw.revealed_at is not None and not is_closed(queries.plan_of(draw))


def _place(draw: Draw, row: Replacement, task: queries.TaskView, regions: Mapping[str, str]) -> str:
    """What may be told of a request's place: before it is public, region and seat to who decides."""
    seat = [str(seat_name(task.seats[row.seat]))] if row.seat >= 0 else []
    region = regions.get(task.region, task.region)
    if _is_public(draw):
        told = [_("第 %(n)s 项 · %(region)s", n=task.position + 1, region=region), task.stratum, *seat]
    else:
        told = [region, *seat] if has_role(*DECIDING) else []
    return " · ".join(told)


def _recusals(draw: Draw) -> int:
    """How many granted recusals wait to be carried out in a draw."""
    return len(services.recusals_to_carry_out(db_session(), draw, at=clock.now()))


def _empty_places(draw: Draw) -> list[tuple[str, str]]:
    """The empty seats of tasks that wait for their visit: task and seat, and what may be told of them."""
    if draw.status not in queries.IN_WORK:
        return []
    found = [
        (task, number)
        for task in queries.tasks_with_empty_seats(db_session(), draw)
        if task.closed_at is None
        for number, holder in enumerate(task.team)
        if not holder
    ]
    regions = accounts.region_names(db_session(), {task.region for task, _number in found})
    return [
        (
            f"{task.id}-{number}",
            _(
                "第 %(n)s 项 · %(region)s · %(seat)s",
                n=task.position + 1,
                region=regions.get(task.region, task.region),
                seat=seat_name(task.seats[number]),
            ),
        )
        for task, number in found
    ]


def _fill_form(draw: Draw, forms: dict[str, Form]) -> Form:
    form = forms.get("fill") or FillForm(None)
    form["place"].choices = _empty_places(draw)
    return form


@bp.post("/<number>/replacements/inspector")
@requires(*ASKING)
def replace_inspector(number: str) -> ResponseReturnValue:
    """Ask to replace an inspector at all open places; how many they are is all that is told."""
    draw, form, asked = draw_seen(number), InspectorGoneForm(), []
    if not form.carries_out(lambda: asked.extend(_ask_for(draw, form)), also=(DoubleRandomError,)):
        return _page(draw, gone=form), 422
    flash_done(_("已提交 %(n)s 项更换申请，等待监督员确认。", n=len(asked)))
    return redirect(url_for("draws.replacements", number=number), code=303)


def _ask_for(draw: Draw, form: InspectorGoneForm) -> list[Replacement]:
    upload = form.document.data
    document = (upload.filename or "", upload.read(evidence.LARGEST + 1)) if upload else None
    return services.request_for_inspector(
        db_session(),
        draw.number,
        certificate=form.certificate.data,
        grounds=services.Grounds(form.reason.data, form.statement.data or "", document),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )


@bp.post("/<number>/replacements/seat")
@requires(*ASKING)
def fill_seat(number: str) -> ResponseReturnValue:
    """Ask to fill an empty seat: by the next in order, or directly where a certificate number is given."""
    draw, form = draw_seen(number), FillForm()
    _fill_form(draw, {"fill": form})
    if not form.carries_out(lambda: _fill(form), also=(DoubleRandomError,)):
        return _page(draw, fill=form), 422
    flash_done(_("填补席位的申请已提交。"))
    return redirect(url_for("draws.replacements", number=number), code=303)


def _fill(form: FillForm) -> None:
    task, _dash, seat = form.place.data.partition("-")
    direct = (form.certificate.data or "").strip().upper()
    services.request_replacement(
        db_session(),
        int(task),
        kind=ReplacementKind.DIRECT if direct else ReplacementKind.INSPECTOR,
        seat=int(seat),
        direct=direct,
        grounds=services.Grounds(form.reason.data if direct else "empty", form.statement.data or ""),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )


@bp.post("/<number>/replacements/recusals")
@requires(*ASKING)
def take_up_recusals(number: str) -> ResponseReturnValue:
    """Ask to replace everybody whose recusal the head granted since the draw."""
    draw = draw_seen(number)
    done = services.take_up_recusals(db_session(), draw.number, settings=settings(), at=clock.now())
    flash_done(_("已提交 %(n)s 项更换申请，等待监督员确认。", n=len(done)))
    return redirect(url_for("draws.replacements", number=number), code=303)


@bp.get("/<number>/replacements/<int:replacement_id>")
@requires(*READERS)
def replacement(number: str, replacement_id: int) -> ResponseReturnValue:
    """One request, and what whoever is signed in can do about it."""
    return _one(*_seen(number, replacement_id), RefusalForm(None))


def _seen(number: str, replacement_id: int) -> tuple[Draw, Replacement]:
    """A request of a draw in sight, or ReplacementNotFoundError."""
    draw = draw_seen(number)
    found = queries.replacement(db_session(), replacement_id)
    if found.draw_id != draw.id:
        raise ReplacementNotFoundError(id=replacement_id)
    return draw, found


def _one(draw: Draw, found: Replacement, form: RefusalForm) -> str:
    session, person = db_session(), current_person()
    task = queries.task_view(session, found.task_id)
    people = {found.requested_by, found.approved_by, found.decided_by} - {""}
    waits, another = found.state in WAITING, found.requested_by != person
    return render_template(
        "draws/replacement.html",
        draw=draw,
        row=found,
        place=_place(draw, found, task, accounts.region_names(session, {task.region})),
        form=form,
        names=_is_public(draw),
        people=accounts.person_names(session, people),
        may_approve=waits and another and _waits_for_head(found) and has_role("head"),
        may_confirm=_waits_for_confirmation(found) and another and has_role("supervisor"),
        may_refuse=waits and another and has_role(*DECIDING),
        may_withdraw=waits and not another,
        sees_particulars=has_role(*DECIDING) or not another,
        **NAMES,
    )


def _waits_for_head(row: Replacement) -> bool:
    return row.kind is ReplacementKind.DIRECT and row.state is ReplacementState.REQUESTED


def _waits_for_confirmation(row: Replacement) -> bool:
    return row.state in WAITING and not _waits_for_head(row)


@bp.get("/<number>/replacements/<int:replacement_id>/evidence")
@requires(*READERS)
def replacement_evidence(number: str, replacement_id: int) -> ResponseReturnValue:
    """The document of a request, for those who decide and who brought it; the look is on record."""
    draw, found = _seen(number, replacement_id)
    if not found.evidence_file or not (has_role(*DECIDING) or found.requested_by == current_person()):
        raise ReplacementNotFoundError(id=replacement_id)
    services.note_evidence_seen(db_session(), draw.number, found, by=current_person(), at=clock.now())
    content, media, ending = evidence.evidence(found.evidence_file, settings=settings())
    answer = Response(content, content_type=media)
    answer.headers["Content-Disposition"] = f"attachment; filename=replacement-{replacement_id}.{ending}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<number>/replacements/<int:replacement_id>/approval")
@requires("head", fresh=True)
def approve_direct(number: str, replacement_id: int) -> ResponseReturnValue:
    """The head approves a direct assignment."""
    _seen(number, replacement_id)
    services.approve_direct(db_session(), replacement_id, by=current_person(), at=clock.now())
    flash_done(_("直接指派已批准，等待监督员确认。"))
    return redirect(url_for("draws.replacements", number=number), code=303)


@bp.post("/<number>/replacements/<int:replacement_id>/refusal")
@requires(*DECIDING, fresh=True)
def refuse_replacement(number: str, replacement_id: int) -> ResponseReturnValue:
    """Refuse a request."""
    draw, found = _seen(number, replacement_id)
    form = RefusalForm()
    if not form.carries_out(lambda: _refuse(replacement_id, form), also=(DoubleRandomError,)):
        return _one(draw, found, form), 422
    flash_done(_("申请未予同意，已告知申请人。"))
    return redirect(url_for("draws.replacements", number=number), code=303)


def _refuse(replacement_id: int, form: RefusalForm) -> None:
    services.refuse_replacement(
        db_session(), replacement_id, reason=form.reason.data, by=current_person(), at=clock.now()
    )


@bp.post("/<number>/replacements/<int:replacement_id>/withdrawal")
@requires(*ASKING, "head")
def withdraw_replacement(number: str, replacement_id: int) -> ResponseReturnValue:
    """Take an own request back."""
    _seen(number, replacement_id)
    services.withdraw_replacement(db_session(), replacement_id, by=current_person(), at=clock.now())
    flash_done(_("更换申请已撤回。"))
    return redirect(url_for("draws.replacements", number=number), code=303)


@bp.get("/<number>/replacements/confirmation")
@requires("supervisor", fresh=True)
def confirm_replacements(number: str) -> ResponseReturnValue:
    """What will be on record with the confirmation, in its words, and where the PIN is typed."""
    return _confirmation(draw_seen(number), PinForm(None))


def _chosen(draw: Draw) -> list[Replacement]:
    """The ticked requests that wait, those of subjects last; raises ReplacementNotFoundError for none."""
    wanted = {int(text) for text in request.values.getlist("id") if text.isascii() and text.isdigit()}
    rows = [row for row in queries.replacements(db_session(), draw) if row.id in wanted]
    found = [row for row in reversed(rows) if _waits_for_confirmation(row)]
    if not found:
        raise ReplacementNotFoundError(id=",".join(map(str, sorted(wanted))))
    return sorted(found, key=lambda row: row.kind is ReplacementKind.SUBJECT)


def _confirmation(draw: Draw, form: PinForm) -> str:
    session, rows = db_session(), _chosen(draw)
    views = queries.task_views(session, [row.task_id for row in rows])
    people = {row.requested_by for row in rows} | {row.approved_by for row in rows}
    regions = accounts.region_names(session, {view.region for view in views.values()})
    places = {row.id: _place(draw, row, views[row.task_id], regions) for row in rows}
    return render_template(
        "draws/replacements_confirm.html",
        draw=draw,
        rows=[(row, views[row.task_id]) for row in rows],
        first=queries.last_number(session, draw) + 1,
        outlook=outlook(session, draw, rows[0], settings=settings(), at=clock.now())
        if len(rows) == 1
        else None,
        form=form,
        people=accounts.person_names(session, people - {""}),
        places=places,
        **NAMES,
    )


def _outlook(draw: Draw, row: Replacement) -> Any:
    return outlook(db_session(), draw, row, settings=settings(), at=clock.now())


@bp.post("/<number>/replacements/confirmation")
@requires("supervisor", fresh=True)
def put_replacements(number: str) -> ResponseReturnValue:
    """Confirm the requests with the signing PIN: logged first, then the tasks follow."""
    draw, form = draw_seen(number), PinForm()
    chosen = [row.id for row in _chosen(draw) if row.id is not None]
    if not form.carries_out(lambda: _confirm(chosen, form), also=(DoubleRandomError,)):
        return _confirmation(draw_seen(number), form), 422
    flash_done(_("已确认 %(n)s 项更换，写入存证日志；有关人员已收到消息。", n=len(chosen)))
    return redirect(url_for("draws.replacements", number=number), code=303)


def _confirm(chosen: list[int], form: PinForm) -> None:
    services.confirm_replacements(
        db_session(), chosen, pin=form.pin.data, settings=settings(), by=current_person(), at=clock.now()
    )


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits: for supervisors to confirm, for heads to approve."""
    roles = user.acting_roles
    if not roles & {"supervisor", "head"}:
        return
    for row, draw in queries.replacements_waiting(session, sight=accounts.sight(user)):
        head = _waits_for_head(row)
        if ("head" if head else "supervisor") in roles and row.requested_by != user.person:
            yield DueItem(
                "draws",
                f"{draw.title} · {KIND_NAMES[row.kind.value]}",
                url_for("draws.replacement", number=draw.number, replacement_id=row.id),
                act=_("批准直接指派") if head else _("确认更换"),
            )
