"""Where a plate is and where it will be: constant velocity, with honest doubt.

Lengths are in frame heights along both axes, so that a change of resolution changes nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box

_TYPICAL_ASPECT = 2.5
_MEASUREMENT_SD = 0.15
_SPEED_SD_PER_S = 10.0
_ACCELERATION_SD_PER_S2 = 8.0


@dataclass(frozen=True, slots=True)
class Place:
    """A plate's box in one frame: centre and extent, in frame heights."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of(cls, box: Box, frame: Frame) -> Place:
        """The place of a box given in pixels of that frame."""
        center_x, center_y = box.center
        unit = 1.0 / frame.height
        return cls(center_x * unit, center_y * unit, box.width * unit, box.height * unit)

    @property
    def size(self) -> float:
        """The plate's own length, the yardstick of all distances; two-line plates count double."""
        return max(self.width, _TYPICAL_ASPECT * self.height)

    def steps_to(self, other: Place) -> float:
        """Distance between the centres in lengths of the larger plate."""
        away = math.hypot(self.x - other.x, self.y - other.y)
        return away / max(self.size, other.size)

    def growth_to(self, other: Place) -> float:
        """Logarithm of how much larger the other is."""
        return math.log(other.size / self.size)


@dataclass(frozen=True, slots=True)
class Prediction:
    """An expected centre, with its variance along each axis."""

    x: float
    y: float
    variance: float

    def squared_deviation(self, place: Place) -> float:
        """Squared distance in standard deviations."""
        return ((place.x - self.x) ** 2 + (place.y - self.y) ** 2) / self.variance


class Motion:
    """A Kalman filter for the centre, its doubt scaled by the plate's own length.

    Both axes share one covariance, since they share all noise. (Bar-Shalom, Li, Kirubarajan:
    Estimation with Applications to Tracking and Navigation, 2001, section 6.2.)
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.velocity = (0.0, 0.0)
        self._position_variance = (_MEASUREMENT_SD * place.size) ** 2
        self._covariance = 0.0
        self._velocity_variance = (_SPEED_SD_PER_S * place.size) ** 2

    def predict(self, elapsed_s: float) -> Prediction:
        """Where the centre is expected after that time, measurement noise included."""
        position, _, _ = self._grown(elapsed_s)
        noise = (_MEASUREMENT_SD * self.place.size) ** 2
        x, y = self._carried(elapsed_s)
        return Prediction(x, y, position + noise)

    def observe(self, place: Place, elapsed_s: float) -> None:
        """Correct by what was seen after that time."""
        position, covariance, velocity = self._grown(elapsed_s)
        x, y = self._carried(elapsed_s)
        total = position + (_MEASUREMENT_SD * place.size) ** 2
        gain, velocity_gain = position / total, covariance / total
        off_x, off_y = place.x - x, place.y - y
        self.velocity = (
            self.velocity[0] + velocity_gain * off_x,
            self.velocity[1] + velocity_gain * off_y,
        )
        self.place = Place(x + gain * off_x, y + gain * off_y, place.width, place.height)
        self._position_variance = (1 - gain) * position
        self._covariance = (1 - gain) * covariance
        self._velocity_variance = velocity - velocity_gain * covariance

    def _carried(self, elapsed_s: float) -> tuple[float, float]:
        speed_x, speed_y = self.velocity
        return self.place.x + speed_x * elapsed_s, self.place.y + speed_y * elapsed_s

    def _grown(self, elapsed_s: float) -> tuple[float, float, float]:
        """Covariance terms after that time: position, cross, velocity."""
        noise = (_ACCELERATION_SD_PER_S2 * self.place.size) ** 2
        t = elapsed_s
        return (
            self._position_variance
            + 2 * t * self._covariance
            + t * t * self._velocity_variance
            + noise * t**4 / 4,
            self._covariance + t * self._velocity_variance + noise * t**3 / 2,
            self._velocity_variance + noise * t * t,
        )
