"""CSV that spreadsheets neither run nor garble, and that reads back as what was written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lpr_engine.model.errors import CommandError

BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of its country."""
DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}

# What a spreadsheet takes for a formula, and our own mark in front of that.
_LIVE: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - full width counts too
_ANNOUNCED: Final = re.compile(r"sep=([,;\t])\r?\n")


class TableError(CommandError):
    """A table cannot be read at all; the message names the line."""

    code = "table_unreadable"


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one row, and the line of the file in which it begins."""

    number: int
    cells: tuple[str, ...]


def defused(cell: str) -> str:
    """The cell as a spreadsheet takes it for text (OWASP, CSV injection)."""
    return f"'{cell}" if _LIVE.match(cell) else cell


def plain(cell: str) -> str:
    """What `defused` was given."""
    return cell[1:] if cell.startswith("'") and _LIVE.match(cell[1:]) else cell


def written(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """Rows as CSV (RFC 4180), every cell defused."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([defused(c) for c in row] for row in rows)
    return buffer.getvalue()


def decoded(data: bytes) -> str:
    """A file's text.

    Raises:
        TableError: it is not UTF-8, or holds what is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError("the file is UTF-16; save it as CSV in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = data.count(b"\n", 0, err.start) + 1
        raise TableError(f"line {line} is not UTF-8; save the file as CSV in UTF-8") from err
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TableError(f"line {line} holds a NUL, which is no text")
    return text


def lines_of(text: str, most: int) -> Iterator[Line]:
    """The rows that are not empty, cells stripped and as they were before being defused.

    The delimiter is the one that the first row has most of; Excel's `sep=;` is understood.

    Raises:
        TableError: quotes do not pair up, a cell is huge, or there are more rows than `most`.
    """
    announced = _ANNOUNCED.match(text)
    skipped = 1 if announced else 0
    rest = text[announced.end() :] if announced else text
    delimiter = announced[1] if announced else _delimiter_of(rest)
    reader = csv.reader(
        io.StringIO(rest, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    count, number = 0, skipped + 1
    try:
        for row in reader:
            cells = tuple(plain(cell.strip()) for cell in row)
            if any(cells):
                count += 1
                yield Line(number, cells)
            if count > most:
                raise TableError(f"there are more than {most} rows")
            number = skipped + reader.line_num + 1
    except csv.Error as err:
        raise TableError(f"line {number} cannot be read: {err}") from err


def _delimiter_of(text: str) -> str:
    first = re.sub('"[^"]*"', "", text.partition("\n")[0])
    return max(DELIMITERS.values(), key=first.count)
