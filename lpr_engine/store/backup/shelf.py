"""The folder where backups lie: their names, the list of them, and which go."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from lpr_engine.model.backup import (
    BackupBusyError,
    BackupRecord,
    BackupRefusedError,
    BackupTakenError,
)
from lpr_engine.model.errors import UnknownError
from lpr_engine.store.backup.care import ARRIVING_PREFIX, UNFINISHED_PREFIX
from lpr_engine.store.backup.manifest import CONFIGURATION_NAMES, SECRETS_NAME, Manifest
from lpr_engine.store.backup.unpacking import read_manifest
from lpr_engine.store.failures import translated
from lpr_engine.store.folder import prepare_directory, sync_directory

SUFFIX = ".tar.gz"
_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,150}}{re.escape(SUFFIX)}")
_SCHEDULED_NAME = re.compile(
    rf"lpr-[a-z0-9_]+-\d{{8}}T\d{{6}}Z-scheduled(-\d+)?{re.escape(SUFFIX)}"
)
_LOCK_NAME = ".lpr-backups.lock"

_Stamp = tuple[int, int]


class BackupShelf:
    """One folder of backups; used by one thread at a time."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._known: dict[str, tuple[_Stamp, BackupRecord | BackupRefusedError]] = {}

    @property
    def directory(self) -> Path:
        """Where they lie."""
        return self._directory

    def records(self) -> tuple[BackupRecord, ...]:
        """All backups, newest first; files that are none are left out.

        Raises:
            StoreError: the folder cannot be read.
        """
        with translated(self._directory):
            if not self._directory.is_dir():
                return ()
            names = [path.name for path in self._directory.iterdir() if _NAME.fullmatch(path.name)]
        found = [record for name in names if (record := self._readable(name)) is not None]
        return tuple(sorted(found, key=lambda one: (one.created_at, one.name), reverse=True))

    def record(self, name: str) -> BackupRecord:
        """One backup.

        Raises:
            UnknownError: there is none of that name.
            BackupRefusedError: the file is no backup.
            StoreError: it cannot be read.
        """
        path = self.file(name)
        with translated(path):
            status = path.stat()
        stamp = status.st_mtime_ns, status.st_size
        known = self._known.get(name)
        if known is None or known[0] != stamp:
            known = stamp, _look(path, status.st_size)
            self._known[name] = known
        if isinstance(known[1], BackupRefusedError):
            raise known[1]
        return known[1]

    def file(self, name: str) -> Path:
        """A backup's file.

        Raises:
            UnknownError: there is none of that name.
            StoreError: the folder cannot be read.
        """
        path = self._directory / name
        with translated(self._directory):
            # Nothing but plain files: a link may lead anywhere.
            if _NAME.fullmatch(name) and path.exists() and stat.S_ISREG(path.lstat().st_mode):
                return path
        raise UnknownError(f"there is no backup {name[:200]!r}")

    def untaken(self, name: str) -> Path:
        """A path for a backup that comes under a name of its own.

        Raises:
            UnknownError: it is no name for a backup.
            BackupTakenError: there is a file of that name already.
            StoreError: the folder cannot be read.
        """
        path = self._directory / name
        if not _NAME.fullmatch(name):
            raise UnknownError(f"no name of a backup: {name[:200]!r}")
        with translated(self._directory):
            if os.path.lexists(path):
                raise BackupTakenError(f"{name} is there already; delete it first")
        return path

    def free_file(self, engine: str, created_at: datetime, *, is_scheduled: bool) -> Path:
        """A path for a new backup that no file has yet."""
        kind = "scheduled" if is_scheduled else "manual"
        stem = f"lpr-{engine}-{created_at:%Y%m%dT%H%M%SZ}-{kind}"
        path, number = self._directory / f"{stem}{SUFFIX}", 2
        while path.exists():
            path, number = self._directory / f"{stem}-{number}{SUFFIX}", number + 1
        return path

    def remove(self, name: str) -> None:
        """Delete a backup.

        Raises:
            UnknownError: there is none of that name.
            StoreError: the folder refuses it.
        """
        path = self.file(name)
        with translated(path):
            path.unlink(missing_ok=True)
            sync_directory(self._directory)
        self._known.pop(name, None)

    def rotate(self, keep: int) -> list[str]:
        """Delete the oldest scheduled backups until so many are left; returns their names.

        Those that people made stay, whatever their number.

        Raises:
            StoreError: the folder refuses it.
        """
        scheduled = [one.name for one in self.records() if _SCHEDULED_NAME.fullmatch(one.name)]
        for name in scheduled[keep:]:
            self.remove(name)
        return scheduled[keep:]

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Have the folder for this one piece of work, also before other processes.

        What a crash left half made is removed.

        Raises:
            BackupBusyError: other work goes on in it.
            StoreError: the folder cannot be made or written to.
        """
        prepare_directory(self._directory)
        with translated(self._directory):
            path = self._directory / _LOCK_NAME
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._lock(descriptor)
            for unfinished in self._directory.glob(f"{UNFINISHED_PREFIX}*"):
                shutil.rmtree(unfinished, ignore_errors=True)
            clear_abandoned(self._directory)
            yield
        finally:
            os.close(descriptor)

    def _lock(self, descriptor: int) -> None:
        with translated(self._directory):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as err:
                raise BackupBusyError("a backup is being made or put back already") from err

    def _readable(self, name: str) -> BackupRecord | None:
        try:
            return self.record(name)
        except (BackupRefusedError, UnknownError):
            return None


def clear_abandoned(directory: Path) -> None:
    """Remove what was on its way in and nobody holds any more."""
    for folder in directory.glob(f"{ARRIVING_PREFIX}*"):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)


def _look(path: Path, size_bytes: int) -> BackupRecord | BackupRefusedError:
    try:
        return record_of(path.name, size_bytes, read_manifest(path))
    except BackupRefusedError as err:
        return err


def record_of(name: str, size_bytes: int, manifest: Manifest) -> BackupRecord:
    """What a list shows of a backup."""
    return BackupRecord(
        name=name,
        created_at=manifest.created_at,
        size_bytes=size_bytes,
        is_scheduled=manifest.is_scheduled,
        engine=manifest.engine,
        version=manifest.version,
        schema_version=manifest.schema_version,
        with_media=manifest.media_bytes is not None,
        with_configuration=manifest.member(*CONFIGURATION_NAMES) is not None,
        with_secrets=manifest.member(SECRETS_NAME) is not None,
    )
