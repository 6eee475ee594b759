"""One SQLite connection with the promises that a power cut must not break."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from lpr_engine.store.failures import translated

Row: TypeAlias = sqlite3.Row


def readable_text(content: bytes) -> str:
    """Text as far as it is UTF-8: a flipped bit must cost one row, not every query over it."""
    return content.decode("utf-8", errors="replace")


class Database:
    """A writing connection, used by one thread; every change goes through `transaction`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing: committed and on disk when the block ends, undone when it raises.

        Raises:
            DiskFullError: no space is left; nothing was kept.
            StoreError: SQLite refused it; nothing was kept.
        """
        with translated(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            finally:
                # SQLite undoes some failed transactions by itself; the rest are undone here.
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query.

        Raises:
            StoreError: SQLite refused it.
        """
        with translated(self.path):
            return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row of a query, or None.

        Raises:
            StoreError: SQLite refused it.
        """
        found = self.rows(sql, values)
        return found[0] if found else None

    def close(self) -> None:
        """Close the connection; SQLite folds its write-ahead log into the file."""
        with translated(self.path):
            self.connection.close()
