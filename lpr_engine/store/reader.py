"""A second connection that can only read, beside the thread that writes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from lpr_engine.store.database import Database, Row, readable_text
from lpr_engine.store.failures import translated
from lpr_engine.store.opening import DATABASE_NAME

T = TypeVar("T")

_BUSY_TIMEOUT_S: Final = 10.0


class Reader:
    """Sees what is committed; thread-safe, never waits for the writer."""

    def __init__(self, directory: Path) -> None:
        """Open the database of a store's folder for reading.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        self._path = directory / DATABASE_NAME
        self._lock = threading.Lock()
        with translated(self._path):
            self._connection = sqlite3.connect(
                f"{self._path.resolve().as_uri()}?mode=ro",
                uri=True,
                timeout=_BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
            )
        self._connection.row_factory = sqlite3.Row
        self._connection.text_factory = readable_text

    def all(self, parse: Callable[[Row], T], sql: str, values: Sequence[Any] = ()) -> tuple[T, ...]:
        """All rows of a query, each as `parse` reads it.

        Raises:
            StoreError: SQLite refused it, or a row makes no sense.
        """
        with self._lock, translated(self._path):
            return tuple(parse(row) for row in self._connection.execute(sql, values))

    def first(self, parse: Callable[[Row], T], sql: str, values: Sequence[Any] = ()) -> T | None:
        """The first row of a query as `parse` reads it, or None.

        Raises:
            StoreError: SQLite refused it, or the row makes no sense.
        """
        found = self.all(parse, sql, values)
        return found[0] if found else None

    def ask(self, question: Callable[[Database], T]) -> T:
        """The answer to a question all of whose parts see the same state.

        Raises:
            StoreError: SQLite refused it, or a row makes no sense.
        """
        with self._lock, translated(self._path):
            self._connection.execute("BEGIN")
            try:
                return question(Database(self._connection, self._path))
            finally:
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection; queries after it raise StoreError."""
        with self._lock:
            self._connection.close()
