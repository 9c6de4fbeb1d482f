"""The certificate of a draw: what was committed to, by whom, and what came out, on one official page."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.documents.qr import qr_image
from doublerandom.documents.typesetting import pdf
from doublerandom.draws import plans as draw_plans
from doublerandom.draws import queries as draws_queries
from doublerandom.ledger import queries as ledger_queries
from doublerandom.publish import draw_pages, plan_words
from doublerandom.registry import queries as registry_queries
from doublerandom.web import db_session, lang, outside_url, public
from doublerandom.web.words import hash_groups, local_time, number

bp = Blueprint("certificates", __name__)

STATES = {
    "committed": _l("状态：已承诺，尚未抽取。"),
    "drawn": _l("状态：已抽取，结果已锁定，尚未揭示。"),
    "revealed": _l("状态：已抽取并揭示，任何人都可以验证。"),
    "voided": _l("状态：已作废。"),
    "failed": _l("状态：未能按期完成。"),
}
ROLES = {"operator": _l("经办签名"), "supervisor": _l("监督签名"), "party": _l("秘密值提供方")}


@bp.get("/draws/<number>/certificate.pdf")
@public
def certificate(number: str) -> ResponseReturnValue:
    """The certificate as PDF/A: equal bytes as long as nothing more has happened to the draw."""
    session = db_session()
    found = draws_queries.public_draw(session, number)
    paper = pdf("certificate", values_of(session, found), at=last_moment(found))
    answer = Response(paper, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{number}.pdf")
    return answer


def last_moment(draw: draws_queries.Draw) -> datetime:
    """When the draw last changed its state."""
    steps = (draw.created_at, draw.committed_at, draw.drawn_at, draw.revealed_at, draw.ended_at)
    return max(step for step in steps if step is not None)


def values_of(session: Session, draw: draws_queries.Draw) -> dict[str, Any]:
    """What the certificate of a public draw prints, in the language of the reader; names nobody drawn."""
    plan, pools = draws_queries.plan_of(draw), draws_queries.pool_counts(draw)
    body = accounts_queries.body_by_id(session, draw.body_id)
    issuer = body.name_en if lang() == "en" and body.name_en else body.name
    address = outside_url(url_for("publish.draw", number=draw.number))
    items = [registry_queries.item(session, code).name for code in plan["items"]]
    return {
        "lang": lang(),
        "title": _("随机抽取证书") if draw.drawn_at else _("抽取承诺书"),
        "number": draw.number,
        "number_words": _("抽取编号 %(number)s", number=draw.number),
        "subject": draw.title,
        "issuer": issuer,
        "sentence": _(
            "%(issuer)s从 %(size)s 户检查对象中，按公布的分层比例随机抽取 %(take)s 户，检查：%(items)s。",
            issuer=issuer,
            size=number(pools.size),
            take=number(pools.take),
            items=_("、").join(items),
        ),
        "state": _state(draw),
        "mark": _("演练") if draw.rehearsal else "",
        "facts": _facts(draw, plan, pools),
        **_strata(pools),
        "randomness": _randomness(draw, plan),
        "beacon": [_("随机数原文"), draw.beacon] if draw.beacon else [],
        "hashes": _hashes(session, draw, plan),
        "people": _people(session, draw),
        "words": {
            "what": _("抽取"),
            "strata": _("分层与比例"),
            "randomness": _("随机数"),
            "hashes": _("摘要与存证"),
            "people": _("签名与见证"),
        },
        "how": _(
            "本证书只是摘要，以存证日志与校验包为准。"
            "扫描二维码打开抽取页面，下载校验包后运行 python3 verify.py，即可独立验证。"
        ),
        "address": address,
        "qr": qr_image(address),
        "qr_words": _("扫码核对"),
        "day": _day(last_moment(draw)),
        "footer": address,
    }


def _state(draw: draws_queries.Draw) -> str:
    reason = str(draw_pages.VOID_REASONS.get(draw.ended_reason, draw.ended_reason))
    state = str(STATES[draw.status.value])
    return f"{state}{_('原因：%(reason)s。', reason=reason)}" if reason else state


def _facts(
    draw: draws_queries.Draw, plan: dict[str, Any], pools: draws_queries.PoolCounts
) -> list[list[str]]:
    facts = [
        [_("年度计划项"), plan["annual_item"]],
        [
            _("对象名录"),
            _(
                "%(n)s 户，其中 %(x)s 户注明原因不参加",
                n=number(pools.size),
                x=number(sum(pools.excluded.values())),
            ),
        ],
        [
            _("人员名录"),
            _("%(n)s 条，应回避的组合 %(c)s 对", n=number(pools.inspectors), c=number(pools.conflicts)),
        ],
    ]
    if draw.drawn_at is not None:
        told = _(
            "%(tasks)s 项任务，空缺 %(empty)s 个席位", tasks=number(draw.tasks), empty=number(draw.empty)
        )
        facts.append([_("抽取结果"), told])
    return facts


def _strata(pools: draws_queries.PoolCounts) -> dict[str, Any]:
    return {
        "strata_head": [_("层"), _("户数"), _("不参加"), _("比例"), _("抽取户数")],
        "strata": [
            [
                plan_words.stratum_in_words(stratum["id"]),
                number(stratum["size"]),
                number(stratum["excluded"]),
                stratum.get("rate", "—"),
                number(stratum["take"]),
            ]
            for stratum in pools.strata
        ],
    }


def _randomness(draw: draws_queries.Draw, plan: dict[str, Any]) -> list[list[str]]:
    level = draw_plans.source_level(plan["randomness"])
    sources = [plan_words.source_words(source) for source in plan["randomness"]]
    return [
        [_("级别"), str(plan_words.LEVELS[level])],
        [_("来源"), "；".join(sources) or _("不用外部随机数")],
        [_("取随机数时刻"), local_time(draw.due)],
    ]


def _hashes(session: Session, draw: draws_queries.Draw, plan: dict[str, Any]) -> list[list[str]]:
    """The hashes in groups of four, and where the log has the draw's entries."""
    rows = [
        [_("计划摘要"), hash_groups(draw.plan_hash)],
        [_("对象名录的根"), hash_groups(plan["subjects"]["root"])],
        [_("结果根"), hash_groups(draw.result_root)],
    ]
    entries = ledger_queries.entries_of_draw(session, draw.number)
    places = "  ".join(f"{index} {entry['type']}" for index, entry in entries if entry["type"] != "outcome")
    return [row for row in rows if row[1]] + ([[_("日志条目"), places]] if places else [])


def _people(session: Session, draw: draws_queries.Draw) -> list[list[str]]:
    """Who signed, with the name that the log has for the key, and who witnessed the randomness."""
    signatures = draws_queries.plan_signatures(session, draw)
    keys = {
        entry["key"]: entry for _n, entry in ledger_queries.key_entries(session, [s.key for s in signatures])
    }
    bodies = {body.token: body.name for body in accounts_queries.bodies(session)}
    witnesses = draws_queries.witnesses(session, draw)
    return [
        [
            str(ROLES[signature.role]),
            keys[signature.key]["name"] if signature.key in keys else signature.person,
            bodies.get(keys[signature.key]["body"], "") if signature.key in keys else "",
            local_time(signature.at),
        ]
        for signature in signatures
    ] + [[_("见证人"), witness.name, witness.office, local_time(witness.at)] for witness in witnesses]


def _day(moment: datetime) -> str:
    day = clock.local(moment)
    return f"{day.year}年{day.month}月{day.day}日" if lang() == "zh" else day.date().isoformat()
