"""A compressed tar file, written and read member by member in constant memory.

`tarfile` itself remembers every member, and reads extended headers of any size into memory.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TypeAlias

from lpr_engine.model.backup import BackupRefusedError

CHUNK_BYTES = 1024 * 1024
_BLOCK = tarfile.BLOCKSIZE
_PADDING_BYTES = 1024 * 1024
# Pictures do not get smaller, and the machine has more to do.
_LEVEL = 1
_DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error, tarfile.HeaderError, UnicodeDecodeError)

NoteBytes: TypeAlias = Callable[[int], None]
"""Told of each piece that went through, by its size; may raise to end the work."""


class TapeWriter:
    """Writes members one after the other."""

    def __init__(self, raw: IO[bytes], created_at: datetime, note: NoteBytes) -> None:
        self._stream = gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=_LEVEL, mtime=0)
        self._created_s = int(created_at.timestamp())
        self._note = note

    def add(self, name: str, content: IO[bytes], size_bytes: int) -> None:
        """Write a member of exactly that size.

        Raises:
            ValueError: the content has another size.
        """
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = size_bytes, 0o600, self._created_s
        self._stream.write(header.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict"))
        left = size_bytes
        while left and (piece := content.read(min(left, CHUNK_BYTES))):
            self._stream.write(piece)
            self._note(len(piece))
            left -= len(piece)
        if left or content.read(1):
            raise ValueError(f"{name} changed while it was read")
        self._stream.write(bytes(-size_bytes % _BLOCK))

    def close(self) -> None:
        """Write the end."""
        self._stream.write(bytes(2 * _BLOCK))
        self._stream.close()


@dataclass(frozen=True, slots=True)
class TapeMember:
    """One member's name and size, and its content, which is to be read before the next."""

    name: str
    size_bytes: int
    pieces: Iterator[bytes]


class TapeReader:
    """Reads members one after the other; anything but plain files is refused.

    Raises:
        BackupRefusedError: the file is none of these, or is damaged.
    """

    def __init__(self, stream: gzip.GzipFile, note: NoteBytes) -> None:
        self._stream = stream
        self._note = note

    def members(self) -> Iterator[TapeMember]:
        """Each member in its order."""
        while (header := self._header()) is not None:
            if header.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or header.size < 0:
                raise BackupRefusedError("it holds something that is no plain file")
            pieces = self._pieces(header.size)
            yield TapeMember(header.name, header.size, pieces)
            for _ in pieces:
                pass
        self._end()

    def _header(self) -> tarfile.TarInfo | None:
        block = self._read(_BLOCK)
        if not any(block):
            return None
        with _damage_told():
            return tarfile.TarInfo.frombuf(block, "utf-8", "strict")

    def _pieces(self, size_bytes: int) -> Iterator[bytes]:
        left = size_bytes
        while left:
            piece = self._read(min(left, CHUNK_BYTES))
            self._note(len(piece))
            left -= len(piece)
            yield piece
        self._read(-size_bytes % _BLOCK)

    def _end(self) -> None:
        """Read on to the end, where the checksum of the compression stands."""
        with _damage_told():
            rest, more = self._stream.read(_PADDING_BYTES), self._stream.read(1)
        if any(rest) or more:
            raise BackupRefusedError("something follows its end")

    def _read(self, size_bytes: int) -> bytes:
        with _damage_told():
            found = self._stream.read(size_bytes)
        if len(found) < size_bytes:
            raise BackupRefusedError("it ends in the middle")
        return found


@contextmanager
def _damage_told() -> Iterator[None]:
    """Told where it is read: a wrong checksum is an `OSError`, as if the disk had refused."""
    try:
        yield
    except _DAMAGE as err:
        raise BackupRefusedError(f"no backup, or damaged: {err}") from err


@contextmanager
def reading(path: Path, note: NoteBytes) -> Iterator[TapeReader]:
    """Open a file for reading; what is wrong with it is told as a refusal.

    Raises:
        BackupRefusedError: it is no such file, or is damaged.
        OSError: it cannot be read.
    """
    try:
        with gzip.open(path, "rb") as stream:
            yield TapeReader(stream, note)
    except BackupRefusedError as err:
        raise BackupRefusedError(f"{path.name}: {err}") from err
