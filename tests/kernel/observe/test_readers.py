"""Reading files: every way of writing a table, and every way of breaking one."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import random
import tracemalloc
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.table import RAW, BrokenRow, Dialect, Row
from sightline.language.errors import Invalid, NotFound

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b49444154789c63f80f040009fb03fd"
    "fb5e6b2b0000000049454e44ae426082"
)
"""A picture of one point."""

PLAIN = b"id,town\n1,Paris\n2,Rome\n"
CELL = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffd") | st.sampled_from('\n\r\t"'))


def put(folder: Path, name: str, data: bytes | str) -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def cells(path: Path, dialect: Dialect | None = None) -> list[list[str]]:
    """All cells; fails on a broken row."""
    rows = list(open_table(path, dialect).rows())
    assert all(isinstance(row, Row) for row in rows), rows
    return [list(row.cells.values()) for row in rows if isinstance(row, Row)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3).filter(any), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
)
def test_whatever_csv_writes_is_read_back(tmp_path: Path, rows: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    path = put(tmp_path, "any.csv", text.getvalue())
    assert cells(path, Dialect(encoding="utf-8", header=True, delimiter=delimiter, skip=0)) == rows


@pytest.mark.parametrize("delimiter", list(",;\t|%"))
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "name", "price"], *([str(n), f"thing {n}", f"{n}.5"] for n in range(30))]
    path = put(tmp_path, "a.csv", "\n".join(delimiter.join(row) for row in rows))
    assert open_table(path).dialect.delimiter == delimiter
    assert cells(path) == rows[1:]


def test_columns_set_apart_by_blanks(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", " id   day  n\n 001 19970101   1\n 002 19970112  12\n")
    assert cells(path) == [["001", "19970101", "1"], ["002", "19970112", "12"]]


def pack(name: str, data: bytes) -> bytes:
    """The data, packed as the ending says."""
    if name.endswith("zip"):
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            archive.writestr("inner.csv", data)
        return whole.getvalue()
    if name.endswith("zst"):
        return bytes(pa.Codec("zstd").compress(data).to_pybytes())
    return {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}[name.split(".")[-1]](data)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv.xz", "a.bz2", "a.zip", "a.csv.zst"])
def test_packed_files_are_known_by_their_bytes(tmp_path: Path, name: str) -> None:
    assert cells(put(tmp_path, name, pack(name, PLAIN))) == [["1", "Paris"], ["2", "Rome"]]
    assert cells(put(tmp_path, "misnamed.csv", pack(name, PLAIN))) == [["1", "Paris"], ["2", "Rome"]]


def test_a_file_within_an_archive_of_several(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", PLAIN)
        archive.writestr("sub/two.csv", b"id,v\n7,8\n")
    assert cells(path / "sub/two.csv") == [["7", "8"]]
    with pytest.raises(Invalid, match=r"holds 2 files: one.csv, sub/two.csv. Name one of them behind the archive"):
        open_table(path)
    with pytest.raises(NotFound, match=r"Did you mean 'one.csv'"):
        open_table(path / "on.csv")


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)  # fmt: skip
def test_encodings_are_found(tmp_path: Path, encoding: str, found: str) -> None:
    path = put(tmp_path, "a.csv", "id,ville\n1,Orléans\n2,Besançon\n3,Paris\n".encode(encoding))
    assert open_table(path).dialect.encoding == found
    assert cells(path) == [["1", "Orléans"], ["2", "Besançon"], ["3", "Paris"]]


def test_another_script_is_told_by_its_letters(tmp_path: Path) -> None:
    text = "id;город\n" + "".join(f"{n};Санкт-Петербург и Москва\n" for n in range(40))
    assert cells(put(tmp_path, "a.csv", text.encode("cp1251")))[0] == ["0", "Санкт-Петербург и Москва"]


def test_an_accent_far_down_still_decides(tmp_path: Path) -> None:
    text = "id,town\n" + "".join(f"{n},plain\n" for n in range(200_000)) + "x,Orléans\n"
    assert cells(put(tmp_path, "a.csv", text.encode("cp1252")))[-1] == ["x", "Orléans"]


def test_a_broken_byte_breaks_its_row_and_not_the_file(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,ville\n1,Orléans\n2,Besançon\n".encode() + b"3,Par\xffis\n" + "4,Évry\n".encode())
    *_, broken, last = open_table(path).rows()
    assert broken == BrokenRow(4, "3,Par\\xffis", "holds bytes that do not decode (line 4)")
    assert last == Row(5, {"id": "4", "ville": "Évry"})


@pytest.mark.parametrize(
    ("body", "line", "reason", "good"),
    [
        ("1,a\n2\n3,c\n", 3, "has 1 fields where the header names 2", 2),
        ("1,a\n2,b,c\n3,c\n", 3, "has 3 fields where the header names 2", 2),
        ('1,a\n2,"b\n3,c\n4,d\n', 3, 'a quote (") opens and is never closed', 3),
        ('1,a\n2,"b\n3,c\n4,"d"\n', 3, "closes in the middle of a field", 3),
        ('1,"a"b\n2,"x ""y"""\n', 2, "closes in the middle of a field", 1),
        ("1,a\0b\n2,c\n", 2, "holds a NUL character (line 2)", 1),
        ("1," + "x" * 2_000_000 + "\n2,c\n", 2, "the line is longer than 1,048,576 characters", 1),
        ('1,"' + "x\n" * 600_000 + "2,c\n", 2, 'a quote (") opens and is never closed', 1),
    ],
)
def test_broken_rows_are_set_aside_with_line_and_reason(
    tmp_path: Path, body: str, line: int, reason: str, good: int
) -> None:
    rows = list(open_table(put(tmp_path, "a.csv", "id,v\n" + body)).rows())
    broken = [row for row in rows if isinstance(row, BrokenRow)]
    assert broken[0].line == line
    assert reason in broken[0].reason
    assert len(broken[0].raw) <= RAW
    assert sum(isinstance(row, Row) for row in rows) == good


