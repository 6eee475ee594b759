"""Looking things up while the store writes: a second connection that can only read."""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lpr_engine.model.errors import CursorError
from lpr_engine.model.geometry import Box
from lpr_engine.model.passage import Passage, ReadingRecord
from lpr_engine.model.search import PassageFilter, PassagePage
from lpr_engine.store.database import Row, readable_text
from lpr_engine.store.failures import translated
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.revisions import from_ms, read_passage, to_ms

_LOGGER = logging.getLogger(__name__)

MAX_PAGE = 1000
_BUSY_TIMEOUT_S = 10.0
_CURSOR = re.compile(r"(-?[0-9]{1,17})\.([0-9A-Za-z_-]{1,64})")
_COLUMNS = "id, first_seen_ms, sequence, crop, frame, body"


class PassageSearch:
    """Reads committed passages; thread-safe, never waits for the writer."""

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

    def latest(
        self, limit: int, before: str | None = None, filters: PassageFilter | None = None
    ) -> PassagePage:
        """Passages by `first_seen`, newest first; `before` is an earlier page's cursor.

        Raises:
            CursorError: the cursor is not one of ours.
            StoreError: the database cannot be read.
        """
        limit = min(max(1, limit), MAX_PAGE)
        conditions, values = _conditions(filters or PassageFilter(), before)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = self._rows(
            # Conditions are fixed words of this module, values are bound.
            f"SELECT {_COLUMNS} FROM passages {where}"  # noqa: S608
            " ORDER BY first_seen_ms DESC, id DESC LIMIT ?",
            (*values, limit + 1),
        )
        page, more = rows[:limit], len(rows) > limit
        passages = tuple(found for row in page if (found := read_passage(row)) is not None)
        return PassagePage(passages, _cursor(page[-1]) if more else None)

    def get(self, passage_id: str) -> Passage | None:
        """The kept revision of a passage, or None.

        Raises:
            StoreError: the database cannot be read.
        """
        return self._first("WHERE id = ?", (passage_id,))

    def readings(self, passage_id: str) -> tuple[ReadingRecord, ...]:
        """The readings that voted for a passage, oldest first.

        Raises:
            StoreError: the database cannot be read.
        """
        rows = self._rows(
            "SELECT * FROM readings WHERE passage_id = ? ORDER BY taken_at_ms, number",
            (passage_id,),
        )
        return tuple(
            ReadingRecord(
                from_ms(row["taken_at_ms"]),
                row["text"],
                row["confidence"],
                row["quality"],
                Box(row["x0"], row["y0"], row["x1"], row["y1"]),
            )
            for row in rows
        )

    def last_final(self, camera: str) -> Passage | None:
        """A camera's last final passage, by `last_seen`, or None.

        Raises:
            StoreError: the database cannot be read.
        """
        return self._first(
            "WHERE camera = ? AND stage = 'final' ORDER BY last_seen_ms DESC, sequence DESC",
            (camera,),
        )

    def sure_finals(
        self, least_confidence: float, limit: int
    ) -> list[tuple[str, str | None, float]]:
        """Text, region and confidence of the last finals so sure, oldest first.

        Raises:
            StoreError: the database cannot be read.
        """
        rows = self._rows(
            "SELECT text, region, confidence FROM passages"
            " WHERE stage = 'final' AND confidence >= ? ORDER BY last_seen_ms DESC LIMIT ?",
            (least_confidence, limit),
        )
        return [(row["text"], row["region"], row["confidence"]) for row in reversed(rows)]

    def counts_today(self, camera: str, since: datetime) -> int:
        """How many final passages a camera has seen since local midnight, given as `since`.

        Raises:
            StoreError: the database cannot be read.
        """
        rows = self._rows(
            "SELECT count(*) AS finals FROM passages"
            " WHERE camera = ? AND stage = 'final' AND last_seen_ms >= ?",
            (camera, to_ms(since)),
        )
        return int(rows[0]["finals"])

    def close(self) -> None:
        """Close the connection; searches after it raise StoreError."""
        with self._lock:
            self._connection.close()

    def _first(self, clause: str, values: Sequence[Any]) -> Passage | None:
        # Clauses are fixed words of this module, values are bound.
        rows = self._rows(f"SELECT {_COLUMNS} FROM passages {clause} LIMIT 1", values)  # noqa: S608
        return read_passage(rows[0]) if rows else None

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Row]:
        with self._lock, translated(self._path):
            return self._connection.execute(sql, values).fetchall()


def _conditions(filters: PassageFilter, before: str | None) -> tuple[list[str], list[Any]]:
    wanted: list[tuple[str, tuple[Any, ...]]] = []
    if filters.camera is not None:
        wanted.append(("camera = ?", (filters.camera,)))
    if filters.stage is not None:
        wanted.append(("stage = ?", (filters.stage.value,)))
    if filters.vehicle is not None:
        wanted.append(("vehicle = ?", (filters.vehicle,)))
    if filters.text:
        wanted.append((_TEXT_CONDITION, (filters.text, filters.text)))
    if filters.since is not None:
        wanted.append(("first_seen_ms >= ?", (to_ms(filters.since),)))
    if filters.until is not None:
        wanted.append(("first_seen_ms < ?", (to_ms(filters.until),)))
    if before is not None:
        wanted.append(("(first_seen_ms, id) < (?, ?)", _parse_cursor(before)))
    return [sql for sql, _ in wanted], [value for _, values in wanted for value in values]


_TEXT_CONDITION = (
    "(instr(text, ?) > 0 OR EXISTS (SELECT 1 FROM alternatives"
    " WHERE passage_id = passages.id AND instr(alternatives.text, ?) > 0))"
)


def _cursor(row: Row) -> str:
    return f"{row['first_seen_ms']}.{row['id']}"


def _parse_cursor(cursor: str) -> tuple[int, str]:
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise CursorError(f"not a cursor: {cursor[:80]!r}")
    return int(parts[1]), parts[2]
