"""Forms of replacements at the desk."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom.draws.reasons import DIRECT_REASONS, INSPECTOR_REASONS, OWN_REASONS
from doublerandom.web import Form, choices_of


class InspectorGoneForm(Form):
    """The office says of an inspector that they cannot go: at all open places of the draw."""

    certificate = StringField(_l("检查人员证号"), validators=[InputRequired(), Length(max=31)])
    reason = SelectField(_l("理由"), choices=choices_of({one: INSPECTOR_REASONS[one] for one in OWN_REASONS}))
    statement = TextAreaField(_l("说明"), validators=[Optional(), Length(max=1000)])
    document = FileField(_l("证明材料"))


class FillForm(Form):
    """An empty seat is filled: in order, or directly where nobody is next."""

    place = SelectField(_l("空缺席位"), validators=[InputRequired()])
    certificate = StringField(_l("拟指派人员证号"), validators=[Optional(), Length(max=31)])
    reason = SelectField(_l("直接指派的理由"), choices=choices_of(DIRECT_REASONS))
    statement = TextAreaField(_l("说明"), validators=[Optional(), Length(max=1000)])


class RefusalForm(Form):
    """A request is refused, with the reason."""

    reason = TextAreaField(_l("不同意的理由"), validators=[InputRequired(), Length(max=1000)])
