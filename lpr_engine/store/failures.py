"""What can go wrong while keeping things, and the one place where foreign errors are translated."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lpr_engine.model.errors import DiskFullError, StoreError

_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})
_ALMOST_NOTHING_BYTES = 128 * 1024


class DamagedDatabaseError(StoreError):
    """The database file is not what SQLite wrote."""

    code = "database_damaged"


class RevisionError(StoreError):
    """A revision that may not follow the one that is kept."""

    code = "revision_refused"


class StoreBusyError(StoreError):
    """More jobs wait for the store than its queue holds."""

    code = "store_busy"


class StoreClosedError(StoreError):
    """The store was closed before the job came."""

    code = "store_closed"


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's, the system's and the codecs' errors into the store's; name the file.

    Raises:
        DiskFullError: no space or quota is left.
        DamagedDatabaseError: the file is damaged.
        StoreError: anything else was refused.
    """
    try:
        yield
    except sqlite3.Error as err:
        raise from_sqlite(err, path) from err
    except OSError as err:
        raise from_system(err, path) from err
    except UnicodeDecodeError as err:
        # SQLite's own words quote what is damaged.
        raise DamagedDatabaseError(f"{path}: {err}") from err
    except (ValueError, OverflowError) as err:
        raise StoreError(f"{path.name}: a value cannot be stored: {err}") from err


def from_sqlite(err: sqlite3.Error, path: Path) -> StoreError:
    """The store's error for one of SQLite's."""
    text = str(err)
    if "disk is full" in text or ("disk I/O error" in text and _nothing_free(path.parent)):
        return DiskFullError(f"{path}: no space left")
    if _means_damage(err):
        return DamagedDatabaseError(f"{path}: {text}")
    return StoreError(f"{path}: {text}")


def from_system(err: OSError, path: Path) -> StoreError:
    """The store's error for one of the operating system's."""
    if err.errno in _FULL_ERRNOS:
        return DiskFullError(f"{path}: no space left")
    return StoreError(f"{path}: {err.strerror or err}")


def _means_damage(err: sqlite3.Error) -> bool:
    """Python names no result code before 3.11: the class and SQLite's fixed words tell."""
    text = str(err)
    words = ("malformed", "not a database", "unsupported file format")
    return isinstance(err, sqlite3.DatabaseError) and any(word in text for word in words)


def _nothing_free(directory: Path) -> bool:
    """Whether an I/O error is explained by a full disk (shared memory cannot grow, for one)."""
    try:
        space = os.statvfs(directory)
    except OSError:
        return False
    return space.f_bavail * space.f_frsize < _ALMOST_NOTHING_BYTES
