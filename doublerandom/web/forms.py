"""Forms: CSRF and messages in the reader's language, and one way to say that something does not hold."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import get_translations

from doublerandom.errors import DoubleRandomError, InvalidInputError


def choices_of(names: Mapping[str, Any]) -> list[SelectChoice]:
    """What a field lets one choose from: each value with its name, in their order."""
    return [SelectChoice(value=value, label=name) for value, name in names.items()]


class InvalidFormError(InvalidInputError):
    """A form was sent with something missing or wrong; `form` knows which field and why."""

    code = "invalid_form"

    def __init__(self, form: "Form") -> None:
        self.form = form
        super().__init__(count=len(form.errors), fields=sorted(str(name) for name in form.errors))


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """
    A form of this site.

    `refusal` is what a command said of what was filled in; the page shows it with the errors of the fields.
    """

    refusal: DoubleRandomError | None = None

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF is untyped
        """WTForms' own messages follow the language of the page."""

        def get_translations(self, form: Any) -> Any:  # noqa: ARG002 - WTForms' signature
            """WTForms' catalogue for the language of the page."""
            locale = get_locale()
            return get_translations(["en" if locale is not None and locale.language == "en" else "zh"])

    @classmethod
    def valid(cls, **options: Any) -> Self:
        """The form as it was sent, when it holds; raises InvalidFormError, which shows all that does not."""
        form = cls(**options)
        if not form.validate_on_submit():
            raise InvalidFormError(form)
        return form

    def apart(self, name: str) -> Self:
        """The form with ids of its own (`name-field`), where a page has several with fields of one name."""
        for field in self:
            field.id = field.label.field_id = f"{name}-{field.short_name}"
        return self

    def carries_out(
        self, command: Callable[[], object], *, also: tuple[type[DoubleRandomError], ...] = ()
    ) -> bool:
        """
        Run `command` with what was filled in; False where the form or the command refuses it.

        The page is then shown again with all that was typed and what is wrong with it (status 422).

        Args:
            command: The command; what it refuses as InvalidInputError (or `also`) is the form's `refusal`.
            also: Errors that here mean a field is wrong, say a code that names nobody.
        """
        if not self.validate_on_submit():
            return False
        refusals: tuple[type[DoubleRandomError], ...] = (InvalidInputError, *also)
        try:
            command()
        except refusals as refusal:
            self.refusal = refusal
            return False
        return True
