"""Imports on pages: brought, told, looked at, applied, mended, taken back; who may; broken files."""

import io
import re

import pytest
from registry.a_registry import a_code, a_subject, some_subjects
from sqlmodel import Session, select
from visitors import a_body, an_account, csrf_token, sign_in

from doublerandom.registry import queries
from doublerandom.registry.claims import Claim
from doublerandom.registry.models import ImportBatch, ImportJob, ImportState, Subject
from doublerandom.registry.services import imports as services

HEADER = "抬头,统一社会信用代码,住所"
ROWS = (f"同店,{a_code(1)},", f"甲店,{a_code(2)},西湖", "坏店,无,", f"=店,{a_code(3)},")
JOB = "/registry/imports/jobs/1"


@pytest.fixture
def clerk(session, client):
    """A registrar who is signed in; a subject is in the registry."""
    a_body(session)
    an_account(session, "clerk", roles=["registrar"])
    some_subjects(session, a_subject(1, name="同店"))
    sign_in(client, "clerk")
    return client


def bring(client, *rows, header=HEADER, name="名录.csv", data=None, query="", **fields):
    content = "\n".join((header, *rows, "")).encode() if data is None else data
    form = {"kind": "subjects", "sender": "税务局", **fields, "csrf_token": csrf_token(client, "/me")}
    form["file"] = (io.BytesIO(content), name)
    return client.post(f"/registry/imports{query}", data=form, content_type="multipart/form-data")


def post(client, address, **fields):
    return client.post(address, data={"csrf_token": csrf_token(client, "/me"), **fields})


def words(answer):
    return answer.get_data(as_text=True)


def told(client, job=JOB, **fields):
    columns = {"column-0": "name", "column-1": "code", "column-2": "address", **fields}
    return post(client, f"{job}/examine", **columns)


def test_a_file_goes_from_upload_to_batch_and_back(clerk, session):
    assert "还没有导入过" in words(clerk.get("/registry/imports"))
    sent = bring(clerk, *ROWS)
    assert (sent.status_code, sent.location) == (303, JOB)
    page = words(clerk.get(JOB))
    assert "还缺：企业名称" in page
    assert "甲店" in page
    assert told(clerk, **{"column-0": ""}).status_code == 422
    assert "含义" in words(told(clerk, **{"column-2": "name"}))

    assert told(clerk).status_code == 303

    page = words(clerk.get(JOB))
    for said in ("已有，无变化", "未收", "应用为一个批次", "不是代码"):
        assert said in page
    assert a_code(3) in words(clerk.get(f"{JOB}?group=new&lang=en"))
    assert "1" in words(clerk.get(f"{JOB}?group=new&after=10"))
    assert queries.subjects_count(session) == 1
    findings = clerk.get(f"{JOB}?format=csv")
    assert "'无" not in words(findings)
    assert "无" in words(findings)
    with clerk.get(f"{JOB}?format=xlsx&group=new") as workbook:
        assert workbook.data.startswith(b"PK")
    assert words(clerk.get(f"{JOB}/refused.csv")).splitlines()[1] == "坏店,无,"

    assert post(clerk, f"{JOB}/apply").status_code == 303

    session.rollback()
    batch = session.exec(select(ImportBatch).where(ImportBatch.sender == "税务局")).one()
    assert queries.subjects_count(session) == 3
    assert f"/registry/imports/batches/{batch.id}" in words(clerk.get(JOB))
    assert post(clerk, f"{JOB}/apply").status_code == 409
    listed = words(clerk.get("/registry/imports?q=税务&kind=subjects&by=CLERK&since=2020-01-01&until=x"))
    assert "名录.csv" in listed
    assert "名录.csv" not in words(clerk.get("/registry/imports?kind=items&until=2020-01-01"))
    assert "名录.csv" in words(clerk.get("/registry/imports?format=csv"))


def applied(clerk, session):
    """A file is applied; gives its batch."""
    bring(clerk, *ROWS)
    told(clerk)
    post(clerk, f"{JOB}/apply")
    session.rollback()
    return session.exec(select(ImportBatch).where(ImportBatch.sender == "税务局")).one()


