"""Reading what is committed while the store writes: a connection beside it that can only read."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from lpr_engine.store.database import Database, readable_text
from lpr_engine.store.failures import translated
from lpr_engine.store.opening import DATABASE_NAME

T = TypeVar("T")

_BUSY_TIMEOUT_S = 10.0


class SideReader:
    """Answers questions one after another; thread-safe, never waits for the writer."""

    def __init__(self, directory: Path) -> None:
        """Open the database of a store's folder.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        path = directory / DATABASE_NAME
        self._lock = threading.Lock()
        with translated(path):
            connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro",
                uri=True,
                timeout=_BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
            )
        connection.row_factory = sqlite3.Row
        connection.text_factory = readable_text
        self._database = Database(connection, path)

    def call(self, question: Callable[[Database], T]) -> T:
        """The answer to a question, all of whose parts see the same state.

        Raises:
            StoreError: the database cannot be read.
        """
        connection = self._database.connection
        with self._lock, translated(self._database.path):
            connection.execute("BEGIN")
            try:
                return question(self._database)
            finally:
                connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection; questions after it raise StoreError."""
        with self._lock:
            self._database.close()
