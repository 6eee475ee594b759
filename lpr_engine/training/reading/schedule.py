"""How many steps a course takes, and how large each is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from lpr_engine.training.reading.options import ReaderOptions

MEASURED_STEPS = 5
_WARMUP_STEPS = 300
_LAST_RATE_SHARE = 0.01
_ENDLESS = 10**6


class Schedule:
    """Warm-up and half a cosine over steps that are given, or that follow from a time."""

    def __init__(
        self,
        options: ReaderOptions,
        first: int = 0,
        spent_s: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to count at step `first`; `spent_s` is what earlier runs took of the time."""
        self._options, self._clock = options, clock
        self._began = clock() - spent_s
        self._learning_s, self._learnt = 0.0, 0
        self._judging_s, self._judgements = 0.0, 0
        self.steps = options.steps
        if options.minutes is not None:
            # Until steps have been measured the end is unknown: it must not come first.
            self.steps = first + _ENDLESS if self._left_s() > 0 else first

    @property
    def elapsed_s(self) -> float:
        """What this run and those before it took."""
        return self._clock() - self._began

    @property
    def step_s(self) -> float:
        """Mean time of one step of this run, 0 before any was measured."""
        return self._learning_s / max(1, self._learnt)

    def took(self, steps: int, seconds: float, step: int) -> None:
        """Note how long steps took, the last of them `step`, and plan anew where time decides."""
        self._learning_s += seconds
        self._learnt += steps
        if self._options.minutes is not None:
            self.steps = step + max(0, round(self._left_s() / self._whole_step_s()))

    def judged(self, seconds: float) -> None:
        """Note how long a judgement took."""
        self._judging_s += seconds
        self._judgements += 1

    def remaining_s(self, step: int) -> float:
        """How long the steps behind this one take, judgements included."""
        return max(0, self.steps - step) * self._whole_step_s()

    def rate(self, step: int) -> float:
        """The learning rate of a step."""
        warm = min(_WARMUP_STEPS, self.steps // 10 + 1)
        highest = self._options.learning_rate
        if step < warm:
            return highest * (step + 1) / warm
        done = min(1.0, (step - warm) / max(1, self.steps - warm))
        cosine = 0.5 * (1 + math.cos(math.pi * done))
        return highest * (_LAST_RATE_SHARE + (1 - _LAST_RATE_SHARE) * cosine)

    def _left_s(self) -> float:
        return (self._options.minutes or 0.0) * 60 - self.elapsed_s

    def _whole_step_s(self) -> float:
        judgement_s = self._judging_s / max(1, self._judgements)
        return max(1e-6, self.step_s + judgement_s / self._options.judge_every)
