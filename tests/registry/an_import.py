"""Runs an import as the command does and gives its report as a reader of the JSON sees it."""

import json
from io import StringIO

from registry.a_registry import NOON

from doublerandom.registry.intake.importing import Import, import_file
from doublerandom.registry.intake.reports import Report


def run(session, kind, path, *, refused=None, by="zhang", **facts):
    """Import a file and give its report."""
    with Report() as report:
        columns = import_file(session, Import(kind, path, by=by, at=NOON, **facts), report)
        if refused:
            report.write_refused(refused, columns.header)
        text = StringIO()
        report.dump(text)
    return json.loads(text.getvalue())


def a_file(tmp_path, *rows, header="企业名称,统一社会信用代码", name="file.csv", encoding="utf-8"):
    """A file of these lines under a header."""
    path = tmp_path / name
    path.write_bytes("\n".join((header, *rows, "")).encode(encoding))
    return path
