"""The list of subjects: search, filters as fields and as text, kept filters, files."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from flask import redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.errors import InvalidInputError
from doublerandom.registry import filters, queries, services
from doublerandom.registry.errors import ClassNotShownError
from doublerandom.registry.forms.saved_filters import SaveFilterForm
from doublerandom.registry.models import SavedFilter
from doublerandom.registry.queries import saved_filters as kept_queries
from doublerandom.registry.queries.industries import all_industry_names
from doublerandom.registry.queries.search import (
    COUNTED,
    SORTS,
    Found,
    Hit,
    Wanted,
    exclusions_of,
    search,
    search_stream,
    wanted_in_sight,
)
from doublerandom.registry.subject_words import KIND_NAMES, LISTING_NAMES, STATUS_NAMES
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import (
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    list_file,
    requires,
    wanted_format,
)

READERS = ("registrar", "planner", "head", "supervisor", "auditor", "overseer")
CLASS_READERS = frozenset(READERS) - {"overseer"}
ROWS = 50
NAV = [NavLink("registry", "registry.subjects", _l("检查对象名录库"), "shop", READERS)]


class Asked(NamedTuple):
    """What the address asks for: words, filter, its fields; `refusal` where the text cannot be read."""

    words: str
    text: str
    wanted: Wanted | None
    fields: dict[str, str]
    rest: str
    refusal: InvalidInputError | None


@bp.get("/registry/subjects")
@requires(*READERS)
def subjects() -> ResponseReturnValue:
    """A page of the subjects in sight, or all of them as a file."""
    if "build" in request.args:
        return _built()
    session, asked = db_session(), what_is_asked()
    if asked.wanted is None:
        return _page(session, asked, Found([], 0, exact=True, any_order=False)), 422
    if kind := wanted_format():
        hits = _cells(session, search_stream(session, asked.wanted))
        rows: Any = stream_with_context(hits)
        return list_file(_("检查对象名录库"), _header(), rows, kind=kind)
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else "code"
    found = search(session, asked.wanted, sort=sort, after=request.args.get("after", "")[:31], limit=ROWS)
    return _page(session, asked, found, sort=sort)


@bp.post("/registry/subjects/filters")
@requires(*READERS)
def save_filter() -> ResponseReturnValue:
    """Keep what is being searched under a name."""
    form = SaveFilterForm.valid()
    kept = services.save_filter(
        db_session(),
        body_id=reader().body_id,
        name=form.name.data.strip(),
        words=form.q.data or "",
        expression=form.filter.data or "",
        shared=form.shared.data,
        by=current_person(),
        at=clock.now(),
    )
    flash_done(_("筛选“%(name)s”已保存。", name=kept.name))
    return redirect(address_of(kept), code=303)


@bp.post("/registry/subjects/filters/<int:filter_id>/end")
@requires(*READERS)
def end_filter(filter_id: int) -> ResponseReturnValue:
    """Show an own filter no longer."""
    services.end_filter(db_session(), filter_id, by=current_person(), at=clock.now())
    flash_done(_("筛选已停用。"))
    return redirect(url_for("registry.subjects"), code=303)


def reader() -> Any:
    """Who is signed in; every view here asks for a role."""
    user = current_user()
    assert user is not None
    return user


def address_of(kept: SavedFilter) -> str:
    """Where a kept filter is shown."""
    return url_for("registry.subjects", q=kept.words or None, filter=kept.expression or None)


def sees_class() -> bool:
    """Whether who is signed in may see the credit-risk class."""
    return accounts_queries.sight(reader()).has(*CLASS_READERS)


def what_is_asked() -> Asked:
    """Words and filter of the address (or form), read for who is signed in."""
    words, text = request.values.get("q", "").strip()[:255], request.values.get("filter", "").strip()
    try:
        expression = filters.parse(text)
        if not sees_class() and filters.fields_of(expression) & {"class", "class_on"}:
            raise ClassNotShownError
        text = "" if expression is None else str(expression)
        wanted = wanted_in_sight(
            db_session(),
            accounts_queries.sight(reader()),
            words=words,
            filter_text=text,
            on=clock.local(clock.now()).date(),
        )
    except InvalidInputError as refusal:
        return Asked(words, text, None, {}, "", refusal)
    fields, rest = filters.taken_apart(expression)
    return Asked(words, text, wanted, fields, rest, None)


def _built() -> ResponseReturnValue:
    """The fields of the form become the filter's text; a field that cannot be so is shown in the text."""
    given = {name: request.args.get(name, "").strip()[:255] for name in filters.FORM_FIELDS}
    rest = request.args.get("rest", "")
    try:
        text = filters.put_together(given, rest)
    except InvalidInputError:
        said = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in given.items() if value]
        text = " and ".join([*said, *([f"({rest})"] if rest else [])])
    return redirect(
        url_for("registry.subjects", q=request.args.get("q", "").strip() or None, filter=text or None)
    )


