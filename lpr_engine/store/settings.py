"""Single values that the store keeps for itself."""

from __future__ import annotations

import sqlite3

from lpr_engine.store.database import Database


def read_setting(database: Database, key: str) -> str | None:
    """A value, or None.

    Raises:
        StoreError: the database refused it.
    """
    row = database.row("SELECT value FROM settings WHERE key = ?", (key,))
    return None if row is None else str(row["value"])


def write_setting(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Within a transaction: keep a value."""
    connection.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
