"""Rule sets on the desk: the list, and one version in words with what can be done with it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.ledger import queries as ledger_queries
from doublerandom.ledger.trail import facts_of
from doublerandom.registry import queries
from doublerandom.registry.forms.rule_sets import (
    ApprovalForm,
    DaysForm,
    NewRuleSetForm,
    ReasonForm,
)
from doublerandom.registry.models import RuleSet, RuleSetStatus
from doublerandom.registry.names import line_name
from doublerandom.registry.rule_texts import ABSENT, cells, member, rows_of, words_of
from doublerandom.registry.rule_words import CHAPTERS
from doublerandom.registry.rule_words.parameters import source_in
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import (
    DueItem,
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    has_role,
    lang,
    list_file,
    requires,
    wanted_format,
)

READERS = (
    "registrar",
    "planner",
    "supervisor",
    "head",
    "reviewer",
    "credit_officer",
    "overseer",
    "auditor",
)
AUTHORS = ("registrar", "planner")
NAV = [NavLink("registry", "registry.rule_sets", _l("抽查工作细则"), "sliders", READERS)]
STATES = {
    "draft": (_l("草稿"), "pencil", "neutral"),
    "submitted": (_l("待批准"), "hourglass-split", "accent"),
    "in_force": (_l("施行中"), "check2", "accent"),
    "to_come": (_l("待施行"), "calendar-event", "neutral"),
    "ended": (_l("已失效"), "archive", "neutral"),
    "withdrawn": (_l("已撤回"), "x-lg", "neutral"),
}
ACTS = {
    "RuleSetAdded": _l("提交细则"),
    "RuleSetDrafted": _l("起草"),
    "RuleSetEdited": _l("修改"),
    "RuleSetApproved": _l("批准"),
    "submitted": _l("提交批准"),
    "draft": _l("退回修改"),
    "withdrawn": _l("撤回草稿"),
}
DOMAIN_NAMES = {"joint": _l("部门联合抽查"), "food": _l("餐饮食品"), "retail": _l("食品销售")}
PAGE = 50


def own_body() -> accounts_queries.Body:
    """The body of whoever is signed in."""
    user = current_user()
    assert user is not None
    body: accounts_queries.Body = user.body
    return body


def today() -> date:
    """The day in Asia/Shanghai."""
    return clock.local(clock.now()).date()


def domain_name(token: str) -> str:
    """A line of work in words; `all` is every line."""
    if token == queries.ANY_LINE:
        return str(_("各条线"))
    return str(DOMAIN_NAMES.get(token) or line_name(token))


def may_write(session: Session, body_id: int) -> bool:
    """Whether whoever is signed in drafts this body's rules: its own authors, registrars above it too."""
    if not has_role(*AUTHORS):
        return False
    own = own_body()
    if body_id == own.id:
        return True
    return has_role("registrar") and accounts_queries.body_by_id(session, body_id).path.startswith(own.path)


def may_decide(session: Session, row: RuleSet) -> bool:
    """Whether whoever is signed in approves or returns it: a head of the body or above it."""
    path = accounts_queries.body_by_id(session, row.body_id).path
    return has_role("head") and path.startswith(own_body().path)


def states_of(rows: list[RuleSet]) -> dict[int, str]:
    """The state of each rule set today, by its row."""
    kin: dict[tuple[int, str], list[RuleSet]] = {}
    for row in rows:
        kin.setdefault((row.body_id, row.domain), []).append(row)
    return {
        row.id: queries.state_on(row, today(), kin[row.body_id, row.domain])
        for row in rows
        if row.id is not None
    }


@bp.get("/registry/rule-sets")
@requires(*READERS)
def rule_sets() -> ResponseReturnValue:
    """Every version in sight; without a filter those that are past are left out."""
    return list_page(NewRuleSetForm(valid_from=today() + timedelta(days=1), domain=own_body().line))


def list_page(form: NewRuleSetForm) -> ResponseReturnValue:
    """The list with the form for a new version as it stands, or the list as a file."""
    session = db_session()
    every = queries.rule_sets_in_sight(session, body=own_body())
    states = states_of(every)
    names = accounts_queries.body_names(session)
    rows = [row for row in every if _wanted(row, states[row.id or 0], request.args)]
    if kind := wanted_format():
        header = [
            _("机关"),
            _("领域"),
            _("版本"),
            _("状态"),
            _("施行日期"),
            _("截止日期"),
            _("批准时间"),
            _("摘要"),
        ]
        listed = (
            [
                names[row.body_id],
                domain_name(row.domain),
                row.version,
                str(STATES[states[row.id or 0]][0]),
                row.valid_from,
                row.valid_to,
                row.approved_at,
                row.digest,
            ]
            for row in rows
        )
        return list_file(_("抽查工作细则"), header, listed, kind=kind)
    return render_template(
        "registry/rule_sets.html",
        page=_cut(rows),
        states=states,
        state_words=STATES,
        names=names,
        domain_name=domain_name,
        domain_options=[(each, domain_name(each)) for each in sorted({row.domain for row in every})],
        body_options=list(dict.fromkeys((row.body_id, names[row.body_id]) for row in every)),
        state_options=[(state, words[0]) for state, words in STATES.items()],
        form=form if has_role(*AUTHORS) else None,
        values=request.args,
    )


