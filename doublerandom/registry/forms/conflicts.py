"""Forms of conflicts of interest."""

import unicodedata

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from doublerandom.web import Form, choices_of

GROUND_NAMES = {
    "relative": _l("本人或近亲属在该单位任职、持股或为其代表"),
    "former-employee": _l("曾在该单位工作"),
    "financial-interest": _l("与该单位有经济利益关系"),
    "dispute": _l("与该单位有纠纷"),
    "declared": _l("其他可能影响公正的关系"),
}


def _composed(text: str | None) -> str | None:
    """The text in NFC, as everything that may become part of a pool is kept."""
    return text and unicodedata.normalize("NFC", text)


class ConflictForm(Form):
    """An inspector declares a conflict of interest."""

    subject = StringField(_l("统一社会信用代码"), validators=[InputRequired(), Length(max=31)])
    ground = SelectField(_l("回避事由"), choices=choices_of(GROUND_NAMES))
    statement = TextAreaField(
        _l("具体情况"),
        description=_l("只供机关负责人审查，不对外公开。"),
        filters=[_composed],
        validators=[InputRequired(), Length(max=2000)],
    )


class ConflictDecisionForm(Form):
    """The head upholds or refuses a declared conflict."""

    decision = RadioField(
        _l("审查意见"),
        choices=choices_of({"uphold": _l("同意回避"), "refuse": _l("不予回避")}),
        validators=[InputRequired()],
    )
