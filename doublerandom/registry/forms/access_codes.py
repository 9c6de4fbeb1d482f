"""The form of the counter that issues access codes."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from doublerandom.web import Form, choices_of


class AccessCodeForm(Form):
    """The counter names the enterprise that gets an access code."""

    subject = StringField(_l("统一社会信用代码"), validators=[InputRequired(), Length(max=31)])
    way = RadioField(
        _l("发放方式"),
        choices=choices_of({"counter": _l("窗口核验证照后当面发放"), "notice": _l("随通知书发放")}),
        default="counter",
        validators=[InputRequired()],
    )
    notice = StringField(_l("通知书文号"), validators=[Length(max=64)])
