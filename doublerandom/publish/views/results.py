"""公示结果: what was published."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from doublerandom.accounts import queries as accounts_queries
from doublerandom.inspect.forms import MEASURE_NAMES, METHOD_NAMES
from doublerandom.publish import (
    queries,
)
from doublerandom.publish.views.blueprint import bp
from doublerandom.publish.views.places import names_by_token
from doublerandom.registry import queries as registry_queries
from doublerandom.web import (
    Page,
    db_session,
    public,
    whole_argument,
)

PAGE = 50
LONGEST_CODE = 64


@bp.get("/results")
@public
def results() -> ResponseReturnValue:
    """公示结果: the published results, the newest first."""
    search = request.args.get("q", "").strip()[:LONGEST_CODE]
    found = queries.disclosures(db_session(), search=search, before=whole_argument("after"), limit=PAGE + 1)
    total = None if search else queries.count(db_session())
    page = Page.cut(found, PAGE, key=lambda row: row.id, total=total)
    return render_template(
        "publish/results.html",
        page=page,
        records={row.id: queries.record_of(row) for row in page},
        late={row.id: queries.deadline_of(db_session(), row).late for row in page},
        bodies=names_by_token(db_session()),
    )


@bp.get("/results/<int:disclosure_id>")
@public
def result(disclosure_id: int) -> ResponseReturnValue:
    """One published result with its evidence."""
    found = queries.disclosure(db_session(), disclosure_id)
    record = queries.record_of(found)
    return render_template(
        "publish/result.html",
        disclosure=found,
        deadline=queries.deadline_of(db_session(), found),
        record=record,
        body=accounts_queries.body(db_session(), record["body"]),
        items={each["item"]: registry_queries.item(db_session(), each["item"]) for each in record["items"]},
        method_names=METHOD_NAMES,
        measure_names=MEASURE_NAMES,
    )
