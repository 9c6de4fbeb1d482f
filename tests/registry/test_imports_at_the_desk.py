"""Imports at the desk: looked at without a trace, applied as one batch, taken back by a later one."""

import io
import threading

import pytest
from registry.a_registry import NOON, TODAY, a_body, a_code, a_subject, an_inspector, some_subjects
from sqlmodel import select

from doublerandom import clock
from doublerandom.ledger.files import FileStore
from doublerandom.ledger.queries import acts_on
from doublerandom.ledger.trail import verify_trail
from doublerandom.registry import queries, services
from doublerandom.registry.claims import Claim, progress_of
from doublerandom.registry.errors import (
    BatchNotUndoableError,
    BatchUndoneError,
    ColumnsChosenTwiceError,
    ImportFileTooLargeError,
    InvalidRecordError,
    MissingColumnsError,
    NotRegistrationSourceError,
    UnreadableFileError,
    WrongImportStateError,
)
from doublerandom.registry.intake.listing import page_of
from doublerandom.registry.models import Conflict, ImportJob, ImportState, Item, ItemStatus, SubjectChange
from doublerandom.registry.services.import_undo import undo_batch
from doublerandom.registry.services.import_work import work, work_in_background
from doublerandom.registry.services.imports import (
    Upload,
    apply_import,
    discard_import,
    examine_import,
    upload_import,
)

HEADER = "企业名称,统一社会信用代码,住所"


class Desk:
    """A body's desk: what it does with a file, step by step."""

    def __init__(self, session, settings, body):
        self.session, self.settings, self.body = session, settings, body
        self.engine = session.get_bind()

    def upload(self, *rows, header=HEADER, kind="subjects", **facts):
        text = "\n".join((header, *rows, "")).encode()
        what = Upload(io.BytesIO(text), "名录.csv", kind, facts.pop("sender", "税务局"), **facts)
        return upload_import(self.session, self.settings, what, body=self.body, by="zhang", at=NOON)

    def examine(self, job, places=None, **facts):
        facts = {"updates": False, **facts}
        examine_import(self.session, job.id, places=places or dict(job.places), by="zhang", at=NOON, **facts)
        return self.work(job)

    def work(self, job):
        number = job.id
        self.session.rollback()
        work_in_background(self.engine, self.settings, number)
        return self.session.get(ImportJob, number, populate_existing=True)

    def apply(self, *rows, updates=False, **facts):
        job = self.examine(self.upload(*rows, **facts), updates=updates)
        apply_import(self.session, job.id, by="zhang", at=NOON)
        return self.work(job)

    def rows(self, job, group):
        page = page_of(FileStore(self.settings.files_dir), job.files[group], after=0, size=50)
        return [(row.line, row.value) for row in page.rows]

    def undo(self, job, reason="传错了文件"):
        return undo_batch(self.session, job.batch_id, reason=reason, by="li", at=clock.now())


def _today():
    return clock.local(clock.now()).date()


@pytest.fixture
def desk(session, settings):
    return Desk(session, settings, a_body(session))


def test_a_file_is_looked_at_by_groups_and_leaves_no_trace_until_it_is_applied(desk):
    session = desk.session
    some_subjects(session, a_subject(1, name="同店"), a_subject(2, name="老店"))
    rows = (
        f"同店,{a_code(1)},",
        f"新名,{a_code(2)},",
        f"甲店,{a_code(3)},西湖",
        "坏店,无,",
        f"乙店,{a_code(3)},",
    )

    job = desk.examine(desk.upload(*rows))

    assert job.state is ImportState.EXAMINED
    assert job.counts == {"unchanged": 1, "differing": 1, "new": 1, "refused": 1, "repeated": 1, "joined": 0}
    assert (desk.rows(job, "new"), desk.rows(job, "differing")) == ([(4, a_code(3))], [(3, a_code(2))])
    assert queries.subjects_count(session) == 2
    apply_import(session, job.id, by="zhang", at=NOON)
    job = desk.work(job)
    batch = queries.batch_by_id(session, job.batch_id)
    assert (job.state, batch.accepted, batch.refused, batch.repeated) == (ImportState.APPLIED, 1, 1, 3)
    assert (batch.sender, batch.body_id, batch.filename) == ("税务局", desk.body.id, "名录.csv")
    assert queries.subject(session, a_code(2)).name == "老店"
    with pytest.raises(WrongImportStateError):
        apply_import(session, job.id, by="zhang", at=NOON)
    verify_trail(session)


