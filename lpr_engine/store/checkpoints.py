"""Folding the write-ahead log into the database's file, beside the thread that writes.

SQLite would have the commit that fills the log do it, whose caller then waits for some megabytes
to be on disk twice; and while somebody reads, the commits after it again. What was committed is
safe in the log all the while, and a log is begun anew only when all of it is in the file.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Final

from lpr_engine.model.errors import StoreError
from lpr_engine.store.database import Database
from lpr_engine.store.failures import translated

_LOGGER = logging.getLogger(__name__)

ROWS_BETWEEN: Final = 300
"""A changed row takes two or three frames of the log, a page each."""

MOST_FRAMES: Final = 4096
"""16 MB; a log that readers let grow longer is worth a short wait of the writer."""

BRAKE_FRAMES: Final = 16_384
"""A log of 64 MB is folded by the commits themselves: this thread does not keep up."""

_TRIES: Final = 3
"""What is committed meanwhile is not folded, and keeps the log from being begun anew."""

LONGEST_WAIT_S: Final = 0.05
"""So long a commit may have to wait, where readers do not leave a long log sooner."""


class Checkpoints:
    """A thread with its own connection; a commit only wakes it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folded_rows = 0
        self._due = threading.Event()
        self._is_over = False
        self._is_failing = False
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def begin(self, database: Database) -> None:
        """Take the folding over from the connection that writes.

        Raises:
            StoreError: the database refused it.
        """
        database.rows(f"PRAGMA wal_autocheckpoint = {BRAKE_FRAMES}")
        self._connection = open_folding(self._path)
        self._folded_rows = database.connection.total_changes
        self._thread.start()

    def note(self, database: Database) -> None:
        """In the thread that writes, after each job: the log may be long enough."""
        changed_rows = database.connection.total_changes
        if changed_rows - self._folded_rows >= ROWS_BETWEEN:
            self._folded_rows = changed_rows
            self._due.set()

    def stop(self) -> None:
        """End, before the connection that writes is closed; more than once is harmless."""
        self._is_over = True
        self._due.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        with closing(self._connection):
            while self._due.wait() and not self._is_over:
                self._due.clear()
                self._fold()

    def _fold(self) -> None:
        try:
            with translated(self._path):
                fold(self._connection)
        except StoreError as err:
            if not self._is_failing:
                _LOGGER.warning("the log cannot be folded into the database: %s", err)
            self._is_failing = True
        else:
            self._is_failing = False


def open_folding(path: Path) -> sqlite3.Connection:
    """A connection that folds as safely as the one that writes commits.

    Raises:
        StoreError: the database cannot be opened.
    """
    with translated(path):
        connection = sqlite3.connect(
            path, timeout=LONGEST_WAIT_S, isolation_level=None, check_same_thread=False
        )
        # The file must be on disk before the log, which could restore it, is begun anew.
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def fold(connection: sqlite3.Connection) -> None:
    """Fold what no reader still needs; hold the writer up for a moment if the log is too long.

    Raises:
        sqlite3.Error: the file cannot be written.
    """
    for _ in range(_TRIES):
        frames, folded = _fold_once(connection, "PASSIVE")
        if folded == frames:
            break
    if frames > MOST_FRAMES:
        # Readers that take longer than the wait are left alone until the next time.
        _fold_once(connection, "RESTART")


def _fold_once(connection: sqlite3.Connection, mode: str) -> tuple[int, int]:
    """How many frames the log has, and how many of them are in the file now."""
    _, frames, folded = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    return frames, folded