def test_refused_rows_are_mended_and_a_batch_is_taken_back(clerk, session):
    batch = applied(clerk, session)
    refused = clerk.get(f"{JOB}/refused.csv")
    name = re.search(r"refused-\d+\.csv", refused.headers["Content-Disposition"])[0]
    assert f"补正批次 {batch.id}" in words(clerk.get(f"/registry/imports/new?mends={batch.id}"))
    mended = bring(clerk, name=name, data=refused.data.replace("无".encode(), a_code(4).encode()), sender="")
    assert mended.status_code == 303
    assert '<option value="name" selected>' in words(clerk.get(mended.location))
    told(clerk, job=mended.location)
    post(clerk, f"{mended.location}/apply")
    session.rollback()
    assert [row.accepted for row in queries.mending_batches(session, batch.id)] == [1]

    address = f"/registry/imports/batches/{batch.id}"
    assert "后来补正" in words(clerk.get(f"{address}?lang=zh"))
    assert "什么都不删除" in words(clerk.get(f"{address}/undo"))
    assert post(clerk, f"{address}/undo", reason="").status_code == 422
    undone = post(clerk, f"{address}/undo", reason="传错了")
    assert undone.status_code == 303
    assert "传错了" in words(clerk.get(undone.location))
    assert "已由批次" in words(clerk.get(address))
    assert "不能整批撤回" in words(clerk.get(f"{address}/undo"))
    assert post(clerk, f"{address}/undo", reason="再来").status_code == 409
    session.rollback()
    withdrawn = session.exec(
        select(Subject.code).where(Subject.status == "withdrawn").order_by(Subject.code)
    ).all()
    assert list(withdrawn) == sorted([a_code(2), a_code(3)])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_both_languages(clerk, language):
    bring(clerk, *ROWS)
    told(clerk)
    for address in ("/registry/imports", "/registry/imports/new", JOB):
        assert clerk.get(f"{address}?lang={language}").status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", b"PK\x03\x04" + b"\x07" * 40, "损坏"),
        ("a.xlsx", b"\xff\x81\x92\x00\xff" * 50, "无法读取"),
        ("a.xls", b"<html><table>", "网页"),
        ("a.csv", b"", "无法读取"),
        ("a.csv", None, "请选择"),
    ],
)
def test_broken_files_are_told_and_nothing_is_kept(clerk, session, name, data, said):
    answer = bring(clerk, name=name if data is not None else "", data=data or b"")

    assert answer.status_code == 422
    assert said in words(answer)
    assert session.exec(select(ImportJob)).all() == []


def test_an_import_under_way_shows_how_far_it_is_and_goes_on_after_a_crash(clerk, session, app):
    bring(clerk, *ROWS)
    with Session(session.get_bind()) as other:
        job = queries.job_by_id(other, 1)
        places = {"name": 0, "code": 1}
        services.examine_import(other, job.id, places=places, updates=False, by="CLERK", at=job.at)

    with Claim(app.config["SETTINGS"], 1) as claim:
        claim.begin(100)
        claim.tell(40)
        page = words(clerk.get(JOB))
        assert 'value="40"' in page
        assert 'http-equiv="refresh"' in page
    assert "因程序重启而中断" in words(clerk.get(JOB))

    assert post(clerk, f"{JOB}/resume").status_code == 303

    session.rollback()
    assert session.get(ImportJob, 1).state is ImportState.EXAMINED
    assert "继续导入" in words(clerk.get("/desk"))
    assert post(clerk, f"{JOB}/discard").status_code == 303
    assert "已放弃" in words(clerk.get(JOB))


def test_who_may_bring_read_and_take_back(session, client):
    a_body(session)
    an_account(session, "clerk", roles=["registrar"])
    an_account(session, "auditor", roles=["auditor"])
    an_account(session, "planner", roles=["planner"])
    a_body(session, "nb-scjg", region="330200")
    an_account(session, "far", roles=["registrar"], body="nb-scjg")
    assert client.get("/registry/imports").status_code == 303
    sign_in(client, "clerk")
    assert bring(client, *ROWS).status_code == 303
    assert bring(client, kind="plans").status_code == 403
    told(client)
    post(client, f"{JOB}/apply")
    batch = re.search(r"/registry/imports/batches/\d+", words(client.get(JOB)))[0]

    def as_(name):
        client.delete_cookie("session")
        sign_in(client, name)

    as_("auditor")
    assert client.get(JOB).status_code == client.get("/registry/imports").status_code == 200
    assert client.get("/registry/imports/new").status_code == post(client, f"{JOB}/resume").status_code == 403
    assert client.get(batch).status_code == 200
    as_("planner")
    assert client.get(JOB).status_code == 200
    assert post(client, f"{JOB}/discard").status_code == 403
    assert bring(client, *ROWS).status_code == 403
    as_("far")
    assert client.get(JOB).status_code == client.get(batch).status_code == 404
    assert client.get(f"{JOB}/refused.csv").status_code == 404
    assert "名录.csv" not in words(client.get("/registry/imports"))
