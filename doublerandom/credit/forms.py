"""The credit officer's decision."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom.web import Form, choices_of


class DecisionForm(Form):
    """Confirm or reject a proposed record, with an opinion."""

    decision = RadioField(
        _l("处理意见"),
        choices=choices_of({"confirm": _l("确认生效"), "reject": _l("驳回")}),
        validators=[InputRequired()],
    )
    opinion = TextAreaField(_l("说明"), validators=[Optional(), Length(max=1000)])
