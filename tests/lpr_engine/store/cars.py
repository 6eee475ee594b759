"""Vehicles that the store's tests keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from lpr_engine.model.vehicle import ValidityWindow, Vehicle

from .conftest import NOON

PLAIN = Vehicle("v1", "AB123C", "Anna", frozenset())
FULL = Vehicle(
    id="v2",
    text="ÄÖ42",
    label="Lieferung 🚚",
    lists=frozenset({"allow", "watch"}),
    owner="Bäckerei",
    window=ValidityWindow(
        valid_from=NOON,
        valid_until=NOON + timedelta(days=30, milliseconds=250),
        weekdays=frozenset({0, 6}),
        from_time=time(22, 30),
        until_time=time(4, 0, 30),
    ),
    cameras=frozenset({"gate", "yard"}),
    note="rings twice",
    display="ÄÖ 42",
)
NOWHERE = replace(
    PLAIN,
    id="v3",
    text="ZZ9",
    cameras=frozenset(),
    window=ValidityWindow(weekdays=frozenset()),
)
