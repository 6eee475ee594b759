"""Which frames of a stream are worth converting, given how many a second are wanted."""

from __future__ import annotations

LIVE_EARLY = 0.25
CLIP_EARLY = 0.05
_LOST_AFTER = 2


class Pace:
    """Picks frames on a grid of `fps`; 0 or less picks every frame.

    A frame may come `early` (a share of the interval) before its time, so that a camera that
    already runs at the wanted rate loses none to jitter; the grid keeps the average from
    exceeding `fps`.
    """

    def __init__(self, fps: float, early: float = LIVE_EARLY) -> None:
        self._interval_s = 1.0 / fps if fps > 0 else 0.0
        self._early_s = early * self._interval_s
        self._due_s: float | None = None

    def is_due(self, time_s: float) -> bool:
        """Whether the frame at that time is wanted; times never go back."""
        if self._due_s is None or time_s > self._due_s + _LOST_AFTER * self._interval_s:
            self._due_s = time_s
        if time_s < self._due_s - self._early_s:
            return False
        self._due_s += self._interval_s
        return True
