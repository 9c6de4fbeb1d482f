"""Files as they come: encodings, headings, lines, and which rows pass in bulk."""

import csv
import hashlib
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry.a_registry import a_code
from registry.an_import import a_file

from doublerandom.registry.errors import MissingColumnsError, RepeatedColumnError, UnreadableFileError
from doublerandom.registry.intake.beside import reader_of
from doublerandom.registry.intake.columns import columns_of
from doublerandom.registry.intake.reading import Judged
from doublerandom.registry.intake.subject_chunks import ChunkJudge, JudgedChunk
from doublerandom.registry.intake.subject_rows import judge_row
from doublerandom.registry.intake.tables import Chunk, Table, encoding_of

HEADER = ("企业名称", "统一社会信用代码", "注册日期", "所在省份", "注册资本", "登记状态", "注册地址")
COLUMNS = columns_of("subjects", HEADER)


def read(path, size=64):
    with Table(path, block=size) as table:
        chunks = list(table.chunks())
        return [(line, row) for chunk in chunks for line, row in zip(chunk.lines, chunk.rows, strict=True)]


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_utf8_and_gb18030_are_told_apart(self, tmp_path, encoding):
        path = a_file(tmp_path, "杭州饭店,1", encoding=encoding)

        assert encoding_of(path) == encoding
        assert read(path) == [(2, ["杭州饭店", "1"])]

    def test_ascii_alone_is_utf8(self, tmp_path):
        assert encoding_of(a_file(tmp_path, "a,b", header="name,code")) == "utf-8"

    def test_foreign_characters_may_come_late(self, tmp_path):
        path = a_file(tmp_path, *["x" * 99] * 30_000, "杭州", header="name,code", encoding="gb18030")

        assert encoding_of(path) == "gb18030"

    @pytest.mark.parametrize("data", [b"\xff\xfea\x00", b"a,\xff\xff\xff\n", b"", b"name,\xff"])
    def test_what_is_neither_is_refused(self, tmp_path, data):
        path = tmp_path / "file.csv"
        path.write_bytes(data)

        with pytest.raises(UnreadableFileError), Table(path) as table:
            list(table.chunks())

    def test_a_file_that_turns_bad_later_is_refused_with_the_line(self, tmp_path):
        path = tmp_path / "file.csv"
        path.write_bytes("名称,代码\n".encode() + "杭州,1\n".encode() * 400_000 + b"\xff\xff,2\n")

        with pytest.raises(UnreadableFileError) as refused:
            read(path)

        assert "line" in refused.value.params["reason"]


class TestLines:
    def test_a_line_break_inside_a_cell_makes_the_lines_go_on(self, tmp_path):
        path = a_file(tmp_path, 'a,"x\ny\r\nz"', "b,1", "", 'c,"\n"', "d,2")

        assert [(line, row[:1]) for line, row in read(path)] == [
            (2, ["a"]),
            (5, ["b"]),
            (6, []),
            (7, ["c"]),
            (9, ["d"]),
        ]

    @given(
        st.lists(st.lists(st.text('a,"\n\r', max_size=4), min_size=2, max_size=2), max_size=9),
        st.integers(1, 40),
    )
    def test_lines_are_those_of_the_file(self, tmp_path_factory, rows, size):
        text, lines = StringIO(), []
        writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(["h", "h"])
        for row in rows:
            lines.append(1 + len(text.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]))
            writer.writerow(row)
        path = tmp_path_factory.mktemp("lines") / "file.csv"
        path.write_bytes(text.getvalue().encode())

        assert read(path, size) == list(zip(lines, rows, strict=True))

    def test_the_hash_is_that_of_the_whole_file(self, tmp_path):
        path = a_file(tmp_path, *["x,y"] * 100)
        with Table(path) as table:
            list(table.chunks())

            assert table.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
            assert table.read_bytes == path.stat().st_size


class TestHeadings:
    @pytest.mark.parametrize("name", ["企业名称", "单位名称", "* 名 称（必填）", "市场主体名称", "name"])
    @pytest.mark.parametrize("code", ["统一社会信用代码", "社会信用代码", "信用代码：", "注册号"])
    def test_common_variants_mean_the_same(self, name, code):
        columns = columns_of("subjects", ["序号", code, name])

        assert columns.places == {"code": 1, "name": 2}

    def test_the_better_heading_is_taken_where_two_would_do(self):
        columns = columns_of("subjects", ["注册号", "统一社会信用代码", "名称", "企业名称"])

        assert columns.places == {"code": 1, "name": 3}

    def test_a_missing_column_is_named_with_what_was_found(self):
        with pytest.raises(MissingColumnsError) as refused:
            columns_of("subjects", ["企业名称", "电话"])

        assert refused.value.params == {"missing": "统一社会信用代码", "found": "企业名称、电话"}

    def test_a_heading_that_stands_twice_is_refused(self):
        with pytest.raises(RepeatedColumnError):
            columns_of("subjects", ["企业名称", "统一社会信用代码", "企业名称"])


