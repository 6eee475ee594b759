"""Looking things up while the store writes, through connections that can only read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lpr_engine.model.geometry import Box
from lpr_engine.model.kept import KeptPassage
from lpr_engine.model.passage import Passage, ReadingRecord
from lpr_engine.model.search import Found, Match, Order, PassageFilter, PassagePage
from lpr_engine.store.database import Row
from lpr_engine.store.finding.cursor import read_cursor, write_cursor
from lpr_engine.store.finding.hit import Hit, Place
from lpr_engine.store.finding.plain_hits import plain_hits
from lpr_engine.store.finding.text_hits import TextSearch
from lpr_engine.store.finding.wanted import Wanted, wanted_texts
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.readers import Readers
from lpr_engine.store.revisions import from_ms, read_passage, to_ms
from lpr_engine.store.texts.known import KnownTexts
from lpr_engine.store.texts.nearness import TENTHS

MAX_PAGE = 1000
WALK_STEP = 500
_LONGEST_PREPARATION_S = 600.0
_COLUMNS = "id, sequence, crop, frame, body"
_EVERYTHING = PassageFilter()


class PassageSearch:
    """Reads committed passages; thread-safe, never waits for the writer."""

    def __init__(self, directory: Path) -> None:
        """Open the database of a store's folder for reading.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        self._readers = Readers(directory / DATABASE_NAME)
        self._texts = KnownTexts()

    def prepare(self) -> None:
        """Read all texts, which takes a while, so that no search by text has to wait for it.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._readers.reading(_LONGEST_PREPARATION_S) as connection:
            self._texts.renew(connection)
            self._texts.as_of(connection)

    def find(
        self,
        filters: PassageFilter,
        limit: int,
        order: Order = Order.NEWEST,
        after: str | None = None,
    ) -> PassagePage:
        """A page of passages in an order; `after` is an earlier page's cursor.

        Raises:
            CursorError: the cursor is not one of this search.
            SearchError: the text cannot be looked for, or it takes too long.
            StoreError: the database cannot be read.
        """
        limit = min(max(1, limit), MAX_PAGE)
        place = None if after is None else read_cursor(after, filters, order)
        with self._readers.reading() as connection:
            wanted = self._wanted(connection, filters)
            hits = _hits(connection, filters, wanted, order, place, limit + 1)
            page = hits[:limit]
            found = _found(connection, page)
        more = len(hits) > limit
        cursor = write_cursor(page[-1].place, filters, order) if more else None
        return PassagePage(found, cursor)

    def latest(
        self, limit: int, before: str | None = None, filters: PassageFilter | None = None
    ) -> PassagePage:
        """Passages by `first_seen`, newest first; `before` is an earlier page's cursor.

        Raises:
            CursorError: the cursor is not one of this search.
            StoreError: the database cannot be read.
        """
        return self.find(filters or _EVERYTHING, limit, Order.NEWEST, before)

    def walk(self, filters: PassageFilter) -> Iterator[tuple[KeptPassage, ...]]:
        """All passages that were kept when the walk began, newest first, some at a time.

        Each step asks anew, so that a slow walker holds nothing up; what is removed meanwhile is
        left out, what is revised meanwhile comes as it is then.

        Raises:
            SearchError: the text cannot be looked for, or it takes too long.
            StoreError: the database cannot be read.
        """
        with self._readers.reading() as connection:
            last = _last_sequence(connection)
            wanted = self._wanted(connection, filters)
        place: Place | None = None
        hits: Sequence[Hit] = ()
        while place is None or len(hits) == WALK_STEP:
            with self._readers.reading() as connection:
                hits = _hits(connection, filters, wanted, Order.NEWEST, place, WALK_STEP)
                rows = _by_id(connection, [one.passage_id for one in hits])
            if not hits:
                return
            place = hits[-1].place
            kept = [rows[hit.passage_id] for hit in hits if hit.place.number <= last]
            yield tuple(
                KeptPassage(row["body"], row["sequence"], row["crop"], row["frame"]) for row in kept
            )

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
        """Close the connections; searches after it raise StoreError."""
        self._readers.close()

    def _wanted(self, connection: sqlite3.Connection, filters: PassageFilter) -> Wanted | None:
        if filters.text is None:
            return None
        return wanted_texts(filters.text, self._texts.as_of(connection), connection)

    def _first(self, clause: str, values: Sequence[Any]) -> Passage | None:
        # Clauses are fixed words of this module, values are bound.
        rows = self._rows(f"SELECT {_COLUMNS} FROM passages {clause} LIMIT 1", values)  # noqa: S608
        return read_passage(rows[0]) if rows else None

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Row]:
        with self._readers.reading() as connection:
            return connection.execute(sql, values).fetchall()


def _hits(
    connection: sqlite3.Connection,
    filters: PassageFilter,
    wanted: Wanted | None,
    order: Order,
    after: Place | None,
    limit: int,
) -> list[Hit]:
    if wanted is None:
        return plain_hits(connection, filters, order, after, limit)
    return TextSearch(connection, filters, wanted).hits(order, after, limit)


def _last_sequence(connection: sqlite3.Connection) -> int:
    query = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'"
    return int(connection.execute(query).fetchone()[0])


def _found(connection: sqlite3.Connection, hits: Sequence[Hit]) -> tuple[Found, ...]:
    """The passages of hits; one that cannot be read is left out."""
    rows = _by_id(connection, [hit.passage_id for hit in hits])
    texts = _spelled(connection, [hit.text for hit in hits if hit.text is not None])
    found = []
    for hit in hits:
        row = rows.get(hit.passage_id)
        passage = None if row is None else read_passage(row)
        if passage is not None:
            found.append(Found(passage, _match(hit, texts)))
    return tuple(found)


def _by_id(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Row]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM passages"  # noqa: S608 - fixed words
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    )
    return {row["id"]: row for row in rows}


def _spelled(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, str]:
    rows = connection.execute(
        "SELECT number, text FROM texts WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )
    return {row["number"]: row["text"] for row in rows}


def _match(hit: Hit, texts: dict[int, str]) -> Match | None:
    if hit.text is None:
        return None
    tenths, alternative = divmod(hit.place.key, 2)
    return Match(texts[hit.text], tenths / TENTHS, bool(alternative))
