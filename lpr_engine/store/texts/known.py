"""The index of texts, kept in step with the database that it was read from."""

from __future__ import annotations

import sqlite3
import threading
import time

from lpr_engine.store.texts.index import TextIndex

_AT_ONCE = 50_000
_OLD_S = 86_400.0


class KnownTexts:
    """Reads what came since the last time; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index = TextIndex()
        self._read_s = time.monotonic()

    def as_of(self, connection: sqlite3.Connection) -> TextIndex:
        """All texts that a connection sees; it may know others, too, that nothing is spelled by.

        Raises:
            sqlite3.Error: the database cannot be read.
        """
        with self._lock:
            _read(connection, self._index)
            return self._index

    def renew(self, connection: sqlite3.Connection) -> None:
        """Once a day read all anew, since what was forgotten on disk is to be forgotten here.

        Whoever searches meanwhile does so as before.

        Raises:
            sqlite3.Error: the database cannot be read.
        """
        if time.monotonic() - self._read_s < _OLD_S:
            return
        index = TextIndex()
        _read(connection, index)
        with self._lock:
            self._index, self._read_s = index, time.monotonic()


def _read(connection: sqlite3.Connection, index: TextIndex) -> None:
    rows = connection.execute(
        "SELECT number, text FROM texts WHERE number > ? ORDER BY number", (index.last,)
    )
    while some := rows.fetchmany(_AT_ONCE):
        index.learn([(number, text) for number, text in some])
