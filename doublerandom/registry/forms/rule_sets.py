"""Forms of rule sets: a version's days, and each section as fields made from its words."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from doublerandom.dr1.canon import TOKEN
from doublerandom.registry.errors import InvalidRuleSetError
from doublerandom.registry.rule_texts import ABSENT, member, rows_of
from doublerandom.registry.rule_words import Chapter, Parameter
from doublerandom.web import Form, lang

SPARE_ROWS: Final = 3
_BREAKS: Final = re.compile(r"[、,，;；\s]+")
_NEEDED: Final = ("whole", "token", "text", "rate", "day")
_WHOLE: Final = re.compile(r"[0-9]{1,15}")


class NewRuleSetForm(Form):
    """Begin the next version of the body's rules for a line of work."""

    domain = StringField(
        _l("领域"),
        validators=[
            InputRequired(),
            Length(max=64),
            Regexp(TOKEN, message=_l("只能用字母、数字和 . _ : -，以字母或数字开头")),
        ],
    )
    valid_from = DateField(_l("施行日期"), validators=[InputRequired()])
    remark = StringField(_l("修订说明"), validators=[Optional(), Length(max=500)])


class DaysForm(Form):
    """A draft's first and last day, and why there is a new version."""

    valid_from = DateField(_l("施行日期"), validators=[InputRequired()])
    valid_to = DateField(_l("截止日期"), validators=[Optional()])
    remark = TextAreaField(_l("修订说明"), validators=[Optional(), Length(max=500)])

    def validate_valid_to(self, field: Any) -> None:
        """The last day is not before the first."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("截止日期不能早于施行日期"))


class ReasonForm(Form):
    """Return or withdraw, with the reason."""

    reason = StringField(_l("理由"), validators=[InputRequired(), Length(max=500)])


class ApprovalForm(Form):
    """Approve: nothing to fill in, the page shows what will be on record."""

    digest = HiddenField(validators=[InputRequired(), Length(max=64)])


class SectionForm(Form):
    """A section as fields; `columns_of` tells a template which fields make which row."""

    chapter: Chapter
    counts: dict[str, int]
    places: dict[str, str]

    def row_count(self, parameter: Parameter) -> int:
        """How many rows of fields a table of this form has."""
        return self.counts[parameter.path]

    def row_fields(self, parameter: Parameter, n: int) -> list[Any]:
        """The fields of one row, column by column."""
        return [self[_field_name(parameter, n, column)] for column in parameter.columns]

    def field_of(self, parameter: Parameter) -> Any:
        """The field of a parameter that is no table."""
        return self[_flat(parameter.path)]

    def value(self) -> Any:
        """The section as data, exactly as typed; what is blank and may be left out is left out."""
        self.places = {}
        root = f"rules.{self.chapter.name}"
        if self.chapter.form == "rows":
            return self._rows(self.chapter.parameters[0], root)
        if self.chapter.form == "one":
            parameter = self.chapter.parameters[0]
            self.places[root] = _flat(parameter.path)
            return _typed(parameter, self.field_of(parameter).data)
        found: dict[str, Any] = {}
        for parameter in self.chapter.parameters:
            where = f"{root}.{parameter.path}"
            if parameter.kind == "rows":
                rows = self._rows(parameter, where)
                if rows or parameter.required:
                    found[parameter.path] = rows
                continue
            self.places[where] = _flat(parameter.path)
            _put(found, parameter, self.field_of(parameter).data)
        return found

    def _rows(self, parameter: Parameter, where: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for n in range(self.row_count(parameter)):
            fields = self.row_fields(parameter, n)
            if not any(_filled(field.data) for field in fields):
                continue
            row: dict[str, Any] = {}
            for column, field in zip(parameter.columns, fields, strict=True):
                self.places[f"{where}[{len(rows)}].{column.path}"] = field.name
                _put(row, column, field.data)
            rows.append(row)
        return rows

    def blame(self, error: InvalidRuleSetError) -> None:
        """Put what the rules refused beside the field it is about; else it stands above the form."""
        where = error.params["where"]
        reason = error.params["reason_zh" if lang() == "zh" else "reason_en"]
        while where:
            inside = (place for place in self.places if place.startswith((f"{where}.", f"{where}[")))
            name = self.places.get(where) or self.places.get(next(inside, ""))
            if name:
                self[name].errors = [*self[name].errors, reason]
                return
            where = where.rpartition(".")[0]
        self.refusal = error


def _filled(data: Any) -> bool:
    return bool(data.strip()) if isinstance(data, str) else bool(data)


def _put(into: dict[str, Any], parameter: Parameter, data: Any) -> None:
    """Write a typed value at the parameter's dotted path; leave out what is blank and optional."""
    may_go = not parameter.required or parameter.kind == "choice"
    if may_go and parameter.kind != "flag" and not _filled(data):
        return
    *outer, last = parameter.path.split(".")
    for step in outer:
        into = into.setdefault(step, {})
    into[last] = _typed(parameter, data)


