"""Connections that can only read, beside the one that writes; a slow question blocks no other."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lpr_engine.model.errors import SearchTooLongError
from lpr_engine.store.database import readable_text
from lpr_engine.store.failures import StoreBusyError, StoreClosedError, translated

LONGEST_S = 8.0

_BUSY_TIMEOUT_S = 10.0
_CACHE_KIB = 8192
_LOOK_EVERY_STEPS = 10_000


class Readers:
    """A few connections that are handed out in turn; thread-safe, never waits for the writer."""

    def __init__(self, path: Path, most: int = 4) -> None:
        """Open the first of them.

        Raises:
            StoreError: there is no database, or it cannot be read.
        """
        self._path = path
        self._free = threading.Semaphore(most)
        self._lock = threading.Lock()
        self._closed = False
        self._idle = [self._open()]

    @contextmanager
    def reading(self, longest_s: float = LONGEST_S) -> Iterator[sqlite3.Connection]:
        """A connection that sees the database as it is at one instant, for a short while.

        Raises:
            SearchTooLongError: the questions took longer than they may.
            StoreError: the database cannot be read, or the store is closed.
        """
        if not self._free.acquire(timeout=_BUSY_TIMEOUT_S):
            raise StoreBusyError("too many searches run at once")
        try:
            connection = self._take()
            try:
                with translated(self._path), self._within(connection, longest_s):
                    connection.execute("BEGIN")
                    yield connection
            finally:
                self._give_back(connection)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close all; those in use as soon as they are given back."""
        with self._lock:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StoreClosedError("the store is closed")
            if self._idle:
                return self._idle.pop()
        return self._open()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with translated(self._path):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        with self._lock:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    @contextmanager
    def _within(self, connection: sqlite3.Connection, longest_s: float) -> Iterator[None]:
        deadline_s = time.monotonic() + longest_s
        connection.set_progress_handler(lambda: time.monotonic() > deadline_s, _LOOK_EVERY_STEPS)
        try:
            yield
        except sqlite3.OperationalError as err:
            if "interrupted" not in str(err):
                raise
            raise SearchTooLongError(
                f"this takes longer than {longest_s:.0f} s: ask for less, such as a shorter time"
            ) from err
        finally:
            connection.set_progress_handler(None, 0)

    def _open(self) -> sqlite3.Connection:
        with translated(self._path):
            connection = sqlite3.connect(
                f"{self._path.resolve().as_uri()}?mode=ro",
                uri=True,
                timeout=_BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
            )
            connection.row_factory = sqlite3.Row
            connection.text_factory = readable_text
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        return connection