def test_a_cell_may_span_lines_and_lines_are_counted(tmp_path: Path) -> None:
    rows = list(open_table(put(tmp_path, "a.csv", 'id,v\n1,"two\nlines"\n\n2,x\n')).rows())
    assert rows == [Row(2, {"id": "1", "v": "two\nlines"}), Row(5, {"id": "2", "v": "x"})]


def test_a_delimiter_at_the_end_of_a_row_is_forgiven(tmp_path: Path) -> None:
    assert cells(put(tmp_path, "a.csv", "id,v\n1,a,\n2,b\n")) == [["1", "a"], ["2", "b"]]


def test_headers_are_mended_and_told(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "a.csv", ",id,id\n0,7,8\n"))
    assert table.columns == ("column_1", "id", "id (2)")
    assert table.notes == ("Column 1 has no name and is called 'column_1'.", "A second column 'id' is called 'id (2)'.")


def test_a_first_row_of_values_is_no_header(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "a.csv", "7,2024-01-31,x\n8,2024-02-01,y\n"))
    assert table.columns == ("column_1", "column_2", "column_3")
    assert len(list(table.rows())) == 2


def test_years_may_head_columns(tmp_path: Path) -> None:
    assert open_table(put(tmp_path, "a.csv", "country,2014,2015\nFR,1,2\nDE,3,4\n")).columns == (
        "country",
        "2014",
        "2015",
    )


def test_titles_above_the_header_are_skipped(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "Report of the year\n\nid,day,n\n1,2024-01-01,5\n2,2024-01-02,6\n")
    assert next(open_table(path).rows()) == Row(4, {"id": "1", "day": "2024-01-01", "n": "5"})


def test_old_line_ends_and_no_last_one(tmp_path: Path) -> None:
    assert cells(put(tmp_path, "a.csv", "id,v\r1,2\r2,3")) == [["1", "2"], ["2", "3"]]


