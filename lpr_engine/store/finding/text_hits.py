"""Passages that are spelled by one of the texts wanted.

Few texts lead to their passages by an index. Of many, passages are walked along in the order
asked for until enough are spelled by one of them, which are few steps just because many are; a
walk that finds too little is given up after a stretch.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from lpr_engine.model.search import Order, PassageFilter
from lpr_engine.store.facts import MOST_ALTERNATIVES
from lpr_engine.store.finding.conditions import (
    BY_CONFIDENCE,
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
from lpr_engine.store.finding.stretch import stretch_of_spellings, stretch_of_surest
from lpr_engine.store.finding.wanted import TENTHS_BITS, Wanted

_FEW_TEXTS = 4000
_MANY_TEXTS = 20_000
_STRETCH = 30_000
_SPELLINGS_OF_A_PASSAGE = 1 + MOST_ALTERNATIVES

_PLACE = "f.first_seen_ms, f.number, f.confidence, f.passage_id"
_JOIN_SPELLINGS = (
    "CROSS JOIN spellings AS s ON s.seen_ms = f.first_seen_ms AND s.passage = f.number"
)
_JOIN_FACTS = "CROSS JOIN facts AS f ON f.first_seen_ms = s.seen_ms AND f.number = s.passage"
_OF_TEXTS = (
    "json_each(?) AS w CROSS JOIN spellings AS s INDEXED BY spellings_of_text"
    f" ON s.text = w.value >> {TENTHS_BITS}"
)
_NEWEST_SPELLINGS = "s.seen_ms DESC, s.passage DESC"


class TextSearch:
    """A question for the passages that are spelled by some texts."""

    def __init__(
        self, connection: sqlite3.Connection, filters: PassageFilter, wanted: Wanted
    ) -> None:
        self._connection = connection
        self._filters = filters
        self._conditions = filter_conditions(filters)
        self._wanted = wanted
        last = connection.execute("SELECT coalesce(max(number), 0) FROM texts").fetchone()[0]
        self._marks = wanted.marks(last + 1)
        # A method of its own kind costs a walk least.
        connection.create_function("wanted", 1, self._marks.__getitem__)

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
            return self._newest_of_texts(after, limit)
        if is_narrow(self._filters):
            return self._walk_facts(after, limit)
        within = self._of_spellings(after)
        if len(self._wanted) > _MANY_TEXTS:
            return self._walk_spellings(within, limit)
        bound = stretch_of_spellings(self._connection, within, _STRETCH)
        found = self._walk_spellings(within + bound, limit)
        if len(found) == limit or bound == NOTHING:
            return found
        return self._newest_of_texts(after, limit)

    def _best(self, after: Place | None, limit: int) -> list[Hit]:
        if self._wanted.tenths.any():
            return self._best_of_texts(after, limit)
        if not is_narrow(self._filters) and (after is None or after.key == 0):
            found = self._surest_by_own_text(after, limit)
            if len(found) == limit:
                return found
        if len(self._wanted) <= _MANY_TEXTS:
            return self._best_of_texts(after, limit)
        return self._best_of_facts(after, limit)

    def _of_spellings(self, after: Place | None) -> Conditions:
        """What is asked of a spelling `s` itself."""
        text, asked = self._filters.text, time_conditions(self._filters, "s.seen_ms")
        if text is not None and not text.alternatives:
            asked += condition("s.rank = 0")
        if after is not None:
            asked += condition("(s.seen_ms, s.passage) < (?, ?)", after.seen_ms, after.number)
        return asked

    def _of_the_only_text(self, after: Place | None, limit: int) -> list[Hit]:
        """Along the text's passages, which are in order of time already."""
        asked = self._of_spellings(after) + self._conditions
        sql = (
            f"SELECT {_PLACE}, s.text, s.rank"  # noqa: S608 - fixed words, values are bound
            f" FROM spellings AS s INDEXED BY spellings_of_text {_JOIN_FACTS}"
            f" WHERE s.text = ? AND {asked.sql} ORDER BY {_NEWEST_SPELLINGS}"
        )
        return self._distinct(sql, (int(self._wanted.numbers[0]), *asked.values), limit)

    def _newest_of_texts(self, after: Place | None, limit: int) -> list[Hit]:
        """From each text to its spellings, the newest of which are sorted out."""
        asked = self._of_spellings(after)
        # Facts are looked up for the few that are left, unless they say who is left.
        tables = _OF_TEXTS
        if self._conditions != time_conditions(self._filters, "f.first_seen_ms"):
            asked += self._conditions
            tables = f"{_OF_TEXTS} {_JOIN_FACTS}"
        sql = (
            f"SELECT {_PLACE}, s.text, s.rank FROM ("  # noqa: S608 - fixed words, values are bound
            f"SELECT s.seen_ms, s.passage, s.text, s.rank FROM {tables} WHERE {asked.sql}"
            f" ORDER BY {_NEWEST_SPELLINGS} LIMIT ?) AS s {_JOIN_FACTS}"
            f" ORDER BY {_NEWEST_SPELLINGS}"
        )
        most = limit * _SPELLINGS_OF_A_PASSAGE
        return self._distinct(sql, (self._wanted.as_json(), *asked.values, most), limit)

    def _walk_spellings(self, within: Conditions, limit: int) -> list[Hit]:
        """Along all spellings in order of time."""
        asked = within + self._conditions
        sql = (
            f"SELECT {_PLACE}, s.text, s.rank"  # noqa: S608 - fixed words, values are bound
            f" FROM spellings AS s {_JOIN_FACTS}"
            f" WHERE wanted(s.text) AND {asked.sql} ORDER BY {_NEWEST_SPELLINGS}"
        )
        return self._distinct(sql, asked.values, limit)

    def _walk_facts(self, after: Place | None, limit: int) -> list[Hit]:
        """Along the passages that a narrow filter leaves in order of time."""
        asked = self._of_spellings(after) + self._conditions + behind(Order.NEWEST, after)
        sql = (
            f"SELECT {_PLACE}, s.text, s.rank"  # noqa: S608 - fixed words, values are bound
            f" FROM facts AS f {leading_index(self._filters)} {_JOIN_SPELLINGS}"
            f" WHERE {asked.sql} AND wanted(s.text) ORDER BY {order_by(Order.NEWEST)}"
        )
        return self._distinct(sql, asked.values, limit)

    def _surest_by_own_text(self, after: Place | None, limit: int) -> list[Hit]:
        """The best of passages whose own text is wanted; few texts lead to them, else a stretch."""
        asked = behind(Order.BEST, after)
        if len(self._wanted) <= _FEW_TEXTS:
            own = "json_each(?) AS w CROSS JOIN facts AS f INDEXED BY facts_of_text"
            asked += condition(f"f.text = w.value >> {TENTHS_BITS}")
            values: tuple[Any, ...] = (self._wanted.as_json(),)
        else:
            own, values = f"facts AS f {BY_CONFIDENCE}", ()
            asked += stretch_of_surest(self._connection, after, _STRETCH)
            asked += condition("wanted(coalesce(f.text, 0))")
        asked += self._conditions
        sql = (
            f"SELECT {_PLACE}, f.text, 0 FROM ("  # noqa: S608 - fixed words, values are bound
            f"SELECT f.first_seen_ms, f.number FROM {own} WHERE {asked.sql}"
            f" ORDER BY {order_by(Order.BEST)} LIMIT ?) AS s"
            " CROSS JOIN facts AS f USING (first_seen_ms, number)"
            f" ORDER BY {order_by(Order.BEST)}"
        )
        return self._distinct(sql, (*values, *asked.values, limit), limit)

    def _best_of_texts(self, after: Place | None, limit: int) -> list[Hit]:
        """From each text to its passages, then sorted."""
        asked = self._of_spellings(None) + self._conditions
        key = f"2 * (w.value & {2**TENTHS_BITS - 1}) + (s.rank > 0)"
        values = (self._wanted.as_json(), *asked.values)
        return self._sorted(f"{_OF_TEXTS} {_JOIN_FACTS}", key, asked, values, after, limit)

    def _best_of_facts(self, after: Place | None, limit: int) -> list[Hit]:
        """All passages that the filter leaves, each with its texts, then sorted."""
        asked = self._of_spellings(None) + self._conditions + condition("wanted(s.text)")
        tables = f"facts AS f {leading_index(self._filters)} {_JOIN_SPELLINGS}"
        return self._sorted(tables, "s.rank > 0", asked, asked.values, after, limit)

    def _sorted(
        self,
        tables: str,
        key: str,
        asked: Conditions,
        values: Sequence[Any],
        after: Place | None,
        limit: int,
    ) -> list[Hit]:
        """Each passage once; beside a minimum, SQLite shows the other columns of its row."""
        left = NOTHING
        if after is not None:
            columns = "(nearness, -f.confidence, -f.first_seen_ms, -f.number)"
            left = condition(f"{columns} > (?, ?, ?, ?)", *after.after(Order.BEST))
        sql = (
            f"SELECT {_PLACE}, s.text, min({key}) AS nearness FROM {tables}"  # noqa: S608 - fixed words
            f" WHERE {asked.sql} GROUP BY f.first_seen_ms, f.number HAVING {left.sql}"
            f" ORDER BY nearness, {order_by(Order.BEST)} LIMIT ?"
        )
        rows = self._connection.execute(sql, (*values, *left.values, limit))
        return [
            Hit(Place(seen_ms, number, confidence, nearness), passage_id, text)
            for seen_ms, number, confidence, passage_id, text, nearness in rows
        ]

    def _distinct(self, sql: str, values: Sequence[Any], limit: int) -> list[Hit]:
        """Each passage once, by the nearest of its texts, from rows that lie together."""
        found: dict[int, Hit] = {}
        rows = self._connection.execute(sql, values)
        for seen_ms, number, confidence, passage_id, text, rank in rows:
            key = 2 * (self._marks[text] - 1) + (rank > 0)
            if number not in found and len(found) == limit:
                break
            if number not in found or key < found[number].place.key:
                place = Place(seen_ms, number, confidence, key)
                found[number] = Hit(place, passage_id, text)
        rows.close()
        return list(found.values())
