"""Telling a damaged database file, and moving it out of the way without losing it."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from lpr_engine.store.failures import DamagedDatabaseError, translated
from lpr_engine.store.folder import sync_directory

_MAGIC = b"SQLite format 3\x00"
_DAMAGED_MARK = ".damaged-"
_SUSPECT_SUFFIX = ".suspect"
_SMALL_BYTES = 32 * 1024 * 1024


def check_magic(path: Path) -> None:
    """Spot a file that is no database without SQLite, which would tidy away its log.

    Raises:
        DamagedDatabaseError: it is neither empty nor a database.
        OSError: it cannot be read.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise DamagedDatabaseError(f"{path}: file is not a database")


def check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """Have SQLite look through the file.

    The quick check does not compare indexes; where the full one is cheap, or damage was met at
    run time, it is done instead.

    Raises:
        DamagedDatabaseError: it found something.
        sqlite3.Error: it could not even look.
    """
    in_full = path.stat().st_size <= _SMALL_BYTES or _suspicion(path).exists()
    check = "integrity_check" if in_full else "quick_check"
    answer = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
    if answer != "ok":
        raise DamagedDatabaseError(f"{path}: {answer}")


def check_writable(connection: sqlite3.Connection, path: Path) -> None:
    """A damaged header can make SQLite take a writable file for a read-only one.

    Raises:
        DamagedDatabaseError: it did.
        sqlite3.Error: the file really cannot be written to.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE probe (x)")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as err:
        if "readonly" in str(err) and os.access(path, os.W_OK):
            raise DamagedDatabaseError(f"{path}: {err}") from err
        raise


def suspect(path: Path) -> None:
    """Have a database checked in full at the next start, after SQLite met damage in it.

    Raises:
        StoreError: the note cannot be written.
    """
    with translated(path):
        _suspicion(path).touch()


def clear_suspicion(path: Path) -> None:
    """Take the note back: the database was checked, or is a new one.

    Raises:
        OSError: the note cannot be removed.
    """
    _suspicion(path).unlink(missing_ok=True)


def move_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged database with its log; the log first, since SQLite drops strange logs.

    Raises:
        StoreError: the folder refused it.
    """
    aside = _free_name(path.with_name(f"{path.name}{_DAMAGED_MARK}{now:%Y%m%dT%H%M%SZ}"))
    with translated(path):
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        sync_directory(path.parent)
    return aside


def moved_aside(path: Path) -> list[Path]:
    """The damaged databases that lie beside a path, oldest first."""
    found = path.parent.glob(f"{path.name}{_DAMAGED_MARK}*")
    return sorted(aside for aside in found if not aside.name.endswith(("-wal", "-shm")))


def _suspicion(path: Path) -> Path:
    return path.with_name(path.name + _SUSPECT_SUFFIX)


def _free_name(wanted: Path) -> Path:
    candidate, number = wanted, 2
    while candidate.exists():
        candidate, number = wanted.with_name(f"{wanted.name}-{number}"), number + 1
    return candidate
