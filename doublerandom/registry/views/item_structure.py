"""Free texts of ratio and frequency offered for reading: proposed, confirmed or corrected by a person."""

from collections.abc import Sequence
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from doublerandom import clock
from doublerandom.registry import queries, services, structuring
from doublerandom.registry.forms.items import StructureForm
from doublerandom.registry.models import Item
from doublerandom.registry.structure_words import quota_words, times_words
from doublerandom.registry.structuring import rate_text
from doublerandom.registry.views.blueprint import bp
from doublerandom.registry.views.items import kept_bodies, kept_item
from doublerandom.web import (
    Page,
    current_person,
    current_user,
    db_session,
    flash_done,
    list_file,
    requires,
    wanted_format,
)

NAV: Final[list[Any]] = []
PAGE: Final = 10


@bp.get("/registry/items/structure")
@requires("registrar")
def items_to_structure() -> ResponseReturnValue:
    """Items whose ratio or frequency is only a text, each with what the text says wholly, if it does."""
    session = db_session()
    found = queries.items_to_structure(session, body_ids=kept_bodies(session, current_user()))
    if kind := wanted_format():
        return _file(found, kind)
    after = request.args.get("after", "")
    shown = [row for row in found if row.code.encode() > after.encode()][: PAGE + 1]
    page = Page.cut(shown, PAGE, key=lambda row: row.code, total=len(found))
    return render_template(
        "registry/item_structure.html",
        page=page,
        proposals={row.id: _proposal(row) for row in page},
        forms={row.id: _form(row, **_proposal(row)) for row in page},
        quota_words=quota_words,
        times_words=times_words,
        item=None,
    )


def _file(found: Sequence[Item], kind: str) -> ResponseReturnValue:
    header = [
        _("编号"), _("抽查事项"), _("子项"), _("抽查比例原文"), _("建议读作"), _("抽查频次原文"),
        _("频次建议读作"),
    ]  # fmt: skip
    rows = []
    for row in found:
        proposal = _proposal(row)
        quota, times = quota_words(proposal["quota"]), times_words(proposal["times"])
        rows.append([row.code, row.name, row.sub_item, row.ratio, quota, row.frequency, times])
    return list_file(_("读作数值"), header, rows, kind=kind)


@bp.get("/registry/items/<int:item_id>/structure")
@requires("registrar")
def structure_of_item(item_id: int) -> ResponseReturnValue:
    """One item's texts, with what was read in them so far or is proposed."""
    item = kept_item(item_id)
    read = {"quota": item.quota, "times": item.times} if item.structured_at else _proposal(item)
    return _one(item, _form(item, **read))


def _one(item: Item, form: StructureForm) -> str:
    return render_template(
        "registry/item_structure.html",
        page=Page([item], total=1),
        proposals={item.id: _proposal(item)},
        forms={item.id: form},
        quota_words=quota_words,
        times_words=times_words,
        item=item,
    )


@bp.post("/registry/items/<int:item_id>/structure")
@requires("registrar")
def structure_item(item_id: int) -> ResponseReturnValue:
    """Keep what the person read beside the texts."""
    item, form = kept_item(item_id), StructureForm(prefix=f"i{item_id}")
    session = db_session()
    if not form.carries_out(
        lambda: services.structure_item(
            session, item_id, **form.structure(), by=current_person(), at=clock.now()
        )
    ):
        return _one(item, form), 422
    flash_done(_("已记下 %(code)s 的比例与频次；原文不变。", code=item.code))
    return redirect(url_for("registry.items_to_structure"), code=303)


def _proposal(item: Item) -> dict[str, Any]:
    return {"quota": structuring.quota_of(item.ratio), "times": structuring.times_of(item.frequency)}


def _form(item: Item, *, quota: dict[str, Any] | None, times: dict[str, Any] | None) -> StructureForm:
    """The form with a reading filled in; each item's fields have names of their own on the page."""
    said: dict[str, Any] = {
        "quota_kind": (quota or {}).get("kind", ""),
        "number": (quota or {}).get("number"),
    }
    said["rate"] = rate_text(quota["rate"]) if quota and "rate" in quota else ""
    return StructureForm(
        None, prefix=f"i{item.id}", data=said | (times or {"per": "", "bound": "exactly", "of": "batch"})
    )
