"""Invented subjects: codes of 18 characters, Chinese names, five strata, one in twenty excluded."""

from collections.abc import Iterator

STRATA = ("a", "b", "c", "d", "e")
Row = tuple[str, str, str]  # id, stratum, reason of exclusion or ""


def rows(number: int) -> list[Row]:
    """Subjects as the selection needs them, ascending by id."""
    return [
        (f"91330100MA{n:08d}", STRATA[n % 7 % 5], "inspected" if n % 20 == 0 else "") for n in range(number)
    ]


def records(number: int) -> Iterator[dict[str, str]]:
    """Subjects as pool records, ascending by id."""
    for subject_id, stratum, reason in rows(number):
        record = {
            "name": f"杭州市某某区第{subject_id[-7:]}号餐饮服务有限公司",
            "id": subject_id,
            "stratum": stratum,
            "region": f"3301{int(subject_id[-2:]) % 13 + 2:02d}",
        }
        if reason:
            record["excluded"] = reason
        yield record


def strata(taken: list[Row], share: float) -> list[dict[str, object]]:
    """Each stratum with this share of its eligible subjects taken."""
    left = dict.fromkeys(STRATA, 0)
    for _, stratum, reason in taken:
        left[stratum] += not reason
    return [{"id": name, "take": round(share * count)} for name, count in left.items() if count]