def _typed(parameter: Parameter, data: Any) -> Any:
    """What was typed as data; what is no number stays the text that it is, for the rules to refuse."""
    if parameter.kind == "flag":
        return bool(data)
    text = (data or "").strip()
    if parameter.kind == "whole":
        return _number(text)
    if parameter.kind == "wholes":
        return [_number(each) for each in _BREAKS.split(text) if each]
    if parameter.kind in {"tokens", "texts"}:
        return [each for each in _BREAKS.split(text) if each]
    return text


def _number(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


def _shown(parameter: Parameter, value: Any) -> Any:
    """A value as its field shows it."""
    if value is ABSENT:
        return False if parameter.kind == "flag" else ""
    if parameter.kind == "flag":
        return value
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _flat(path: str) -> str:
    return path.replace(".", "__") or "value"


def _field_name(parameter: Parameter, n: int, column: Parameter) -> str:
    return f"{_flat(parameter.path)}-{n}-{_flat(column.path)}"


def _field(parameter: Parameter, language: int, *, in_row: bool) -> Any:
    label = parameter.label[language]
    if parameter.kind == "flag":
        return BooleanField(label)
    if parameter.kind == "choice":
        blank = [SelectChoice(value="", label="—")] if in_row or not parameter.required else []
        choices = [
            SelectChoice(value=value, label=words[language]) for value, words in parameter.options.items()
        ]
        return SelectField(label, choices=[*blank, *choices], validate_choice=False)
    validators = [InputRequired()] if parameter.required and not in_row and parameter.kind in _NEEDED else []
    extra: dict[str, Any] = {"inputmode": "numeric"} if parameter.kind == "whole" else {}
    extra |= {"type": "date"} if parameter.kind == "day" else {}
    return StringField(label, validators=[*(validators or [Optional()]), Length(max=400)], render_kw=extra)


def section_form(chapter: Chapter, value: Any | None) -> SectionForm:
    """
    The form of a section: filled with `value` (None: empty), or with what was sent.

    Tables have rows enough for what is there and some to spare.
    """
    language = int(lang() == "en")
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for parameter in chapter.parameters:
        if parameter.kind != "rows":
            fields[_flat(parameter.path)] = _field(parameter, language, in_row=False)
            data[_flat(parameter.path)] = _shown(
                parameter, ABSENT if value is None else member(value, parameter.path)
            )
            continue
        rows = [] if value is None else list(rows_of(chapter, parameter, value))
        counts[parameter.path] = max(len(rows), _rows_sent(parameter)) + SPARE_ROWS
        for n in range(counts[parameter.path]):
            row: Mapping[str, Any] = rows[n] if n < len(rows) else {}
            for column in parameter.columns:
                name = _field_name(parameter, n, column)
                fields[name] = _field(column, language, in_row=True)
                data[name] = _shown(column, member(row, column.path))
    made = type("FilledSectionForm", (SectionForm,), {**fields, "chapter": chapter, "counts": counts})
    form: SectionForm = made(data=data)
    form.places = {}
    return form


def _rows_sent(parameter: Parameter) -> int:
    """How many rows of a table came with the request, at most a thousand."""
    prefix = f"{_flat(parameter.path)}-"
    numbers = [
        name.removeprefix(prefix).partition("-")[0] for name in request.form if name.startswith(prefix)
    ]
    return min(
        max(
            (
                int(number) + 1
                for number in numbers
                if number.isascii() and number.isdigit() and len(number) < 5
            ),
            default=0,
        ),
        1000,
    )
