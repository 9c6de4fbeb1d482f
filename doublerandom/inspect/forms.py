"""The result form: one group of fields for each item of the task."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from doublerandom.inspect.core import Category, Finding
from doublerandom.web import Form, choices_of

METHOD_NAMES = {
    "on_site": _l("现场检查"),
    "written": _l("书面检查"),
    "network": _l("网络监测"),
    "testing": _l("抽样检验"),
    "other_findings": _l("利用其他部门检查结论"),
    "commissioned": _l("委托专业机构"),
}
MEASURE_NAMES = {
    "none": _l("无需后续处理"),
    "corrected": _l("当场改正"),
    "ordered": _l("责令限期改正"),
    "case_opened": _l("立案查处"),
    "transferred": _l("移送其他机关"),
    "copied": _l("抄告其他部门"),
    "other": _l("其他"),
}


class ResultForm(Form):
    """What holds for the whole visit; `result_form` adds the items."""

    visited_on = DateField(_l("检查日期"), validators=[InputRequired()])
    method = SelectField(_l("检查方式"), choices=choices_of(METHOD_NAMES))
    summary = TextAreaField(_l("总体情况"), validators=[Optional(), Length(max=2000)])


def result_form(items: Sequence[str], categories: Mapping[str, Category], language: str) -> type[ResultForm]:
    """A form class for these items, with the result categories of the day as choices."""
    choices = choices_of(
        {each.code: f"{each.code} {each.zh if language == 'zh' else each.en}" for each in categories.values()}
    )
    fields: dict[str, Any] = {}
    for item in items:
        fields |= {
            f"categories-{item}": SelectMultipleField(
                _l("检查结果"),
                choices=choices,
                widget=ListWidget(prefix_label=False),
                option_widget=CheckboxInput(),
            ),
            f"measure-{item}": SelectField(_l("后续处理"), choices=choices_of(MEASURE_NAMES)),
            f"due-{item}": DateField(_l("改正期限"), validators=[Optional()]),
            f"finding-{item}": StringField(_l("发现的情况"), validators=[Optional(), Length(max=500)]),
        }
    return type("ResultFormOfTask", (ResultForm,), fields)


def filled_in(findings: Sequence[Finding]) -> dict[str, Any]:
    """Findings as the form's data, so that a returned result is mended, not typed again."""
    data: dict[str, Any] = {}
    for each in findings:
        data |= {
            f"categories-{each.item}": list(each.categories),
            f"measure-{each.item}": each.measure,
            f"due-{each.item}": each.due,
            f"finding-{each.item}": each.finding,
        }
    return data


def findings_of(form: ResultForm, items: Sequence[str]) -> list[Finding]:
    """The findings as the form was sent, in the order of the items."""
    return [
        Finding(
            item,
            tuple(form[f"categories-{item}"].data or ()),
            measure=form[f"measure-{item}"].data,
            due=form[f"due-{item}"].data if isinstance(form[f"due-{item}"].data, date) else None,
            finding=(form[f"finding-{item}"].data or "").strip(),
        )
        for item in items
    ]
