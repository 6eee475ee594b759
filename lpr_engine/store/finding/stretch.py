"""The first few thousand rows behind a place: what a walk looks at before it is given up."""

from __future__ import annotations

import sqlite3

from lpr_engine.model.search import Order
from lpr_engine.store.finding.conditions import (
    BY_CONFIDENCE,
    NOTHING,
    Conditions,
    behind,
    condition,
    order_by,
    up_to,
)
from lpr_engine.store.finding.hit import Place


def stretch_of_surest(
    connection: sqlite3.Connection, after: Place | None, length: int
) -> Conditions:
    """What bounds a walk along the surest facts; nothing where there are no more than that."""
    left = behind(Order.BEST, after)
    row = connection.execute(
        "SELECT f.first_seen_ms, f.number, f.confidence"  # noqa: S608 - fixed words
        f" FROM facts AS f {BY_CONFIDENCE} WHERE {left.sql}"
        f" ORDER BY {order_by(Order.BEST)} LIMIT 1 OFFSET ?",
        (*left.values, length),
    ).fetchone()
    return NOTHING if row is None else up_to(Order.BEST, Place(*row))


def stretch_of_spellings(
    connection: sqlite3.Connection, within: Conditions, length: int
) -> Conditions:
    """What bounds a walk along the newest spellings `s` that are within conditions."""
    row = connection.execute(
        f"SELECT s.seen_ms, s.passage FROM spellings AS s WHERE {within.sql}"  # noqa: S608 - the same
        " ORDER BY s.seen_ms DESC, s.passage DESC LIMIT 1 OFFSET ?",
        (*within.values, length),
    ).fetchone()
    return NOTHING if row is None else condition("(s.seen_ms, s.passage) >= (?, ?)", *row)
