"""The form that issues a key to another authority's system."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from doublerandom.web import Form


class ApiKeyForm(Form):
    """Whose system, for which body, what it may do, how long."""

    name = StringField(_l("系统名称"), validators=[InputRequired(), Length(max=128)])
    body = SelectField(_l("代表的机关"), validators=[InputRequired()])
    scopes = SelectMultipleField(_l("权限"), validators=[InputRequired()])
    days = IntegerField(_l("有效天数"), validators=[InputRequired(), NumberRange(min=1, max=3660)])
