"""检查台账: visits of any body to subjects in sight, entered, corrected, and what is left of each cap."""

import secrets
from datetime import date
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.db import transaction
from doublerandom.registry import evidence, queries, services
from doublerandom.registry.errors import RuleSetNotFoundError, SubjectNotFoundError
from doublerandom.registry.errors.visits import VisitNotFoundError
from doublerandom.registry.forms.visits import (
    FOUND_NAMES,
    LEVEL_NAMES,
    VisitCorrectionForm,
    VisitEntryForm,
    VisitForm,
    with_bodies,
)
from doublerandom.registry.models import Subject, Visit
from doublerandom.registry.queries.visits import visit as visit_by_id
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.subjects_list import sees_class
from doublerandom.registry.visit_checks import VisitFacts
from doublerandom.registry.visit_kinds import EXEMPT_GROUNDS, KINDS, counts
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

READERS = ("registrar", "planner", "head", "supervisor", "overseer", "auditor")
SIZE = 50
NAV = [NavLink("registry", "registry.visits", _l("检查台账"), "journal-check", READERS)]
CAP_NAMES = {
    "per_year": _l("全年各机关合计"),
    "per_level": _l("全年同级机关合计"),
    "per_agency": _l("全年本机关"),
    "low_risk": _l("低风险对象全年"),
    "cool_down_days": _l("检查间隔"),
    "drawn_years": _l("抽中后不再抽取"),
    "upper_level_days": _l("上级检查后不重复"),
}
SPAN_NAMES = {"day": _l("当天"), "week": _l("近 7 天"), "month": _l("近 31 天")}
NAMES = {
    "kinds": KINDS,
    "exempt_names": EXEMPT_GROUNDS,
    "cap_names": CAP_NAMES,
    "span_names": SPAN_NAMES,
    "level_names": LEVEL_NAMES,
    "counts": counts,
}


def _sight() -> accounts.Sight:
    return accounts.sight(current_user())


def rules_of(session: Session, body: accounts.Body, on: date) -> dict[str, Any] | None:
    """The rules in force for a body, where they are complete enough to speak of caps."""
    try:
        rules = dict(queries.rule_set_in_force(session, body=body, on=on).rules)
    except RuleSetNotFoundError:
        return None
    return rules if {"caps", "strata"} <= rules.keys() else None


def visits_of_subject(session: Session, subject: Subject, body: accounts.Body, on: date) -> dict[str, Any]:
    """
    What `registry/_visits.html` shows of a subject: visits of any body, what is left of each cap, warnings.

    The cap of low risk tells the credit class: who may not see that sees none of it.

    Args:
        session: Where to read.
        subject: Whose page it is.
        body: By whose rules caps are counted.
        on: The day that is asked about; later visits are left out.
    """
    assert subject.id is not None
    rules = rules_of(session, body, on)
    caps = rules["caps"] if rules else {}
    rows = [row for row in queries.visits_of(session, subject.id) if row.visited_on <= on]
    uses = queries.cap_use(session, subject, body=body, rules=rules, on=on) if rules else []
    warned = queries.frequent_visits(
        session, warn=caps.get("warn", {}), on=on, subject_id=subject.operator_id or subject.id
    )
    return {
        "visits": rows,
        "caps": caps,
        "cap_uses": [use for use in uses if use.cap != "low_risk" or sees_class()],
        "frequent": warned,
        "body_names": accounts.body_names(session),
        **NAMES,
    }


