"""Forms of the randomness: a signature, lottery numbers, rolls, a witness's name."""

import unicodedata
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from doublerandom.dr1.beacon import GAMES
from doublerandom.draws import beacon
from doublerandom.web import Form

LONGEST = 4096


def _composed(text: str | None) -> str | None:
    return text and unicodedata.normalize("NFC", text)


class ValueForm(Form):
    """A value that is looked at first and counts once it is confirmed."""

    confirmed = HiddenField()

    def is_confirmed(self) -> bool:
        """Whether its text was read and confirmed."""
        return bool(self.confirmed.data)

    def value(self) -> Any:
        """What was offered."""
        raise NotImplementedError

    def day(self) -> date | None:
        """The drawing day of a lottery."""
        return None

    def fields(self) -> list[tuple[str, str]]:
        """What the confirming form sends once more."""
        raise NotImplementedError


class DrandForm(ValueForm):
    """A round's signature, typed or pasted, or a relay's answer as a file."""

    signature = TextAreaField(_l("签名，或中继的整份答复"), validators=[Length(max=LONGEST)])
    document = FileField(_l("中继答复的文件（JSON）"))
    typed = ""

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two is given, and neither is longer than any relay's answer."""
        sound = bool(super().validate(extra_validators))
        content = self.document.data.read(LONGEST + 1) if self.document.data else b""
        self.typed = content.decode(errors="replace") if content else self.signature.data or ""
        if len(content) > LONGEST:
            self.document.errors = [_("文件过大：中继的答复只有几百个字节。")]
        elif not self.typed.strip():
            self.signature.errors = [_("请粘贴签名，或选择文件。")]
        return sound and not self.errors

    def value(self) -> Any:
        """The signature as a value, or the text that is none."""
        return beacon.drand_value(self.typed)

    def fields(self) -> list[tuple[str, str]]:
        """The signature that was read."""
        return [("signature", self.value()["signature"])]


class LotteryForm(ValueForm):
    """
    The day and the numbers of a drawing, a field for each; `groups` as they were typed.

    Source `n` has it, one of several on the page: `sent` where the request is about this one.
    """

    drawn_on = DateField(_l("开奖公告上的开奖日期"), validators=[InputRequired()])

    def __init__(self, game: str, n: int, *, sent: bool) -> None:
        super().__init__(**({} if sent else {"formdata": None}))
        self.drawn_on.id = self.drawn_on.label.field_id = f"drawn_on-{n}"
        self.groups = [
            ((request.form.getlist(f"g{group}") if sent else []) + [""] * drawn)[:drawn]
            for group, (drawn, _highest) in enumerate(GAMES[game])
        ]
        self.missing = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field is filled in."""
        sound = bool(super().validate(extra_validators))
        self.missing = not all(number.strip() for group in self.groups for number in group)
        return sound and not self.missing and all(len(n) <= len("8 chars.") for g in self.groups for n in g)

    def value(self) -> Any:
        """The numbers, ascending in each group."""
        return beacon.lottery_value(self.groups)

    def day(self) -> date | None:
        """The drawing day on the announcement."""
        found: date | None = self.drawn_on.data
        return found

    def fields(self) -> list[tuple[str, str]]:
        """The day and the numbers as they were read."""
        groups = enumerate(self.value()["groups"])
        numbers = [(f"g{n}", str(number)) for n, group in groups for number in group]
        return [("drawn_on", self.drawn_on.data.isoformat()), *numbers]


class DiceForm(ValueForm):
    """Rolls in their order."""

    rolls = StringField(_l("点数"), validators=[InputRequired(), Length(max=1000)])
    sides = 10

    def value(self) -> Any:
        """The rolls, or the text that is none."""
        return beacon.rolls_value(self.rolls.data or "", self.sides)

    def fields(self) -> list[tuple[str, str]]:
        """The rolls as they were read."""
        return [("rolls", " ".join(map(str, self.value()["rolls"])))]


class WitnessForm(Form):
    """Somebody who is present when the randomness comes."""

    name = StringField(_l("姓名"), filters=[_composed], validators=[InputRequired(), Length(max=64)])
    office = StringField(_l("单位或身份"), filters=[_composed], validators=[Length(max=128)])
