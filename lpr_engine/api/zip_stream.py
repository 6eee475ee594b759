"""A ZIP archive written front to back, of any number of entries in constant memory.

The standard library holds every entry in memory until the end; here the directory waits in a
temporary file without a name, of which nothing stays whatever ends the export. After PKWARE's
APPNOTE 6.3.9: entries of known size, names in ASCII, ZIP64 where a number needs it.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from types import TracebackType
from typing import IO, Final

STORED: Final = 0
DEFLATED: Final = 8

_IN_MEMORY_BYTES = 1024 * 1024
_CHUNK_BYTES = 256 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_PLAIN_VERSION, _VERSION_64 = 20, 45
_MOST_16, _MOST_32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """What the archive says of one file."""

    name: str
    modified: datetime
    method: int
    crc: int
    packed_bytes: int
    bytes: int


class ZipStream:
    """Yields the archive's bytes; to be used as a context, since its directory is a file."""

    def __init__(self) -> None:
        self._offset = 0
        self._count = 0
        self._directory = open_nameless(_IN_MEMORY_BYTES)

    def __enter__(self) -> ZipStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._directory.close()

    def stored(self, name: str, content: bytes, modified: datetime) -> bytes:
        """An entry as it is, such as a picture, which does not get smaller."""
        entry = Entry(name, modified, STORED, zlib.crc32(content), len(content), len(content))
        return self.begin(entry) + content

    def begin(self, entry: Entry) -> bytes:
        """What stands before an entry's packed bytes, which have to follow."""
        name = entry.name.encode("ascii")
        facts = (entry.method, *_dos_time(entry.modified), entry.crc)
        sizes, extra = _sizes(entry)
        version = _VERSION_64 if extra else _PLAIN_VERSION
        lengths = (len(name), len(extra))
        head = _LOCAL.pack(b"PK\3\4", version, 0, *facts, *sizes, *lengths) + name + extra
        self._note(entry, name, facts)
        self._offset += len(head) + entry.packed_bytes
        return head

    def finish(self) -> Iterator[bytes]:
        """The directory and the end of the archive."""
        size = self._directory.tell()
        self._directory.seek(0)
        while chunk := self._directory.read(_CHUNK_BYTES):
            yield chunk
        yield self._end(size)

    def _note(self, entry: Entry, name: bytes, facts: tuple[int, ...]) -> None:
        far = (self._offset,) if self._offset >= _MOST_32 else ()
        sizes, extra = _sizes(entry, far)
        version = _VERSION_64 if extra else _PLAIN_VERSION
        lengths = (len(name), len(extra), 0, 0, 0)
        offset = min(self._offset, _MOST_32)
        record = _CENTRAL.pack(b"PK\1\2", version, version, 0, *facts, *sizes, *lengths, 0, offset)
        self._directory.write(record + name + extra)
        self._count += 1

    def _end(self, size: int) -> bytes:
        counts = (min(self._count, _MOST_16),) * 2
        place = (min(size, _MOST_32), min(self._offset, _MOST_32))
        end = _END.pack(b"PK\5\6", 0, 0, *counts, *place, 0)
        if self._count < _MOST_16 and max(size, self._offset) < _MOST_32:
            return end
        versions = (_VERSION_64, _VERSION_64)
        exact = (self._count, self._count, size, self._offset)
        end_64 = _END_64.pack(b"PK\6\6", _END_64.size - 12, *versions, 0, 0, *exact)
        return end_64 + _LOCATOR_64.pack(b"PK\6\7", 0, self._offset + size, 1) + end


def open_nameless(in_memory_bytes: int) -> IO[bytes]:
    """A temporary file that is gone with whoever holds it, even one that is killed."""
    return tempfile.SpooledTemporaryFile(in_memory_bytes)


def _sizes(entry: Entry, far: tuple[int, ...] = ()) -> tuple[tuple[int, int], bytes]:
    """The two sizes, and the extra field that holds what is too large for them."""
    sizes, numbers = (entry.packed_bytes, entry.bytes), far
    if max(sizes) >= _MOST_32:
        sizes, numbers = (_MOST_32, _MOST_32), (entry.bytes, entry.packed_bytes, *far)
    extra = struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""
    return sizes, extra


def _dos_time(moment: datetime) -> tuple[int, int]:
    """Time and date in two seconds' steps, here in UTC; nothing is older than 1980."""
    utc = moment.astimezone(timezone.utc)
    if utc.year < 1980:
        return 0, 1 << 5 | 1
    clock = utc.hour << 11 | utc.minute << 5 | utc.second // 2
    return clock, min(utc.year - 1980, 127) << 9 | utc.month << 5 | utc.day
