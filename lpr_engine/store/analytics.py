"""What passages add up to, counted by SQLite along the indexes of their facts."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any

from lpr_engine.model.analytics import (
    NamedCount,
    PartCount,
    PlateCount,
    Span,
    Step,
    TimeCount,
    Vehicles,
    Visits,
)
from lpr_engine.model.errors import SearchError
from lpr_engine.store.local_time import local_days, local_hours
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.readers import Readers
from lpr_engine.store.revisions import from_ms, to_ms

MOST_STEPS = 10_000
_FEW_PASSAGES = 50_000
_READERS = 2

_COUNT_STEPS = """
SELECT (SELECT count(*) FROM facts
    WHERE {of_camera} first_seen_ms >= json_extract(step.value, '$[0]')
        AND first_seen_ms < json_extract(step.value, '$[1]'))
FROM json_each(:steps) AS step"""

_COUNT_NAMES = """
WITH RECURSIVE names(name) AS (
    SELECT min({column}) FROM facts WHERE {column} IS NOT NULL
    UNION ALL
    SELECT (SELECT min({column}) FROM facts WHERE {column} > names.name)
    FROM names WHERE names.name IS NOT NULL)
SELECT name, (SELECT count(*) FROM facts
    WHERE {of_camera} {column} = name AND first_seen_ms >= :since AND first_seen_ms < :until)
    AS passages
FROM names WHERE name IS NOT NULL"""

_TOP_PLATES = """
SELECT texts.text AS text, passages, first_ms, last_ms
FROM (
    SELECT text AS number, count(*) AS passages, min(first_seen_ms) AS first_ms,
        max(first_seen_ms) AS last_ms
    FROM facts {index}
    WHERE {of_camera} text IS NOT NULL AND first_seen_ms >= :since AND first_seen_ms < :until
    GROUP BY text ORDER BY passages DESC, last_ms DESC, text LIMIT :limit)
JOIN texts USING (number)
ORDER BY passages DESC, last_ms DESC, number"""

_VEHICLES = """
SELECT count(*) AS vehicles, coalesce(sum(first_ms >= :since), 0) AS first_time
FROM (
    SELECT min(first_seen_ms) AS first_ms,
        max(first_seen_ms >= :since {and_of_camera}) AS is_within
    FROM facts INDEXED BY facts_of_text
    WHERE text IS NOT NULL AND first_seen_ms < :until
    GROUP BY text)
WHERE is_within"""

_STAYS = """
SELECT stay_ms
FROM (
    SELECT first_seen_ms - (
        SELECT CASE before.direction WHEN 'in' THEN before.first_seen_ms END
        FROM facts AS before
        WHERE before.text = facts.text AND before.direction IN ('in', 'out')
            AND (before.first_seen_ms, before.number) < (facts.first_seen_ms, facts.number)
        ORDER BY before.first_seen_ms DESC, before.number DESC LIMIT 1) AS stay_ms
    FROM facts {index}
    WHERE text IS NOT NULL AND direction = 'out'
        AND first_seen_ms >= :since AND first_seen_ms < :until)
