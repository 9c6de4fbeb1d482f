"""Facts of which the rules make conflicts, and a preview of the pairs that they would make."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.registry import queries, services
from doublerandom.registry.errors import (
    BadFilterError,
    RuleSetNotFoundError,
    UnknownFilterFieldError,
)
from doublerandom.registry.errors.conflicts import TieNotFoundError
from doublerandom.registry.forms.conflicts import LinkForm, TieForm, TieWithdrawalForm
from doublerandom.registry.grounds import GROUND_NAMES, RELATIONS
from doublerandom.registry.names import line_name
from doublerandom.registry.queries.conflict_preview import ConflictPreview
from doublerandom.registry.rules import merged
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.conflict_records import UNKNOWN, inspector_named
from doublerandom.web import (
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    list_file,
    requires,
    settings,
    wanted_format,
    whole_argument,
)

SIZE = 50
SHOWN = 50
PREVIEWERS = ("planner", "head")
NAV = [
    NavLink("registry", "registry.ties", _l("任职与利益关系"), "briefcase", ("registrar", "head")),
    NavLink("registry", "registry.conflict_preview", _l("回避预览"), "binoculars", PREVIEWERS),
]
NEEDED = ("conflicts", "caps", "team")


def _sight() -> accounts.Sight:
    return accounts.sight(current_user())


@bp.get("/registry/conflicts/ties")
@requires("registrar", "head")
def ties() -> ResponseReturnValue:
    """Where inspectors of the bodies in sight work or worked, own, represent; and the forms for more."""
    if kind := wanted_format():
        return _ties_file(kind)
    return _ties_page()


def _ties_page(**forms: Any) -> str:
    rows = queries.ties_listed(db_session(), sight=_sight(), after=whole_argument("after"), limit=SIZE + 1)
    return render_template(
        "registry/conflict_ties.html",
        page=Page.cut(rows, SIZE, key=lambda row: row[0].id),
        relations=RELATIONS,
        **({"form": TieForm(), "link": LinkForm(), "withdrawal": TieWithdrawalForm()} | forms),
    )


def _ties_file(kind: str) -> Response:
    header = (
        *(_("检查人员证号"), _("检查人员"), _("统一社会信用代码"), _("检查对象"), _("关系")),
        *(_("起始日期"), _("截止日期"), _("已撤回")),
    )
    rows = queries.ties_listed(db_session(), sight=_sight(), limit=None)
    cells = (
        (
            *(inspector.certificate, inspector.name, tie.code, subject.name if subject else ""),
            *(RELATIONS[tie.relation], tie.first_day, tie.last_day, tie.withdrawn_at is not None),
        )
        for tie, inspector, subject in rows
    )
    return list_file(_("任职与利益关系"), header, cells, kind=kind)


@bp.post("/registry/conflicts/ties")
@requires("registrar")
def add_tie() -> ResponseReturnValue:
    """Enter a tie of an inspector of a body in sight."""
    form = TieForm()
    if not form.carries_out(lambda: _add_tie(form), also=UNKNOWN):
        return _ties_page(form=form), 422
    flash_done(_("已登记。细则要求的，今后的抽取据此生成回避。"))
    return redirect(url_for("registry.ties"), code=303)


def _add_tie(form: TieForm) -> None:
    session = db_session()
    services.add_tie(
        session,
        inspector=inspector_named(session, form.inspector.data),
        code=form.code.data,
        relation=form.relation.data,
        first_day=form.first_day.data,
        last_day=form.last_day.data,
        statement=form.statement.data or "",
        by=current_person(),
        at=clock.now(),
    )


@bp.post("/registry/conflicts/links")
@requires("registrar")
def add_link() -> ResponseReturnValue:
    """Note an identifier of a subject, or of an inspector of a body in sight; only its hash is kept."""
    form = LinkForm()
    if not form.carries_out(lambda: _add_link(form), also=UNKNOWN):
        return _ties_page(link=form), 422
    flash_done(_("标识已登记，只保存加密摘要。"))
    return redirect(url_for("registry.ties"), code=303)


def _add_link(form: LinkForm) -> None:
    session, subject = db_session(), (form.owner_subject.data or "").strip().upper()
    services.add_link(
        session,
        kind=form.kind.data,
        text=form.value.data,
        subject=subject,
        inspector="" if subject else inspector_named(session, form.owner_inspector.data or ""),
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )


@bp.post("/registry/conflicts/ties/<int:tie_id>/withdrawal")
@requires("registrar")
def withdraw_tie(tie_id: int) -> ResponseReturnValue:
    """Take back a tie that was entered by mistake."""
    session, form = db_session(), TieWithdrawalForm.valid()
    found = queries.tie(session, tie_id)
    inspector = queries.inspector_by_id(session, found.inspector_id)
    if not _sight().sees_body(accounts.body_by_id(session, inspector.body_id).path):
        raise TieNotFoundError(value=tie_id)
    services.withdraw_tie(session, tie_id, reason=form.reason.data, by=current_person(), at=clock.now())
    flash_done(_("已撤回，原记录保留可查。"))
    return redirect(url_for("registry.ties"), code=303)


@bp.get("/registry/conflicts/preview")
@requires(*PREVIEWERS)
def conflict_preview() -> ResponseReturnValue:
    """Which pairs the rules would make between the pools of a body, and who would be left thin."""
    session = db_session()
    bodies = accounts.bodies(session, below=_sight().body_path)
    own = accounts.body_by_id(session, _sight().body_id)
    body = next((each for each in bodies if each.id == whole_argument("body")), own)
    choices = _choices(session, body)
    scope, preview, problem = request.args.get("scope", "").strip()[:4000], None, None
    try:
        rules = _rules(session, body, request.args.get("rules", ""))
        now = clock.now()
        preview = queries.conflict_preview(
            session, body=body, rules=rules, filter_text=scope, on=clock.local(now).date(), shown_at=now
        )
    except (RuleSetNotFoundError, BadFilterError, UnknownFilterFieldError) as error:
        problem = error
    if preview and (kind := wanted_format()):
        return _preview_file(preview, kind)
    return render_template(
        "registry/conflict_preview.html",
        body=body,
        bodies=bodies,
        choices=choices,
        preview=preview,
        problem=problem,
        shown=SHOWN,
        people={row.certificate: row.name for row in queries.inspectors(session)} if preview else {},
        regions=accounts.region_names(session, _regions(preview)) if preview else {},
        ground_names=GROUND_NAMES,
    ), 422 if problem and not isinstance(problem, RuleSetNotFoundError) else 200


def _regions(preview: ConflictPreview) -> set[str]:
    return {row.region for row in preview.thin} | {row.region for row in preview.thin_regions}


def _choices(session: Session, body: accounts.Body) -> list[tuple[str, str]]:
    """The rule sets that can be tried: what is in force for a line of work, and the body's drafts."""
    words = {"draft": _("草案"), "submitted": _("待批准"), "approved": _("已批准")}
    found = queries.rule_sets_in_sight(session, body=body)
    lines = sorted({row.domain for row in found if row.status.value == "approved"})
    in_force = [(line, _("施行中：%(line)s", line=line_name(line))) for line in lines]
    return in_force + [
        (str(row.id), f"{line_name(row.domain)} · {row.version} · {words.get(row.status.value, '')}")
        for row in found
        if row.body_id == body.id and row.status.value != "approved"
    ]


def _rules(session: Session, body: accounts.Body, asked: str) -> dict[str, Any]:
    """The complete rules that are asked for: a draft over what is in force, or a line's in force."""
    today = clock.local(clock.now()).date()
    if asked.isascii() and asked.isdigit():
        row = queries.rule_set_in_sight(session, int(asked), body=body)
        above = queries.effective_rules(session, body=body, on=today, domain=row.domain)
        rules = merged([row.rules, *([above.rules] if above else [])])
    else:
        rules = queries.rule_set_in_force(session, body=body, on=today, domain=asked).rules
    if not set(NEEDED) <= rules.keys():
        raise RuleSetNotFoundError(body=body.name, on=today.isoformat())
    return dict(rules)


def _preview_file(preview: ConflictPreview, kind: str) -> Response:
    header = (
        *(_("检查人员证号"), _("统一社会信用代码"), _("检查对象"), _("回避事由"), _("硬性")),
        _("会被放宽"),
    )
    rows = (
        (
            *(pair.inspector, pair.subject, preview.names[pair.subject]),
            *(GROUND_NAMES.get(pair.ground, pair.ground), pair.hard, not stands),
        )
        for pair, stands in preview.pairs
    )
    return list_file(_("回避预览"), header, rows, kind=kind)
