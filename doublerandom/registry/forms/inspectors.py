"""Forms of inspectors: the record, certificates, qualifications, absences."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom.registry.names import (
    AWAY_NAMES,
    CERTIFICATE_NAMES,
    EXPERT_NAMES,
    LINE_NAMES,
    SKILL_NAMES,
)
from doublerandom.web import Form, choices_of

_BETWEEN = re.compile(r"[、，,;；\s]+")
STATUS_NAMES = {"suspended": _l("暂扣"), "revoked": _l("吊销"), "restored": _l("恢复有效")}


class ListField(StringField):  # type: ignore[misc]  # WTForms is untyped
    """Several short values in one line, each by its name where it has one, else as it stands."""

    def __init__(self, label: Any, *, names: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.names = names or {}

    def _value(self) -> str:
        if isinstance(self.data, list | tuple):
            return "、".join(str(self.names.get(one, one)) for one in self.data)
        return str(self.data or "")

    @property
    def values(self) -> list[str]:
        """The values as tokens, in the order in which they were typed."""
        tokens = {str(name): token for token, name in self.names.items()}
        return [tokens.get(one, one) for one in _BETWEEN.split(self.data or "") if one]


def _day(label: Any, *, needed: bool = False, description: Any = "") -> DateField:
    checks = [InputRequired() if needed else Optional()]
    return DateField(label, description=description, validators=checks)


class InspectorForm(Form):
    """The record of an inspector."""

    name = StringField(_l("姓名"), validators=[InputRequired(), Length(max=64)])
    body = SelectField(_l("所在单位"))
    department = SelectField(_l("执法领域"), choices=choices_of(LINE_NAMES))
    position = StringField(_l("职务"), validators=[Length(max=64)])
    regions = ListField(
        _l("执法区域"), description=_l("行政区划代码，用顿号隔开；上级代码包括其下各区划。不填为不限。")
    )
    skills = ListField(
        _l("专业资格"),
        names=SKILL_NAMES,
        description=_l("名称或代号，用顿号隔开。有起止日期和凭证的，请在人员页面另行登记。"),
    )
    items = ListField(
        _l("可检查事项"),
        description=_l("事项编号或类别，用顿号隔开；不填为全部。抽取的事项不在其中的，本人不参加该次派件。"),
    )
    expert = BooleanField(_l("是专家：可以随行，不计入两名执法检查人员"))
    expert_types = ListField(_l("专家类型"), names=EXPERT_NAMES, description=_l("名称或代号，用顿号隔开。"))

    def offer(self, bodies: Mapping[int, str], department: str = "") -> None:
        """Let these bodies be chosen, and the line of work that the record names already."""
        self.body.choices = [(str(number), name) for number, name in bodies.items()]
        if department and department not in LINE_NAMES:
            self.department.choices = choices_of({**LINE_NAMES, department: department})


class NewInspectorForm(InspectorForm):
    """A new inspector, with the certificate whose number is the pool id."""

    FIRST = ("certificate", "name", "body", "department", "valid_from", "valid_to", "authority")

    certificate = StringField(_l("执法证号"), validators=[InputRequired(), Length(max=31)])
    authority = StringField(_l("发证机关"), validators=[Length(max=128)])
    valid_from = _day(_l("有效期自"))
    valid_to = _day(_l("有效期至"), description=_l("不填为长期有效。"))


class ChangedInspectorForm(InspectorForm):
    """What changes of an inspector's record, and why."""

    active = BooleanField(_l("在库（取消勾选即离库，记录保留）"))
    reason = StringField(_l("变更原因"), validators=[InputRequired(), Length(max=255)])


class CertificateForm(Form):
    """A further certificate, or the renewal of one."""

    number = StringField(
        _l("证号"),
        description=_l("换证而证号不变的，填原证号。"),
        validators=[InputRequired(), Length(max=31)],
    )
    kind = SelectField(_l("证件种类"), choices=choices_of(CERTIFICATE_NAMES))
    authority = StringField(_l("发证机关"), validators=[Length(max=128)])
    valid_from = _day(_l("有效期自"), needed=True)
    valid_to = _day(_l("有效期至"), description=_l("不填为长期有效。"))


class CertificateStatusForm(Form):
    """A certificate is suspended, revoked, or valid again."""

    status = SelectField(_l("处理"), choices=choices_of(STATUS_NAMES))
    valid_from = _day(_l("自哪一天起"), needed=True)
    reason = TextAreaField(_l("原因和依据"), validators=[InputRequired(), Length(max=1000)])


class QualificationForm(Form):
    """A skill with its days and evidence."""

    skill = SelectField(_l("专业资格"), choices=choices_of(SKILL_NAMES))
    valid_from = _day(_l("有效期自"), needed=True)
    valid_to = _day(_l("有效期至"), description=_l("不填为长期有效。"))
    evidence = StringField(
        _l("凭证"), description=_l("证书编号、培训班或文件名称。"), validators=[Length(max=255)]
    )


class AbsenceForm(Form):
    """Leave, training or other duty."""

    kind = SelectField(_l("事由"), choices=choices_of(AWAY_NAMES))
    first_day = _day(_l("第一天"), needed=True)
    last_day = _day(_l("最后一天"), needed=True, description=_l("当天也算在内。"))
    note = StringField(_l("备注"), validators=[Length(max=255)])


class AbsenceCorrectionForm(AbsenceForm):
    """A later entry in place of an absence."""

    withdrawn = BooleanField(_l("撤回这条记录（不再请假、培训或外出公务）"))
