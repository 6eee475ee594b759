"""Backups that are none, or not as they say, made out of a whole one."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from lpr_engine.store.backup.tape import TapeWriter, reading
from lpr_engine.store.opening import DATABASE_NAME
from tests.lpr_engine.store.conftest import NOON

Change: TypeAlias = Callable[[bytes, Path], bytes]
"""From a whole backup and a folder to work in to what is sent."""


def parts_of(content: bytes, folder: Path) -> list[tuple[str, bytes]]:
    path = folder / "parts.tar.gz"
    path.write_bytes(content)
    with reading(path, lambda _: None) as tape:
        return [(member.name, b"".join(member.pieces)) for member in tape.members()]


def archive(parts: list[tuple[str, bytes]]) -> bytes:
    raw = io.BytesIO()
    tape = TapeWriter(raw, NOON, lambda _: None)
    for name, content in parts:
        tape.add(name, io.BytesIO(content), len(content))
    tape.close()
    return raw.getvalue()


def bomb(parts: list[tuple[str, bytes]], name: str, size_bytes: int) -> bytes:
    """An archive whose last member is as long as that, of nothing but zeros."""
    press = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = b""
    for member, data in parts:
        header = tarfile.TarInfo(member)
        header.size = len(data)
        head += header.tobuf(tarfile.GNU_FORMAT) + data + bytes(-len(data) % 512)
    header = tarfile.TarInfo(name)
    header.size = size_bytes
    packed = press.compress(head + header.tobuf(tarfile.GNU_FORMAT))
    for _ in range(size_bytes // 1_000_000):
        packed += press.compress(bytes(1_000_000))
    return packed + press.flush()


def flipped(content: bytes, _folder: Path) -> bytes:
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 0xFF
    return bytes(changed)


def climbing(name: str, kind: bytes = tarfile.REGTYPE) -> Change:
    """One more member, right after the manifest."""

    def build(content: bytes, folder: Path) -> bytes:
        parts = parts_of(content, folder)
        raw = io.BytesIO()
        with tarfile.open(fileobj=raw, mode="w:gz", format=tarfile.GNU_FORMAT) as tape:
            for number, (member, data) in enumerate(parts):
                header = tarfile.TarInfo(member)
                header.size = len(data)
                tape.addfile(header, io.BytesIO(data))
                if number == 0:
                    evil = tarfile.TarInfo(name)
                    evil.type, evil.linkname, evil.size = kind, "/etc/passwd", 0
                    tape.addfile(evil)
        return raw.getvalue()

    return build


def renamed(name: str) -> Change:
    """The picture under another name, which the list of pictures has as well."""

    def build(content: bytes, folder: Path) -> bytes:
        parts = parts_of(content, folder)
        old = next(one for one, _ in parts if one.startswith("media/"))
        return archive(
            [(name if one == old else one, data.replace(old.encode(), name.encode()))
             for one, data in parts]
        )  # fmt: skip

    return build


def with_database(database: bytes) -> Change:
    """Another database, of which the manifest speaks truly."""

    def build(content: bytes, folder: Path) -> bytes:
        parts = dict(parts_of(content, folder))
        manifest = json.loads(parts["manifest.json"])
        manifest["members"][-1] |= {
            "bytes": len(database),
            "sha256": hashlib.sha256(database).hexdigest(),
        }
        parts |= {"manifest.json": json.dumps(manifest).encode(), DATABASE_NAME: database}
        return archive(list(parts.items()))

    return build


def zipped(content: bytes, _folder: Path) -> bytes:
    return b"PK\x03\x04" + content


BROKEN: dict[str, Change] = {
    "empty pages": lambda _content, _folder: bytes(4096),
    "one byte": lambda _content, _folder: b"x",
    "a text": lambda _content, _folder: b"cameras: []\n",
    "a zip": zipped,
    "a gzip of nothing": lambda _content, _folder: gzip.compress(b""),
    "a gzip of a text": lambda _content, _folder: gzip.compress(b"x" * 5000),
    "cut off in the middle": lambda content, _folder: content[: len(content) // 2],
    "cut off at its last byte": lambda content, _folder: content[:-1],
    "longer than it says": lambda content, _folder: content + b"more",
    "followed by another": lambda content, _folder: content + content,
    "one bit flipped": flipped,
    "a climbing name": climbing("../../home.yaml"),
    "an absolute name": climbing("/etc/cron.d/x"),
    "a symbolic link": climbing("lpr.sqlite3", tarfile.SYMTYPE),
    "a hard link": climbing("media/x", tarfile.LNKTYPE),
    "a device": climbing("dev", tarfile.CHRTYPE),
    "a long name": climbing("a/" * 300 + "x"),
    "a picture that climbs": renamed("media/../../../home.yaml"),
    "a picture with an absolute name": renamed("/srv/" + "f" * 64 + ".jpg"),
    "a database that is none": with_database(b"SQLite format 3\0" + bytes(9000)),
}
