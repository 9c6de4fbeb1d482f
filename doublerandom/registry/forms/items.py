"""Forms of items: the draft, its states, what a person reads in its texts."""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from doublerandom.registry.models import Item
from doublerandom.registry.structure_words import BOUND_NAMES, PERIOD_NAMES, QUOTA_NAMES, WHOM_NAMES
from doublerandom.registry.structuring import rate_of
from doublerandom.web import Form, choices_of

KEY_MARK = "★"


def composed(text: str | None) -> str | None:
    """The text in NFC without blanks around it, as everything that may become part of a list is kept."""
    return text and unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def text_field(label: Any, longest: int, *, needed: bool = False, hint: Any = "") -> StringField:
    """A line of text that is kept composed."""
    return StringField(
        label,
        description=hint,
        filters=[composed],
        validators=[InputRequired() if needed else Optional(), Length(max=longest)],
    )


class ItemForm(Form):
    """What a draft of an item says."""

    code = StringField(_l("事项编号"), validators=[Optional(), Length(max=64)])
    name = text_field(_l("抽查事项"), 255, needed=True)
    category = text_field(_l("抽查领域"), 64)
    sub_items = TextAreaField(_l("子项"), filters=[composed], validators=[Optional(), Length(max=5000)])
    key = RadioField(
        _l("类别"),
        choices=choices_of({"general": _l("一般事项"), "key": _l("重点事项")}),
        validators=[InputRequired()],
    )
    basis = TextAreaField(_l("法律依据"), filters=[composed], validators=[Optional(), Length(max=20_000)])
    level = text_field(_l("实施层级"), 128)
    methods = text_field(_l("抽查方式"), 255)
    requirement = text_field(_l("检查人员要求"), 255)
    scope = text_field(_l("检查对象"), 512)
    points = TextAreaField(_l("检查要点"), filters=[composed], validators=[Optional(), Length(max=20_000)])
    ratio = text_field(_l("抽查比例"), 2000)
    frequency = text_field(_l("抽查频次"), 2000)
    unit = text_field(_l("责任单位"), 128)
    joint = BooleanField(_l("部门联合抽查"))
    skills = text_field(_l("检查人员须具备的资格代号"), 500)
    valid_from = DateField(_l("拟施行日期"), validators=[Optional()])
    valid_to = DateField(_l("最后有效日期"), validators=[Optional()])

    @classmethod
    def of(cls, item: Item) -> "ItemForm":
        """The form with what a draft says."""
        subs = [item.sub_item, *(item.sub_items or [])]
        points = [f"{KEY_MARK if point['key'] else ''}{point['name']}" for point in item.points or []]
        return cls(
            **item.model_dump(include={"name", "category", "basis", "level", "methods", "requirement"}),
            **item.model_dump(include={"scope", "ratio", "frequency", "unit", "joint"}),
            **item.model_dump(include={"valid_from", "valid_to"}),
            code=item.code,
            key="key" if item.key else "general",
            sub_items="\n".join(filter(None, subs)),
            points="\n".join(points),
            skills=" ".join(item.skills),
        )

    def fields(self) -> dict[str, Any]:
        """The columns of an item as they were filled in."""
        plain = ("name", "category", "basis", "level", "methods", "requirement", "scope", "ratio")
        subs = _lines(self.sub_items.data)
        points = [
            {"name": line.removeprefix(KEY_MARK).strip(), "key": line.startswith(KEY_MARK)}
            for line in _lines(self.points.data)
        ]
        return {
            **{name: self[name].data or "" for name in (*plain, "frequency", "unit")},
            "key": self.key.data == "key",
            "joint": self.joint.data,
            "sub_item": subs[0] if subs else "",
            "sub_items": subs[1:] or None,
            "points": points or None,
            "skills": (self.skills.data or "").replace("，", " ").replace(",", " ").split(),
            "valid_from": self.valid_from.data,
            "valid_to": self.valid_to.data,
        }


class ItemStateForm(Form):
    """A version comes into force, is suspended, resumed or abolished from a day on."""

    act = RadioField(
        _l("办理"),
        choices=choices_of(
            {
                "put_in_force": _l("生效"),
                "suspend": _l("暂停"),
                "resume": _l("恢复"),
                "abolish": _l("废止"),
            }
        ),
        validators=[InputRequired()],
    )
    first_day = DateField(_l("自哪一天起"), validators=[Optional()])
    reason = TextAreaField(_l("理由"), filters=[composed], validators=[Optional(), Length(max=2000)])


class StructureForm(Form):
    """What a person reads in the texts of ratio and frequency."""

    quota_kind = SelectField(
        _l("比例"), choices=choices_of({"": _l("不能定为数"), **QUOTA_NAMES}), validators=[Optional()]
    )
    rate = StringField(_l("比率"), validators=[Optional(), Length(max=32)])
    number = IntegerField(_l("数量"), validators=[Optional(), NumberRange(min=0, max=10**6)])
    per = SelectField(
        _l("每"), choices=choices_of({"": _l("不能定为数"), **PERIOD_NAMES}), validators=[Optional()]
    )
    every = IntegerField(_l("每几个周期"), default=1, validators=[Optional(), NumberRange(min=1, max=99)])
    bound = SelectField(_l("限度"), choices=choices_of(BOUND_NAMES))
    times = IntegerField(_l("次数"), validators=[Optional(), NumberRange(min=1, max=9999)])
    of = SelectField(_l("计数"), choices=choices_of(WHOM_NAMES))

    def validate_rate(self, field: StringField) -> None:
        """A ratio is written as 5%, 2‰ or 1/20."""
        if self.quota_kind.data in {"rate", "at_most"} and rate_of(field.data or "") is None:
            raise ValidationError(_l("请写成 5％、2‰ 或 1/20 的样子，且不超过全部。"))

    def validate_number(self, field: IntegerField) -> None:
        """A fixed number is needed where that is chosen."""
        if self.quota_kind.data == "fixed" and field.data is None:
            raise ValidationError(_l("请填写数量。"))

    def validate_times(self, field: IntegerField) -> None:
        """A frequency has a number."""
        if self.per.data and not field.data:
            raise ValidationError(_l("请填写次数。"))

    def structure(self) -> dict[str, Any]:
        """Quota and times as the service takes them."""
        kind = self.quota_kind.data
        quota: dict[str, Any] | None = {"kind": kind} if kind else None
        if kind in {"rate", "at_most"}:
            quota = {"kind": kind, "rate": rate_of(self.rate.data)}
        elif kind == "fixed":
            quota = {"kind": kind, "number": self.number.data}
        if not self.per.data:
            return {"quota": quota, "times": None}
        times = {name: self[name].data for name in ("per", "times", "bound", "of")}
        every = self.every.data or 1
        return {"quota": quota, "times": times | ({"every": every} if every > 1 else {})}


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").split("\n") if line.strip()]
