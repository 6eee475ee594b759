"""A backup, streamed into one file that has its name only when it is whole."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from lpr_engine.model.errors import StoreError
from lpr_engine.store.backup.care import UNFINISHED_PREFIX, Care
from lpr_engine.store.backup.database_copy import back_up, check_whole
from lpr_engine.store.backup.manifest import (
    CONFIGURATION_NAMES,
    MANIFEST_NAME,
    MAX_PICTURE_BYTES,
    MAX_TEXT_BYTES,
    PICTURE_LIST_NAME,
    SECRETS_NAME,
    Manifest,
    Member,
)
from lpr_engine.store.backup.tape import CHUNK_BYTES, TapeWriter
from lpr_engine.store.failures import translated
from lpr_engine.store.folder import create_private, sync_directory
from lpr_engine.store.media import MediaFolder
from lpr_engine.store.opening import DATABASE_NAME

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackupOrder:
    """What is to be kept: always the database; the rest where it is named or wished for."""

    data_dir: Path
    engine: str
    version: str
    created_at: datetime
    is_scheduled: bool = False
    configuration: Path | None = None
    secrets: Path | None = None
    with_media: bool = False


def write_backup(order: BackupOrder, target: Path, care: Care) -> Manifest:
    """Write a backup; `target` is whole, or is not there.

    Raises:
        DiskFullError: there is no space for it.
        DamagedDatabaseError: the database is damaged; older backups may be all there is.
        WorkEndedError: the work was ended.
        StoreError: something cannot be read, or the file cannot be written.
    """
    with (
        translated(target),
        tempfile.TemporaryDirectory(prefix=UNFINISHED_PREFIX, dir=target.parent) as folder,
    ):
        work = Path(folder)
        copy = work / DATABASE_NAME
        source = order.data_dir / DATABASE_NAME
        with translated(source):
            size_bytes = source.stat().st_size
        # The copy of the database, and once more in the worst case.
        care.expect(2 * size_bytes + _pictures_bytes(source, order))
        back_up(source, copy, care.note)
        check_whole(copy)
        part = work / "part"
        with create_private(part) as raw:
            manifest = _Writing(order, copy, raw, care).write()
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(target)
        sync_directory(target.parent)
    return manifest


class _Writing:
    """One backup on its way to its file."""

    def __init__(self, order: BackupOrder, copy: Path, raw: IO[bytes], care: Care) -> None:
        self._order = order
        self._copy = copy
        self._care = care
        self._tape = TapeWriter(raw, order.created_at, care.note)

    def write(self) -> Manifest:
        texts = self._texts()
        manifest = self._manifest(texts)
        self._add_bytes(MANIFEST_NAME, manifest.to_json())
        for name, content in texts.items():
            self._add_bytes(name, content)
        with self._copy.open("rb") as file:
            self._tape.add(DATABASE_NAME, file, self._copy.stat().st_size)
        if self._order.with_media:
            self._add_pictures()
        self._tape.close()
        return manifest

    def _texts(self) -> dict[str, bytes]:
        """The small files, read whole so that hash and content are of one time."""
        found: dict[str, bytes] = {}
        configuration, secrets = self._order.configuration, self._order.secrets
        if configuration is not None:
            is_json = configuration.suffix.lower() == ".json"
            found[CONFIGURATION_NAMES[is_json]] = _read_text(configuration)
        if secrets is not None:
            found[SECRETS_NAME] = _read_text(secrets)
        return found

    def _manifest(self, texts: dict[str, bytes]) -> Manifest:
        order = self._order
        members = [
            Member(name, len(content), hashlib.sha256(content).hexdigest())
            for name, content in texts.items()
        ]
        members.append(Member(DATABASE_NAME, self._copy.stat().st_size, _digest(self._copy)))
        return Manifest(
            created_at=order.created_at,
            engine=order.engine,
            version=order.version,
            schema_version=_schema_version(self._copy),
            is_scheduled=order.is_scheduled,
            members=tuple(members),
            media_bytes=_media_bytes(self._copy) if order.with_media else None,
        )

    def _add_pictures(self) -> None:
        """Every picture that the copied database knows; one that is gone or spoilt is left out."""
        media, lacking = MediaFolder(self._order.data_dir), 0
        with ExitStack() as stack:
            listing = stack.enter_context(tempfile.TemporaryFile(dir=self._copy.parent))
            for path in _picture_paths(self._copy):
                content = _whole_picture(media, path)
                if content is None:
                    lacking += 1
                    continue
                self._add_bytes(path, content)
                listing.write(picture_line(path))
            size_bytes = listing.tell()
            listing.seek(0)
            self._tape.add(PICTURE_LIST_NAME, listing, size_bytes)
        if lacking:
            _LOGGER.warning("%d pictures are gone or damaged, and not in the backup", lacking)

    def _add_bytes(self, name: str, content: bytes) -> None:
        self._tape.add(name, io.BytesIO(content), len(content))


def picture_line(path: str) -> bytes:
    """A picture's line in the list, as `sha256sum --check` reads it."""
    return f"{Path(path).stem}  {path}\n".encode()


def _whole_picture(media: MediaFolder, path: str) -> bytes | None:
    try:
        content = media.read(path)
    except StoreError as err:
        _LOGGER.warning("not in the backup: %s", err)
        return None
    if content is None or len(content) > MAX_PICTURE_BYTES:
        return None
    return content if hashlib.sha256(content).hexdigest() == Path(path).stem else None


def _pictures_bytes(database: Path, order: BackupOrder) -> int:
    return _media_bytes(database) if order.with_media else 0


def _media_bytes(database: Path) -> int:
    return _number(database, "SELECT coalesce(sum(bytes), 0) FROM media")


def _schema_version(database: Path) -> int:
    return _number(database, "SELECT coalesce(max(version), 0) FROM schema_version")


def _number(database: Path, query: str) -> int:
    with translated(database), closing(_read_only(database)) as connection:
        return int(connection.execute(query).fetchone()[0])


def _picture_paths(database: Path) -> Iterator[str]:
    with closing(_read_only(database)) as connection:
        for (path,) in connection.execute("SELECT path FROM media ORDER BY path"):
            yield path


def _read_only(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


def _read_text(path: Path) -> bytes:
    with translated(path), path.open("rb") as file:
        content = file.read(MAX_TEXT_BYTES + 1)
    if len(content) > MAX_TEXT_BYTES:
        raise StoreError(f"{path}: larger than a configuration may be")
    return content


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            digest.update(piece)
    return digest.hexdigest()
