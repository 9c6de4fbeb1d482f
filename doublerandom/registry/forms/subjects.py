"""Forms of a subject's record."""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom.registry.subject_words import (
    FIELD_NAMES,
    KIND_NAMES,
    LEFT_NAMES,
    LICENCE_STATUS_NAMES,
    LISTING_NAMES,
    STANDING_NAMES,
    STATUS_NAMES,
)
from doublerandom.web import Form, choices_of


def composed(text: str | None) -> str | None:
    """The text in NFC and without blanks around it, as everything of a pool is kept."""
    return text and unicodedata.normalize("NFC", text).strip()


def _text(label: Any, longest: int, *, needed: bool = False, **options: Any) -> StringField:
    first = InputRequired() if needed else Optional()
    return StringField(label, filters=[composed], validators=[first, Length(max=longest)], **options)


class SubjectForm(Form):
    """Base fields of a subject, with the source that they follow."""

    kind = SelectField(FIELD_NAMES["kind"], choices=choices_of(KIND_NAMES))
    name = _text(FIELD_NAMES["name"], 255, needed=True)
    region = _text(FIELD_NAMES["region"], 12, needed=True)
    address = _text(FIELD_NAMES["address"], 512)
    industry = _text(FIELD_NAMES["industry"], 8)
    status = SelectField(FIELD_NAMES["status"], choices=choices_of(STATUS_NAMES))
    established = DateField(FIELD_NAMES["established"], validators=[Optional()])
    authority = _text(FIELD_NAMES["authority"], 128)
    managing_office = _text(FIELD_NAMES["managing_office"], 128)
    operator = _text(FIELD_NAMES["operator"], 31)
    category = _text(FIELD_NAMES["category"], 64)
    capital = _text(FIELD_NAMES["capital"], 64)
    business = TextAreaField(
        FIELD_NAMES["business"], filters=[composed], validators=[Optional(), Length(max=100_000)]
    )
    source = _text(_l("依据的文件或登记信息来源"), 255)

    def base_fields(self) -> dict[str, Any]:
        """What was filled in, by field."""
        names = [name for name in FIELD_NAMES if not name.startswith("credit_class")]
        return {name: self[name].data or (None if name == "established" else "") for name in names}


class NewSubjectForm(SubjectForm):
    """A subject that is added by hand."""

    code = _text(_l("统一社会信用代码"), 31)


class CorrectionForm(SubjectForm):
    """A subject's base fields are corrected."""

    reason = _text(_l("更正原因"), 255, needed=True)


class StandingForm(Form):
    """A body says something dated of a subject."""

    said = SelectField(
        _l("内容"), choices=choices_of({k: v for k, v in STANDING_NAMES.items() if k != "member"})
    )
    value = _text(_l("取值"), 64, needed=True)
    valid_from = DateField(_l("起始日期"), validators=[InputRequired()])
    valid_to = DateField(_l("截止日期"), validators=[Optional()])
    why = _text(_l("原因或依据"), 255, needed=True)


class EndForm(Form):
    """What was said holds no longer."""

    reason = _text(_l("终止原因"), 255, needed=True)


class LeaveForm(Form):
    """A subject leaves the body's pool."""

    reason = SelectField(_l("移出原因"), choices=choices_of(LEFT_NAMES))
    note = _text(_l("说明"), 255, needed=True)


class JoinForm(Form):
    """A subject joins the body's pool."""

    join_reason = _text(_l("纳入原因"), 255, needed=True)


class LicenceForm(Form):
    """A licence, from a document."""

    number = _text(_l("许可证编号"), 64, needed=True)
    licence_name = _text(_l("许可事项名称"), 128, needed=True)
    licence_authority = _text(_l("发证机关"), 128)
    granted = DateField(_l("发证日期"), validators=[Optional()])
    valid_until = DateField(_l("有效期至"), validators=[Optional()])
    licence_status = SelectField(_l("状态"), choices=choices_of(LICENCE_STATUS_NAMES))
    licence_source = _text(_l("依据的文件"), 128, needed=True)


class ListingForm(Form):
    """A place on a list, from a document."""

    listing = SelectField(_l("名单"), choices=choices_of(LISTING_NAMES))
    listed_from = DateField(_l("列入日期"), validators=[InputRequired()])
    listed_to = DateField(_l("到期日期"), validators=[Optional()])
    listing_authority = _text(_l("决定机关"), 128)
    listing_reason = _text(_l("列入事由"), 255)
    listing_source = _text(_l("决定文书"), 128, needed=True)
