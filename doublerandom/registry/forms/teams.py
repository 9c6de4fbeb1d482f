"""Forms of standing teams."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from doublerandom.web import Form


class MembersForm(Form):
    """Who belongs to a team, from which day on."""

    lead = SelectField(_l("组长"))
    members = SelectMultipleField(
        _l("组员"),
        description=_l("至少一人。可以选多人：电脑上按住 Ctrl 点选。"),
        validators=[InputRequired()],
    )
    experts = SelectMultipleField(
        _l("随行专家"), description=_l("不计入两名执法检查人员，也不作为派件对象。")
    )
    valid_from = DateField(_l("自哪一天起"), validators=[InputRequired()])

    def offer(self, inspectors: Mapping[str, str], experts: Mapping[str, str]) -> None:
        """Let these be chosen: names by certificate number."""
        self.lead.choices = list(inspectors.items())
        self.members.choices = list(inspectors.items())
        self.experts.choices = list(experts.items())


class TeamForm(MembersForm):
    """A new team."""

    FIRST = ("name", "body")

    name = StringField(_l("检查组名称"), validators=[InputRequired(), Length(max=64)])
    body = SelectField(_l("所在单位"))


class TeamEndForm(Form):
    """The last day of a team."""

    last_day = DateField(_l("最后一天"), validators=[InputRequired()])