def test_what_columns_mean_is_remembered_for_the_sender_and_its_header(desk):
    header = "抬头,编码,住所"
    first = desk.upload(f"甲店,{a_code(1)},西湖", header=header)
    assert first.places == {"address": 2}
    with pytest.raises(MissingColumnsError):
        desk.examine(first)
    with pytest.raises(ColumnsChosenTwiceError):
        desk.examine(first, chosen_twice=True)
    told = {"name": 0, "code": 1, "address": 2}
    assert desk.examine(first, told).counts["new"] == 1

    again = desk.upload(f"乙店,{a_code(2)},西湖", header="抬 头,编码：,住所")
    other = desk.upload(f"乙店,{a_code(2)},西湖", header=header, sender="卫健委")

    assert (again.places, other.places) == (told, {"address": 2})
    assert queries.senders(desk.session, body_id=desk.body.id) == ["卫健委", "税务局"]


def test_base_fields_follow_the_registration_source_alone(desk):
    session = desk.session
    some_subjects(session, a_subject(1, name="老店", address="老地址"))
    row = f"新店,{a_code(1)},"

    kept = desk.apply(row)
    changed = desk.apply(row, f"别店,{a_code(1)},", updates=True)

    subject = queries.subject(session, a_code(1))
    assert kept.counts["differing"] == 1
    assert {name: changed.counts[name] for name in ("changed", "repeated")} == {"changed": 1, "repeated": 1}
    assert (subject.name, subject.address) == ("新店", "老地址")
    (change,) = session.exec(select(SubjectChange)).all()
    assert (change.field, change.was, change.now, change.batch_id) == (
        "name",
        "老店",
        "新店",
        changed.batch_id,
    )
    fire = Desk(session, desk.settings, _other(session, "hz-fire", line="fire"))
    with pytest.raises(NotRegistrationSourceError):
        fire.examine(fire.upload(row), updates=True)


def _other(session, token, **facts):
    body = a_body(session, token)
    body.sqlmodel_update(facts)
    session.commit()
    return body


def test_a_listed_pool_gets_its_members_and_no_other_pool_changes(desk):
    session = desk.session
    some_subjects(session, a_subject(1), a_subject(2))
    listed, region = _other(session, "hz-fire", line="fire", pool="listed"), desk.body

    job = Desk(session, desk.settings, listed).apply(f"店,{a_code(1)},", f"新店,{a_code(3)},")

    codes = [a_code(n) for n in (1, 2, 3)]
    assert job.counts["joined"] == 2
    assert queries.codes_in_pool(session, codes, body=listed, on=_today()) == {codes[0], codes[2]}
    assert queries.codes_in_pool(session, codes, body=region, on=_today()) == set(codes)


