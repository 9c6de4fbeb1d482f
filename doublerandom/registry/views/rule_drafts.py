"""A rule set on its way: begun, edited section by section, submitted, returned, withdrawn, approved."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.errors import NotAllowedError
from doublerandom.registry import queries, services
from doublerandom.registry.errors import AlreadyThereError, InvalidRuleSetError, WrongRuleSetStateError
from doublerandom.registry.forms.rule_sets import (
    ApprovalForm,
    DaysForm,
    NewRuleSetForm,
    ReasonForm,
    SectionForm,
    section_form,
)
from doublerandom.registry.models import RuleSet, RuleSetStatus
from doublerandom.registry.rule_words import CHAPTERS, Chapter
from doublerandom.registry.rule_words.parameters import source_in
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.rule_sets import (
    AUTHORS,
    domain_name,
    list_page,
    may_decide,
    may_write,
    own_body,
    version_page,
)
from doublerandom.web import (
    NavLink,
    current_person,
    db_session,
    flash_done,
    lang,
    requires,
    settings,
)

NAV: list[NavLink] = []


@bp.post("/registry/rule-sets")
@requires(*AUTHORS)
def draft_rule_set() -> ResponseReturnValue:
    """Begin the next version of the own body's rules: a copy of the newest that was approved."""
    form = NewRuleSetForm()
    made: list[RuleSet] = []

    def draft() -> None:
        made.append(
            services.draft_rule_set(
                db_session(),
                body=own_body(),
                domain=form.domain.data,
                valid_from=form.valid_from.data,
                remark=form.remark.data or "",
                by=current_person(),
                at=clock.now(),
            )
        )

    if not form.carries_out(draft, also=(WrongRuleSetStateError, AlreadyThereError)):
        return _answer(list_page(form), 422)
    flash_done(_("已起草新版本，可以逐章修改。"))
    return redirect(url_for("registry.rule_set", rule_set_id=made[0].id), code=303)


def _answer(page: ResponseReturnValue, status: int) -> ResponseReturnValue:
    return (page, status) if isinstance(page, str) else page


def _editable(rule_set_id: int) -> RuleSet:
    """A rule set that whoever is signed in may write, or what says that it is not."""
    row = queries.rule_set_in_sight(db_session(), rule_set_id, body=own_body())
    if not may_write(db_session(), row.body_id):
        raise NotAllowedError
    return row


@bp.get("/registry/rule-sets/<int:rule_set_id>/sections/<section>")
@requires(*AUTHORS)
def rule_section(rule_set_id: int, section: str) -> ResponseReturnValue:
    """The form of one section of a draft; of one that is left open filled with what applies from above."""
    row, chapter = _editable(rule_set_id), _chapter(section)
    if row.status is not RuleSetStatus.DRAFT:
        raise WrongRuleSetStateError(rule_set=services.name_of(row), status=row.status.value)
    value = row.rules.get(section)
    if value is None and (above := _from_above(row)) is not None:
        value = above.rules.get(section)
    return _section_page(row, chapter, section_form(chapter, value))


def _from_above(row: RuleSet) -> queries.EffectiveRuleSet | None:
    """What would be in force on the draft's first day without it."""
    body = accounts_queries.body_by_id(db_session(), row.body_id)
    return queries.effective_rules(db_session(), body=body, on=row.valid_from, domain=row.domain)


def _chapter(section: str) -> Chapter:
    if section not in CHAPTERS:
        raise InvalidRuleSetError(
            where=f"rules.{section}",
            value=section,
            reason_zh="没有这一章",
            reason_en="there is no such section",
        )
    return CHAPTERS[section]


def _section_page(row: RuleSet, chapter: Chapter, form: SectionForm) -> str:
    above = _from_above(row)
    return render_template(
        "registry/rule_section.html",
        source_in=source_in,
        row=row,
        body=accounts_queries.body_by_id(db_session(), row.body_id),
        chapter=chapter,
        form=form,
        language=int(lang() == "en"),
        above=above.sources.get(chapter.name, "") if above else "",
        domain_name=domain_name,
    )


