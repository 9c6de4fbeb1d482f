"""The monthly classes: in bulk, nothing overwritten silently, and counted who moved from where to where."""

from datetime import date
from time import perf_counter

from click.testing import CliRunner
from registry.a_registry import NOON, a_body, a_code, a_subject, some_subjects
from registry.an_import import a_file, run

from doublerandom.registry import queries, services
from doublerandom.registry.cli import registry
from doublerandom.registry.services import SubjectIn
from doublerandom.registry.uscc import check_character

HEADER = "统一社会信用代码,信用风险分类,分类日期"
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


def classes(session):
    return {row.code: (row.credit_class, row.credit_class_on) for row in queries.subjects(session)}


def moves(session):
    batch = queries.class_batches(session)[0]
    return {(row.was, row.now): row.number for row in queries.class_moves(session, batch.id)}


def test_classes_move_with_date_and_batch_and_the_difference_is_counted(session, tmp_path):
    before = {"credit_class_on": FEBRUARY}
    up, same, unnamed, new = some_subjects(
        session,
        a_subject(1, credit_class="A", **before),
        a_subject(2, credit_class="B", **before),
        a_subject(3, credit_class="C", **before),
        a_subject(4),
    )
    path = a_file(
        tmp_path, f"{up},B类,2026-03-01", "", f"{same},b,2026/3/1", f"{new},D,20260301", header=HEADER
    )

    report = run(session, "classes", path)

    assert (report["accepted"], report["refused"], report["repeated"]) == (3, 0, 0)
    assert classes(session) == {
        up: ("B", MARCH), same: ("B", MARCH), unnamed: ("C", FEBRUARY), new: ("D", MARCH)
    }  # fmt: skip
    assert moves(session) == {("", "D"): 1, ("A", "B"): 1, ("B", "B"): 1, ("C", "missing"): 1}
    (day, moved) = queries.changes_of(session, queries.subject(session, up).id)
    assert (moved.field, moved.was, moved.now, moved.source) == ("credit_class", "A", "B", "file.csv")
    assert (day.field, day.was, day.now) == ("credit_class_on", "2026-02-01", "2026-03-01")
    assert moved.batch_id == queries.class_batches(session)[0].id


def test_what_is_older_differs_on_the_same_day_or_names_nobody_is_refused(session, tmp_path):
    body = a_body(session)
    facts = {"credit_class": "B", "credit_class_on": FEBRUARY}
    some_subjects(session, *(a_subject(n, **facts) for n in range(1, 6)), a_subject(6, region="330203"))
    rows = [
        f"{a_code(1)},A,2026-01-01",
        f"{a_code(2)},A,2026-02-01",
        f"{a_code(3)},B,2026-02-01",
        f"{a_code(3)},B,2026-02-01",
        f"{a_code(4)},E,2026-03-01",
        f"{a_code(5)},A,soon",
        f"{a_code(5)},A,2026-03-03",
        f"{a_code(6, region='330203')},A,2026-03-01",
        f"{a_code(7)},A,2026-03-01",
        "913301,A,2026-03-01",
        "a,b",
    ]
    before = classes(session)
    path = a_file(tmp_path, *rows, header=HEADER)

    report = run(session, "classes", path, body=body, refused=tmp_path / "refused.csv")

    assert [(row["line"], row["code"]) for row in report["rows"]] == [
        (2, "class_older"),
        (3, "class_differs"),
        (4, "already_registered"),
        (5, "duplicate_row"),
        (6, "credit_class_unknown"),
        (7, "date_unreadable"),
        (8, "class_from_the_future"),
        (9, "subject_unknown"),
        (10, "subject_unknown"),
        (11, "code_other_len6"),
        (12, "broken_quoting_shifted_columns"),
    ]
    assert classes(session) == before
    assert moves(session) == {("B", "B"): 1, ("B", "missing"): 4}
    assert len((tmp_path / "refused.csv").read_text(encoding="utf-8-sig").splitlines()) == 10


def test_the_day_of_a_file_without_dates_is_given_with_the_command(session, tmp_path):
    (code,) = some_subjects(session, a_subject(1))
    path = a_file(tmp_path, f"{code},A", header="code,class")

    refused = run(session, "classes", path)
    taken = run(session, "classes", path, on=MARCH)

    assert (refused["refused"], taken["accepted"]) == (1, 1)
    assert queries.subject(session, code).credit_class_on == MARCH


def test_a_rehearsal_changes_nothing(session, tmp_path):
    (code,) = some_subjects(session, a_subject(1))

    run(session, "classes", a_file(tmp_path, f"{code},A", header="code,class"), on=MARCH, dry_run=True)

    assert queries.subject(session, code).credit_class == ""
    assert queries.class_batches(session) == []


def test_thousands_of_classes_take_a_moment(session, tmp_path):
    firsts = [f"91330102MA{n:07d}" for n in range(6_000)]
    codes = [first + check_character(first) for first in firsts]
    subjects = (SubjectIn(code=code, name="店", region="330102") for code in codes)
    services.add_subjects(session, subjects, source="many", by="zhang", at=NOON)
    path = a_file(tmp_path, *(f"{code},{'ABCD'[n % 4]}" for n, code in enumerate(codes)), header="code,class")

    start = perf_counter()
    run(session, "classes", path, on=MARCH)

    assert perf_counter() - start < 15
    assert moves(session) == {("", letter): 1500 for letter in "ABCD"}


def test_on_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUBLERANDOM_DATA_DIR", str(tmp_path / "data"))
    path = a_file(tmp_path, f"{a_code(1)},A", header="code,class")

    imported = CliRunner().invoke(registry, ["import", "classes", str(path), "--on", "2026-03-01"])
    seeded = CliRunner().invoke(registry, ["industries"])

    assert imported.exit_code == 0, imported.output
    assert "未收 / refused: 1" in imported.output
    assert seeded.output == "1,972\n"
