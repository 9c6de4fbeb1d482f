"""Forms of manual exclusions and of offers to merge."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom.draws.exclusions import MANUAL_REASONS
from doublerandom.registry.forms.conflicts import composed
from doublerandom.web import Form, choices_of


def _words(label: Any, *, longest: int, needed: bool) -> Any:
    return TextAreaField(
        label,
        filters=[composed],
        validators=[InputRequired() if needed else Optional(), Length(max=longest)],
    )


class ExclusionForm(Form):
    """A planner asks that a subject be kept out of draws."""

    subject = StringField(_l("统一社会信用代码"), validators=[InputRequired(), Length(max=31)])
    reason = SelectField(_l("原因代码"), choices=choices_of(MANUAL_REASONS))
    line = SelectField(_l("适用任务"), choices=[])
    valid_from = DateField(_l("起始日期"), validators=[InputRequired()])
    valid_to = DateField(_l("截止日期"), validators=[InputRequired()])
    reference = StringField(_l("证明文件文号"), filters=[composed], validators=[Length(max=255)])
    document = FileField(_l("证明材料"))
    statement = _words(_l("具体情况"), longest=2000, needed=False)


class ExclusionDecisionForm(Form):
    """The second person confirms or refuses."""

    decision = RadioField(
        _l("确认意见"),
        choices=choices_of({"confirm": _l("确认排除"), "refuse": _l("不予排除")}),
        validators=[InputRequired()],
    )
    reason = _words(_l("说明"), longest=1000, needed=False)


class ExclusionLiftForm(Form):
    """Somebody ends an exclusion."""

    reason = _words(_l("结束理由"), longest=1000, needed=True)


class OfferAnswerForm(Form):
    """The other department accepts or refuses to go together."""

    answer = RadioField(
        _l("答复"),
        choices=choices_of({"accept": _l("同意合并"), "refuse": _l("不合并")}),
        validators=[InputRequired()],
    )
    reason = _words(_l("说明"), longest=1000, needed=False)
