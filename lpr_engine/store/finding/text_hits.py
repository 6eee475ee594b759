"""Passages that are spelled by one of the texts wanted.

Few texts lead to their passages. Of many, the passages are walked along in the order asked for
until enough are spelled by one of them, which are few steps just because many are. In between
the walk is tried first, and given up after a stretch.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from lpr_engine.model.search import Order, PassageFilter
from lpr_engine.store.facts import MOST_ALTERNATIVES
from lpr_engine.store.finding.conditions import (
    BY_CONFIDENCE,
    BY_TIME,
    NOTHING,
    Conditions,
    behind,
    condition,
    filter_conditions,
    is_narrow,
    leading_index,
    order_by,
    time_conditions,
)
from lpr_engine.store.finding.hit import Hit, Place
from lpr_engine.store.finding.stretch import stretch
from lpr_engine.store.finding.wanted import TENTHS_BITS, Wanted

_FEW_TEXTS = 200
_MANY_TEXTS = 20_000
_SPELLINGS_OF_A_PASSAGE = 1 + MOST_ALTERNATIVES

_PLACE = "f.first_seen_ms, f.number, f.confidence, f.passage_id"
_JOIN_SPELLINGS = (
    "CROSS JOIN spellings AS s ON s.seen_ms = f.first_seen_ms AND s.passage = f.number"
)
_JOIN_FACTS = "CROSS JOIN facts AS f ON f.first_seen_ms = s.seen_ms AND f.number = s.passage"


class TextSearch:
    """A question for the passages that are spelled by some texts."""

    def __init__(
        self, connection: sqlite3.Connection, filters: PassageFilter, wanted: Wanted
    ) -> None:
        self._connection = connection
        self._filters = filters
        self._conditions = filter_conditions(filters)
        self._wanted = wanted
        self._marks = wanted.marks()
        own_only = filters.text is not None and not filters.text.alternatives
        self._spelled = condition("s.rank = 0") if own_only else NOTHING
        connection.create_function("wanted", 1, self._mark)

    def hits(self, order: Order, after: Place | None, limit: int) -> list[Hit]:
        """The first passages behind a place."""
        if not len(self._wanted):
            return []
        if order is Order.BEST:
            return self._best(after, limit)
        return self._newest(after, limit)

    def _newest(self, after: Place | None, limit: int) -> list[Hit]:
        if len(self._wanted) == 1:
            return self._of_the_only_text(after, limit)
        if len(self._wanted) <= _FEW_TEXTS:
            return self._of_texts(Order.NEWEST, after, limit)
        if len(self._wanted) > _MANY_TEXTS:
            return self._walk(after, limit, NOTHING)
        bound = self._stretch_of_time(after)
        found = self._walk(after, limit, bound)
        if len(found) == limit or bound == NOTHING:
            return found
        return self._of_texts(Order.NEWEST, after, limit)

    def _stretch_of_time(self, after: Place | None) -> Conditions:
        narrow = is_narrow(self._filters)
        within = self._conditions if narrow else NOTHING
        index = leading_index(self._filters) if narrow else BY_TIME
        return stretch(self._connection, index, Order.NEWEST, after, within)

    def _best(self, after: Place | None, limit: int) -> list[Hit]:
        if len(self._wanted) <= _FEW_TEXTS or self._wanted.tenths.any():
            return self._of_texts(Order.BEST, after, limit)
        among_own_texts = after is None or after.key == 0
        if among_own_texts and not is_narrow(self._filters):
            found = self._walk_own_texts(after, limit)
            if len(found) == limit:
                return found
        if len(self._wanted) <= _MANY_TEXTS:
            return self._of_texts(Order.BEST, after, limit)
        return self._of_facts(after, limit)

    def _of_the_only_text(self, after: Place | None, limit: int) -> list[Hit]:
        """Along the text's passages, which are in order of time already."""
        asked = self._spelled + self._conditions + time_conditions(self._filters, "s.seen_ms")
        if after is not None:
            asked += condition("(s.seen_ms, s.passage) < (?, ?)", after.seen_ms, after.number)
        sql = (
            f"SELECT {_PLACE}, s.text, s.rank"  # noqa: S608 - fixed words, values are bound
            f" FROM spellings AS s INDEXED BY spellings_of_text {_JOIN_FACTS}"
            f" WHERE s.text = ? AND {asked.sql} ORDER BY s.seen_ms DESC, s.passage DESC LIMIT ?"
        )
        return self._distinct(sql, (int(self._wanted.numbers[0]), *asked.values, limit), limit)

    def _walk(self, after: Place | None, limit: int, bound: Conditions) -> list[Hit]:
        """Along passages in order of time, each with its texts."""
        order = Order.NEWEST
        asked = self._conditions + behind(order, after) + bound + self._spelled
        sql = (
            f"SELECT {_PLACE}, s.text, s.rank"  # noqa: S608 - fixed words, values are bound
            f" FROM facts AS f {leading_index(self._filters)} {_JOIN_SPELLINGS}"
            f" WHERE {asked.sql} AND wanted(s.text) ORDER BY {order_by(order)} LIMIT ?"
        )
        most = limit * _SPELLINGS_OF_A_PASSAGE
        return self._distinct(sql, (*asked.values, most), limit)

    def _walk_own_texts(self, after: Place | None, limit: int) -> list[Hit]:
        """A stretch along the surest passages, by their own texts alone."""
        order = Order.BEST
        bound = stretch(self._connection, BY_CONFIDENCE, order, after)
        asked = self._conditions + behind(order, after) + bound
        sql = (
            f"SELECT {_PLACE}, f.text, 0"  # noqa: S608 - fixed words, values are bound
            f" FROM facts AS f {BY_CONFIDENCE}"
            f" WHERE {asked.sql} AND wanted(f.text) ORDER BY {order_by(order)} LIMIT ?"
        )
        return self._distinct(sql, (*asked.values, limit), limit)

    def _of_texts(self, order: Order, after: Place | None, limit: int) -> list[Hit]:
        """From each text to its passages, then sorted."""
        asked = self._spelled + self._conditions + time_conditions(self._filters, "s.seen_ms")
        if order is Order.NEWEST and after is not None:
            asked += condition("(s.seen_ms, s.passage) < (?, ?)", after.seen_ms, after.number)
        tables = (
            "json_each(?) AS w CROSS JOIN spellings AS s INDEXED BY spellings_of_text"
            f" ON s.text = w.value >> {TENTHS_BITS} {_JOIN_FACTS}"
        )
        key = f"2 * (w.value & {2**TENTHS_BITS - 1}) + (s.rank > 0)"
        return self._sorted(tables, [self._wanted.as_json()], key, asked, order, after, limit)

    def _of_facts(self, after: Place | None, limit: int) -> list[Hit]:
        """All passages that the filter leaves, each with its texts, then sorted."""
        asked = self._spelled + self._conditions + condition("wanted(s.text)")
        tables = f"facts AS f {leading_index(self._filters)} {_JOIN_SPELLINGS}"
        return self._sorted(tables, [], "s.rank > 0", asked, Order.BEST, after, limit)

    def _sorted(
        self,
        tables: str,
        table_values: list[str],
        key: str,
        asked: Conditions,
        order: Order,
        after: Place | None,
        limit: int,
    ) -> list[Hit]:
        """Each passage once; beside a minimum, SQLite shows the other columns of its row."""
        is_best = order is Order.BEST
        left = _behind_best(after) if is_best else NOTHING
        sql = (
            f"SELECT {_PLACE}, s.text, min({key}) AS nearness FROM {tables}"  # noqa: S608 - fixed words
            f" WHERE {asked.sql} GROUP BY f.first_seen_ms, f.number HAVING {left.sql}"
            f" ORDER BY {'nearness, ' if is_best else ''}{order_by(order)} LIMIT ?"
        )
        rows = self._connection.execute(sql, (*table_values, *asked.values, *left.values, limit))
        return [
            Hit(Place(seen_ms, number, confidence, key), passage_id, text)
            for seen_ms, number, confidence, passage_id, text, key in rows
        ]

    def _distinct(self, sql: str, values: tuple[Any, ...], limit: int) -> list[Hit]:
        """Each passage once, by the nearest of its texts, from rows that lie together."""
        found: dict[int, Hit] = {}
        for seen_ms, number, confidence, passage_id, text, rank in self._connection.execute(
            sql, values
        ):
            key = 2 * (self._mark(text) - 1) + (rank > 0)
            if number not in found and len(found) == limit:
                break
            if number not in found or key < found[number].place.key:
                place = Place(seen_ms, number, confidence, key)
                found[number] = Hit(place, passage_id, text)
        return list(found.values())

    def _mark(self, number: int | None) -> int:
        """0 for a text that is not wanted; those that came meanwhile have numbers beyond."""
        return self._marks[number] if number is not None and number < len(self._marks) else 0


def _behind_best(after: Place | None) -> Conditions:
    if after is None:
        return NOTHING
    return condition(
        "(nearness, -f.confidence, -f.first_seen_ms, -f.number) > (?, ?, ?, ?)",
        *after.after(Order.BEST),
    )
