"""From a folder to a checked, migrated database; what is damaged is moved aside, never deleted."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lpr_engine.model.errors import StoreError
from lpr_engine.store.database import Database
from lpr_engine.store.failures import DamagedDatabaseError, translated
from lpr_engine.store.migration import migrate

DATABASE_NAME = "lpr.sqlite3"
_LOCK_NAME = "lpr.lock"
_BUSY_TIMEOUT_MS = 10_000
_WAL_LIMIT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A ready database; `moved_aside` is where a damaged predecessor lies now."""

    database: Database
    moved_aside: Path | None = None


def prepare_directory(directory: Path) -> None:
    """Make the folder if only it is missing.

    Raises:
        StoreError: its parent is missing, or it is not a folder.
    """
    try:
        directory.mkdir(exist_ok=True)
    except FileNotFoundError as err:
        raise StoreError(f"{directory}: the folder above it does not exist") from err
    except FileExistsError as err:
        raise StoreError(f"{directory}: this is a file, a folder is needed") from err
    except OSError as err:
        raise StoreError(f"{directory}: {err.strerror}") from err


def claim_directory(directory: Path) -> int:
    """Take the folder for this process alone; the kernel gives it back when the process dies.

    Two writers would sweep away each other's pictures. Returns the descriptor to close.

    Raises:
        StoreError: another process has it, or the folder cannot be written to.
    """
    path = directory / _LOCK_NAME
    with translated(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as err:
        os.close(descriptor)
        raise StoreError(f"{directory}: another engine uses this folder") from err
    return descriptor


def open_database(directory: Path, now: datetime) -> Opened:
    """Open, check and migrate; begin anew beside a damaged file.

    Raises:
        StoreError: the folder is not writable, the file is locked, or from a newer program.
    """
    path = directory / DATABASE_NAME
    try:
        return Opened(_open_checked(path))
    except DamagedDatabaseError:
        moved_aside = _move_aside(path, now)
        return Opened(_open_checked(path), moved_aside)


def sync_directory(directory: Path) -> None:
    """Make names that were created or changed in a folder survive a power cut.

    Raises:
        OSError: the folder cannot be synchronised.
    """
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_checked(path: Path) -> Database:
    with translated(path):
        connection = sqlite3.connect(path, isolation_level=None)
    database = Database(connection, path)
    try:
        with translated(path):
            _configure(connection, path)
        migrate(database)
        with translated(path):
            sync_directory(path.parent)
    except BaseException:
        connection.close()
        raise
    return database


def _configure(connection: sqlite3.Connection, path: Path) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    _check(connection, path)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreError(f"{path}: this file system cannot keep a write-ahead log")
    # NORMAL would lose the last commits in a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if answer != "ok":
        raise DamagedDatabaseError(f"{path}: {answer}")


def _move_aside(path: Path, now: datetime) -> Path:
    aside = _free_name(path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}"))
    with translated(path):
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        sync_directory(path.parent)
    return aside


def _free_name(wanted: Path) -> Path:
    candidate, number = wanted, 2
    while candidate.exists():
        candidate, number = wanted.with_name(f"{wanted.name}-{number}"), number + 1
    return candidate
