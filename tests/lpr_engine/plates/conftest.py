"""Vehicles, passages and a clock that stands."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from lpr_engine.model.geometry import Box
from lpr_engine.model.passage import Passage, Stage
from lpr_engine.model.vehicle import Vehicle

NOON = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)
"""A Friday."""


class StandingClock:
    def now(self) -> datetime:
        return NOON + timedelta(seconds=2)

    def monotonic_s(self) -> float:
        return 0.0


def make_vehicle(text: str, *lists: str, **rest) -> Vehicle:
    return Vehicle(id=f"id-{text}", text=text, label=f"car {text}", lists=frozenset(lists), **rest)


def make_passage(text: str, **rest) -> Passage:
    facts = {
        "id": "p", "revision": 1, "stage": Stage.PREVIEW, "engine": "home", "camera": "gate",
        "text": text, "confidence": 0.95, "characters": tuple((sign, 0.99) for sign in text),
        "first_seen": NOON, "last_seen": NOON, "readings": 5, "box": Box(0, 0, 1, 1),
    }  # fmt: skip
    return Passage(**{**facts, **rest})


class Yard:
    """What the tests build with."""

    noon = NOON
    clock = StandingClock()
    vehicle = staticmethod(make_vehicle)
    passage = staticmethod(make_passage)


@pytest.fixture(scope="session")
def yard() -> type[Yard]:
    """Builders of vehicles and passages."""
    return Yard