def _page(session: Session, asked: Asked, found: Found, *, sort: str = "code") -> str:
    page = Page.cut(found.hits, ROWS, key=lambda hit: hit.code, total=found.total if found.exact else None)
    user = reader()
    kept = kept_queries.saved_filters(session, body_id=user.body_id, person=current_person())
    at, before = (asked.refusal.params.get("at", 0) if asked.refusal else 0), asked.text
    return render_template(
        "registry/subjects.html",
        page=page,
        many=COUNTED if found.total is not None and not found.exact else 0,
        asked=asked,
        at=at,
        before=before[: max(at - 1, 0)],
        behind=before[max(at - 1, 0) :],
        sort=sort,
        sorted_by_name=found.any_order,
        states=_pool_states(session, page.rows),
        regions=accounts_queries.region_names(session, {hit.region for hit in page}),
        industries=queries.industry_names(session, {hit.industry for hit in page if hit.industry}),
        region_options=_region_options(session),
        kept=kept,
        names=accounts_queries.person_names(session, {each.by for each in kept}),
        person=current_person(),
        form=SaveFilterForm(q=asked.words, filter=asked.text, formdata=None),
        sees_class=sees_class(),
        may_act=accounts_queries.sight(user).has("registrar"),
        address_of=address_of,
        kind_names=KIND_NAMES,
        status_names=STATUS_NAMES,
        listing_names=LISTING_NAMES,
    )


def _region_options(session: Session) -> list[tuple[str, str]]:
    """The divisions in sight, for the form."""
    below = accounts_queries.regions_below(session, accounts_queries.sight(reader()).region_prefix)
    return [(code, f"{name} {code}") for code, name in below]


def _pool_states(session: Session, hits: Sequence[Hit]) -> dict[str, str]:
    """For each subject how it stands to the own body's pool: in it, excluded from draws, or not in it."""
    body, on = reader().body, clock.local(clock.now()).date()
    codes = [hit.code for hit in hits]
    inside = queries.codes_in_pool(session, codes, body=body, on=on)
    said = exclusions_of(session, [hit.id for hit in hits], body_id=body.id, on=on)
    states = {}
    for hit in hits:
        if hit.code not in inside:
            states[hit.code] = str(_("不在本机关名录库"))
        else:
            states[hit.code] = str(_("不参加抽取")) if hit.id in said else str(_("在库"))
    return states


def _header() -> list[str]:
    columns = [_("统一社会信用代码"), _("名称"), _("主体类型"), _("区划"), _("区划名称"), _("住所")]
    columns += [_("行业"), _("行业名称"), _("登记状态"), _("成立日期")]
    return [*columns, *([_("信用风险分类"), _("分类日期")] if sees_class() else [])]


def _cells(session: Session, hits: Iterable[Hit]) -> Iterator[list[object]]:
    """The rows of a file."""
    prefix = accounts_queries.sight(reader()).region_prefix
    regions = dict(accounts_queries.regions_below(session, prefix, deep=True))
    industries, with_class = all_industry_names(session), sees_class()
    for hit in hits:
        row: list[Any] = [hit.code, hit.name, KIND_NAMES.get(hit.kind, hit.kind), hit.region]
        row += [regions.get(hit.region, ""), hit.address, hit.industry, industries.get(hit.industry, "")]
        row += [STATUS_NAMES.get(hit.status, hit.status), hit.established]
        yield [*row, *([hit.credit_class, hit.credit_class_on] if with_class else [])]
