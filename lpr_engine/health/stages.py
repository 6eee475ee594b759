"""How long each stage of the pipeline takes, over the last minutes."""

from __future__ import annotations

import math
import threading
from collections import deque

from lpr_engine.model.clock import Clock
from lpr_engine.model.figures import StageTiming

_WINDOW_S = 120.0
_MAX_SAMPLES = 4096


class StageTimings:
    """Durations by stage in a sliding window. Thread-safe.

    At most the newest 4096 durations of a stage are kept, so that the window costs little memory
    however fast the pipeline is.
    """

    def __init__(self, clock: Clock, window_s: float = _WINDOW_S) -> None:
        self._clock = clock
        self._window_s = window_s
        self._lock = threading.Lock()
        self._samples: dict[str, deque[tuple[float, float]]] = {}

    def observe(self, stage: str, duration_ms: float) -> None:
        """Add one duration."""
        sample = self._clock.monotonic_s(), duration_ms
        with self._lock:
            self._samples.setdefault(stage, deque(maxlen=_MAX_SAMPLES)).append(sample)

    def snapshot(self) -> tuple[StageTiming, ...]:
        """Each stage that was seen within the window, by the order of first appearance."""
        oldest_s = self._clock.monotonic_s() - self._window_s
        with self._lock:
            copies = {stage: list(samples) for stage, samples in self._samples.items()}
        recent = {
            stage: sorted(duration for at_s, duration in samples if at_s >= oldest_s)
            for stage, samples in copies.items()
        }
        return tuple(
            StageTiming(stage, len(durations), percentile(durations, 50), percentile(durations, 95))
            for stage, durations in recent.items()
            if durations
        )


def percentile(ascending: list[float], percent: float) -> float:
    """The nearest-rank percentile of values in ascending order, at least one."""
    rank = math.ceil(percent / 100 * len(ascending))
    return ascending[max(rank, 1) - 1]
