"""The wizard's steps: each a page with its form, prefilled; each confirmed leads to the next."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from doublerandom import clock
from doublerandom.accounts import queries as accounts
from doublerandom.draws import queries, services
from doublerandom.draws.errors import DraftClosedError, DraftNotFoundError, SupersedesError
from doublerandom.draws.forms.draft_times import WhenForm
from doublerandom.draws.forms.drafts import ScopeForm, StrataForm, TeamForm
from doublerandom.draws.models import Draft, DraftState
from doublerandom.draws.services.drafting import MOST_SEATS, STEPS, all_key
from doublerandom.draws.views.blueprint import bp
from doublerandom.draws.views.draft_pages import Told, counted, hour_of, line_of, rules_of, step_page
from doublerandom.draws.views.draft_preflight import preflight_page
from doublerandom.draws.views.drafts import READERS, draft_in_sight, own_draft
from doublerandom.errors import InvalidInputError
from doublerandom.registry import filters, names
from doublerandom.registry import queries as registry
from doublerandom.registry.errors import RuleSetNotFoundError
from doublerandom.registry.subject_words import KIND_NAMES, LISTING_NAMES, STATUS_NAMES
from doublerandom.web import Form, current_person, db_session, requires

NAV: Final[list[Any]] = []
PARTY_ROLES: Final = ("supervisor", "head", "planner", "auditor", "overseer", "reviewer")


@bp.get("/drafts/<int:draft_id>/<step>")
@requires(*READERS)
def draft_step(draft_id: int, step: str) -> ResponseReturnValue:
    """A step with what was chosen, or with what plan line and rules propose."""
    draft = draft_in_sight(draft_id)
    if step not in PAGES:
        raise DraftNotFoundError(id=draft_id, step=step)
    if step == "preflight" and draft.state is DraftState.PREPARED:
        return redirect(url_for("draws.show", number=draft.draw_number), code=303)
    if step == "scope" and "build" in request.args:
        return _built(draft_id)
    return PAGES[step](draft, None)


@bp.post("/drafts/<int:draft_id>/<step>")
@requires("planner")
def confirm_step(draft_id: int, step: str) -> ResponseReturnValue:
    """Confirm a step, then go on to the next; what is refused is shown with all that was entered."""
    draft = own_draft(draft_id)
    if step not in FORMS:
        raise DraftNotFoundError(id=draft_id, step=step)
    form = FORMS[step](draft)

    def confirm() -> None:
        services.confirm_step(
            db_session(), draft_id, step, CHOSEN[step](form, draft), by=current_person(), at=clock.now()
        )

    if not form.carries_out(confirm, also=(SupersedesError, RuleSetNotFoundError, DraftClosedError)):
        return PAGES[step](draft, form), 422
    following = step if _stays(draft_id, step) else STEPS[STEPS.index(step) + 1]
    return redirect(url_for("draws.draft_step", draft_id=draft_id, step=following), code=303)


def _stays(draft_id: int, step: str) -> bool:
    """Whether the step that was kept is shown again: its team cannot be, and the page says why."""
    if step != "team":
        return False
    draft = own_draft(draft_id)
    return counted(draft, services.team_report).refusal is not None


# --- scope --------------------------------------------------------------------------------------------------


def _built(draft_id: int) -> ResponseReturnValue:
    """The fields of the form become the scope's text, to be looked at before it is confirmed."""
    given = {name: request.args.get(name, "").strip()[:255] for name in filters.FORM_FIELDS}
    rest = request.args.get("rest", "")
    try:
        text = filters.put_together(given, rest)
    except InvalidInputError:
        said = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in given.items() if value]
        text = " and ".join([*said, *([f"({rest})"] if rest else [])])
    return redirect(url_for("draws.draft_step", draft_id=draft_id, step="scope", filter=text), code=303)


def _owed(draft: Draft) -> list[str]:
    """The ended draws of the line that nobody superseded; a rehearsal supersedes none."""
    if draft.rehearsal:
        return []
    return [draw.number for draw in queries.unsuperseded(db_session(), draft.body_id, line_of(draft).number)]


def _scope_form(draft: Draft) -> ScopeForm:
    return ScopeForm().offering(_owed(draft))


def _items(line: registry.PlanLine) -> list[tuple[registry.Item, bool]]:
    """The items of a line, and whether each is in force today."""
    today = clock.local(clock.now()).date()
    in_force = {item.code for item in registry.items_in_force(db_session(), on=today)}
    return [(registry.item(db_session(), code), code in in_force) for code in line.items]


def _scope_page(draft: Draft, form: Form | None) -> str:
    session, line = db_session(), line_of(draft)
    tried = request.args.get("filter") if form is None else getattr(form, "filter").data  # noqa: B009 - a field
    scope = draft.wish.get("filter", line.filter) if tried is None else tried
    expression = Told.by(lambda: filters.parse(scope))
    fields, rest = ({}, scope) if expression.refusal else filters.taken_apart(expression.found)
    looked = Draft(**{**draft.model_dump(), "wish": {**draft.wish, "filter": scope}})
    told = expression if expression.refusal else counted(looked, services.scope_report)
    own = accounts.body_by_id(session, draft.body_id)
    regions = accounts.regions_below(session, accounts.region_subtree_prefix(own.region))
    shown = names.regions_of_scope(f"{scope} {line.filter}")
    region_names = accounts.region_names(session, shown)
    return step_page(
        draft,
        "scope",
        form=form or ScopeForm.of(draft, line, _owed(draft), scope=scope),
        told=told,
        scope=told.found,
        scope_text=scope,
        trying=tried is not None and form is None,
        fields=fields,
        rest=rest,
        narrower=not expression.refusal and filters.canonical(scope) != line.filter,
        words=names.scope_words(scope, region_names),
        line_words=names.scope_words(line.filter, region_names),
        regions=[(code, f"{name} {code}") for code, name in regions],
        statuses=STATUS_NAMES,
        kinds=KIND_NAMES,
        listings=LISTING_NAMES,
        overlaps=Told.by(lambda: services.overlaps(session, draft, at=clock.now())).found,
        items=_items(line),
        exclusions=Told.by(lambda: services.exclusions_of_draft(session, draft)).found,
        owed=_owed(draft),
    )


