"""Rule sets side by side, and what is in force here on a day: section by section, and from whom."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from doublerandom.accounts import queries as accounts_queries
from doublerandom.registry import queries, services
from doublerandom.registry.rule_texts import changes
from doublerandom.registry.rule_words import CHAPTERS
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.rule_sets import (
    READERS,
    STATES,
    domain_name,
    own_body,
    states_of,
    today,
    told,
)
from doublerandom.web import NavLink, db_session, lang, requires, whole_argument

NAV: list[NavLink] = []
RULES_IN_FORCE = _l("现行规定")


@bp.get("/registry/rule-sets/<int:rule_set_id>/comparison")
@requires(*READERS)
def compare_rule_sets(rule_set_id: int) -> ResponseReturnValue:
    """What changed from another version (`with`, else the one before) to this one."""
    session, own = db_session(), own_body()
    row = queries.rule_set_in_sight(session, rule_set_id, body=own)
    others = [
        each for each in queries.rule_sets_in_sight(session, body=own, domain=row.domain) if each.id != row.id
    ]
    asked = whole_argument("with")
    if asked is not None:
        other = queries.rule_set_in_sight(session, asked, body=own)
    else:
        earlier = [each for each in others if each.body_id == row.body_id and each.version < row.version]
        other = earlier[0] if earlier else others[0] if others else row
    return render_template(
        "registry/rule_comparison.html",
        row=row,
        other=other,
        others=others,
        names=accounts_queries.body_names(session),
        state_words=STATES,
        states=states_of([row, *others]),
        changes=changes(other.rules, row.rules, int(lang() == "en")),
        chapters=CHAPTERS,
        domain_name=domain_name,
    )


@bp.get("/registry/rule-sets/in-force")
@requires(*READERS)
def rules_in_force() -> ResponseReturnValue:
    """What is in force for a body and line of work on a day, and which body each section comes from."""
    session, own = db_session(), own_body()
    below = accounts_queries.bodies(session, below=own.path)
    body = next((each for each in below if str(each.id) == request.args.get("body", "")), own)
    domain = request.args.get("domain", "")[:64] or body.line
    on = _day(request.args.get("on", "")) or today()
    found = queries.effective_rules(session, body=body, on=on, domain=domain)
    sets = {
        services.name_of(row): row
        for row in queries.rule_sets_in_force(session, body=body, on=on, domain=domain)
    }
    domains = {row.domain for row in queries.rule_sets_in_sight(session, body=own)} | {domain}
    return render_template(
        "registry/rules_in_force.html",
        body=body,
        bodies=below,
        domain=domain,
        domains=sorted(domains),
        on=on,
        found=found,
        sets=sets,
        names=accounts_queries.body_names(session),
        missing=queries.open_sections(found),
        contradiction=queries.contradiction_in(found),
        chapters=CHAPTERS,
        told=told,
        domain_name=domain_name,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
