"""From a folder to a checked, migrated database; what is damaged is moved aside, never deleted."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lpr_engine.model.errors import StoreError
from lpr_engine.store.damage import (
    check_magic,
    check_pages,
    check_writable,
    clear_suspicion,
    move_aside,
)
from lpr_engine.store.database import Database, readable_text
from lpr_engine.store.failures import DamagedDatabaseError, translated
from lpr_engine.store.folder import sync_directory
from lpr_engine.store.migration import check_schema, migrate, usable_version

DATABASE_NAME = "lpr.sqlite3"
_BUSY_TIMEOUT_MS = 10_000
_WAL_LIMIT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A ready database; `moved_aside` is where a damaged predecessor lies now."""

    database: Database
    moved_aside: Path | None = None


def open_database(directory: Path, now: datetime) -> Opened:
    """Open, check and migrate; begin anew beside a damaged file.

    Raises:
        StoreError: the folder is not writable, the file is locked, or from a newer program.
    """
    path = directory / DATABASE_NAME
    try:
        return Opened(open_checked(path))
    except DamagedDatabaseError:
        aside = move_aside(path, now)
        return Opened(open_checked(path), aside)


def open_checked(path: Path) -> Database:
    """Open one file, check it and bring it to this release's schema.

    Raises:
        DamagedDatabaseError: it is damaged; it lies where it was.
        StoreError: the folder is not writable, the file is locked, or from a newer program.
    """
    with translated(path):
        check_magic(path)
        connection = sqlite3.connect(path, isolation_level=None)
    database = Database(connection, path)
    try:
        _prepare(database)
    except BaseException:
        connection.close()
        raise
    return database


def _prepare(database: Database) -> None:
    connection, path = database.connection, database.path
    with translated(path):
        _prepare_reading(connection)
        check_pages(connection, path)
    # A foreign or newer file is refused before anything in it is changed.
    usable_version(database)
    with translated(path):
        check_writable(connection, path)
        _prepare_writing(connection, path)
    migrate(database)
    check_schema(database)
    with translated(path):
        sync_directory(path.parent)
        clear_suspicion(path)


def _prepare_reading(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.text_factory = readable_text
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")


def _prepare_writing(connection: sqlite3.Connection, path: Path) -> None:
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreError(f"{path}: this file system cannot keep a write-ahead log")
    # NORMAL would lose the last commits in a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
