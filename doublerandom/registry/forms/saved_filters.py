"""Forms of kept filters and bulk acts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from doublerandom.web import Form


class SaveFilterForm(Form):
    """Keep what is being searched under a name."""

    name = StringField(_l("筛选名称"), validators=[InputRequired(), Length(max=64)])
    shared = BooleanField(_l("本机关共用"))
    q = HiddenField(validators=[Length(max=255)])
    filter = HiddenField(validators=[Length(max=4000)])


class BulkForm(Form):
    """Confirm what was previewed."""

    reason = TextAreaField(_l("理由"), validators=[InputRequired(), Length(max=255)])
    q = HiddenField(validators=[Length(max=255)])
    filter = HiddenField(validators=[Length(max=4000)])
    action = HiddenField(validators=[InputRequired(), Length(max=16)])
    value = HiddenField(validators=[Length(max=64)])
    digest = HiddenField(validators=[InputRequired(), Length(max=64)])
