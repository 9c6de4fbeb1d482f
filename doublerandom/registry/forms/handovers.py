"""Forms of the licence hand-over."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from doublerandom.web import Form


class ReturnForm(Form):
    """A department returns what is another's to supervise."""

    reason = TextAreaField(_l("退回理由"), validators=[InputRequired(), Length(max=2000)])


class DecisionForm(Form):
    """The supervision office names the department that supervises."""

    department = SelectField(_l("监管部门"), validators=[InputRequired()])
    reason = TextAreaField(_l("裁定理由"), validators=[InputRequired(), Length(max=2000)])


class DutyForm(Form):
    """Which line of work supervises a kind of licence."""

    kind = StringField(
        _l("许可种类代号"),
        description=_l("由字母、数字组成，与审批系统约定，例如 food-business。"),
        validators=[InputRequired(), Length(max=64), Regexp(r"[A-Za-z0-9][A-Za-z0-9._:-]*$")],
    )
    name = StringField(_l("许可事项名称"), validators=[InputRequired(), Length(max=128)])
    line = SelectField(_l("监管条线"), validators=[InputRequired()])
    basis = StringField(_l("依据文件"), validators=[Length(max=255)])
