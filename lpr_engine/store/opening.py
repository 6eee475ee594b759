"""From a folder to a checked, migrated database; what is damaged is moved aside, never deleted."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lpr_engine.model.errors import StoreError
from lpr_engine.store.database import Database
from lpr_engine.store.failures import DamagedDatabaseError, translated
from lpr_engine.store.migration import check_schema, migrate, usable_version

_LOGGER = logging.getLogger(__name__)

DATABASE_NAME = "lpr.sqlite3"
_MAGIC = b"SQLite format 3\x00"
_SUSPECT_SUFFIX = ".suspect"
_LOCK_NAME = "lpr.lock"
# Beyond it, JSON's numbers are no longer exact: no counter of ours, but damage.
_MOST_SEQUENCES = 2**53 - 1_000_000
_SEQUENCE_MARGIN = 10_000
_BUSY_TIMEOUT_MS = 10_000
_SMALL_BYTES = 32 * 1024 * 1024
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
        last_sequence = _salvage_sequence(moved_aside)
        database = _open_checked(path)
        _continue_sequence(database, last_sequence)
        return Opened(database, moved_aside)


def suspect(path: Path) -> None:
    """Have a database checked in full at the next start, after SQLite met damage in it."""
    with translated(path):
        _suspicion(path).touch()


def readable_text(content: bytes) -> str:
    """Text as far as it is UTF-8."""
    return content.decode("utf-8", errors="replace")


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
        _check_magic(path)
        connection = sqlite3.connect(path, isolation_level=None)
    database = Database(connection, path)
    try:
        with translated(path):
            _prepare_reading(connection)
            _check(connection, path)
        usable_version(database)
        with translated(path):
            _check_writable(connection, path)
            _prepare_writing(connection, path)
        migrate(database)
        check_schema(database)
        with translated(path):
            sync_directory(path.parent)
            _suspicion(path).unlink(missing_ok=True)
    except BaseException:
        connection.close()
        raise
    return database


def _prepare_reading(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    # A flipped bit in a text must cost one row, not every query that meets it.
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


def _check_magic(path: Path) -> None:
    """Spot a file that is no database without SQLite, which would tidy away its log."""
    if not path.is_file() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise DamagedDatabaseError(f"{path}: file is not a database")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """The quick check does not compare indexes; where it is cheap or was needed, do it in full."""
    in_full = path.stat().st_size <= _SMALL_BYTES or _suspicion(path).exists()
    check = "integrity_check" if in_full else "quick_check"
    answer = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
    if answer != "ok":
        raise DamagedDatabaseError(f"{path}: {answer}")


def _check_writable(connection: sqlite3.Connection, path: Path) -> None:
    """A damaged header can make SQLite take a writable file for a read-only one."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE probe (x)")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as err:
        if "readonly" in str(err) and os.access(path, os.W_OK):
            raise DamagedDatabaseError(f"{path}: {err}") from err
        raise


def _suspicion(path: Path) -> Path:
    return path.with_name(path.name + _SUSPECT_SUFFIX)


def _move_aside(path: Path, now: datetime) -> Path:
    aside = _free_name(path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}"))
    with translated(path):
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        sync_directory(path.parent)
    return aside


def _salvage_sequence(aside: Path) -> int:
    """A number beyond the outbox's counter of a damaged file, if that can be read; else 0.

    Read as immutable, since SQLite would tidy away the write-ahead log; the margin stands for
    what only the log knows. The gap tells receivers, truly, that something was lost.
    """
    try:
        connection = sqlite3.connect(f"{aside.resolve().as_uri()}?immutable=1", uri=True)
        try:
            query = "SELECT max(seq) FROM sqlite_sequence WHERE name = 'outbox'"
            last = connection.execute(query).fetchone()[0]
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError) as err:
        _LOGGER.warning("%s does not tell its last sequence: %s", aside.name, err)
        return 0
    if not isinstance(last, int) or not 0 < last < _MOST_SEQUENCES:
        return 0
    return last + _SEQUENCE_MARGIN


def _continue_sequence(database: Database, last: int) -> None:
    """Receivers find gaps by the sequence: a new database goes on where the lost one was."""
    with database.transaction() as connection:
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)", (last,))


def _free_name(wanted: Path) -> Path:
    candidate, number = wanted, 2
    while candidate.exists():
        candidate, number = wanted.with_name(f"{wanted.name}-{number}"), number + 1
    return candidate
