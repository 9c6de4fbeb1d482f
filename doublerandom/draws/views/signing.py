"""Signing a plan at the desk: what will be on record, the PIN, operator first, then a supervisor."""

import json
from datetime import datetime
from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import desk_words, plans, queries, services
from doublerandom.draws.errors import SignatureLapsedError
from doublerandom.draws.forms.signing import PinForm
from doublerandom.draws.models import Draw, DrawStatus
from doublerandom.draws.next_acts import next_act
from doublerandom.draws.services.signing import why_lapsed
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.desk import draw_seen, plan_told
from doublerandom.errors import DoubleRandomError
from doublerandom.ledger import queries as ledger
from doublerandom.web import (
    current_person,
    current_user,
    db_session,
    flash_done,
    has_role,
    requires,
    settings,
)

NAV: Final[tuple[Any, ...]] = ()
SIGNERS: Final = ("planner", "supervisor")
TURN: Final = {DrawStatus.PREPARED: "operator", DrawStatus.SIGNED: "supervisor"}


@bp.get("/<number>/sign")
@requires(*SIGNERS, fresh=True)
def sign(number: str) -> ResponseReturnValue:
    """What will be on record with the signature, and where the PIN is typed."""
    return _page(draw_seen(number), PinForm())


@bp.post("/<number>/sign")
@requires(*SIGNERS, fresh=True)
def put_signature(number: str) -> ResponseReturnValue:
    """Sign as the one whose turn it is; the second signature commits the plan."""
    draw, form = draw_seen(number), PinForm()
    role = _turn(draw) or "supervisor"
    if not form.carries_out(lambda: _sign(draw, role, form), also=(DoubleRandomError,)):
        if isinstance(form.refusal, SignatureLapsedError):
            db_session().expire_all()
        return _page(draw_seen(number), form), 422
    if role == "operator":
        flash_done(_("已以承办人身份签署，等待监督人签署。"))
    else:
        flash_done(_("两人签署完成，方案已提交承诺。"))
    return redirect(url_for("draws.show", number=number), code=303)


def _turn(draw: Draw) -> str:
    """Whose signature is next; an operator whose first one was overtaken signs anew at once."""
    session, user = db_session(), current_user()
    operator = user is not None and user.body_id == draw.body_id and has_role("planner")
    if draw.status is DrawStatus.SIGNED and operator:
        overtaken = why_lapsed(session, draw, clock.now()) == "overtaken"
        return "operator" if overtaken and not has_role("supervisor") else "supervisor"
    return TURN.get(draw.status, "")


def _sign(draw: Draw, role: str, form: PinForm) -> None:
    services.sign(
        db_session(),
        draw,
        role=role,
        pin=form.pin.data,
        settings=settings(),
        by=current_person(),
        at=clock.now(),
    )


def _page(draw: Draw, form: PinForm) -> str:
    session, now = db_session(), clock.now()
    plan, role = queries.plan_of(draw), _turn(draw)
    lapsing = why_lapsed(session, draw, now) if draw.status is DrawStatus.SIGNED else ""
    signatures = queries.plan_signatures(session, draw)
    return render_template(
        "draws/sign.html",
        draw=draw,
        form=form,
        role=role,
        roles=desk_words.ROLE_NAMES,
        next=next_act(session, draw, at=now),
        refusal_here=_why_not(draw, role),
        lapsing=desk_words.LAPSE_NAMES.get(lapsing, ""),
        keys=_own_keys(role, now),
        signatures=signatures,
        people=accounts.person_names(session, [row.person for row in signatures]),
        record=_record(draw, plan, role) if role else [],
        plan_rows=plan_told(session, plan, unplaced=draw.status is DrawStatus.PREPARED),
        plan_text=json.dumps(plan, ensure_ascii=False, indent=2, sort_keys=True),
        lead=plans.LEAD,
    )


def _why_not(draw: Draw, role: str) -> str:
    """Why whoever is signed in does not sign now, or nothing."""
    session, user = db_session(), current_user()
    assert user is not None
    if not role:
        return str(_("这份方案已经签署完毕，或抽取已经结束。"))
    anew = role == "operator" and draw.status is DrawStatus.SIGNED
    if not anew and any(row.person == user.person for row in queries.plan_signatures(session, draw)):
        return str(_("您已经签署过这份方案；另一个签名必须来自另一个人。"))
    if role == "operator" and not has_role("planner"):
        return str(_("现在轮到承办人（计划员）签署，之后才是监督人。"))
    if role == "supervisor" and not has_role("supervisor"):
        return str(_("现在轮到监督人（监督员）签署。"))
    if role == "operator" and draw.body_id != user.body_id:
        return str(_("承办人须为本次抽取所属机关的计划员。"))
    return ""


def _own_keys(role: str, at: datetime) -> bool:
    """Whether whoever is signed in has a key for that role that signs."""
    found = ledger.signing_keys(db_session(), current_person())
    return any(key.role == role and (key.until is None or key.until > at) for key in found)


def _record(draw: Draw, plan: dict[str, Any], role: str) -> list[tuple[str, Any]]:
    """What will be on record, in the words of the record."""
    session, user = db_session(), current_user()
    assert user is not None
    seq, previous = plan["seq"], plan["previous"]
    if role == "operator":
        seq, previous = queries.next_place(session, draw.body_id)
    take = sum(stratum["take"] for stratum in plan["strata"])
    rows: list[tuple[str, Any]] = [
        (_("记录"), f"PlanSigned · {role}"),
        (_("签署人"), f"{user.name}（{user.person}，{desk_words.ROLE_NAMES[role]}）"),
        (_("抽取编号"), f"{draw.number} {draw.title}"),
        (_("年度计划项"), draw.annual_item),
        (_("抽取户数"), _("%(size)s 户中抽 %(take)s 户", size=plan["subjects"]["size"], take=take)),
    ]
    if not draw.rehearsal:
        rows += [(_("本机关第几次承诺"), f"seq {seq}"), (_("前一份方案"), previous)]
    if role == "supervisor":
        rows.append((_("方案摘要"), draw.plan_hash))
        if not draw.rehearsal:
            entry = {"draw": draw.number, "issuer": plan["issuer"], "plan_hash": draw.plan_hash, "seq": seq}
            rows.append((_("写入存证日志"), json.dumps({"type": "plan", **entry}, ensure_ascii=False)))
    else:
        rows.append((_("方案摘要"), _("签署时连同序号与时间一并确定")))
    return rows
