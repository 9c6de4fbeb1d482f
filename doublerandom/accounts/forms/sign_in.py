"""Forms of accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from doublerandom.web import Form


class SignInForm(Form):
    """Who it is, and where to go afterwards."""

    username = StringField(_l("用户名"), validators=[InputRequired(_l("请输入用户名")), Length(max=64)])
    password = PasswordField(_l("密码"), validators=[InputRequired(_l("请输入密码")), Length(max=200)])
    next = HiddenField()
