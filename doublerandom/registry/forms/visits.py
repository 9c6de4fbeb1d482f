"""Forms of visits: entered by hand, and corrected."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom.registry.forms.conflicts import composed
from doublerandom.registry.visit_kinds import EXEMPT_GROUNDS, KINDS
from doublerandom.web import Form, choices_of

LEVEL_NAMES = {"": _l("未知"), "province": _l("省级"), "city": _l("市级"), "county": _l("县级")}
FOUND_NAMES = {"": _l("未说明"), "yes": _l("发现问题"), "no": _l("未发现问题")}


class VisitForm(Form):
    """What is told of a visit; `VisitEntryForm` adds whom, `VisitCorrectionForm` why."""

    visited_on = DateField(_l("检查日期"), validators=[InputRequired()])
    time = StringField(_l("检查时间"), validators=[Optional(), Length(max=5)])
    body = SelectField(_l("检查机关"))
    outside = StringField(_l("平台以外的机关名称"), filters=[composed], validators=[Length(max=128)])
    level = SelectField(_l("机关层级"), choices=choices_of(LEVEL_NAMES))
    kind = SelectField(_l("检查类型"), choices=choices_of(KINDS))
    items = StringField(_l("检查事项"), filters=[composed], validators=[Length(max=500)])
    inspectors = StringField(_l("检查人员证号"), validators=[Length(max=500)])
    found = SelectField(_l("检查结果"), choices=choices_of(FOUND_NAMES))
    exempt = SelectField(_l("豁免事由"), choices=choices_of({"": _l("不豁免"), **EXEMPT_GROUNDS}))
    evidence = TextAreaField(_l("豁免依据"), filters=[composed], validators=[Length(max=2000)])
    document = FileField(_l("依据文件"))
    counts = BooleanField(_l("计入检查频次（按细则规定的类型）"), default=True)


class VisitEntryForm(VisitForm):
    """A visit entered by hand."""

    subject = StringField(_l("统一社会信用代码"), validators=[InputRequired(), Length(max=31)])


class VisitCorrectionForm(VisitForm):
    """A right visit in the place of a wrong one."""

    reason = TextAreaField(
        _l("更正理由"), filters=[composed], validators=[InputRequired(), Length(max=1000)]
    )


def with_bodies(form: VisitForm, bodies: list[tuple[Any, str]]) -> VisitForm:
    """The form with the bodies that can be chosen."""
    named = {str(number): name for number, name in bodies}
    form.body.choices = choices_of({**named, "": _l("平台以外的机关")})
    return form