@bp.post("/registry/rule-sets/<int:rule_set_id>/sections/<section>")
@requires(*AUTHORS)
def save_rule_section(rule_set_id: int, section: str) -> ResponseReturnValue:
    """Save one section of a draft, or leave it to the body above."""
    row, chapter = _editable(rule_set_id), _chapter(section)
    form = section_form(chapter, row.rules.get(section))
    leave = "leave_open" in request.form
    if not (leave or form.validate_on_submit()):
        return _section_page(row, chapter, form), 422
    try:
        services.save_section(
            db_session(),
            rule_set_id,
            section,
            None if leave else form.value(),
            by=current_person(),
            at=clock.now(),
        )
    except InvalidRuleSetError as error:
        form.blame(error)
        return _section_page(row, chapter, form), 422
    flash_done(_("“%(section)s”已保存。", section=chapter.label[lang() == "en"]))
    return redirect(url_for("registry.rule_set", rule_set_id=rule_set_id, _anchor=section), code=303)


@bp.post("/registry/rule-sets/<int:rule_set_id>/days")
@requires(*AUTHORS)
def set_rule_set_days(rule_set_id: int) -> ResponseReturnValue:
    """Change a draft's days and the words on why there is a new version."""
    _editable(rule_set_id)
    form = DaysForm()

    def save() -> None:
        services.set_days(
            db_session(),
            rule_set_id,
            valid_from=form.valid_from.data,
            valid_to=form.valid_to.data,
            remark=form.remark.data or "",
            by=current_person(),
            at=clock.now(),
        )

    if not form.carries_out(save):
        return version_page(rule_set_id, form, ReasonForm(formdata=None)), 422
    flash_done(_("施行日期已保存。"))
    return redirect(url_for("registry.rule_set", rule_set_id=rule_set_id), code=303)


@bp.post("/registry/rule-sets/<int:rule_set_id>/submission")
@requires(*AUTHORS)
def submit_rule_set(rule_set_id: int) -> ResponseReturnValue:
    """Hand a draft to the head."""
    _editable(rule_set_id)
    services.submit_rule_set(db_session(), rule_set_id, by=current_person(), at=clock.now())
    flash_done(_("已提交，等待机关负责人批准。"))
    return redirect(url_for("registry.rule_set", rule_set_id=rule_set_id), code=303)


@bp.post("/registry/rule-sets/<int:rule_set_id>/withdrawal")
@requires(*AUTHORS)
def withdraw_rule_set(rule_set_id: int) -> ResponseReturnValue:
    """Give a draft up; it stays, marked."""
    _editable(rule_set_id)
    form = ReasonForm()

    def withdraw() -> None:
        services.withdraw_rule_set(
            db_session(), rule_set_id, reason=form.reason.data, by=current_person(), at=clock.now()
        )

    if not form.carries_out(withdraw):
        return version_page(rule_set_id, DaysForm(formdata=None), form), 422
    flash_done(_("草稿已撤回，仍可查看。"))
    return redirect(url_for("registry.rule_sets"), code=303)


def _decidable(rule_set_id: int) -> RuleSet:
    row = queries.rule_set_in_sight(db_session(), rule_set_id, body=own_body())
    if not may_decide(db_session(), row):
        raise NotAllowedError
    return row


@bp.post("/registry/rule-sets/<int:rule_set_id>/approval")
@requires("head", fresh=True)
def approve_rule_set(rule_set_id: int) -> ResponseReturnValue:
    """Approve what the page showed: its digest enters the public log."""
    row, form = _decidable(rule_set_id), ApprovalForm.valid()
    if form.digest.data != row.digest:
        raise WrongRuleSetStateError(rule_set=services.name_of(row), status=row.status.value)
    services.approve_rule_set(
        db_session(), rule_set_id, settings=settings(), by=current_person(), at=clock.now()
    )
    flash_done(_("细则已批准，摘要已写入公开日志。"))
    return redirect(url_for("registry.rule_set", rule_set_id=rule_set_id), code=303)


@bp.post("/registry/rule-sets/<int:rule_set_id>/return")
@requires("head")
def return_rule_set(rule_set_id: int) -> ResponseReturnValue:
    """Give a submitted rule set back to its authors."""
    _decidable(rule_set_id)
    form = ReasonForm()

    def give_back() -> None:
        services.return_rule_set(
            db_session(), rule_set_id, reason=form.reason.data, by=current_person(), at=clock.now()
        )

    if not form.carries_out(give_back):
        return version_page(rule_set_id, DaysForm(formdata=None), form), 422
    flash_done(_("细则已退回修改。"))
    return redirect(url_for("registry.rule_sets"), code=303)
