"""The first few thousand facts behind a place: what a walk looks at before it is given up."""

from __future__ import annotations

import sqlite3

from lpr_engine.model.search import Order
from lpr_engine.store.finding.conditions import NOTHING, Conditions, behind, order_by, up_to
from lpr_engine.store.finding.hit import Place

FACTS = 4000


def stretch(
    connection: sqlite3.Connection,
    index: str,
    order: Order,
    after: Place | None,
    within: Conditions = NOTHING,
) -> Conditions:
    """What bounds a walk along an index to a stretch; nothing where that is all there is.

    Only facts that are `within` the conditions are counted.
    """
    counted = within + behind(order, after)
    row = connection.execute(
        "SELECT f.first_seen_ms, f.number, f.confidence"  # noqa: S608 - fixed words
        f" FROM facts AS f {index} WHERE {counted.sql} ORDER BY {order_by(order)} LIMIT 1 OFFSET ?",
        (*counted.values, FACTS),
    ).fetchone()
    return NOTHING if row is None else up_to(order, Place(*row))