def _asked() -> queries.VisitFilter:
    """What the address asks for; days that are none ask for nothing."""
    words = {name: request.args.get(name, "").strip()[:64] for name in ("kind", "subject", "inspector")}
    return queries.VisitFilter(
        body_id=whole_argument("body"),
        first=_day("first"),
        last=_day("last"),
        exempt=request.args.get("exempt") == "1",
        superseded=request.args.get("superseded") == "1",
        **words,
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _after() -> str:
    """The key of the page before, where the address holds one."""
    day, _colon, number = request.args.get("after", "").partition(":")
    try:
        return f"{date.fromisoformat(day).isoformat()}:{int(number)}"
    except ValueError:
        return ""


@bp.get("/registry/visits")
@requires(*READERS)
def visits() -> ResponseReturnValue:
    """Every visit to subjects in sight, newest first, by filters."""
    session, wanted, sight = db_session(), _asked(), _sight()
    bodies = accounts.body_names(session)
    if kind := wanted_format():
        found = queries.visits_listed(session, wanted, sight=sight, limit=None)
        return _file(found, bodies, kind)
    rows = queries.visits_listed(session, wanted, sight=sight, after=_after(), limit=SIZE + 1)
    body, today = accounts.body_by_id(session, _sight().body_id), clock.local(clock.now()).date()
    rules = rules_of(session, body, today)
    caps = rules["caps"] if rules else {}
    frequent = queries.frequent_visits(session, warn=caps.get("warn", {}), on=today, sight=sight)
    return render_template(
        "registry/visits.html",
        page=Page.cut(rows, SIZE, key=queries.visit_key),
        bodies=bodies,
        caps=caps,
        frequent=frequent,
        subjects=queries.subjects_by_ids(session, {row.subject_id for row in frequent}),
        **NAMES,
    )


def _file(rows: list[tuple[Visit, Subject]], bodies: dict[int, str], kind: str) -> Response:
    header = (
        *(_("检查日期"), _("检查时间"), _("统一社会信用代码"), _("名称"), _("检查机关"), _("检查类型")),
        *(_("检查事项"), _("检查人员证号"), _("是否发现问题"), _("计入频次"), _("豁免事由"), _("豁免依据")),
        *(_("来源"), _("已被更正")),
    )
    cells = (_cells(*row, bodies) for row in rows)
    return list_file(_("检查台账"), header, cells, kind=kind)


def _cells(row: Visit, subject: Subject, bodies: dict[int, str]) -> tuple[Any, ...]:
    return (
        *(row.visited_on, row.time, subject.code, subject.name, bodies.get(row.body_id or 0, row.outside)),
        *(KINDS.get(row.kind, row.kind), row.items, row.inspectors, row.found, row.counts),
        *(EXEMPT_GROUNDS.get(row.exempt, ""), row.evidence, row.source.partition(":")[0], row.superseded),
    )


@bp.get("/registry/visits/<int:visit_id>")
@requires(*READERS)
def visit(visit_id: int) -> ResponseReturnValue:
    """One visit, how it was recorded and corrected."""
    return _visit_page(visit_id, None)


def _visit_page(visit_id: int, form: VisitForm | None) -> str:
    session, sight = db_session(), _sight()
    row = visit_by_id(session, visit_id, sight=sight)
    history = queries.visit_history(session, row)
    keeps = _keeps(session, row)
    return render_template(
        "registry/visit.html",
        visit=row,
        subject=queries.subject_by_id(session, row.subject_id),
        history=history,
        people=accounts.person_names(session, {each.by for each in history}),
        bodies=accounts.body_names(session),
        form=(form or _filled(session, row)) if keeps else None,
        found_names=FOUND_NAMES,
        **NAMES,
    )


def _keeps(session: Session, row: Visit) -> bool:
    """Whether who is signed in may correct the visit: a registrar of the body that made or entered it."""
    if row.superseded or row.source.startswith("task:") or "registrar" not in _sight().roles:
        return False
    body_id = row.body_id or _recorder(session, row)
    return body_id is not None and _sight().sees_body(accounts.body_by_id(session, body_id).path)


def _recorder(session: Session, row: Visit) -> int | None:
    """The body that told of a visit: whose system sent it, or whose account entered it; None: no body."""
    room, _key, rest = row.source.partition(":")
    if room == "api":
        return int(rest.partition(":")[0])
    person = accounts.user_or_none(session, row.by)
    return person.body_id if person else None


def _choices(session: Session) -> list[tuple[Any, str]]:
    """The own body and those below it; others come from their own systems or as bodies outside."""
    return [(body.id, body.name) for body in accounts.bodies(session, below=_sight().body_path)]


def _filled(session: Session, row: Visit) -> VisitForm:
    form = VisitCorrectionForm(
        formdata=None,
        data={
            **row.model_dump(),
            "body": str(row.body_id or ""),
            "items": "、".join(row.items),
            "inspectors": "、".join(row.inspectors),
            "found": {True: "yes", False: "no", None: ""}[row.found],
        },
    )
    return with_bodies(form, _choices(session))


@bp.get("/registry/visits/new")
@requires("registrar")
def new_visit() -> ResponseReturnValue:
    """The form for a visit that no system tells."""
    data = {"subject": request.args.get("subject", "")[:31], "body": str(_sight().body_id)}
    form = with_bodies(VisitEntryForm(data=data), _choices(db_session()))
    return render_template("registry/visit_form.html", form=form)


@bp.post("/registry/visits/new")
@requires("registrar")
def add_visit() -> ResponseReturnValue:
    """Record a visit to a subject in sight by hand."""
    session = db_session()
    form, made = VisitEntryForm(), []
    with_bodies(form, _choices(session))
    if not form.carries_out(lambda: made.append(_add(session, form)), also=(SubjectNotFoundError,)):
        return render_template("registry/visit_form.html", form=form), 422
    flash_done(_("检查已登记。"))
    return redirect(url_for("registry.visit", visit_id=made[0].id), code=303)


def _add(session: Session, form: VisitEntryForm) -> Visit:
    now = clock.now()
    code = form.subject.data.strip().upper()
    queries.subject_in_sight(session, code, sight=_sight())
    with transaction(session):
        facts = _facts(session, form)
        return services.enter_visit(
            session, code, facts, source=f"desk:{secrets.token_hex(12)}", by=current_person(), at=now
        )


def _facts(session: Session, form: VisitForm, kept: str = "") -> VisitFacts:
    """What was filled in; a document is kept in the same transaction."""
    body = int(form.body.data) if form.body.data else None
    sha256, upload = kept, form.document.data
    if upload:
        name, content = upload.filename or "", upload.read(evidence.LARGEST + 1)
        sha256 = evidence.keep_evidence(session, content, name=name, settings=settings(), at=clock.now())
    return VisitFacts(
        visited_on=form.visited_on.data,
        body_id=body,
        outside="" if body else (form.outside.data or "").strip(),
        level="" if body else form.level.data,
        time=(form.time.data or "").strip(),
        items=_parts(form.items.data),
        inspectors=_parts(form.inspectors.data),
        kind=form.kind.data,
        counts=form.counts.data,
        exempt=form.exempt.data,
        evidence=form.evidence.data or "",
        evidence_file=sha256,
        found={"yes": True, "no": False}.get(form.found.data),
    )


def _parts(text: str | None) -> tuple[str, ...]:
    separated = (text or "").translate(str.maketrans("，,;；\n", "、、、、、"))
    return tuple(dict.fromkeys(part.strip() for part in separated.split("、") if part.strip()))


@bp.post("/registry/visits/<int:visit_id>/correction")
@requires("registrar")
def correct_visit(visit_id: int) -> ResponseReturnValue:
    """Put a right row in the place of a wrong one."""
    session = db_session()
    row = visit_by_id(session, visit_id, sight=_sight())
    if not _keeps(session, row):
        raise VisitNotFoundError(value=visit_id)
    form, made = VisitCorrectionForm(), []
    with_bodies(form, _choices(session))
    if not form.carries_out(lambda: made.append(_correct(session, row, form))):
        return _visit_page(visit_id, form), 422
    flash_done(_("检查记录已更正，原记录保留可查。"))
    return redirect(url_for("registry.visit", visit_id=made[0].id), code=303)


def _correct(session: Session, row: Visit, form: VisitCorrectionForm) -> Visit:
    assert row.id is not None
    with transaction(session):
        return services.correct_visit(
            session,
            row.id,
            _facts(session, form, row.evidence_file),
            reason=form.reason.data,
            by=current_person(),
            at=clock.now(),
        )


@bp.get("/registry/visits/<int:visit_id>/evidence")
@requires(*READERS)
def visit_evidence(visit_id: int) -> ResponseReturnValue:
    """The document that proves an exemption."""
    row = visit_by_id(db_session(), visit_id, sight=_sight())
    if not row.evidence_file:
        raise VisitNotFoundError(value=visit_id)
    return document_answer(row.evidence_file, f"visit-{visit_id}")


def document_answer(sha256: str, name: str) -> Response:
    """A kept document as an attachment, of the type that its content has."""
    content, media, ending = evidence.evidence(sha256, settings=settings())
    answer = Response(content, content_type=media)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.{ending}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