def test_a_batch_is_taken_back_by_a_later_one_except_what_others_did_since(desk):
    session = desk.session
    some_subjects(session, a_subject(1, name="老店"), a_subject(2, name="二店"))
    listed = Desk(session, desk.settings, _other(session, "hz-scjg2", pool="listed"))
    rows = [f"新店,{a_code(1)},", f"又店,{a_code(2)},", f"甲店,{a_code(3)},", f"乙店,{a_code(4)},"]
    job = listed.apply(*rows, updates=True)
    services.change_subject(session, a_code(2), {"name": "后来"}, source="登记", by="li", at=NOON)
    services.set_standing(
        session,
        subject_code=a_code(4),
        body_id=desk.body.id,
        kind="tag",
        value="x",
        valid_from=TODAY,
        by="li",
        at=NOON,
    )

    undo = listed.undo(job)

    statuses = [queries.subject(session, a_code(n)).status for n in (1, 2, 3, 4)]
    assert statuses == ["active", "active", "withdrawn", "active"]
    assert [queries.subject(session, a_code(n)).name for n in (1, 2)] == ["老店", "后来"]
    assert (
        queries.codes_in_pool(session, [a_code(n) for n in (1, 2, 3, 4)], body=listed.body, on=_today())
        == set()
    )
    assert (undo.kind, undo.undoes_id, undo.changed, undo.repeated) == ("undo", job.batch_id, 6, 2)
    with pytest.raises(BatchUndoneError):
        listed.undo(job)
    with pytest.raises(BatchNotUndoableError):
        undo_batch(session, undo.id, reason="x", by="li", at=NOON)
    back = listed.apply(rows[2])
    assert (back.counts["changed"], queries.subject(session, a_code(3)).status) == (1, "active")
    verify_trail(session)


def test_inspectors_items_and_conflicts_are_ended_by_an_undo(desk):
    session = desk.session
    an_inspector(session, "Z-0", body=desk.body)
    some_subjects(session, a_subject(1))
    people = desk.apply("Z-1,王某", header="执法证号,姓名", kind="inspectors")
    items = desk.apply("1,甲", "2,乙", header="编号,抽查事项", kind="items")
    conflicts = desk.apply(
        f"Z-0,{a_code(1)},近亲属", header="执法证号,统一社会信用代码,回避事由", kind="conflicts"
    )

    for job in (people, items, conflicts):
        desk.undo(job)

    assert not queries.inspector(session, "Z-1").active
    assert {item.status for item in session.exec(select(Item))} == {ItemStatus.ABOLISHED}
    assert session.exec(select(Conflict)).one().ended_on == _today()
    with pytest.raises(InvalidRecordError):
        desk.undo(desk.apply("3,丙", header="编号,抽查事项", kind="items"), reason="")


def test_rows_for_bodies_elsewhere_are_refused(desk):
    session = desk.session
    elsewhere = a_body(session, "nb-scjg", region="330200")
    an_inspector(session, "Z-9", body=elsewhere)
    some_subjects(session, a_subject(1))

    people = desk.examine(
        desk.upload("Z-1,王某,nb-scjg", "Z-2,李某,hz-scjg", header="执法证号,姓名,机关", kind="inspectors")
    )
    pairs = desk.examine(
        desk.upload(
            f"Z-9,{a_code(1)},近亲属",
            header="执法证号,代码,回避事由".replace("代码", "信用代码"),
            kind="conflicts",
        )
    )

    assert (people.counts["refused"], people.counts["new"]) == (1, 1)
    assert pairs.counts["refused"] == 1


def test_a_subject_of_elsewhere_is_neither_taken_nor_changed_nor_told_of(desk):
    session = desk.session
    some_subjects(
        session,
        a_subject(1, region="330203", name="宁波店", credit_class="D"),
        a_subject(2, region="330203", status="withdrawn"),
    )
    far, near = a_code(5, region="330203"), a_code(6, region="330203")
    known = [a_code(n, region="330203") for n in (1, 2)]
    rows = (
        f"改名,{known[0]},,A",
        f"店,{known[1]},,",
        f"外地店,{far},,",
        f"本地店,{near},330102,",
        f"外迁店,{a_code(7)},330203,",
    )
    facts = {"header": "企业名称,统一社会信用代码,行政区划代码,信用风险分类", "updates": True}

    job = desk.apply(*rows, **facts)
    listed = Desk(session, desk.settings, _other(session, "hz-scjg2", pool="listed")).apply(*rows, **facts)

    assert {name: n for name, n in job.counts.items() if n} == {"differing": 2, "refused": 2, "new": 1}
    assert (desk.rows(job, "refused"), desk.rows(job, "new")) == ([(4, far), (6, a_code(7))], [(5, near)])
    told = page_of(FileStore(desk.settings.files_dir), job.files["differing"], after=0, size=9).rows
    assert {row.code for row in told} == {"already_registered_elsewhere"}
    assert not any("宁波店" in row.reason_zh or "D" in row.reason_zh for row in told)
    subjects = [queries.subject(session, code) for code in known]
    assert [(one.name, one.credit_class, one.status) for one in subjects] == [
        ("宁波店", "D", "active"),
        (subjects[1].name, "", "withdrawn"),
    ]
    refused = FileStore(desk.settings.files_dir).read(job.files["refused_rows"]).decode("utf-8-sig")
    assert refused.splitlines()[1:] == [f"外地店,{far},,", f"外迁店,{a_code(7)},330203,"]
    assert (listed.counts["refused"], listed.counts["joined"]) == (2, 3)


