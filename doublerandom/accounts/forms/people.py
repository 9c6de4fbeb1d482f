"""Forms on people and bodies: invitations, roles, reasons, decisions, stand-ins, keys."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from doublerandom.accounts.errors import PasswordsDifferError
from doublerandom.accounts.words import LEVEL_NAMES, POOL_NAMES, ROLE_NAMES
from doublerandom.web import Form, choices_of


class ChecksField(SelectMultipleField):  # type: ignore[misc]  # WTForms is untyped
    """Several of some choices, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class InvitationForm(Form):
    """Who is invited, to which body, in which roles."""

    username = StringField(_l("用户名"), validators=[InputRequired(), Length(max=64)])
    name = StringField(_l("姓名"), validators=[InputRequired(), Length(max=64)])
    person = StringField(_l("人员代号"), validators=[InputRequired(), Length(max=64)])
    body = SelectField(_l("机关"))
    certificate = StringField(_l("执法证号"), validators=[Length(max=31)])
    roles = ChecksField(_l("角色"), choices=choices_of(ROLE_NAMES), validators=[Optional()])
    reason = StringField(_l("理由"), validators=[Length(max=500)])


class RoleForm(Form):
    """A role that is asked for."""

    role = SelectField(_l("角色"), choices=choices_of(ROLE_NAMES))
    reason = StringField(_l("理由"), validators=[InputRequired(), Length(max=500)])


class ReasonForm(Form):
    """Why something is done to an account."""

    reason = StringField(_l("理由"), validators=[InputRequired(), Length(max=500)])


class WithdrawalForm(ReasonForm):
    """Which role is taken back, and why."""

    role = SelectField(_l("角色"), choices=choices_of(ROLE_NAMES))


class GrantDecisionForm(Form):
    """The second person confirms or refuses."""

    decision = RadioField(
        _l("决定"),
        choices=choices_of({"grant": _l("确认授予"), "refuse": _l("不予授予")}),
        validators=[InputRequired()],
    )


class StandInForm(Form):
    """Who stands in for whom, in which roles, from when until when."""

    principal = SelectField(_l("被代理人（A 角）"))
    person = SelectField(_l("代理人（B 角）"))
    roles = ChecksField(_l("代理的角色"), validators=[InputRequired(_l("请至少选择一个角色"))])
    first_day = DateField(_l("起始日期"), validators=[InputRequired()])
    last_day = DateField(_l("截止日期"), validators=[InputRequired()])
    reason = StringField(_l("理由"), validators=[InputRequired(), Length(max=500)])


class _PinForm(Form):
    """A new PIN, typed twice."""

    new = PasswordField(_l("新签名密码"), validators=[InputRequired(), Length(max=200)])
    repeated = PasswordField(_l("再次输入新签名密码"), validators=[InputRequired(), Length(max=200)])

    def agreed(self) -> str:
        """The PIN; raises PasswordsDifferError where it was typed differently."""
        if self.new.data != self.repeated.data:
            raise PasswordsDifferError
        pin: str = self.new.data
        return pin


class SigningKeyForm(_PinForm):
    """A new signing key for a role that signs."""

    role = SelectField(_l("签署身份"))


class PinForm(_PinForm):
    """The PIN of a key, before and after."""

    old = PasswordField(_l("当前签名密码"), validators=[InputRequired(), Length(max=200)])


class BodyForm(Form):
    """A body or department and its place in the tree."""

    parent = SelectField(_l("上级"))
    token = StringField(_l("代号"), validators=[InputRequired(), Length(max=64)])
    name = StringField(_l("名称"), validators=[InputRequired(), Length(max=128)])
    name_en = StringField(_l("英文名称"), validators=[Length(max=128)])
    line = StringField(_l("业务条线"), validators=[InputRequired(), Length(max=64)])
    level = SelectField(_l("层级"), choices=choices_of(LEVEL_NAMES))
    region = StringField(_l("区划代码"), validators=[InputRequired(), Length(max=12)])
    head = StringField(_l("负责人姓名"), validators=[Length(max=64)])
    pool = SelectField(_l("名录范围"), choices=choices_of(POOL_NAMES))
