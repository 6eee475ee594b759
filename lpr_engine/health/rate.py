"""How often something happens, over the last seconds."""

from __future__ import annotations

import threading
from collections import deque

from lpr_engine.model.clock import Clock


class RateMeter:
    """Counts events in a sliding window. Thread-safe."""

    def __init__(self, clock: Clock, window_s: float = 5.0) -> None:
        self._clock = clock
        self._window_s = window_s
        self._lock = threading.Lock()
        self._started_s = clock.monotonic_s()
        self._events: deque[float] = deque()

    def tick(self) -> None:
        """Note one event, now."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            self._events.append(now_s)
            self._forget(now_s)

    def per_second(self) -> float:
        """Events a second over the window, or over the time since the start if that is shorter.

        The first second counts as a whole one, so that a single early event is no high rate.
        """
        now_s = self._clock.monotonic_s()
        with self._lock:
            self._forget(now_s)
            count = len(self._events)
        return count / max(min(self._window_s, now_s - self._started_s), 1.0)

    def _forget(self, now_s: float) -> None:
        while self._events and self._events[0] <= now_s - self._window_s:
            self._events.popleft()
