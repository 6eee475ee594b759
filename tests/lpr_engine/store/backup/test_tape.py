"""The compressed tar: read by any tool, and anything odd in it refused."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from lpr_engine.model.backup import BackupRefusedError
from lpr_engine.store.backup.tape import CHUNK_BYTES, TapeWriter, reading

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
MEMBERS = {
    "empty": b"",
    "block": b"x" * 512,
    "odd": b"y" * 513,
    "large": bytes(range(256)) * (CHUNK_BYTES // 128),
}


def nothing(_size_bytes: int) -> None:
    pass


def write(path: Path, members: dict[str, bytes], note: Callable[[int], None] = nothing) -> None:
    with path.open("wb") as raw:
        tape = TapeWriter(raw, NOON, note)
        for name, content in members.items():
            tape.add(name, io.BytesIO(content), len(content))
        tape.close()


def read(path: Path, note: Callable[[int], None] = nothing) -> dict[str, bytes]:
    with reading(path, note) as tape:
        return {member.name: b"".join(member.pieces) for member in tape.members()}


def foreign(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> None:
    """A tar file as the standard library writes it."""
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as tar:
        for header, content in members:
            header.size = len(content)
            tar.addfile(header, io.BytesIO(content))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.tar.gz"


def test_what_was_written_is_read(path: Path) -> None:
    noted: list[int] = []
    write(path, MEMBERS, noted.append)
    assert sum(noted) == sum(map(len, MEMBERS.values()))
    assert read(path, noted.append) == MEMBERS
    assert sum(noted) == 2 * sum(map(len, MEMBERS.values()))


def test_any_tool_reads_it(path: Path) -> None:
    write(path, MEMBERS)
    with tarfile.open(path) as tar:
        found = {one.name: tar.extractfile(one) for one in tar.getmembers()}
        assert {name: file.read() for name, file in found.items() if file} == MEMBERS
        assert {one.mode for one in tar.getmembers()} == {0o600}
        assert {one.mtime for one in tar.getmembers()} == {NOON.timestamp()}


def test_members_need_not_be_read(path: Path) -> None:
    write(path, MEMBERS)
    with reading(path, nothing) as tape:
        assert [member.name for member in tape.members()] == list(MEMBERS)


def test_what_the_standard_library_writes_plainly_is_read(path: Path) -> None:
    foreign(path, (tarfile.TarInfo("a"), b"content"))
    assert read(path) == {"a": b"content"}


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_folders_and_devices_are_refused(path: Path, kind: bytes) -> None:
    header = tarfile.TarInfo("a")
    header.type, header.linkname = kind, "/etc/passwd"
    foreign(path, (header, b""))
    with pytest.raises(BackupRefusedError, match=r"some\.tar\.gz: .*no plain file"):
        read(path)


def test_extended_headers_are_refused_unread(path: Path) -> None:
    header = tarfile.TarInfo("a")
    header.pax_headers = {"comment": "x" * 100_000}
    foreign(path, (header, b""))
    with pytest.raises(BackupRefusedError, match="no plain file"):
        read(path)


def test_negative_size_is_refused(path: Path) -> None:
    header = tarfile.TarInfo("a").tobuf(tarfile.GNU_FORMAT)
    size = bytes([0xFF]) + bytes([0xFF]) * 10 + b"\x00"
    block = header[:124] + size + header[136:148] + b" " * 8 + header[156:]
    block = block[:148] + b"%06o\0 " % sum(block) + block[156:]
    path.write_bytes(gzip.compress(block + bytes(1024)))
    with pytest.raises(BackupRefusedError):
        read(path)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.9, 0.999])
def test_shortened_file_is_refused(path: Path, share: float) -> None:
    write(path, {**MEMBERS, "random": os.urandom(50_000)})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BackupRefusedError):
        read(path)


def test_shortened_tar_in_whole_compression_is_refused(path: Path) -> None:
    write(path, MEMBERS)
    whole = gzip.decompress(path.read_bytes())
    for size in (700, 1536, len(whole) - 4096):
        path.write_bytes(gzip.compress(whole[:size]))
        with pytest.raises(BackupRefusedError):
            read(path)


def test_flipped_bit_is_noticed_wherever_it_is(path: Path) -> None:
    write(path, {"random": os.urandom(5000)})
    content = path.read_bytes()
    for at in (1, 2, 100, 700, 3000, len(content) - 6, len(content) - 1):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(BackupRefusedError):
            read(path)


def test_something_behind_the_end_is_refused(path: Path) -> None:
    write(path, {"a": b"x"})
    path.write_bytes(path.read_bytes() + gzip.compress(b"more"))
    with pytest.raises(BackupRefusedError, match="follows its end"):
        read(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"\x1f\x8b", gzip.compress(b"hello" * 500, mtime=0)],
    ids=["empty", "words", "cut off", "another archive"],
)
def test_other_files_are_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(BackupRefusedError, match=r"some\.tar\.gz"):
        read(path)


@pytest.mark.parametrize("told", [0, 2, 9])
def test_content_of_another_size_than_told_is_no_member(path: Path, told: int) -> None:
    with path.open("wb") as raw, pytest.raises(ValueError, match="changed while"):
        TapeWriter(raw, NOON, nothing).add("a", io.BytesIO(b"x"), told)
