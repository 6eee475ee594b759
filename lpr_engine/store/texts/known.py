"""The index of texts, kept in step with the database that it was read from."""

from __future__ import annotations

import sqlite3
import threading
import time

from lpr_engine.store.texts.index import TextIndex

_AT_ONCE = 50_000
_LASTS_S = 86_400.0
"""So often all is read anew, since texts that were forgotten on disk are to be forgotten here."""


class KnownTexts:
    """Reads what came since the last time; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index = TextIndex()
        self._begun_s = time.monotonic()

    def as_of(self, connection: sqlite3.Connection) -> TextIndex:
        """All texts that a connection sees; it may know others, too, that nothing is spelled by.

        Raises:
            sqlite3.Error: the database cannot be read.
        """
        with self._lock:
            if time.monotonic() - self._begun_s > _LASTS_S:
                self._index, self._begun_s = TextIndex(), time.monotonic()
            rows = connection.execute(
                "SELECT number, text FROM texts WHERE number > ? ORDER BY number",
                (self._index.last,),
            )
            while some := rows.fetchmany(_AT_ONCE):
                self._index.learn([(number, text) for number, text in some])
            return self._index