def _wanted(row: RuleSet, state: str, wishes: Any) -> bool:
    if state in {"ended", "withdrawn"} and not wishes.get("state"):
        return False
    if wishes.get("state") not in {None, "", "every", state}:
        return False
    return wishes.get("domain") in {None, "", row.domain} and wishes.get("body") in {
        None,
        "",
        str(row.body_id),
    }


def _cut(rows: list[RuleSet]) -> Page[RuleSet]:
    after = request.args.get("after", "")
    start = next((n + 1 for n, row in enumerate(rows) if str(row.id) == after), 0)
    return Page.cut(rows[start:][: PAGE + 1], PAGE, key=lambda row: row.id, total=len(rows))


@bp.get("/registry/rule-sets/<int:rule_set_id>")
@requires(*READERS)
def rule_set(rule_set_id: int) -> ResponseReturnValue:
    """One version: every parameter in words, why it is there, and what can be done with it."""
    return version_page(rule_set_id, DaysForm(), ReasonForm())


def version_page(rule_set_id: int, days: DaysForm, reason: ReasonForm) -> str:
    """The page of one version, with its forms as they stand."""
    session = db_session()
    row = queries.rule_set_in_sight(session, rule_set_id, body=own_body())
    body = accounts_queries.body_by_id(session, row.body_id)
    versions = [
        each
        for each in queries.rule_sets_in_sight(session, body=own_body(), domain=row.domain)
        if each.body_id == row.body_id
    ]
    writes = may_write(session, row.body_id)
    wrote = current_person() in queries.who_wrote(session, rule_set_id)
    if not days.is_submitted():
        days = DaysForm(valid_from=row.valid_from, valid_to=row.valid_to, remark=row.remark)
    return render_template(
        "registry/rule_set.html",
        source_in=source_in,
        row=row,
        body=body,
        state=STATES[queries.state_on(row, today(), versions)],
        chapters=CHAPTERS,
        told=told,
        versions=[each for each in versions if each.id != row.id],
        domain_name=domain_name,
        edits=writes and row.status is RuleSetStatus.DRAFT,
        decides=may_decide(session, row) and row.status is RuleSetStatus.SUBMITTED,
        wrote=wrote,
        history=_history(session, row),
        days=days,
        reason=reason,
        approval=ApprovalForm(digest=row.digest),
        form=days if days.errors or days.refusal else reason,
    )


def told(name: str, value: Any) -> list[dict[str, Any]]:
    """A section for a page: its parameters with values in words; tables with their columns and rows."""
    chapter, language = CHAPTERS[name], int(lang() == "en")
    parts: list[dict[str, Any]] = []
    for parameter in chapter.parameters:
        facts = {
            "label": parameter.label[language],
            "why": parameter.why[language],
            "source": source_in(parameter.source, language),
        }
        if parameter.kind == "rows":
            rows = [cells(parameter, each, language) for each in rows_of(chapter, parameter, value)]
            used = [column for column in parameter.columns if any(row[column.path] for row in rows)]
            columns = [
                {
                    "key": column.path,
                    "label": column.label[language],
                    "head": n == 0,
                    "tight": column.kind == "day",
                }
                for n, column in enumerate(used)
            ]
            parts.append({**facts, "columns": columns, "rows": rows})
        elif (found := member(value, parameter.path)) is not ABSENT:
            parts.append({**facts, "value": words_of(parameter, found, language)})
    return parts


def _history(session: Session, row: RuleSet) -> list[dict[str, Any]]:
    """The acts on a rule set as a timeline."""
    acts = ledger_queries.acts_on(session, "rule_set", str(row.id))
    people = accounts_queries.person_names(session, {act.by for act in acts})
    events = []
    for act in acts:
        facts = facts_of(act)
        title = str(ACTS.get(facts.get("status", ""), ACTS.get(act.name, act.name)))
        if act.name == "RuleSetEdited":
            section = facts["section"]
            chapter = CHAPTERS.get(section)
            words = chapter.label[lang() == "en"] if chapter else _("施行日期")
            title = _("修改：%(section)s", section=words)
        events.append(
            {
                "title": title,
                "at": act.at,
                "office": people.get(act.by, act.by),
                "text": facts.get("reason", ""),
                "hash": facts.get("digest", ""),
                "hash_label": _("摘要"),
            }
        )
    return events


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits: for heads what was submitted by others, for authors what was given back."""
    roles = {role.name for role in user.roles}
    if not roles & {"head", *AUTHORS}:
        return
    names = accounts_queries.body_names(session)
    below = accounts_queries.bodies(session, below=user.body.path)
    for row in (row for body in below for row in queries.rule_sets(session, body_id=body.id)):
        if row.id is None or row.status not in {RuleSetStatus.DRAFT, RuleSetStatus.SUBMITTED}:
            continue
        wrote = user.person in queries.who_wrote(session, row.id)
        title = _(
            "%(body)s%(domain)s细则第 %(version)s 版",
            body=names[row.body_id],
            domain=domain_name(row.domain),
            version=row.version,
        )
        url = url_for("registry.rule_set", rule_set_id=row.id)
        if row.status is RuleSetStatus.SUBMITTED and "head" in roles and not wrote:
            yield DueItem("registry", title, url, act=_("批准细则"))
        elif row.status is RuleSetStatus.DRAFT and wrote and roles & set(AUTHORS):
            yield DueItem("registry", title, url, act=_("完成草稿"))
