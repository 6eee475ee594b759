"""A filter as conditions on facts, and the index by which they are met with the least effort.

SQLite keeps no statistics here, so what it would guess is said: which index leads, by order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lpr_engine.model.search import Order, PassageFilter
from lpr_engine.store.finding.hit import Place
from lpr_engine.store.revisions import to_ms

BY_TIME = "NOT INDEXED"
_TAGGED = "f.passage_id IN (SELECT passage_id FROM passage_tags WHERE tag = ?)"
BY_CONFIDENCE = "INDEXED BY facts_surest"


@dataclass(frozen=True, slots=True)
class Conditions:
    """Pieces of SQL that are joined by AND, with the values that they bind."""

    clauses: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()

    @property
    def sql(self) -> str:
        """All of them; true where there are none."""
        return " AND ".join(self.clauses) or "TRUE"

    def __add__(self, other: Conditions) -> Conditions:
        return Conditions(self.clauses + other.clauses, self.values + other.values)


NOTHING = Conditions()


def condition(sql: str, *values: Any) -> Conditions:
    """A single one."""
    return Conditions((sql,), values)


def filter_conditions(filters: PassageFilter) -> Conditions:
    """All that a filter asks of a row `f` of facts, but for its text."""
    found = time_conditions(filters, "f.first_seen_ms")
    wanted: Sequence[tuple[str, Any]] = (
        ("f.zone = ?", filters.zone),
        ("f.list_name = ?", filters.list_name),
        ("f.vehicle = ?", filters.vehicle),
        ("f.confidence >= ?", filters.min_confidence),
        (_TAGGED, filters.tag),
        ("f.direction = ?", filters.direction and filters.direction.value),
        ("f.stage = ?", filters.stage and filters.stage.value),
    )
    for sql, value in wanted:
        if value is not None:
            found += condition(sql, value)
    if len(filters.cameras) == 1:
        found += condition("f.camera = ?", *filters.cameras)
    elif filters.cameras:
        marks = ", ".join("?" * len(filters.cameras))
        found += condition(f"f.camera IN ({marks})", *filters.cameras)
    if filters.known is not None:
        found += condition(f"f.vehicle IS {'NOT ' if filters.known else ''}NULL")
    return found


def time_conditions(filters: PassageFilter, column: str) -> Conditions:
    """The filter's time, asked of any column that holds it."""
    found = NOTHING
    if filters.since is not None:
        found += condition(f"{column} >= ?", to_ms(filters.since))
    if filters.until is not None:
        found += condition(f"{column} < ?", to_ms(filters.until))
    return found


def leading_index(filters: PassageFilter) -> str:
    """The index in order of time that leaves the fewest rows to look at."""
    if filters.tag is not None:
        # People tag by hand: so few that they can be sorted.
        return "INDEXED BY sqlite_autoindex_facts_1"
    named = (filters.vehicle, "vehicle"), (filters.list_name, "list"), (filters.zone, "zone")
    for value, name in named:
        if value is not None:
            return f"INDEXED BY facts_of_{name}"
    return "INDEXED BY facts_of_camera" if len(filters.cameras) == 1 else BY_TIME


def is_narrow(filters: PassageFilter) -> bool:
    """Whether so few passages are left, as a rule, that all of them can be sorted."""
    named = (filters.tag, filters.vehicle, filters.list_name, filters.zone)
    return any(value is not None for value in named)


_COLUMNS_OF_ORDER = {
    Order.NEWEST: ("first_seen_ms", "number"),
    Order.BEST: ("confidence", "first_seen_ms", "number"),
}


def order_by(order: Order) -> str:
    """The ORDER BY of rows `f` of facts that are equally near."""
    return ", ".join(f"f.{column} DESC" for column in _COLUMNS_OF_ORDER[order])


def behind(order: Order, after: Place | None) -> Conditions:
    """Only what comes after a place among rows `f` of facts that are equally near."""
    return NOTHING if after is None else _compared("<", order, after)


def up_to(order: Order, last: Place) -> Conditions:
    """Only what comes no later than a place."""
    return _compared(">=", order, last)


def _compared(sign: str, order: Order, place: Place) -> Conditions:
    columns = ", ".join(f"f.{column}" for column in _COLUMNS_OF_ORDER[order])
    newest = (place.seen_ms, place.number)
    values = newest if order is Order.NEWEST else (place.confidence, *newest)
    return condition(f"({columns}) {sign} ({', '.join('?' * len(values))})", *values)
