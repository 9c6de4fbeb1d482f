"""The wizard's form of hour, randomness, parties and what opens when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from doublerandom.clock import SHANGHAI, local
from doublerandom.draws import plans
from doublerandom.draws.models import Draft
from doublerandom.web import Form, choices_of

LEVEL_CHOICES: Final = {
    "A": _l("A 级：公共随机信标 drand，任何人都能核对，无人可以选择"),
    "B": _l("B 级：彩票开奖号码或当众掷骰，不需要网络"),
    "C": _l("C 级：没有外部随机数，三方以上各出秘密值"),
}
CLOSED_NAMES: Final = {
    "subjects": _l("检查对象名录"),
    "inspectors": _l("执法检查人员名录"),
    "conflicts": _l("回避组合"),
}
MOST_PARTIES: Final = 5
DICE: Final = {"kind": "dice", "sides": 10, "count": 40}


class WhenForm(Form):
    """When the randomness comes, from where, who makes secrets, what stays closed, when all opens."""

    due = DateTimeLocalField(_l("取随机数的时刻"), format="%Y-%m-%dT%H:%M", validators=[InputRequired()])
    level = RadioField(_l("随机数等级"), choices=choices_of(LEVEL_CHOICES), validators=[InputRequired()])
    dice = BooleanField(_l("当众掷十面骰"))
    throws = IntegerField(_l("掷几次"), validators=[Optional(), NumberRange(min=1, max=200)])
    ssq = StringField(_l("双色球期号"), validators=[Optional(), Length(max=16)])
    kl8 = StringField(_l("快乐8期号"), validators=[Optional(), Length(max=16)])
    closed = SelectMultipleField(_l("不对外公开的名录"), choices=choices_of(CLOSED_NAMES))
    result_minutes = IntegerField(
        _l("几分钟内得出结果"), validators=[Optional(), NumberRange(min=1, max=1440)]
    )
    reveal_days = IntegerField(_l("几天后揭示"), validators=[Optional(), NumberRange(min=1, max=399)])

    @classmethod
    def of(
        cls,
        draft: Draft,
        rules: Mapping[str, Any],
        people: Mapping[str, str],
        *,
        due: datetime,
        sources: Sequence[Mapping[str, Any]],
    ) -> "WhenForm":
        """The form as the draft has it, else as this hour, these sources and the rules say."""
        wish = draft.wish
        due = datetime.fromisoformat(wish["due"]) if "due" in wish else due
        sources = wish.get("randomness", sources)
        dice = next((source for source in sources if source["kind"] == "dice"), None)
        lotteries = {source["name"]: source["issue"] for source in sources if source["kind"] == "lottery"}
        deadlines = rules["deadlines"]
        result_by = _moment(wish.get("result_by")) or plans.default_result_by(
            due, [dict(source) for source in sources], deadlines["result_minutes"]
        )
        reveal_by = _moment(wish.get("reveal_by"))
        data: dict[str, Any] = {
            "due": local(due),
            "level": plans.source_level([dict(source) for source in sources]),
            "dice": dice is not None,
            "throws": dice["count"] if dice else DICE["count"],
            "ssq": lotteries.get("cn-ssq", ""),
            "kl8": lotteries.get("cn-kl8", ""),
            "closed": wish.get("closed", []),
            "result_minutes": int((result_by - due).total_seconds() // 60),
            "reveal_days": (reveal_by - due).days if reveal_by else deadlines["reveal_days"],
        }
        parties = wish.get("parties", [])
        data |= {f"party_{n}": party["party"] for n, party in enumerate(parties[:MOST_PARTIES])}
        return cls(None, data=data).offering(people)

    def offering(self, people: Mapping[str, str]) -> "WhenForm":
        """The form with the people who may be parties."""
        for n in range(MOST_PARTIES):
            self[f"party_{n}"].choices = choices_of({"": _l("（空）"), **people})
        return self

    def parties(self) -> list[Any]:
        """The fields of the parties."""
        return [self[f"party_{n}"] for n in range(MOST_PARTIES)]

    def moment(self) -> datetime:
        """When the randomness is due, as an aware time."""
        found: datetime = self.due.data
        return found.replace(tzinfo=SHANGHAI)

    def sources(self) -> list[dict[str, Any]]:
        """The sources as in a plan, without drand's round."""
        if self.level.data == "C":
            return []
        found: list[dict[str, Any]] = [{"kind": "drand"}] if self.level.data == "A" else []
        for name, field in (("cn-ssq", self.ssq), ("cn-kl8", self.kl8)):
            if issue := (field.data or "").strip():
                found.append({"kind": "lottery", "name": name, "issue": issue})
        if self.dice.data:
            found.append({**DICE, "count": self.throws.data or DICE["count"]})
        return found

    def validate_ssq(self, field: StringField) -> None:
        """No drawing of a year that has passed."""
        self._check_issue(field)

    def validate_kl8(self, field: StringField) -> None:
        """No drawing of a year that has passed."""
        self._check_issue(field)

    def _check_issue(self, field: StringField) -> None:
        if self.due.data and not plans.is_issue_of((field.data or "").strip(), self.moment()):
            raise ValidationError(_l("期号以年份开头，且不早于取随机数的年份。"))

    def validate_level(self, field: RadioField) -> None:
        """Level B has dice or a lottery."""
        if field.data == "B" and not self.sources():
            raise ValidationError(_l("B 级请至少勾选掷骰，或填写一期彩票。"))

    def chosen(self, rules: Mapping[str, Any], bodies: Mapping[str, str]) -> dict[str, Any]:
        """
        What was chosen; result and reveal only where they differ from the rules.

        Args:
            rules: The rule set in force.
            bodies: The token of the body of each person who may be a party.
        """
        due, sources, deadlines = self.moment(), self.sources(), rules["deadlines"]
        result_by = due + timedelta(minutes=self.result_minutes.data or 0)
        usual = plans.default_result_by(due, sources, deadlines["result_minutes"])
        days = self.reveal_days.data
        parties = [field.data for field in self.parties() if field.data]
        return {
            "due": due.isoformat(),
            "randomness": sources,
            "parties": None
            if sources
            else [{"party": person, "body": bodies.get(person, "")} for person in parties],
            "closed": sorted(self.closed.data or []) or None,
            "result_by": None
            if not self.result_minutes.data or result_by == usual
            else result_by.isoformat(),
            "reveal_by": None
            if days in {None, deadlines["reveal_days"]}
            else (due + timedelta(days=days or 0)).isoformat(),
        }


for _n in range(MOST_PARTIES):
    setattr(WhenForm, f"party_{_n}", SelectField(_l("第 %(n)s 方", n=_n + 1), validators=[Optional()]))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