def test_ties_and_visits_of_bodies_people_and_subjects_elsewhere_are_refused(desk):
    session = desk.session
    elsewhere = a_body(session, "nb-scjg", region="330200")
    an_inspector(session, "Z-0", body=desk.body)
    an_inspector(session, "Z-9", body=elsewhere)
    some_subjects(session, a_subject(1), a_subject(2, region="330203"))
    near, far = a_code(1), a_code(2, region="330203")

    ties = desk.apply(
        *(f"Z-9,{near},任职", f"Z-0,{far},任职", f"Z-0,{near},任职"),
        header="执法证号,统一社会信用代码,关系",
        kind="ties",
    )
    visits = desk.apply(
        *(f"{near},2026-02-10,nb-scjg", f"{far},2026-02-10,", f"{near},2026-02-10,hz-scjg"),
        header="统一社会信用代码,检查日期,检查机关",
        kind="visits",
    )

    for job, codes in (
        (ties, ["inspector_elsewhere", "subject_elsewhere"]),
        (visits, ["body_elsewhere", "subject_elsewhere"]),
    ):
        page = page_of(FileStore(desk.settings.files_dir), job.files["refused"], after=0, size=9)
        assert ([row.code for row in page.rows], job.counts["new"]) == (codes, 1)


def test_an_undo_leaves_what_was_decided_said_or_entered_since(desk):
    session = desk.session
    an_inspector(session, "Z-0", body=desk.body)
    some_subjects(session, a_subject(1), a_subject(2))
    listed = Desk(session, desk.settings, _other(session, "hz-scjg2", pool="listed"))
    people = desk.apply("Z-1,王某", "Z-2,李某", header="执法证号,姓名", kind="inspectors")
    pairs = desk.apply(
        *(f"Z-0,{a_code(n)},近亲属" for n in (1, 2)),
        header="执法证号,统一社会信用代码,回避事由",
        kind="conflicts",
    )
    members = listed.apply(*(f"店,{a_code(n)}," for n in (1, 2)))
    first, second = session.exec(select(Conflict).order_by(Conflict.id)).all()
    services.decide_conflict(session, first.id, uphold=True, by="li", at=NOON)
    services.add_certificate(session, "Z-1", number="Z-1-2", valid_from=TODAY, by="li", at=NOON)
    left = {"reason": "entered-by-mistake", "by": "li", "at": clock.now()}
    services.leave_pool(session, a_code(1), listed.body.id, **left)
    services.join_pool(session, [a_code(1)], listed.body.id, by="li", at=clock.now())

    undone = [(one.changed, one.repeated) for one in map(desk.undo, (people, pairs, members))]

    assert undone == [(1, 1), (1, 1), (1, 1)]
    assert [queries.inspector(session, one).active for one in ("Z-1", "Z-2")] == [True, False]
    assert (first.ended_on, second.ended_on) == (None, _today())
    assert [act.name for act in acts_on(session, "conflict", str(second.id))] == ["ConflictEnded"]
    codes = [a_code(n) for n in (1, 2)]
    assert queries.codes_in_pool(session, codes, body=listed.body, on=_today()) == {a_code(1)}
    verify_trail(session)