WHERE stay_ms IS NOT NULL
ORDER BY stay_ms"""


class PassageAnalytics:
    """Counts committed passages; thread-safe, never waits for the writer.

    Local time is that of `zone`, None for the host's, where a span does not say else.
    """

    def __init__(self, directory: Path, zone: tzinfo | None = None) -> None:
        """Open the database of a store's folder for reading.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        self._readers = Readers(directory / DATABASE_NAME, _READERS)
        self._zone = zone

    def by_time(self, span: Span, step: Step) -> tuple[TimeCount, ...]:
        """Passages of each local hour or day of a span, those without any included.

        Raises:
            SearchError: there would be too many, or counting takes too long.
            StoreError: the database cannot be read.
        """
        steps = self._steps(span, step)
        bounds = json.dumps([(to_ms(start), to_ms(end)) for start, end in steps])
        sql = _COUNT_STEPS.format(of_camera=_of_camera(span))
        rows = self._rows(sql, span, steps=bounds)
        return tuple(
            TimeCount(start, end, row[0]) for (start, end), row in zip(steps, rows, strict=True)
        )

    def by_part(self, span: Span, step: Step) -> tuple[PartCount, ...]:
        """Passages of each weekday, or of each hour of the day, over all of a span.

        Raises:
            SearchError: the span is too long, or counting takes too long.
            StoreError: the database cannot be read.
        """
        if step is Step.WEEKDAY:
            return self._laid_over(span, Step.DAY, datetime.weekday, 7)
        return self._laid_over(span, Step.HOUR, lambda moment: moment.hour, 24)

    def by_camera(self, span: Span) -> tuple[NamedCount, ...]:
        """Passages of each camera that was ever heard of, by name.

        Raises:
            SearchError: counting takes too long.
            StoreError: the database cannot be read.
        """
        return self._by_name("camera", span)

    def by_list(self, span: Span) -> tuple[NamedCount, ...]:
        """Passages of each list, by name, and of plates on no list.

        Raises:
            SearchError: counting takes too long.
            StoreError: the database cannot be read.
        """
        listed = self._by_name("list_name", span)
        everything = sum(one.passages for one in self.by_camera(span))
        unlisted = max(0, everything - sum(one.passages for one in listed))
        return (*listed, NamedCount(None, unlisted))

    def top_plates(self, span: Span, limit: int) -> tuple[PlateCount, ...]:
        """The texts seen most often; of equals the most recent first, then the one known longest.

        Raises:
            SearchError: counting takes too long.
            StoreError: the database cannot be read.
        """
        sql = _TOP_PLATES.format(index=self._index_for(span), of_camera=_of_camera(span))
        return tuple(
            PlateCount(
                row["text"], row["passages"], from_ms(row["first_ms"]), from_ms(row["last_ms"])
            )
            for row in self._rows(sql, span, limit=limit)
        )

    def vehicles(self, span: Span) -> Vehicles:
        """How many different texts a span saw, and how many of them for the first time.

        Raises:
            SearchError: counting takes too long.
            StoreError: the database cannot be read.
        """
        of_camera = "" if span.camera is None else "AND camera = :camera"
        row = self._rows(_VEHICLES.format(and_of_camera=of_camera), span)[0]
        return Vehicles(row["vehicles"], row["first_time"])

    def visits(self, span: Span) -> Visits:
        """What the visits that ended in a span add up to; of all cameras, since they are a site's.

        Raises:
            SearchError: counting takes too long.
            StoreError: the database cannot be read.
        """
        rows = self._rows(_STAYS.format(index=self._index_for(span)), span)
        return _visits([row["stay_ms"] / 1000 for row in rows])

    def close(self) -> None:
        """Close the connections; questions after it raise StoreError."""
        self._readers.close()

    def _steps(self, span: Span, step: Step) -> list[tuple[datetime, datetime]]:
        divide = local_hours if step is Step.HOUR else local_days
        try:
            zone = span.zone or self._zone
            steps = list(islice(divide(span.since, span.until, zone), MOST_STEPS + 1))
        except OverflowError as err:
            raise SearchError("a time near the end of all dates cannot be counted") from err
        if len(steps) > MOST_STEPS:
            raise SearchError(f"more than {MOST_STEPS} steps: ask for a shorter time")
        return steps

    def _index_for(self, span: Span) -> str:
        """Of many passages, those of one text are better not searched for, but met together."""
        many = sum(one.passages for one in self.by_camera(span)) > _FEW_PASSAGES
        return "INDEXED BY facts_of_text" if many else "NOT INDEXED"

    def _laid_over(
        self, span: Span, step: Step, part_of: Callable[[datetime], int], parts: int
    ) -> tuple[PartCount, ...]:
        counts: Counter[int] = Counter()
        for one in self.by_time(span, step):
            counts[part_of(one.start)] += one.passages
        return tuple(PartCount(part, counts[part]) for part in range(parts))

    def _by_name(self, column: str, span: Span) -> tuple[NamedCount, ...]:
        sql = _COUNT_NAMES.format(column=column, of_camera=_of_camera(span))
        return tuple(NamedCount(row["name"], row["passages"]) for row in self._rows(sql, span))

    def _rows(self, sql: str, span: Span, **values: Any) -> list[sqlite3.Row]:
        bound = {
            "since": to_ms(span.since),
            "until": to_ms(span.until),
            "camera": span.camera,
            **values,
        }
        with self._readers.reading() as connection:
            return connection.execute(sql, bound).fetchall()


def _of_camera(span: Span) -> str:
    return "" if span.camera is None else "camera = :camera AND"


def _visits(stays_s: Sequence[float]) -> Visits:
    """Figures of stays that are sorted already."""
    if not stays_s:
        return Visits(0, None, None, None, None, None)
    last = len(stays_s) - 1
    return Visits(
        len(stays_s),
        round(sum(stays_s) / len(stays_s), 3),
        stays_s[0],
        stays_s[last // 2],
        stays_s[last * 9 // 10],
        stays_s[last],
    )
