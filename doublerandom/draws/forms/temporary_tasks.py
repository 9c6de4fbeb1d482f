"""The form of a temporary task."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from doublerandom.registry import filters
from doublerandom.registry.forms.items import composed, text_field
from doublerandom.registry.plan_lines import PlanLineIn
from doublerandom.web import Form


class TemporaryTaskForm(Form):
    """What a temporary task says; its number is given when it is kept."""

    approval = text_field(_l("批准文号"), 64, needed=True)
    name = text_field(_l("任务名称"), 255, needed=True)
    items = SelectMultipleField(_l("抽查事项"), validators=[InputRequired()])
    scope = text_field(_l("对象范围"), 512)
    filter = TextAreaField(
        _l("范围表达式"), filters=[composed], validators=[Optional(), Length(max=filters.LONGEST)]
    )
    estimated = IntegerField(_l("预计抽查数量"), validators=[Optional(), NumberRange(min=0, max=10**8)])
    start = DateField(_l("开始日期"), validators=[InputRequired()])
    complete_by = DateField(_l("完成日期"), validators=[InputRequired()])
    unannounced = BooleanField(_l("不预先通知"))
    reason = TextAreaField(_l("修订理由"), filters=[composed], validators=[Optional(), Length(max=2000)])

    def offering(self, items: Sequence[tuple[str, str]], *, reasoned: bool) -> "TemporaryTaskForm":
        """The form with the items in force; a new amendment has a reason."""
        self.reason.flags.required = reasoned
        self.items.choices = [(code, name) for code, name in items]
        return self

    def line(self) -> PlanLineIn:
        """The task as a line of a plan, without its number."""
        return PlanLineIn(
            number="",
            name=self.name.data,
            items=list(self.items.data),
            directed=bool(self.filter.data),
            scope=" ".join((self.scope.data or "").split()),
            filter=self.filter.data or "",
            estimated=self.estimated.data or 0,
            start=self.start.data,
            complete_by=self.complete_by.data,
            first_month=self.start.data.month,
            last_month=self.complete_by.data.month,
            approval=self.approval.data,
            unannounced=self.unannounced.data,
        )
