"""Forms of conflicts of interest."""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom.registry.grounds import DECLARED_GROUNDS, GROUND_NAMES, LINK_KINDS, RELATIONS
from doublerandom.web import Form, choices_of

__all__ = [
    "GROUND_NAMES",
    "ConflictDecisionForm",
    "ConflictEndForm",
    "ConflictEntryForm",
    "ConflictForm",
    "LinkForm",
    "RecusalForm",
    "TieForm",
    "TieWithdrawalForm",
    "composed",
]


def composed(text: str | None) -> str | None:
    """The text in NFC, as everything that may become part of a pool is kept."""
    return text and unicodedata.normalize("NFC", text)


def _subject(*, needed: bool = True) -> Any:
    return StringField(
        _l("统一社会信用代码"), validators=[InputRequired() if needed else Optional(), Length(max=31)]
    )


def _inspector(*, needed: bool = True) -> Any:
    return StringField(
        _l("检查人员证号"), validators=[InputRequired() if needed else Optional(), Length(max=31)]
    )


class ConflictForm(Form):
    """An inspector declares a conflict of interest."""

    subject = _subject()
    ground = SelectField(_l("回避事由"), choices=choices_of(DECLARED_GROUNDS))
    statement = TextAreaField(
        _l("具体情况"),
        description=_l("只供机关负责人审查，不对外公开。"),
        filters=[composed],
        validators=[InputRequired(), Length(max=2000)],
    )
    document = FileField(_l("证明材料"))


class ConflictEntryForm(ConflictForm):
    """A registrar enters a conflict that the personnel office told."""

    inspector = _inspector()
    valid_from = DateField(_l("起始日期"), validators=[InputRequired()])
    valid_to = DateField(_l("截止日期"), validators=[Optional()])


class RecusalForm(Form):
    """A registrar enters the application of a subject that an inspector stay away."""

    subject = _subject()
    inspector = _inspector()
    applicant = StringField(
        _l("申请人"), filters=[composed], validators=[InputRequired(), Length(max=64)]
    )
    statement = TextAreaField(
        _l("申请理由"), filters=[composed], validators=[InputRequired(), Length(max=2000)]
    )
    document = FileField(_l("申请书"))


class ConflictDecisionForm(Form):
    """The head upholds or refuses conflicts."""

    decision = RadioField(
        _l("审查意见"),
        choices=choices_of({"uphold": _l("同意回避"), "refuse": _l("不予回避")}),
        validators=[InputRequired()],
    )
    reason = TextAreaField(_l("审查理由"), filters=[composed], validators=[Length(max=1000)])


class ConflictEndForm(Form):
    """The head ends a conflict before its last day."""

    ended_on = DateField(_l("自哪一天起不再回避"), validators=[InputRequired()])
    reason = TextAreaField(
        _l("结束理由"), filters=[composed], validators=[InputRequired(), Length(max=1000)]
    )


class TieForm(Form):
    """A registrar enters where an inspector works or worked, owns or represents."""

    inspector = _inspector()
    code = _subject()
    relation = SelectField(_l("关系"), choices=choices_of(RELATIONS))
    first_day = DateField(_l("起始日期"), validators=[Optional()])
    last_day = DateField(_l("截止日期"), validators=[Optional()])
    statement = TextAreaField(_l("具体情况"), filters=[composed], validators=[Length(max=2000)])


class TieWithdrawalForm(Form):
    """A tie that was entered by mistake is taken back."""

    reason = StringField(_l("撤回理由"), filters=[composed], validators=[InputRequired(), Length(max=1000)])


class LinkForm(Form):
    """An identifier of a subject, or of an inspector or a relative; only its hash is kept."""

    owner_subject = _subject(needed=False)
    owner_inspector = _inspector(needed=False)
    kind = SelectField(_l("标识类型"), choices=choices_of(LINK_KINDS))
    value = StringField(_l("标识"), validators=[InputRequired(), Length(max=200)])
