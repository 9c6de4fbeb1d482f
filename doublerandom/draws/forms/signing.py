"""Forms of acts that sign, of parties at level C, and of voids."""

import unicodedata

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from doublerandom.accounts.errors import PasswordsDifferError
from doublerandom.draws.plans import VOID_REASONS
from doublerandom.draws.story_words import VOID_REASONS as REASON_NAMES
from doublerandom.web import Form, choices_of

HEX = 64


class PinForm(Form):
    """The signing PIN of whoever signs."""

    pin = PasswordField(_l("签名密码"), validators=[InputRequired(), Length(max=200)])


class PartyKeyForm(Form):
    """The PIN of a party's new key, twice."""

    new = PasswordField(_l("签名密码（自定）"), validators=[InputRequired(), Length(max=200)])
    repeated = PasswordField(_l("再输入一次签名密码"), validators=[InputRequired(), Length(max=200)])

    def agreed(self) -> str:
        """The PIN, where both are alike; else PasswordsDifferError."""
        if self.new.data != self.repeated.data:
            raise PasswordsDifferError
        pin: str = self.new.data
        return pin


class CommitmentsForm(PinForm):
    """A party's two commitments; the secrets never leave its browser."""

    subject = StringField(_l("“抽对象”的承诺值"), validators=[InputRequired(), Length(max=200)])
    inspector = StringField(_l("“派人员”的承诺值"), validators=[InputRequired(), Length(max=200)])

    def commitments(self) -> dict[str, str]:
        """Both by purpose, as hex digits."""
        return {"subject": digits(self.subject.data), "inspector": digits(self.inspector.data)}


class SecretsForm(Form):
    """The secrets that a party committed to."""

    subject = StringField(_l("“抽对象”的秘密值"), validators=[InputRequired(), Length(max=200)])
    inspector = StringField(_l("“派人员”的秘密值"), validators=[InputRequired(), Length(max=200)])

    def secrets(self) -> dict[str, str]:
        """Both by purpose, as hex digits."""
        return {"subject": digits(self.subject.data), "inspector": digits(self.inspector.data)}


def digits(typed: str) -> str:
    """Hex digits as they count: blanks between groups, capitals and full-width letters do not matter."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).lower()


class VoidForm(Form):
    """Why a draw is to be void, and whom the reason touches."""

    reason = SelectField(_l("理由"), choices=choices_of({code: REASON_NAMES[code] for code in VOID_REASONS}))
    statement = TextAreaField(_l("情况说明"), validators=[InputRequired(), Length(max=2000)])
    touched = TextAreaField(_l("涉及的检查对象代码"), validators=[Optional(), Length(max=20000)])

    def codes(self) -> list[str]:
        """The codes that were typed, one for each; case, commas and line ends do not matter."""
        typed = unicodedata.normalize("NFKC", self.touched.data or "")
        for separator in ",;、":
            typed = typed.replace(separator, " ")
        return [code.upper() for code in typed.split()]
