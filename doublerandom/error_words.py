"""Codes and times inside the sentences of errors, as words of each language: `{status:zh}`, `{due:en}`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from doublerandom.clock import local

Words = Mapping[str, tuple[str, str]]


class Code(str):
    """A code that reads as words when it is formatted with `zh` or `en`; one without words stays itself."""

    __slots__ = ("words",)
    words: Words

    def __new__(cls, code: str, words: Words) -> Self:
        """The code with the words it may become."""
        made = super().__new__(cls, code)
        made.words = words
        return made

    def __format__(self, spec: str) -> str:
        """Words for a language, else as any text."""
        if spec in {"zh", "en"}:
            return self.words.get(str(self), (str(self), str(self)))[spec == "en"]
        return super().__format__(spec)


class Moment(str):
    """A time in ISO form that reads as Beijing time when it is formatted with `zh` or `en`."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        """The wall clock of Asia/Shanghai, else as any text."""
        if spec not in {"zh", "en"}:
            return super().__format__(spec)
        told = f"{local(datetime.fromisoformat(str(self))):%Y-%m-%d %H:%M:%S}"
        return f"{told}（北京时间）" if spec == "zh" else f"{told} (Beijing time)"


class Worded:
    """Before an error of the house: its parameters named in `codes` and `times` read as words."""

    codes: ClassVar[Mapping[str, Words]] = {}
    times: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **params: Any) -> None:
        codes = {name: words for name, words in self.codes.items() if name in params}
        told: dict[str, Any] = {name: Code(str(params[name]), words) for name, words in codes.items()}
        told |= {name: Moment(params[name]) for name in self.times if name in params}
        super().__init__(**{**params, **told})
