"""Error shares of each way of voting, with how sure they are, and how passages came out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.evaluation.drives.outcome import DriveOutcome, PasserOutcome
from lpr_engine.training.evaluation.drives.voters import Way

_RESAMPLINGS = 2000
_OUTER = (2.5, 97.5)
_SEED = 20260801


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cars, or a ratio of two, with its 95 % interval; NaN where nothing counts."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Figures:
    """All figures of some drive-bys.

    Errors count the cars that were read in at least `least_readings` pictures, as a passage needs
    that many; of the others nobody can tell a text that is worth anything.
    """

    name: str
    drives: tuple[DriveOutcome, ...]
    least_readings: int

    @cached_property
    def passers(self) -> tuple[PasserOutcome, ...]:
        """Every car."""
        return tuple(passer for drive in self.drives for passer in drive.passers)

    @cached_property
    def counted(self) -> tuple[PasserOutcome, ...]:
        """The cars whose texts are judged."""
        return tuple(one for one in self.passers if one.readings >= self.least_readings)

    def error(self, way: Way, *, fold: bool = False) -> Share:
        """The share of cars that this way gets wrong."""
        return self._resampled(lambda sums: sums[:, 0] / sums[:, 1], way, fold=fold)

    def ratio(self, way: Way, *, fold: bool = False, to: Way = Way.MAJORITY) -> Share:
        """How many texts this way gets wrong for each that the other gets wrong."""
        return self._resampled(lambda sums: sums[:, 0] / sums[:, 2], way, fold=fold, to=to)

    def share(self, holds: Callable[[PasserOutcome], bool]) -> tuple[int, int]:
        """How many of the counted cars something holds for, and how many there are."""
        return sum(map(holds, self.counted)), len(self.counted)

    @property
    def never_read(self) -> int:
        """Cars that were read in too few pictures to be judged."""
        return len(self.passers) - len(self.counted)

    @property
    def false_passages(self) -> int:
        """Passages that show no car's plate."""
        return sum(drive.false_passages for drive in self.drives)

    @property
    def parked(self) -> tuple[PasserOutcome, ...]:
        """The counted cars that only stood there."""
        return tuple(one for one in self.counted if one.passer.is_parked)

    def delays(self, of: Callable[[PasserOutcome], float | None]) -> NDArray[np.float64]:
        """All delays that could be measured, in seconds."""
        return np.array([value for one in self.counted if (value := of(one)) is not None])

    def _resampled(
        self,
        quotient: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        way: Way,
        *,
        fold: bool,
        to: Way = Way.MAJORITY,
    ) -> Share:
        """The quotient of sums over drives: as it is, and over drives drawn with replacement.

        Cars of one drive share its light and camera, so whole drives are drawn. (Davison &
        Hinkley: Bootstrap Methods and their Application, 1997, section 2.4 and 3.8.)
        """
        rows = np.array([self._sums(drive, way, to, fold=fold) for drive in self.drives])
        rows = rows.reshape(-1, 3)
        generator = np.random.default_rng(_SEED)
        picks = generator.integers(0, max(1, len(rows)), (_RESAMPLINGS, len(rows)))
        with np.errstate(divide="ignore", invalid="ignore"):
            value = float(quotient(rows.sum(axis=0, keepdims=True))[0])
            spread = quotient(rows[picks].sum(axis=1)) if len(rows) else np.array([np.nan])
        finite = spread[np.isfinite(spread)]
        low, high = np.percentile(finite, _OUTER) if len(finite) else (np.nan, np.nan)
        return Share(value if np.isfinite(value) else np.nan, float(low), float(high))

    def _sums(
        self, drive: DriveOutcome, way: Way, to: Way, *, fold: bool
    ) -> tuple[float, float, float]:
        """Errors of the way, cars, errors of the other way."""
        cars = [one for one in drive.passers if one.readings >= self.least_readings]
        return (
            sum(one.error(way, fold=fold) for one in cars),
            float(len(cars)),
            sum(one.error(to, fold=fold) for one in cars),
        )


@dataclass(frozen=True)
class DrivesReport:
    """All drive-bys, together and by condition."""

    drives: tuple[DriveOutcome, ...]
    seed: int
    least_readings: int

    @property
    def total(self) -> Figures:
        """All drives."""
        return Figures("total", self.drives, self.least_readings)

    def conditions(self) -> list[list[Figures]]:
        """By light, speed, frame rate and scenario; each a list of its bands."""
        return [
            self._bands(lambda one: one.conditions.light_name),
            self._bands(lambda one: _band(one.conditions.speed_kmh, _SPEED_KMH, "km/h")),
            self._bands(lambda one: _band(one.conditions.fps, _FPS, "fps")),
            self._bands(lambda one: one.conditions.scenario.value),
        ]

    def _bands(self, of: Callable[[PasserOutcome], str]) -> list[Figures]:
        bands: defaultdict[str, list[DriveOutcome]] = defaultdict(list)
        for drive in self.drives:
            bands[of(drive.passers[0])].append(drive)
        return [
            Figures(name, tuple(bands[name]), self.least_readings)
            for name in sorted(bands, key=_order)
        ]


_SPEED_KMH = (5, 15, 30, 45, 60)
_FPS = (5, 8, 12.5, 25)


def _band(value: float, edges: Sequence[float], unit: str) -> str:
    for low, high in pairwise(edges):
        if value <= high:
            return f"{low:g}-{high:g} {unit}"
    return f"over {edges[-1]:g} {unit}"


def _order(name: str) -> tuple[float, str]:
    """Bands by their numbers, all else by name."""
    head = name.split("-", maxsplit=1)[0]
    return (float(head), "") if head.replace(".", "").isdigit() else (0.0, name)
