"""A clock whose hands the test holds."""

from datetime import datetime, timedelta, timezone

import pytest


class HandClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
        self.passed_s = 1000.0

    def now(self) -> datetime:
        return self.moment

    def monotonic_s(self) -> float:
        return self.passed_s

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.passed_s += seconds


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
