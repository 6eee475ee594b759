"""A copy of the database in one file, taken while the store goes on working."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from lpr_engine.store.door_secrets import DOOR_SECRETS
from lpr_engine.store.failures import DamagedDatabaseError, translated
from lpr_engine.store.folder import create_private, sync_directory

_PAGES_AT_ONCE = 256
_LEFT_OUT = ("sessions",)
"""Tables whose rows no copy keeps: a session that was ended must not come back.

What signs URLs is left out, too: who finds the copy could else look at the cameras.
"""


def _nothing(_size_bytes: int) -> None:
    """Nobody wants to know."""


def back_up(source: Path, target: Path, note: Callable[[int], None] = _nothing) -> None:
    """Copy a database as it is at one instant; the writer goes on meanwhile.

    `target` is whole or as it was before. Pictures are not in it: their files never change once
    written, so that any copying of the folder `media` after this one is good. Nobody is signed
    in in the copy. `note` is told of each piece by its size, and may raise to end the work.

    Raises:
        DiskFullError: there is no space for the copy.
        DamagedDatabaseError: the database is damaged.
        StoreError: the database cannot be read, or the copy cannot be written.
    """
    temporary = target.with_name(target.name + ".part")
    with translated(target):
        temporary.unlink(missing_ok=True)
        try:
            create_private(temporary).close()
            _copy(source, temporary, note)
            temporary.replace(target)
            sync_directory(target.parent)
        finally:
            temporary.unlink(missing_ok=True)


def check_whole(path: Path) -> None:
    """Have SQLite look through all of a database that nobody uses.

    Raises:
        DamagedDatabaseError: it is damaged.
        StoreError: it cannot be read.
    """
    with translated(path), closing(sqlite3.connect(_read_only(path), uri=True)) as connection:
        answer = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if answer != "ok":
        raise DamagedDatabaseError(f"{path}: {answer}")


def _copy(source: Path, target: Path, note: Callable[[int], None]) -> None:
    with (
        closing(sqlite3.connect(_read_only(source), uri=True, isolation_level=None)) as reader,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        page_bytes = reader.execute("PRAGMA page_size").fetchone()[0]
        # A commit between two steps would begin the copy anew, were the reader not held.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        # It is synchronised as a whole in the end.
        copy.execute("PRAGMA synchronous = OFF")
        reader.backup(
            copy,
            pages=_PAGES_AT_ONCE,
            progress=lambda *_: note(_PAGES_AT_ONCE * page_bytes),
            sleep=0,
        )
        # One file that needs no log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
        _leave_out(copy)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _leave_out(copy: sqlite3.Connection) -> None:
    # What is deleted would else stay readable in the file's free pages.
    copy.execute("PRAGMA secure_delete = ON")
    for table in _LEFT_OUT:
        if _has(copy, table):
            # A fixed word of this module.
            copy.execute(f"DELETE FROM {table}")  # noqa: S608
    if _has(copy, "settings"):
        copy.execute("DELETE FROM settings WHERE key = ?", (DOOR_SECRETS,))


def _has(copy: sqlite3.Connection, table: str) -> bool:
    known = copy.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    return known.fetchone() is not None


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"
