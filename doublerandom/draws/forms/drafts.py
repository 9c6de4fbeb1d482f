"""Forms of the wizard: each step prefilled from what was chosen, the plan line and the rules."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from doublerandom.draws.models import Draft
from doublerandom.draws.services.drafting import MOST_SEATS
from doublerandom.draws.services.groundwork import team_seats
from doublerandom.registry import filters
from doublerandom.registry.forms.inspectors import ListField
from doublerandom.registry.forms.items import composed, text_field
from doublerandom.registry.names import LINE_NAMES, SEAT_NAMES, SKILL_NAMES
from doublerandom.registry.queries import PlanLine
from doublerandom.web import Form, choices_of

TEAMS: Final = "teams"
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
    def of(
        cls,
        draft: Draft,
        rules: Mapping[str, Any],
        regions: Sequence[tuple[str, str]],
        *,
        seats: Sequence[Mapping[str, Any]],
    ) -> "TeamForm":
        """The form as the draft has it, else with these seats and as the rules say."""
        wish = draft.wish
        data: dict[str, Any] = {
            "inspectors": wish.get("inspectors", "persons"),
            "days": wish.get("days", rules.get("availability", {}).get("window_days")),
            "neighbours": wish.get("neighbours", []),
        }
        for n, seat in enumerate(wish.get("team", seats)):
            data |= {f"seat_{n}": seat["seat"], f"department_{n}": seat.get("department", "")}
            data |= {f"skills_{n}": seat.get("skills", [])}
        return cls(None, data=data).offering(regions, wish.get("team", seats))

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

    def _seats(self) -> list[dict[str, Any]]:
        """The seats as they were filled in."""
        seats = []
        for n in range(MOST_SEATS):
            if self[f"seat_{n}"].data:
                seat: dict[str, Any] = {"seat": self[f"seat_{n}"].data}
                if self[f"department_{n}"].data:
                    seat["department"] = self[f"department_{n}"].data
                if skills := self[f"skills_{n}"].values:
                    seat["skills"] = skills
                seats.append(seat)
        return seats

    def chosen(
        self, draft: Draft, rules: Mapping[str, Any], *, proposed: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """
        What differs from the rules.

        Args:
            draft: What was chosen before: seats that nobody changed follow from persons to teams and back.
            rules: The rule set in force.
            proposed: Its seats, and those of the departments that co-operate.
        """
        teams = self.inspectors.data == TEAMS
        days = rules.get("availability", {}).get("window_days")
        return {
            "team": self._team(draft, rules, proposed, teams=teams),
            "inspectors": TEAMS if teams else None,
            "neighbours": list(self.neighbours.data or []) or None,
            "days": None if self.days.data in {None, days} else self.days.data,
        }

    def _team(
        self,
        draft: Draft,
        rules: Mapping[str, Any],
        proposed: Sequence[Mapping[str, Any]],
        *,
        teams: bool,
    ) -> list[dict[str, Any]] | None:
        """The seats where they are not the rules' own."""
        seats, as_proposed, by_rules = self._seats(), plain_seats(proposed), plain_seats(rules["team"])
        before = plain_seats(draft.wish.get("team", as_proposed))
        turned = teams != (draft.wish.get("inspectors") == TEAMS)
        untouched = seats == as_proposed or (turned and seats == before)
        if not untouched:
            return seats
        if as_proposed == by_rules:
            return None
        return team_seats(as_proposed) if teams else as_proposed


def plain_seats(seats: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Seats as the form gives them, without members that say nothing."""
    return [{name: value for name, value in seat.items() if value} for seat in seats]


for _n in range(MOST_SEATS):
    setattr(TeamForm, f"seat_{_n}", SelectField(_l("席位"), validators=[Optional()]))
    setattr(TeamForm, f"department_{_n}", SelectField(_l("部门"), validators=[Optional()]))
    setattr(TeamForm, f"skills_{_n}", ListField(_l("资格"), names=SKILL_NAMES, validators=[Length(max=500)]))
