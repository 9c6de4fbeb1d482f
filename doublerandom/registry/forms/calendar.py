"""Forms of the working-day calendar."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from doublerandom.web import Form, choices_of


class CalendarYearForm(Form):
    """A year by the State Council's holiday notice, pasted."""

    year = IntegerField(_l("年份"), validators=[InputRequired(), NumberRange(min=2000, max=2999)])
    source = StringField(_l("通知文号"), validators=[InputRequired(), Length(max=255)])
    notice = TextAreaField(_l("放假安排"), validators=[InputRequired(), Length(max=4000)])


class CalendarDayForm(Form):
    """One day changed by hand, with the reason."""

    day = DateField(_l("日期"), validators=[InputRequired()])
    working = RadioField(
        _l("改为"),
        choices=choices_of({"yes": _l("工作日"), "no": _l("休息日")}),
        validators=[InputRequired()],
    )
    name = StringField(_l("节日名称"), validators=[Optional(), Length(max=64)])
    reason = StringField(_l("调整原因"), validators=[InputRequired(), Length(max=255)])

    def validate_reason(self, field: Any) -> None:
        """A reason says something."""
        if not (field.data or "").strip():
            raise ValidationError(_("请写明调整原因"))