# --- strata, team -------------------------------------------------------------------------------------------


def _strata_page(draft: Draft, form: Form | None) -> str:
    told = counted(draft, services.strata_report)
    return step_page(
        draft,
        "strata",
        form=form or StrataForm.of(draft),
        told=told,
        strata=told.found,
        whole_allowed=all_key(db_session(), draft),
    )


def _neighbours(draft: Draft) -> list[tuple[str, str]]:
    """The regions beside the own body's, under the same region above."""
    session = db_session()
    prefix = accounts.region_subtree_prefix
    own = prefix(accounts.body_by_id(session, draft.body_id).region)
    above = own[:-2]
    beside = accounts.regions_below(session, above) if above else []
    return [(code, name) for code, name in beside if len(prefix(code)) == len(own) and prefix(code) != own]


def _seats(draft: Draft, rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The seats of the rules, and one for each department that co-operates by the plan line and has none."""
    seats = [dict(seat) for seat in rules["team"]]
    named = {seat.get("department") for seat in seats}
    beside = [line for line in dict.fromkeys(line_of(draft).partners) if line not in named]
    return [*seats, *({"seat": "joint", "department": line} for line in beside)][:MOST_SEATS]


def _team_form(draft: Draft) -> TeamForm:
    rules = Told.by(lambda: rules_of(draft)).found or {"team": []}
    return TeamForm().offering(_neighbours(draft), draft.wish.get("team", _seats(draft, rules)))


def _chosen_team(form: TeamForm, draft: Draft) -> dict[str, Any]:
    rules = rules_of(draft)
    return form.chosen(draft, rules, proposed=_seats(draft, rules))


def _team_page(draft: Draft, form: Form | None) -> str:
    rules = Told.by(lambda: rules_of(draft))
    told = rules if rules.refusal else counted(draft, services.team_report)
    neighbours = _neighbours(draft)
    if form is None and rules.found:
        form = TeamForm.of(draft, rules.found, neighbours, seats=_seats(draft, rules.found))
    return step_page(draft, "team", form=form, told=told, team=told.found, neighbours=neighbours)


# --- when ---------------------------------------------------------------------------------------------------


def _people() -> tuple[dict[str, str], dict[str, str]]:
    """Who may be a party: name with body, and the body's token, each by person."""
    session = db_session()
    users = {user.person: user for role in PARTY_ROLES for user in accounts.holders_of_role(session, role)}
    bodies = {body.id: body for body in accounts.bodies(session)}
    ordered = sorted(users.values(), key=lambda user: (bodies[user.body_id].path, user.person))
    words = {user.person: f"{bodies[user.body_id].name} · {user.name}" for user in ordered}
    return words, {user.person: bodies[user.body_id].token for user in ordered}


def _when_page(draft: Draft, form: Form | None) -> str:
    session, due = db_session(), hour_of(draft)
    rules = Told.by(lambda: rules_of(draft))
    if form is None and rules.found:
        form = WhenForm.of(
            draft,
            rules.found,
            _people()[0],
            due=due,
            sources=queries.usual_sources(session, draft.body_id),
        )
    body = accounts.body_by_id(session, draft.body_id)
    begin = clock.local(due).replace(hour=0, minute=0, second=0) - timedelta(days=3)
    beside = queries.scheduled(session, below=body.path, begin=begin, end=begin + timedelta(days=7))
    return step_page(
        draft,
        "when",
        form=form,
        told=rules,
        rules=rules.found,
        beside=beside,
        begin=begin,
        bodies=accounts.body_names(session),
        earliest=clock.local(clock.now() + timedelta(hours=1, minutes=1)),
        by_class=bool(rules.found and rules.found["strata"]["by"] == "class"),
    )


PAGES: Final[Mapping[str, Callable[[Draft, Form | None], str]]] = {
    "scope": _scope_page,
    "strata": _strata_page,
    "team": _team_page,
    "when": _when_page,
    "preflight": lambda draft, _form: preflight_page(draft),
}
FORMS: Final[Mapping[str, Callable[[Draft], Form]]] = {
    "scope": _scope_form,
    "strata": lambda _draft: StrataForm(),
    "team": _team_form,
    "when": lambda _draft: WhenForm().offering(_people()[0]),
}
CHOSEN: Final[Mapping[str, Callable[[Any, Draft], dict[str, Any]]]] = {
    "scope": lambda form, draft: form.chosen(line_of(draft)),
    "strata": lambda form, _draft: form.chosen(),
    "team": _chosen_team,
    "when": lambda form, draft: form.chosen(rules_of(draft), _people()[1]),
}
