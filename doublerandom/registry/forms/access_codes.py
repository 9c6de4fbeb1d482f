"""The form of the counter that issues access codes."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from doublerandom.web import Form


class AccessCodeForm(Form):
    """The counter names the enterprise that gets an access code."""

    subject = StringField(_l("统一社会信用代码"), validators=[InputRequired(), Length(max=31)])
