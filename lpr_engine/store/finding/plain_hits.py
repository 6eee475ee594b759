"""Passages without a text to look for: a walk along an index that is in the order asked for."""

from __future__ import annotations

import sqlite3

from lpr_engine.model.search import Order, PassageFilter
from lpr_engine.store.finding.conditions import (
    BY_CONFIDENCE,
    Conditions,
    behind,
    filter_conditions,
    is_narrow,
    leading_index,
    order_by,
)
from lpr_engine.store.finding.hit import Hit, Place
from lpr_engine.store.finding.stretch import stretch_of_surest

_STRETCH = 4000
_COLUMNS = "f.first_seen_ms, f.number, f.confidence, f.passage_id"


def plain_hits(
    connection: sqlite3.Connection,
    filters: PassageFilter,
    order: Order,
    after: Place | None,
    limit: int,
) -> list[Hit]:
    """The first passages behind a place."""
    wanted = filter_conditions(filters) + behind(order, after)
    if order is Order.BEST and not is_narrow(filters):
        # Nearly always a look at a few thousand of the surest shows enough.
        near = wanted + stretch_of_surest(connection, after, _STRETCH)
        found = _hits(connection, BY_CONFIDENCE, near, order, limit)
        if len(found) == limit:
            return found
    return _hits(connection, leading_index(filters), wanted, order, limit)


def _hits(
    connection: sqlite3.Connection, index: str, wanted: Conditions, order: Order, limit: int
) -> list[Hit]:
    # Index and conditions are fixed words of this package, values are bound.
    sql = (
        f"SELECT {_COLUMNS} FROM facts AS f {index} WHERE {wanted.sql}"  # noqa: S608
        f" ORDER BY {order_by(order)} LIMIT ?"
    )
    return [
        Hit(Place(seen_ms, number, confidence), passage_id)
        for seen_ms, number, confidence, passage_id in connection.execute(
            sql, (*wanted.values, limit)
        )
    ]
