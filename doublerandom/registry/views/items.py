"""The desk of items: the list, a record with its versions, drafts, states, the published list."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from doublerandom import clock
from doublerandom.accounts import queries as accounts_queries
from doublerandom.accounts.queries import Body
from doublerandom.ledger import queries as ledger_queries
from doublerandom.registry import queries, services
from doublerandom.registry.differences import differences
from doublerandom.registry.errors import (
    AlreadyThereError,
    ItemDraftThereError,
    ItemNotFoundError,
    ItemNotReadyError,
)
from doublerandom.registry.forms.items import ItemForm, ItemStateForm
from doublerandom.registry.models import Item, ItemStatus
from doublerandom.registry.services.items import GATE
from doublerandom.registry.structure_words import quota_words, times_words, value_words
from doublerandom.registry.views.blueprint import bp
from doublerandom.web import (
    DueItem,
    NavLink,
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    has_role,
    list_file,
    requires,
    settings,
    wanted_format,
)

READERS: Final = ("registrar", "planner", "head", "auditor")
NAV = [NavLink("registry", "registry.items", _l("事项清单"), "list-check", READERS)]
PAGE: Final = 50
STATUS_NAMES: Final = {
    "draft": _l("草稿"),
    "in_force": _l("施行中"),
    "suspended": _l("已暂停"),
    "abolished": _l("已废止"),
}
FIELD_NAMES: Final = {
    "category": _l("抽查领域"),
    "name": _l("抽查事项"),
    "sub_item": _l("子项"),
    "sub_items": _l("其他子项"),
    "key": _l("重点事项"),
    "basis": _l("法律依据"),
    "level": _l("实施层级"),
    "methods": _l("抽查方式"),
    "requirement": _l("检查人员要求"),
    "scope": _l("检查对象"),
    "points": _l("检查要点"),
    "ratio": _l("抽查比例"),
    "quota": _l("抽查比例（读作）"),
    "frequency": _l("抽查频次"),
    "times": _l("抽查频次（读作）"),
    "unit": _l("责任单位"),
    "joint": _l("部门联合抽查"),
    "skills": _l("检查人员须具备的资格代号"),
    "valid_to": _l("最后有效日期"),
}


def own_body() -> Body:
    """The body of whoever is signed in."""
    user = current_user()
    assert user is not None
    return accounts_queries.body_by_id(db_session(), user.body_id)


def kept_bodies(session: Session, user: Any) -> list[int | None]:
    """The bodies whose items a registrar keeps: the own one and those below; nobody's too at the top."""
    below = accounts_queries.bodies(session, below=user.body.path)
    return [body.id for body in below] + ([None] if user.body.parent_id is None else [])


def keeps(item: Item) -> bool:
    """Whether whoever is signed in may change this item."""
    return has_role("registrar") and item.body_id in kept_bodies(db_session(), current_user())


def item_in_sight(item_id: int) -> Item:
    """A version of an item of a body above or below, or ItemNotFoundError."""
    session = db_session()
    item = queries.item_by_id(session, item_id)
    if item.body_id is not None and item.body_id not in queries.bodies_in_line(session, own_body()):
        raise ItemNotFoundError(value=item_id)
    return item


def kept_item(item_id: int) -> Item:
    """A version of an item that whoever is signed in may change, or ItemNotFoundError."""
    item = item_in_sight(item_id)
    if not keeps(item):
        raise ItemNotFoundError(value=item_id)
    return item


@bp.get("/registry/items")
@requires(*READERS)
def items() -> ResponseReturnValue:
    """The list: one version of each item in sight, with filters, as a page or a file."""
    session, body = db_session(), own_body()
    status, kind = request.args.get("status", ""), request.args.get("kind", "")
    found = queries.items_in_sight(
        session,
        body=body,
        status=ItemStatus(status) if status in STATUS_NAMES else None,
        category=request.args.get("category", ""),
        key={"key": True, "general": False}.get(kind),
        words=request.args.get("q", "").strip()[:64],
    )
    names = accounts_queries.body_names(session)
    if file := wanted_format():
        return _file(found, names, file)
    after = request.args.get("after", "")
    shown = [row for row in found if row.code.encode() > after.encode()][: PAGE + 1]
    return render_template(
        "registry/items.html",
        page=Page.cut(shown, PAGE, key=lambda row: row.code, total=len(found)),
        bodies=names,
        category_options=[(name, name) for name in queries.item_categories(session, body=body)],
        status_names=STATUS_NAMES,
        unread=len(queries.items_to_structure(session, body_ids=kept_bodies(session, current_user()))),
        **_published(session, body),
    )


def _file(found: Sequence[Item], bodies: dict[int, str], kind: str) -> ResponseReturnValue:
    header = [_("编号"), _("版本"), _("状态"), _("机关"), *FIELD_NAMES.values(), _("施行日期")]
    rows = (
        [
            row.code,
            row.version,
            STATUS_NAMES[row.status.value],
            bodies.get(row.body_id or 0, ""),
            *(value_words(name, getattr(row, name)) for name in FIELD_NAMES),
            row.valid_from,
        ]
        for row in found
    )
    return list_file(_("随机抽查事项清单"), header, rows, kind=kind)


def _published(session: Session, body: Body) -> dict[str, Any]:
    """The own list as published last, with its place in the log, and whether it has changed since."""
    assert body.id is not None
    last = queries.newest_item_list(session, body_id=body.id)
    entries = ledger_queries.list_entries(session, [last.digest]) if last else []
    return {
        "published": last,
        "log_index": entries[0][0] if entries else None,
        "changed": services.list_changed(session, body=body, on=clock.local(clock.now()).date()),
        "body": body,
    }


