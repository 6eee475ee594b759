"""Archives written front to back, read by the standard library."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.api import zip_stream
from lpr_engine.api.zip_stream import DEFLATED, Entry, ZipStream

NOON = datetime(2026, 5, 4, 12, 0, 2, tzinfo=timezone.utc)


def archive(files: dict[str, bytes], *, packed: frozenset[str] = frozenset()) -> bytes:
    with ZipStream() as stream:
        content = b""
        for name, data in files.items():
            content += (
                deflated(stream, name, data) if name in packed else stream.stored(name, data, NOON)
            )
        return content + b"".join(stream.finish())


def deflated(stream: ZipStream, name: str, data: bytes) -> bytes:
    small = zlib.compress(data, wbits=-zlib.MAX_WBITS)
    return (
        stream.begin(Entry(name, NOON, DEFLATED, zlib.crc32(data), len(small), len(data))) + small
    )


@settings(deadline=None)
@given(
    st.dictionaries(st.text("abc/.", min_size=1, max_size=9), st.binary(max_size=50), max_size=8)
)
def test_any_files_are_read_back(files: dict[str, bytes]) -> None:
    content = archive(files, packed=frozenset(list(files)[::2]))

    with zipfile.ZipFile(io.BytesIO(content)) as read:
        assert read.testzip() is None
        assert {info.filename: read.read(info) for info in read.infolist()} == files
        assert {info.date_time for info in read.infolist()} <= {(2026, 5, 4, 12, 0, 2)}


def test_many_files_and_far_ones_need_larger_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_stream, "_MOST_16", 3)
    files = {f"f{number}": bytes([number]) * 9 for number in range(9)}
    monkeypatch.setattr(zip_stream, "_IN_MEMORY_BYTES", 10)

    # Readers take these limits for real, so only the records that hold the exact numbers are read.
    content = archive(files)

    end = content.index(b"PK\6\6")
    assert int.from_bytes(content[end + 24 : end + 32], "little") == 9
    assert content[-42:-38] == b"PK\6\7"


def test_more_files_than_sixteen_bits_count() -> None:
    with ZipStream() as stream:
        content = b"".join(stream.stored(f"{number}", b"", NOON) for number in range(65_600))
        content += b"".join(stream.finish())

    with zipfile.ZipFile(io.BytesIO(content)) as read:
        assert len(read.infolist()) == 65_600
        assert read.infolist()[-1].filename == "65599"


def test_archive_of_more_than_four_gigabytes(tmp_path: Path) -> None:
    """The bytes in between are left as a hole of the file, which takes no space."""
    hole = 2**32 + 5
    path = tmp_path / "large.zip"
    with ZipStream() as stream, path.open("wb") as file:
        entry = Entry("hole", NOON, zip_stream.STORED, 0, hole, hole)
        file.write(stream.begin(entry))
        file.seek(hole, io.SEEK_CUR)
        file.write(stream.stored("after", b"here", NOON))
        file.writelines(stream.finish())

    with zipfile.ZipFile(path) as read:
        assert read.getinfo("hole").file_size == hole
        assert read.read("after") == b"here"


@pytest.mark.parametrize("year", [1, 1979, 1980, 2107, 9999])
def test_any_year_is_written(year: int) -> None:
    moment = datetime(year, 6, 1, tzinfo=timezone.utc)
    with ZipStream() as stream:
        content = stream.stored("a", b"", moment) + b"".join(stream.finish())

    with zipfile.ZipFile(io.BytesIO(content)) as read:
        assert read.infolist()[0].date_time[0] == min(max(year, 1980), 2107)
