"""Time as the engine sees it: a wall clock that may jump and a monotonic one that never does."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Protocol


class Clock(Protocol):
    """Where a room gets its time from, so that tests can hold the hands."""

    def now(self) -> datetime:
        """Wall-clock time, aware UTC."""
        ...

    def monotonic_s(self) -> float:
        """Seconds since an arbitrary start; never goes back."""
        ...


class SystemClock:
    """The host's clocks."""

    def now(self) -> datetime:
        """Wall-clock time, aware UTC."""
        return datetime.now(timezone.utc)

    def monotonic_s(self) -> float:
        """Seconds since an arbitrary start; never goes back."""
        return time.monotonic()
