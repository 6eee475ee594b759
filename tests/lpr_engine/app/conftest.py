"""A clock whose hands the test holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest


class HandClock:
    """Starts at local noon."""

    def __init__(self) -> None:
        self.time = datetime(2026, 5, 5, 12).astimezone()
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.time

    def monotonic_s(self) -> float:
        return self.seconds

    def pass_time(self, span: timedelta) -> None:
        self.time += span
        self.seconds += span.total_seconds()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
