"""How long the engine has been running."""

from __future__ import annotations

from datetime import datetime

from lpr_engine.model.clock import Clock


class Uptime:
    """Time since this was made; the host's clock may be set meanwhile without changing it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started_s = clock.monotonic_s()
        self.started_at: datetime = clock.now()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return self._clock.monotonic_s() - self._started_s
