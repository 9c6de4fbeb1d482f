"""The fields of a filter and what each may be compared with; one that is of no kind below takes any text."""

from typing import Final

from doublerandom.registry.models import RegistrationStatus, SubjectKind

TEXTS: Final = ("address", "code", "name", "office")
"""Fields whose text can be searched with `~`."""

DATES: Final = ("class_on", "established")
"""Fields that are days, and can be compared by `<`, `<=`, `>`, `>=`; a day that is not known never holds."""

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "kind": tuple(SubjectKind),
    "member": ("joined", "left"),
    "status": tuple(RegistrationStatus),
}
"""Fields that hold one of a few words."""

SAID: Final = ("grade", "special", "supervisor", "tag")
"""What a body says of a subject, dated; any word of it that is valid on the day counts."""

FIELDS: Final = (
    "address",
    "class",
    "class_on",
    "code",
    "established",
    "grade",
    "industry",
    "kind",
    "licence",
    "listing",
    "member",
    "name",
    "office",
    "region",
    "special",
    "status",
    "supervisor",
    "tag",
)
