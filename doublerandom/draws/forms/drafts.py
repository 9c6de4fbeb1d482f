"""Forms of the wizard: each step prefilled from what was chosen, the plan line and the rules."""

import re
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
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from doublerandom.clock import SHANGHAI, local
from doublerandom.draws import plans
from doublerandom.draws.models import Draft
from doublerandom.draws.services.drafting import MOST_SEATS
from doublerandom.registry import filters
from doublerandom.registry.forms.inspectors import ListField
from doublerandom.registry.forms.items import composed, text_field
from doublerandom.registry.names import LINE_NAMES, SEAT_NAMES, SKILL_NAMES
from doublerandom.registry.queries import PlanLine
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
_BETWEEN: Final = re.compile(r"[、，,;；\s]+")


class NewDraftForm(Form):
    """Which line a draw, or a rehearsal, is prepared from."""

    plan_line = StringField(_l("计划任务"), validators=[InputRequired(), Length(max=64)])
    rehearsal = BooleanField(_l("演练"))


class ScopeForm(Form):
    """Who may be drawn at all."""

    title = text_field(_l("抽取名称"), 255)
    batch = IntegerField(_l("第几批"), validators=[Optional(), NumberRange(min=0, max=9999)])
    supersedes = SelectField(_l("替代哪次抽取"), validators=[Optional()])
    filter = TextAreaField(
        _l("范围表达式"), filters=[composed], validators=[Optional(), Length(max=filters.LONGEST)]
    )

    @classmethod
    def of(cls, draft: Draft, line: PlanLine, owed: Sequence[str], *, scope: str) -> "ScopeForm":
        """The form as the draft has it, with this scope."""
        wish = draft.wish
        form = cls(
            None,
            data={
                "title": wish.get("title", line.name),
                "batch": wish.get("batch", 0),
                "supersedes": wish.get("supersedes", ""),
                "filter": scope,
            },
        )
        return form.offering(owed)

    def offering(self, owed: Sequence[str]) -> "ScopeForm":
        """The form with the draws that can be superseded."""
        self.supersedes.choices = choices_of({"": _l("不替代"), **{number: number for number in owed}})
        return self

    def chosen(self, line: PlanLine) -> dict[str, Any]:
        """What differs from the plan line."""
        scope, title = self.filter.data or "", self.title.data or ""
        return {
            "filter": None if filters.canonical(scope) == line.filter else scope,
            "title": None if title in {"", line.name} else title,
            "batch": self.batch.data or None,
            "supersedes": self.supersedes.data or None,
        }


class StrataForm(Form):
    """By the quotas of the rules, or the whole population in batches."""

    whole = BooleanField(_l("全量检查，只抽批次的先后"))
    batches = StringField(_l("分几批"), validators=[Optional(), Length(max=2000)])

    @classmethod
    def of(cls, draft: Draft) -> "StrataForm":
        """The form as the draft has it."""
        said = "、".join(map(str, draft.wish.get("batches", [])))
        return cls(None, data={"whole": draft.wish.get("whole", False), "batches": said})

    def validate_batches(self, field: StringField) -> None:
        """A number of equal parts, or the size of each."""
        if any(not part.isascii() or not part.isdigit() or len(part) > 8 for part in _parts(field.data)):
            raise ValidationError(_l("请写成份数（如 4），或各批户数（如 20、20、15）。"))

    def chosen(self) -> dict[str, Any]:
        """What differs from the rules."""
        whole = self.whole.data or None
        return {"whole": whole, "batches": [int(part) for part in _parts(self.batches.data)] or None}


def _parts(text: str | None) -> list[str]:
    return [part for part in _BETWEEN.split(text or "") if part]


class TeamForm(Form):
    """The seats, who is dealt, where people are lent from, how long visits may take."""

    inspectors = RadioField(
        _l("抽取谁"),
        choices=choices_of({"persons": _l("逐人抽取"), "teams": _l("抽取固定检查组，每组占一个席位")}),
        default="persons",
    )
    days = IntegerField(_l("检查期（天）"), validators=[Optional(), NumberRange(min=1, max=366)])
    neighbours = SelectMultipleField(_l("相邻地区"), validators=[Optional()], validate_choice=True)

    @classmethod
    def of(cls, draft: Draft, rules: Mapping[str, Any], regions: Sequence[tuple[str, str]]) -> "TeamForm":
        """The form as the draft has it, else as the rules say."""
        wish = draft.wish
        data: dict[str, Any] = {
            "inspectors": wish.get("inspectors", "persons"),
            "days": wish.get("days", rules.get("availability", {}).get("window_days")),
            "neighbours": wish.get("neighbours", []),
        }
        for n, seat in enumerate(wish.get("team", rules["team"])):
            data |= {f"seat_{n}": seat["seat"], f"department_{n}": seat.get("department", "")}
            data |= {f"skills_{n}": seat.get("skills", [])}
        return cls(None, data=data).offering(regions, wish.get("team", rules["team"]))

    def offering(self, regions: Sequence[tuple[str, str]], seats: Sequence[Mapping[str, Any]]) -> "TeamForm":
        """The form with what one may choose from, tokens of the rules that have no name among them."""
        self.neighbours.choices = [(code, name) for code, name in regions]
        names = {**{seat["seat"]: seat["seat"] for seat in seats}, **SEAT_NAMES}
        lines = {**{seat.get("department", ""): seat.get("department", "") for seat in seats}, **LINE_NAMES}
        lines.pop("", None)
        for n in range(MOST_SEATS):
            self[f"seat_{n}"].choices = choices_of({"": _l("（无此席位）"), **names})
            self[f"department_{n}"].choices = choices_of({"": _l("不限部门"), **lines})
        return self

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each seat that is there, and of two more."""
        rows = [(self[f"seat_{n}"], self[f"department_{n}"], self[f"skills_{n}"]) for n in range(MOST_SEATS)]
        filled = max((n for n, row in enumerate(rows, 1) if row[0].data), default=0)
        return rows[: min(filled + 2, MOST_SEATS)]

    def chosen(self, rules: Mapping[str, Any]) -> dict[str, Any]:
        """What differs from the rules."""
        seats = []
        for n in range(MOST_SEATS):
            if self[f"seat_{n}"].data:
                seat: dict[str, Any] = {"seat": self[f"seat_{n}"].data}
                if self[f"department_{n}"].data:
                    seat["department"] = self[f"department_{n}"].data
                if skills := self[f"skills_{n}"].values:
                    seat["skills"] = skills
                seats.append(seat)
        by_rules = [{name: value for name, value in seat.items() if value} for seat in rules["team"]]
        days = rules.get("availability", {}).get("window_days")
        return {
            "team": None if seats == by_rules else seats,
            "inspectors": "teams" if self.inspectors.data == "teams" else None,
            "neighbours": list(self.neighbours.data or []) or None,
            "days": None if self.days.data in {None, days} else self.days.data,
        }


for _n in range(MOST_SEATS):
    setattr(TeamForm, f"seat_{_n}", SelectField(_l("席位"), validators=[Optional()]))
    setattr(TeamForm, f"department_{_n}", SelectField(_l("部门"), validators=[Optional()]))
    setattr(TeamForm, f"skills_{_n}", ListField(_l("资格"), names=SKILL_NAMES, validators=[Length(max=500)]))


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