CELL = st.text("杭州aA1 \u3000\u0007\u00e9e\u0301?,\x1f\ufeff𠮷", max_size=6)
ROW = st.tuples(
    st.one_of(st.sampled_from(["杭州饭店", "", "杭州?", " 店", "店\u3000", "𠮷祥"]), CELL),
    st.one_of(
        st.sampled_from(
            [a_code(1), a_code(2).lower(), a_code(3)[:-1] + "-", "320104000006516", "无", " " + a_code(4)]
        )
    ),
    st.sampled_from(["2019-01-01", "2019/1/1", "", "N/A", "2019-02-30", "不详", "20190203"]),
    st.sampled_from(["浙江", "浙江省", "", "某某", "N/A"]),
    st.sampled_from(["100万元", "N/A", "", "某某", "-"]),
    st.sampled_from(["存续", "", "注销", "吊销", "怪"]),
    st.one_of(st.sampled_from(["西湖区1号", "x" * 513, "a\nb"]), CELL),
).map(list)
CLEAN = st.tuples(
    st.sampled_from(["杭州饭店", "a,b", "店"]),
    st.integers(1, 99).map(a_code),
    st.sampled_from(["2019-01-01", "2020-02-29", ""]),
    st.sampled_from(["浙江", "黑龙江省", ""]),
    st.sampled_from(["100万元", "1,000(万元)", "N/A", ""]),
    st.sampled_from(["active", "", "revoked"]),
    st.sampled_from(["西湖区1号", "", "1,2"]),
).map(list)


@given(st.lists(st.one_of(ROW, ROW.map(lambda row: row[:-1]), ROW.map(lambda row: [*row, "x"])), max_size=12))
def test_in_bulk_every_row_becomes_what_it_becomes_alone(rows):
    chunk = Chunk(range(2, 2 + len(rows)), rows)
    alone = [(line, *judge_row(COLUMNS, line, row)) for line, row in zip(chunk.lines, rows, strict=True)]

    judge = ChunkJudge(COLUMNS)
    bulk = judge.judge(chunk)

    assert_same(judge, bulk, alone)


@given(
    st.lists(st.one_of(ROW, CLEAN, CLEAN, CLEAN), max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.integers(16, 400),
)
def test_from_a_file_every_row_becomes_what_it_becomes_alone(tmp_path_factory, rows, end, quoting, block):
    text = StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows([HEADER, *rows])
    path = tmp_path_factory.mktemp("blocks") / "file.csv"
    path.write_bytes(text.getvalue().encode())
    with Table(path) as table:
        alone = [
            (line, *judge_row(COLUMNS, line, row))
            for chunk in table.chunks()
            for line, row in zip(chunk.lines, chunk.rows, strict=True)
        ]

    judge = ChunkJudge(COLUMNS)
    with Table(path, block=block) as table:
        judged = [judge.judge_block(table, text) for text in iter(table.block, "")]

    bulk = JudgedChunk(
        b"".join(chunk.cells for chunk in judged),
        [line for chunk in judged for line in chunk.lines],
        [found for chunk in judged for found in chunk.findings],
        [refused for chunk in judged for refused in chunk.refused],
        0,
    )
    assert_same(judge, bulk, alone)


def assert_same(judge, bulk, alone):
    """What came out in bulk is what came out row by row."""
    cells, width = bulk.fields(), len(judge.fields)
    taken = [dict(zip(judge.fields, cells[n : n + width], strict=True)) for n in range(0, len(cells), width)]
    assert taken == [values for _, values, _ in alone if values is not None]
    assert list(bulk.lines) == [line for line, values, _ in alone if values is not None]
    assert bulk.findings == [found for _, _, found in alone if found is not None]
    gone = [line for line, values, found in alone if found and values is None]
    assert [line for line, _ in bulk.refused] == gone


def test_a_process_beside_judges_as_this_one(tmp_path):
    path = a_file(
        tmp_path, f"店,{a_code(1)}", "店,无", f"\u3000店,{a_code(2).lower()}", "", f'"店\n",{a_code(3)}'
    )

    here = Judged(path)
    with reader_of(path, kind="subjects", large=0) as reader:
        beside = Judged(path, reader)

        assert list(here) == list(beside)
    assert here.sha256 == beside.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_error_of_the_process_beside_is_raised_here(tmp_path):
    path = a_file(tmp_path, "店,无", header="甲,乙")

    with reader_of(path, kind="subjects", large=0) as reader, pytest.raises(MissingColumnsError):
        list(Judged(path, reader))


def test_a_process_that_ends_early_is_noticed(tmp_path):
    path = a_file(tmp_path, *(f"店,{a_code(n)}" for n in range(9)))

    with reader_of(path, kind="subjects", large=0) as reader:
        reader.kill()
        reader.stdout.read()

        with pytest.raises(UnreadableFileError):
            list(Judged(path, reader))


def test_small_files_and_short_lists_need_no_process_beside(tmp_path):
    path = a_file(tmp_path)

    with reader_of(path, kind="subjects") as small, reader_of(path, kind="items", large=0) as items:
        assert small is None
        assert items is None
