"""How far along the road something is at any time: driving, stopping and going on, parked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

BRAKING_S = 0.8


@dataclass(frozen=True, slots=True)
class Stop:
    """A halt that begins (with braking) at a time, and how long the car then stands."""

    at_s: float
    standing_s: float


@dataclass(frozen=True, slots=True)
class Way:
    """A drive along the road that is at `start_m` at a time, and has come from farther before it.

    A negative speed comes nearer. Stops follow each other in time.
    """

    start_m: float
    speed_m_s: float
    begins_s: float = 0.0
    stops: tuple[Stop, ...] = ()

    def along_m(self, time_s: float) -> float:
        """Metres along the road."""
        driven_s = time_s - self.begins_s - self._lost_s(time_s)
        return self.start_m + self.speed_m_s * driven_s

    def speed_at_m_s(self, time_s: float) -> float:
        """Metres in a second; negative when it comes nearer."""
        step_s = 0.01
        return (self.along_m(time_s + step_s) - self.along_m(time_s)) / step_s

    def _lost_s(self, time_s: float) -> float:
        """How much time standing, braking and starting have cost so far."""
        return sum(_lost_by(stop, time_s) for stop in self.stops)


def _lost_by(stop: Stop, time_s: float) -> float:
    """Braking and starting cost half of the time that they take."""
    marks = [
        (stop.at_s, 0.0),
        (stop.at_s + BRAKING_S, 1.0),
        (stop.at_s + BRAKING_S + stop.standing_s, 1.0),
        (stop.at_s + 2 * BRAKING_S + stop.standing_s, 0.0),
    ]
    lost = 0.0
    for (start_s, start), (end_s, end) in pairwise(marks):
        spent_s = float(np.clip(time_s - start_s, 0.0, end_s - start_s))
        slope = (end - start) / (end_s - start_s)
        lost += spent_s * (start + slope * spent_s / 2)
    return lost