def test_json_lines(tmp_path: Path) -> None:
    text = '{"id":1,"a":{"b":2.5,"c":[1,2]},"t":null}\n{"id":2,"z":true}\n[1]\n{bad\n\n{"id":"é"}\n'
    table = open_table(put(tmp_path, "a.jsonl", text))
    rows = list(table.rows())
    assert table.columns == ("id", "a.b", "a.c", "t", "z")
    assert rows[0] == Row(1, {"id": "1", "a.b": "2.5", "a.c": "[1,2]", "t": ""})
    assert rows[1] == Row(2, {"id": "2", "z": "true"})
    assert rows[2] == BrokenRow(3, "[1]", 'is not a JSON object such as {"id": 1}')
    assert isinstance(rows[3], BrokenRow)
    assert rows[3].reason.startswith("is not valid JSON")
    assert rows[4] == Row(6, {"id": "é"})


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    day = pa.array([19_000, None], pa.date32())
    when = pa.array([1_700_000_000_000_000, None], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"id": [1, 2], "x": [0.1, None], "ok": [True, False], "day": day, "at": when}), path)
    first, second = open_table(path).rows()
    assert first == Row(
        1, {"id": "1", "x": "0.1", "ok": "true", "day": "2022-01-08", "at": "2023-11-14T22:13:20+00:00"}
    )
    assert second == Row(2, {"id": "2", "x": "", "ok": "false", "day": "", "at": ""})


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "'a.csv' is empty. Export it again"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "is empty. Export it again"),
        ("a.csv", b"\n\n\n", "holds nothing but blank lines"),
        ("a.csv", PNG, "is a PNG image, and no table. Export the table itself as CSV"),
        ("a.csv", b"\r\n%PDF-1.7\nid;day\n1;2\n", "is a PDF document, and no table"),
        ("a.csv", b"MZ\x90\0\x03\0\0\0\x04" * 9, "is a program, and no table"),
        ("a.csv", b"\n<!DOCTYPE html><title>Sign in</title>", "is a web page, and no table"),
        ("a.csv.gz", gzip.compress(PNG, mtime=0), "is a PNG image, and no table"),
        ("a.csv", random.Random(7).randbytes(1_000), "is not a text file. Import"),
        ("a.csv", bytes(range(256)) * 40, "is not a text file. Import CSV, TSV, Parquet or JSON Lines"),
        ("a.csv", b"x" * 3_000_000, "is no header"),
        ("a.json", b'[{"id": 1}]', "looks like one JSON list. Write one JSON object per line"),
        ("a.jsonl", b"{\n{\n", "holds no JSON object in its first rows"),
        ("a.gz", gzip.compress(b"id,v\n" + b"1,2\n" * 1000, mtime=0)[:-20], "is damaged or was cut short"),
        ("a.parquet", b"PAR1" + b"x" * 50, "is a damaged Parquet file"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        list(open_table(put(tmp_path, name, data)).rows())


def test_a_workbook_a_folder_and_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(Invalid, match=r"is an Excel workbook. Save the sheet as CSV"):
        open_table(tmp_path / "a.xlsx")
    with pytest.raises(Invalid, match=r"is a folder. Name one file"):
        open_table(tmp_path)
    with pytest.raises(NotFound, match="There is no file"):
        open_table(tmp_path / "none.csv")


def test_what_is_stated_wrongly_is_explained(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", PLAIN)
    with pytest.raises(Invalid, match="'utf-9' is no encoding"):
        open_table(path, Dialect(encoding="utf-9"))
    with pytest.raises(Invalid, match=r"';;' is no delimiter. Write one character, or 'whitespace'"):
        open_table(path, Dialect(delimiter=";;"))


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "a.csv", "id,day\n"))
    assert table.columns == ("id", "day")
    assert list(table.rows()) == []


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,v\n" + "".join(f"{n},{'x' * 40}\n" for n in range(300_000)))
    tracemalloc.start()
    try:
        assert sum(1 for _ in open_table(path).rows()) == 300_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000 < path.stat().st_size
