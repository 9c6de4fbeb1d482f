"""The demonstration's imports at the desk: a workbook applied and taken back, others that wait."""

import io
from datetime import datetime
from typing import Final

from doublerandom.demo.city import CITY
from doublerandom.demo.stage import Stage
from doublerandom.registry.claims import Claim
from doublerandom.registry.models import ImportJob
from doublerandom.registry.services.import_undo import undo_batch
from doublerandom.registry.services.import_work import carry_on
from doublerandom.registry.services.imports import Upload, apply_import, examine_import, upload_import
from doublerandom.registry.uscc import check_character

CLERK: Final = "p-registrar"
SENDER: Final = "清溪市场监管所"
HEADINGS: Final = ("序号", "商户全称", "统一社会信用代码", "登记日期", "经营场所")
NAMES: Final = ("清溪早点铺", "溪口五金店", "桥头理发店", "北街洗衣店", "老街茶馆", "临河杂货店")


def bring_files(stage: Stage) -> None:
    """A workbook that came in by mistake and was taken back; the right one waits; a list of items waits."""
    first = _upload(stage, "清溪所新增名录.xlsx", _workbook(wrong=True), "subjects", stage.ago(1, minutes=10))
    _examine(stage, first, stage.ago(1, minutes=12))
    apply_import(stage.session, first, by=CLERK, at=stage.ago(1, minutes=14))
    _work(stage, first, stage.ago(1, minutes=14))
    batch = stage.session.get_one(ImportJob, first, populate_existing=True).batch_id
    assert batch is not None
    undo_batch(stage.session, batch, reason="报送的是上月旧表", by=CLERK, at=stage.ago(1, minutes=30))
    second = _upload(stage, "清溪所新增名录（更正）.xlsx", _workbook(wrong=False), "subjects", stage.ago(0.1))
    _examine(stage, second, stage.ago(0.1, minutes=2))
    items = "编号,抽查事项,检查内容\n1,加油站计量监督检查,加油机检定\n".encode()
    _upload(stage, "计量事项.csv", items, "items", stage.ago(0.05))


def _upload(stage: Stage, name: str, data: bytes, kind: str, at: datetime) -> int:
    upload = Upload(io.BytesIO(data), name, kind, SENDER)
    job = upload_import(stage.session, stage.settings, upload, body=stage.body(CITY), by=CLERK, at=at)
    assert job.id is not None
    return job.id


def _examine(stage: Stage, job_id: int, at: datetime) -> None:
    """Say that 商户全称 is the name, and look at the file."""
    job = stage.session.get_one(ImportJob, job_id)
    places = {**job.places, "name": job.header.index("商户全称")}
    examine_import(stage.session, job_id, places=places, updates=False, by=CLERK, at=at)
    _work(stage, job_id, at)


def _work(stage: Stage, job_id: int, at: datetime) -> None:
    with Claim(stage.settings, job_id) as claim:
        carry_on(stage.session, stage.settings, job_id, claim, at=at)


def _workbook(*, wrong: bool) -> bytes:
    """What the office sends: a title, who reports, a header of two levels, a total; one code a number."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only where a workbook is made

    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("新增名录")
    sheet.merge_range(0, 0, 0, 4, "辖区新增经营主体名录")
    sheet.write(1, 0, f"填报单位：{SENDER}")
    sheet.merge_range(2, 0, 3, 0, HEADINGS[0])
    sheet.merge_range(2, 1, 2, 2, "基本信息")
    sheet.merge_range(2, 3, 2, 4, "登记信息")
    for column, heading in enumerate(HEADINGS[1:], 1):
        sheet.write(3, column, heading)
    for n, name in enumerate(NAMES):
        first = f"92990102MA{7_000_000 + n + 10 * wrong:07d}"
        cells = (n + 1, name, first + check_character(first), f"2026-0{n + 1}-18", f"清溪镇老街{n + 3}号")
        for column, cell in enumerate(cells):
            sheet.write(4 + n, column, cell)
    sheet.write(4 + len(NAMES), 1, "溪东农资店")
    sheet.write_number(4 + len(NAMES), 2, 929901027000000123)
    sheet.write(5 + len(NAMES), 0, "合计")
    sheet.write(5 + len(NAMES), 1, len(NAMES) + 1)
    book.close()
    return file.getvalue()
