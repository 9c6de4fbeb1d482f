"""Forms of signing in: who it is, its second factor, proving it again, setting a password."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from doublerandom.accounts.errors import PasswordsDifferError
from doublerandom.web import Form


class SignInForm(Form):
    """Who it is, and where to go afterwards."""

    username = StringField(_l("用户名"), validators=[InputRequired(_l("请输入用户名")), Length(max=64)])
    password = PasswordField(_l("密码"), validators=[InputRequired(_l("请输入密码")), Length(max=200)])
    next = HiddenField()


class CodeForm(Form):
    """The code of the authenticator, or a recovery code."""

    code = StringField(_l("验证码"), validators=[InputRequired(_l("请输入验证码")), Length(max=40)])


class AgainForm(Form):
    """Password again, and the code where there is a second factor."""

    password = PasswordField(_l("密码"), validators=[InputRequired(_l("请输入密码")), Length(max=200)])
    code = StringField(_l("验证码"), validators=[Length(max=40)])
    next = HiddenField()


class NewPasswordForm(Form):
    """A new password, typed twice."""

    new = PasswordField(_l("新密码"), validators=[InputRequired(_l("请输入密码")), Length(max=200)])
    repeated = PasswordField(
        _l("再次输入新密码"), validators=[InputRequired(_l("请输入密码")), Length(max=200)]
    )

    def agreed(self) -> str:
        """The password; raises PasswordsDifferError where it was typed differently."""
        if self.new.data != self.repeated.data:
            raise PasswordsDifferError
        password: str = self.new.data
        return password


class ChangePasswordForm(NewPasswordForm):
    """The present password before the new one."""

    present = PasswordField(_l("当前密码"), validators=[InputRequired(_l("请输入密码")), Length(max=200)])


class LinkForm(NewPasswordForm):
    """A new password by a link; its secret goes along."""

    token = HiddenField(validators=[InputRequired(), Length(max=64)])
