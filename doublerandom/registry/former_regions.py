"""Divisions that GB/T 2260 had once: the names of abolished codes, as they live on in credit codes."""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class FormerRegion(NamedTuple):
    """A name that an abolished code had, and the first and last year in which it stood."""

    code: str
    name: str
    first_year: int
    last_year: int


@cache
def _former() -> dict[str, list[FormerRegion]]:
    text = (files("doublerandom.registry") / "data" / "gb2260_former.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    found: dict[str, list[FormerRegion]] = {}
    for row in csv.DictReader(lines):
        region = FormerRegion(row["code"], row["name"], int(row["first_year"]), int(row["last_year"]))
        found.setdefault(region.code, []).append(region)
    return found


def former_names(code: str) -> list[FormerRegion]:
    """The names that an abolished code had, oldest first; nothing for codes in force and unknown ones."""
    return _former().get(code, [])


def former_region(code: str) -> FormerRegion | None:
    """The last name of an abolished code, if it is one."""
    names = former_names(code)
    return names[-1] if names else None
