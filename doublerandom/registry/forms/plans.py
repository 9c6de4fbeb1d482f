"""Forms of annual plans: the plan, its lines, the acts on its way."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from doublerandom.registry.forms.items import composed, text_field
from doublerandom.registry.models import PlanLine
from doublerandom.registry.plan_lines import PlanLineIn
from doublerandom.registry.structure_words import QUOTA_NAMES
from doublerandom.registry.structuring import rate_of, rate_text
from doublerandom.web import Form, choices_of

MONTHS = {str(month): str(month) for month in range(1, 13)}
CLASSES = ("A", "B", "C", "D")
_MOST = 10**8


def _one_line(text: str | None) -> str | None:
    return text and " ".join((composed(text) or "").split())


class PlanForm(Form):
    """A new annual plan."""

    year = IntegerField(_l("年度"), validators=[InputRequired(), NumberRange(min=2000, max=2100)])
    title = text_field(_l("计划名称"), 255, needed=True)


class PlanHeadForm(Form):
    """What a draft says beside its lines."""

    title = text_field(_l("计划名称"), 255, needed=True)
    reason = TextAreaField(_l("修订理由"), filters=[composed], validators=[Optional(), Length(max=2000)])
    filing = text_field(_l("备案号"), 64)


class PlanActForm(Form):
    """The words that go with an act on a plan: a reason, an approval number, a filing number."""

    words = TextAreaField(_l("意见"), filters=[composed], validators=[Optional(), Length(max=2000)])
    number = text_field(_l("文号"), 64)


class PlanLineForm(Form):
    """One line of a draft."""

    number = text_field(_l("任务编号"), 64, needed=True)
    name = text_field(_l("任务名称"), 255, needed=True)
    items = text_field(_l("抽查事项编号"), 2000)
    directed = BooleanField(_l("定向抽查"))
    unannounced = BooleanField(_l("不预先通知"))
    scope = StringField(_l("对象范围"), filters=[_one_line], validators=[Optional(), Length(max=512)])
    filter = text_field(_l("范围表达式"), 4000)
    domain = text_field(_l("适用细则的领域"), 64)
    base = IntegerField(_l("对象基数"), validators=[Optional(), NumberRange(min=0, max=_MOST)])
    ratio = text_field(_l("抽查比例（公布文字）"), 255)
    quota_kind = SelectField(
        _l("比例规则"), choices=choices_of({"": _l("按细则分层确定"), **QUOTA_NAMES}), validators=[Optional()]
    )
    rate = StringField(_l("比率"), validators=[Optional(), Length(max=32)])
    quota_number = IntegerField(_l("数量"), validators=[Optional(), NumberRange(min=0, max=_MOST)])
    class_a = text_field(_l("A 类比例"), 32)
    class_b = text_field(_l("B 类比例"), 32)
    class_c = text_field(_l("C 类比例"), 32)
    class_d = text_field(_l("D 类比例"), 32)
    estimated = IntegerField(_l("预计抽查数量"), validators=[Optional(), NumberRange(min=0, max=_MOST)])
    frequency = text_field(_l("抽查频次"), 255)
    cap = IntegerField(_l("同一对象全年至多几次"), validators=[Optional(), NumberRange(min=1, max=366)])
    methods = text_field(_l("检查方式"), 255)
    first_month = SelectField(_l("起始月份"), choices=choices_of(MONTHS), default="1")
    last_month = SelectField(_l("结束月份"), choices=choices_of(MONTHS), default="12")
    start = DateField(_l("开始日期"), validators=[Optional()])
    complete_by = DateField(_l("完成日期"), validators=[Optional()])
    lead = text_field(_l("牵头机关代号"), 64)
    partners = text_field(_l("配合部门的条线代号"), 500)
    partner_text = StringField(
        _l("配合部门（公布文字）"), filters=[_one_line], validators=[Optional(), Length(max=512)]
    )
    level = text_field(_l("实施层级"), 128)
    note = StringField(_l("备注"), filters=[_one_line], validators=[Optional(), Length(max=2000)])
    approval = StringField(
        _l("临时任务批准文号"), filters=[_one_line], validators=[Optional(), Length(max=64)]
    )

    def validate_rate(self, field: StringField) -> None:
        """A ratio is written as 5%, 2‰ or 1/20."""
        if self.quota_kind.data in {"rate", "at_most"} and rate_of(field.data or "") is None:
            raise ValidationError(_l("请写成 5％、2‰ 或 1/20 的样子，且不超过全部。"))

    def validate_quota_number(self, field: IntegerField) -> None:
        """A fixed number is needed where that is chosen."""
        if self.quota_kind.data == "fixed" and field.data is None:
            raise ValidationError(_l("请填写数量。"))

    @classmethod
    def of(cls, line: PlanLine) -> "PlanLineForm":
        """The form with what a line says."""
        quota = line.quota or {}
        classes = {f"class_{name.lower()}": ratio for name, ratio in (line.class_ratios or {}).items()}
        same = (
            "number", "name", "directed", "scope", "filter", "domain", "base", "ratio", "estimated",
            "frequency", "cap", "methods", "start", "complete_by", "lead", "partner_text", "level", "note",
            "approval", "unannounced",
        )  # fmt: skip
        return cls(
            None,
            data={
                **{name: getattr(line, name) for name in same},
                **classes,
                "items": " ".join(line.items),
                "partners": " ".join(line.partners),
                "quota_kind": quota.get("kind", ""),
                "rate": rate_text(quota["rate"]) if "rate" in quota else "",
                "quota_number": quota.get("number"),
                "first_month": str(line.first_month),
                "last_month": str(line.last_month),
            },
        )

    def line(self, before: PlanLine | None = None) -> PlanLineIn:
        """The line as it was filled in; texts that the form does not show stay as they were."""
        kept = {name: getattr(before, name) if before else "" for name in ("period", "lead_text")}
        texts = ("number", "name", "scope", "filter", "domain", "ratio", "frequency", "methods", "lead")
        return PlanLineIn(
            **{name: self[name].data or "" for name in (*texts, "partner_text", "level", "note", "approval")},
            **kept,
            items=_tokens(self.items.data),
            partners=_tokens(self.partners.data),
            directed=self.directed.data,
            unannounced=self.unannounced.data,
            base=self.base.data,
            estimated=self.estimated.data or 0,
            cap=self.cap.data,
            quota=self._quota(),
            class_ratios=self._class_ratios() or None,
            start=self.start.data,
            complete_by=self.complete_by.data,
            first_month=int(self.first_month.data),
            last_month=int(self.last_month.data),
        )

    def _quota(self) -> dict[str, Any] | None:
        kind = self.quota_kind.data
        if kind in {"rate", "at_most"}:
            return {"kind": kind, "rate": rate_of(self.rate.data)}
        if kind == "fixed":
            return {"kind": kind, "number": self.quota_number.data}
        return {"kind": kind} if kind else None

    def _class_ratios(self) -> dict[str, str]:
        said = {name: self[f"class_{name.lower()}"].data or "" for name in CLASSES}
        return {name: ratio for name, ratio in said.items() if ratio}


def _tokens(text: str | None) -> list[str]:
    for mark in ",，、；;":
        text = (text or "").replace(mark, " ")
    return list(dict.fromkeys((text or "").split()))
