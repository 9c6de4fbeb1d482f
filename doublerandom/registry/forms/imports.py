"""Forms of imports: the file and its sender, what its columns mean, why a batch is taken back."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom.web import Form, choices_of

KIND_NAMES = {
    "subjects": _l("检查对象"),
    "classes": _l("信用风险分类"),
    "inspectors": _l("执法检查人员"),
    "items": _l("随机抽查事项"),
    "conflicts": _l("回避信息"),
    "ties": _l("人员关联信息"),
    "visits": _l("检查记录"),
    "plans": _l("年度计划任务"),
}
PLANNED = ("plans",)
"""Kinds that planners bring in; registrars bring in the others."""


class UploadForm(Form):
    """Somebody brings a file to the desk."""

    kind = SelectField(_l("导入什么"), choices=choices_of(KIND_NAMES))
    file = FileField(_l("文件"), validators=[FileRequired(_l("请选择要导入的文件"))])
    sender = StringField(_l("报送单位"), validators=[Optional(), Length(max=128)])


class MappingForm(Form):
    """What the columns mean is read from the request; this is what the file itself does not say."""

    updates = BooleanField(_l("文件来自登记机关，可以更新已有主体的登记信息"))
    prefix = StringField(_l("编号前缀"), validators=[Optional(), Length(max=16)])
    day = DateField(_l("分类日期"), validators=[Optional()])


class UndoForm(Form):
    """Why a batch is taken back."""

    reason = StringField(_l("撤回原因"), validators=[InputRequired(), Length(max=255)])
