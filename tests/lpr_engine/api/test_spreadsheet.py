"""CSV: nothing a spreadsheet would run, everything reads back, and no input is a defect."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.api.spreadsheet import TableError, decoded, defused, lines_of, plain, written

LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1"]  # noqa: RUF001


def cells(text: str, most: int = 100) -> list[tuple[int, tuple[str, ...]]]:
    return [(line.number, line.cells) for line in lines_of(text, most)]


@pytest.mark.parametrize("cell", LIVE)
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert defused(cell) == f"'{cell}"
    (row,) = csv.reader(io.StringIO(written([[cell]], ","), newline=""))
    assert row[0].startswith("'")


@given(st.one_of(st.text(), st.text("'=+-@ab")))
def test_what_was_defused_is_read_as_it_was(cell: str) -> None:
    assert plain(defused(cell)) == cell
    assert not defused(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
rows = st.lists(st.lists(texts.map(str.strip).filter(bool), min_size=2, max_size=4), min_size=1)


@given(rows, st.sampled_from([",", ";", "\t"]))
def test_rows_are_read_as_they_were_written(table: list[list[str]], delimiter: str) -> None:
    header = ["one", "two", "three", "four"]
    text = written([header, *table], delimiter)
    assert [list(found) for _, found in cells(text)] == [header, *table]


@pytest.mark.parametrize(
    "data",
    [
        b"text,label\r\nAB1,Anna\r\n",
        b"\xef\xbb\xbftext;label\nAB1;Anna",
        b"sep=;\r\ntext;label\r\nAB1;Anna\r\n",
        b'"text"\t"label"\r\n\r\n , \r\n"AB1"\t Anna \r\n'.replace(b" , ", b" \t "),
        b'text, "label"\nAB1, "Anna"\n',
    ],
)
def test_files_of_all_kinds_are_understood(data: bytes) -> None:
    assert [found for _, found in cells(decoded(data))] == [("text", "label"), ("AB1", "Anna")]


def test_lines_are_those_of_the_file() -> None:
    text = 'sep=,\ntext,note\n\nAB1,"two\nlines"\nAB2,x\n'
    assert [number for number, _ in cells(text)] == [2, 4, 6]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("text\nä".encode("latin-1"), "line 2 is not UTF-8"),
        ("text\nAB1".encode("utf-16"), "UTF-16"),
        ("text\nAB1".encode("utf-16-le"), "line 1 holds a NUL"),
        (b"text\nAB1\nA\0B", "line 3 holds a NUL"),
        (b"\xff\xd8\xff\xe0 a picture", "not UTF-8"),
        (b'text\nAB1\n"AB2\nAB3\n', "line 3 cannot be read"),
        (b'text\n"AB"1"\n', "line 2 cannot be read"),
        (b"text\n" + b"x" * 140_000, "line 2 cannot be read: field larger"),
        (b"a\n" * 102, "more than 100 rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_where(data: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        cells(decoded(data))


@given(st.one_of(st.binary(), st.text().map(str.encode), st.text("\",;\n\r\t ='x").map(str.encode)))
def test_no_bytes_are_a_defect(data: bytes) -> None:
    try:
        for line in lines_of(decoded(data), 100):
            assert line.number >= 1
    except TableError as err:
        assert str(err)
