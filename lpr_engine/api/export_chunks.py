"""Export of a search: text as it comes from the store, or an archive with the pictures in it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import datetime
from typing import Final, TypeAlias

from lpr_engine.api.export_formats import ExportFormat
from lpr_engine.api.zip_stream import DEFLATED, Entry, ZipStream, open_nameless
from lpr_engine.model.contract import JsonObject, parse_time
from lpr_engine.model.kept import KeptPassage

Chunks: TypeAlias = Generator[bytes, None, None]
Batches: TypeAlias = Iterable[tuple[KeptPassage, ...]]
ReadPicture: TypeAlias = Callable[[str], bytes | None]
"""A picture's content by its path under the API; None where it is gone."""

NAME: Final = "passages"
_IN_MEMORY_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024
_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")


def text_chunks(batches: Batches, form: ExportFormat) -> Chunks:
    """A text file in parts."""
    yield form.head().encode()
    for batch in batches:
        yield form.rows(batch).encode("utf-8", "replace")
    yield form.tail().encode()


def archive_chunks(
    batches: Batches, form: ExportFormat, read_picture: ReadPicture, now: datetime
) -> Chunks:
    """A ZIP archive in parts: each passage's pictures, then the text file of all.

    The text waits, packed, in a temporary file without a name.
    """
    with ZipStream() as archive, _Packed() as text:
        text.add(form.head())
        for batch in batches:
            text.add(form.rows(batch))
            for passage in batch:
                yield from _pictures(archive, passage, read_picture)
            # Even without a picture: whoever went away is only noticed by writing.
            yield b""
        text.add(form.tail())
        yield archive.begin(text.entry(NAME + form.suffix, now))
        yield from text.chunks()
        yield from archive.finish()


def _pictures(
    archive: ZipStream, passage: KeptPassage, read_picture: ReadPicture
) -> Iterator[bytes]:
    try:
        data = passage.as_json()
        stem, seen = _stem(data), parse_time(data["first_seen"])
    except (ValueError, KeyError, TypeError, AttributeError):
        # The text's rows tell what is unreadable.
        return
    for kind, path in (("crop", passage.crop), ("frame", passage.frame)):
        content = None if path is None else read_picture(path)
        if path is not None and content is not None:
            name = f"pictures/{stem}_{kind}.{path.rpartition('.')[2]}"
            yield archive.stored(name, content, seen)


def _stem(data: JsonObject) -> str:
    """A name that sorts by time and that every file system takes; the id makes it the only one."""
    seen = str(data["first_seen"])[:19].replace(":", "-")
    parts = (seen, data["camera"], data["text"], data["id"])
    return "_".join(_UNSAFE.sub("-", str(part))[:64] for part in parts)


class _Packed:
    """A text file that is packed while it grows."""

    def __init__(self) -> None:
        self._file = open_nameless(_IN_MEMORY_BYTES)
        self._packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._crc = 0
        self._bytes = 0

    def __enter__(self) -> _Packed:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, text: str) -> None:
        """Go on with more text."""
        content = text.encode("utf-8", "replace")
        self._crc = zlib.crc32(content, self._crc)
        self._bytes += len(content)
        self._file.write(self._packer.compress(content))

    def entry(self, name: str, modified: datetime) -> Entry:
        """End the text; what an archive says of it."""
        self._file.write(self._packer.flush())
        return Entry(name, modified, DEFLATED, self._crc, self._file.tell(), self._bytes)

    def chunks(self) -> Iterator[bytes]:
        """The packed text in parts."""
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK_BYTES):
            yield chunk
