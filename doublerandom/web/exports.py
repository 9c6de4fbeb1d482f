"""Lists as files: CSV (UTF-8 with BOM, as Excel reads it) and XLSX, with nothing that a sheet would run."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import quote

from flask import Response, has_request_context, request, stream_with_context
from werkzeug.wsgi import FileWrapper

from doublerandom.web.words import local_time

FORMATS: Final = ("csv", "xlsx")
_RUN: Final = ("=", "+", "-", "@", "\t", "\r")
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHUNK: Final = 1000
_BIG: Final = 8 << 20


def wanted_format() -> str:
    """The file that the address asks for (`?format=csv` or `xlsx`); empty for the page itself."""
    asked = request.args.get("format", "")
    return asked if asked in FORMATS else ""


def list_file(
    name: str, header: Sequence[object], rows: Iterable[Sequence[object]], *, kind: str
) -> Response:
    """
    A list as an attachment; rows are streamed, so a long list may be a generator.

    Args:
        name: File name without its ending.
        header: Column headings.
        rows: Cells: texts, numbers, dates, times (written in Asia/Shanghai), lists (joined), None (empty).
        kind: csv or xlsx.
    """
    body = _streamed(_csv(header, rows)) if kind == "csv" else FileWrapper(_xlsx(header, rows))
    answer = Response(body, content_type=_TYPES[kind], direct_passthrough=kind == "xlsx")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{kind}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _streamed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, made within the request: names follow its language, and rows may ask who is signed in."""
    return stream_with_context(chunks) if has_request_context() else chunks


def harmless(cell: object) -> object:
    """A cell as a sheet may hold it: a text that a sheet would run begins with an apostrophe."""
    value = _plain(cell)
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUN) else value


def _plain(cell: object) -> object:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if cell is None or isinstance(cell, int | float):
        return "" if cell is None else cell
    if isinstance(cell, datetime):
        return local_time(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return "；".join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell)


def _csv(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([harmless(cell) for cell in header])
    for n, row in enumerate(rows, 1):
        writer.writerow([harmless(cell) for cell in row])
        if n % _CHUNK == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _xlsx(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Any:
    from xlsxwriter import Workbook  # noqa: PLC0415 - only where a workbook is asked for

    file = tempfile.SpooledTemporaryFile(max_size=_BIG)  # noqa: SIM115 - the answer closes it
    book = Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False},
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, cell in enumerate(header):
        sheet.write_string(0, column, str(_plain(cell)), bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            value = _plain(cell)
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, str(value))
    book.close()
    file.seek(0)
    return file
