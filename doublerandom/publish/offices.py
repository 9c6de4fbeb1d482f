"""各机关的抽取: draws, voids, failures, replacements, direct assignments of each office and year."""

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from doublerandom.accounts import queries as accounts
from doublerandom.draws import queries as draws_queries
from doublerandom.draws.queries import OfficeYear
from doublerandom.web import db_session, lang, list_file, public, wanted_format, whole_argument

bp = Blueprint("offices", __name__)
COLUMNS: Final[dict[str, Any]] = {
    "draws": _l("抽取"),
    "tasks": _l("任务"),
    "voids": _l("作废"),
    "failures": _l("失败"),
    "subjects": _l("更换对象"),
    "inspectors": _l("更换人员"),
    "direct": _l("直接指派"),
    "empty": _l("抽取时空缺席位"),
}


@bp.get("/offices")
@public
def offices() -> ResponseReturnValue:
    """The figures of each office and year, as a table, as bars, and as a file."""
    session, year = db_session(), whole_argument("year")
    every = draws_queries.office_years(session)
    rows = [row for row in every if year in (None, row.year)]
    names = {
        body.id: body.name_en if lang() == "en" and body.name_en else body.name
        for body in accounts.bodies(session)
    }
    if kind := wanted_format():
        header = [_l("年度"), _l("机关"), *COLUMNS.values()]
        cells = ([row.year, names[row.body_id], *(getattr(row, key) for key in COLUMNS)] for row in rows)
        return list_file("offices", header, cells, kind=kind)
    return render_template(
        "publish/offices.html",
        rows=rows,
        names=names,
        columns=COLUMNS,
        years=sorted({row.year for row in every}, reverse=True),
        year=year,
        ended=_bars(rows, names, ("voids", "failures")),
        changed=_bars(rows, names, ("subjects", "inspectors", "direct")),
    )


def _bars(
    rows: Iterable[OfficeYear], names: dict[int | None, str], members: tuple[str, ...]
) -> list[tuple[str, int]]:
    """How many of these an office has in the years shown, the most first; offices without any left out."""
    found: dict[str, int] = {}
    for row in rows:
        name = names[row.body_id]
        found[name] = found.get(name, 0) + sum(getattr(row, member) for member in members)
    some = [(name, count) for name, count in found.items() if count]
    return sorted(some, key=lambda bar: (-bar[1], bar[0]))