@bp.post("/registry/items/publication")
@requires("registrar")
def publish_item_list() -> ResponseReturnValue:
    """Publish the own body's list as it stands today."""
    row = services.publish_item_list(
        db_session(), body=own_body(), settings=settings(), by=current_person(), at=clock.now()
    )
    flash_done(
        _("清单第 %(number)s 号已公布，共 %(n)s 项，摘要已写入存证日志。", number=row.number, n=row.items)
    )
    return redirect(url_for("registry.items"), code=303)


@bp.get("/registry/items/new")
@requires("registrar")
def new_item() -> ResponseReturnValue:
    """The form of a new item."""
    return render_template("registry/item_form.html", form=ItemForm(key="general"), item=None)


@bp.post("/registry/items")
@requires("registrar")
def add_item() -> ResponseReturnValue:
    """Draft a new item of the own body."""
    form, added = ItemForm(), list[Item]()

    def add() -> None:
        added.append(
            services.add_item(
                db_session(),
                (form.code.data or "").strip(),
                **form.fields(),
                body_id=own_body().id,
                by=current_person(),
                at=clock.now(),
            )
        )

    if not form.carries_out(add, also=(ItemDraftThereError, AlreadyThereError)):
        return render_template("registry/item_form.html", form=form, item=None), 422
    flash_done(_("草稿已保存。"))
    return redirect(url_for("registry.item", item_id=added[0].id), code=303)


@bp.get("/registry/items/<int:item_id>")
@requires(*READERS)
def item(item_id: int) -> ResponseReturnValue:
    """One version: what it says, what it lacks, its states, all versions and their differences."""
    return _record(item_in_sight(item_id), ItemStateForm())


def _record(item: Item, form: ItemStateForm) -> str:
    session = db_session()
    versions = queries.item_versions(session, item.code)
    states = queries.states_of_items(session, [row.id for row in versions])
    before = next((row for row in versions if row.id == item.supersedes_id), None)
    people = {row.by for rows in states.values() for row in rows} | {item.structured_by}
    return render_template(
        "registry/item.html",
        item=item,
        form=form,
        keeps=keeps(item),
        missing=services.missing_of(item),
        gate=GATE,
        field_names=FIELD_NAMES,
        versions=versions,
        states=states,
        before=before,
        differences=differences(before, item, FIELD_NAMES) if before else [],
        people=accounts_queries.person_names(session, people),
        bodies=accounts_queries.body_names(session),
        value_words=value_words,
        quota_words=quota_words,
        times_words=times_words,
        today=clock.local(clock.now()).date(),
    )


@bp.get("/registry/items/<int:item_id>/edit")
@requires("registrar")
def edit_item(item_id: int) -> ResponseReturnValue:
    """The form of a draft."""
    item = kept_item(item_id)
    return render_template("registry/item_form.html", form=ItemForm.of(item), item=item)


@bp.post("/registry/items/<int:item_id>/edit")
@requires("registrar")
def save_item(item_id: int) -> ResponseReturnValue:
    """Save a draft: an act on record with what changed."""
    item, form = kept_item(item_id), ItemForm()
    session = db_session()
    if not form.carries_out(
        lambda: services.edit_item(session, item_id, **form.fields(), by=current_person(), at=clock.now())
    ):
        return render_template("registry/item_form.html", form=form, item=item), 422
    flash_done(_("草稿已保存。"))
    return redirect(url_for("registry.item", item_id=item_id), code=303)


@bp.post("/registry/items/<int:item_id>/version")
@requires("registrar")
def add_item_version(item_id: int) -> ResponseReturnValue:
    """Draft the next version with all that this one says."""
    kept_item(item_id)
    draft = services.add_item_version(db_session(), item_id, by=current_person(), at=clock.now())
    return redirect(url_for("registry.edit_item", item_id=draft.id), code=303)


@bp.post("/registry/items/<int:item_id>/state")
@requires("registrar")
def change_item_state(item_id: int) -> ResponseReturnValue:
    """Put in force, suspend, resume or abolish from a day on."""
    item, form = kept_item(item_id), ItemStateForm()
    if not form.carries_out(lambda: _change_state(item_id, form), also=(ItemNotReadyError,)):
        return _record(item, form), 422
    flash_done(_("事项状态已变更。清单公布之前，公众看到的清单摘要仍是上一次的。"))
    return redirect(url_for("registry.item", item_id=item_id), code=303)


def _change_state(item_id: int, form: ItemStateForm) -> None:
    session, day, reason = db_session(), form.first_day.data, form.reason.data or ""
    who: dict[str, Any] = {"by": current_person(), "at": clock.now()}
    if form.act.data in {"put_in_force", "resume"}:
        services.put_item_in_force(session, item_id, valid_from=day, reason=reason, **who)
    elif form.act.data == "suspend":
        services.suspend_item(session, item_id, first_day=day, reason=reason, **who)
    else:
        services.abolish_item(session, item_id, first_day=day, reason=reason, **who)


def due(session: Session, user: Any) -> Iterator[DueItem]:
    """What waits for a registrar: a list that has changed since its publication, texts nobody has read."""
    if "registrar" not in user.acting_roles:
        return
    body = accounts_queries.body_by_id(session, user.body_id)
    if services.list_changed(session, body=body, on=clock.local(clock.now()).date()):
        title = _("%(body)s的事项清单有变动，尚未公布", body=body.name)
        yield DueItem("registry", title, url_for("registry.items"), act=_("公布清单"))
    if unread := queries.items_to_structure(session, body_ids=kept_bodies(session, user)):
        title = _("%(n)s 个事项的比例或频次还只是文字", n=len(unread))
        yield DueItem("registry", title, url_for("registry.items_to_structure"), act=_("读作数值"))