def test_mended_rows_are_told_as_such_and_those_taken_before_come_as_unchanged(desk):
    job = desk.apply(f"甲店,{a_code(1)},", "乙店,无,")
    refused = FileStore(desk.settings.files_dir).read(job.files["refused_rows"]).decode("utf-8-sig")
    assert refused.splitlines() == [HEADER, "乙店,无,"]

    mended = desk.apply(f"甲店,{a_code(1)},", f"乙店,{a_code(2)},", mends_id=job.batch_id)

    assert {name: mended.counts[name] for name in ("new", "unchanged")} == {"new": 1, "unchanged": 1}
    assert [row.id for row in queries.mending_batches(desk.session, job.batch_id)] == [mended.batch_id]


def test_an_import_whose_process_ended_has_changed_nothing_and_goes_on(desk, monkeypatch):
    job = desk.upload(f"甲店,{a_code(1)},")
    examine_import(desk.session, job.id, places=dict(job.places), updates=False, by="zhang", at=NOON)
    with Claim(desk.settings, job.id) as claim:
        claim.begin(100)
        claim.tell(40)
        assert progress_of(desk.settings, job.id) == (40, 100, True)
        assert not work_in_background(desk.engine, desk.settings, job.id)
    desk.session.rollback()
    assert not progress_of(desk.settings, job.id).working

    assert desk.work(job).state is ImportState.EXAMINED

    assert progress_of(desk.settings, 999) == (0, 0, False)
    number = job.id
    desk.session.rollback()
    work(desk.engine, desk.settings, number, Claim(desk.settings, number))
    monkeypatch.setattr("doublerandom.registry.intake.importing.put_on_record", lambda *_, **__: 1 / 0)
    apply_import(desk.session, job.id, by="zhang", at=NOON)
    failed = desk.work(job)
    assert (failed.state, failed.error["code"]) == (ImportState.FAILED, "unexpected")
    assert queries.subjects_count(desk.session) == 0


def test_work_goes_on_in_the_background(desk, engine):
    job = desk.upload(f"甲店,{a_code(1)},")
    examine_import(desk.session, job.id, places=dict(job.places), updates=False, by="zhang", at=NOON)
    number = job.id
    desk.session.rollback()

    work_in_background(engine, desk.settings.model_copy(update={"testing": False}), number)

    for thread in threading.enumerate():
        if thread.name == f"import-{number}":
            thread.join(20)
    assert desk.session.get(ImportJob, number).state is ImportState.EXAMINED


def test_what_cannot_be_read_or_is_too_large_is_not_taken_in(desk):
    with pytest.raises(UnreadableFileError) as refused:
        desk.upload(header="<html>")
    assert refused.value.params["file"] == "名录.csv"
    desk.settings = replace_mb(desk.settings)
    with pytest.raises(ImportFileTooLargeError):
        desk.upload("x" * (1 << 21))
    with pytest.raises(InvalidRecordError):
        desk.upload(kind="planets")
    assert queries.open_import_jobs(desk.session, below="") == []


def replace_mb(settings):
    """Settings under which files of more than a megabyte are too large."""
    return settings.model_copy(update={"import_file_mb": 1})


def test_a_discarded_file_is_not_applied(desk):
    job = desk.upload(f"甲店,{a_code(1)},")

    discard_import(desk.session, job.id, by="zhang", at=NOON)

    with pytest.raises(WrongImportStateError):
        desk.examine(job)
    assert queries.open_import_jobs(desk.session, below="") == []


def test_a_file_that_turns_bad_fails_with_its_reason(desk, monkeypatch):
    job = desk.upload(*(f"店{n},{a_code(n)}," for n in range(5)))
    monkeypatch.setattr(
        "doublerandom.registry.services.import_work.import_file",
        lambda *_, **__: (_ for _ in ()).throw(UnreadableFileError(file="x", reason="line 9")),
    )

    failed = desk.examine(job)

    assert (failed.state, failed.error["params"]["file"]) == (ImportState.FAILED, "名录.csv")
