"""Whether a confidence of 0.9 is right nine times out of ten.

Fifteen bins of equal width, as in Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern
Neural Networks", ICML 2017, so that the figures compare with others' and the plot's axis is the
confidence itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15
_NORMAL_95 = 1.96
_DRAWS, _SEED = 1000, 1927


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """All texts whose confidence lies above `start`, up to `end`; means are 0 in an empty bin."""

    start: float
    end: float
    count: int
    confidence: float
    right: float

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share of right texts lies with 95 %: Wilson's score interval (1927)."""
        if not self.count:
            return 0.0, 1.0
        square = _NORMAL_95**2 / self.count
        middle = (self.right + square / 2) / (1 + square)
        spread = self.right * (1 - self.right) / self.count + square / (4 * self.count)
        reach = _NORMAL_95 * math.sqrt(spread) / (1 + square)
        return max(0.0, middle - reach), min(1.0, middle + reach)


def confidence_bins(
    confidences: Sequence[float], rights: Sequence[bool], count: int = BINS
) -> list[ConfidenceBin]:
    """Texts by confidence; the lowest bin takes a confidence of 0 too."""
    sure = np.asarray(confidences, np.float64)
    right = np.asarray(rights, np.float64)
    number = _bin_numbers(sure, count)
    return [
        ConfidenceBin(
            start=at / count,
            end=(at + 1) / count,
            count=int(inside.sum()),
            confidence=float(sure[inside].mean()) if inside.any() else 0.0,
            right=float(right[inside].mean()) if inside.any() else 0.0,
        )
        for at in range(count)
        for inside in [number == at]
    ]


def expected_calibration_error(bins: Sequence[ConfidenceBin]) -> float:
    """Mean distance between confidence and share of right texts, each bin by its texts."""
    total = sum(one.count for one in bins)
    gaps = (one.count * abs(one.right - one.confidence) for one in bins)
    return sum(gaps) / total if total else 0.0


def error_by_chance(confidences: Sequence[float], count: int = BINS) -> float:
    """The calibration error that a perfectly calibrated reader would show on so few texts.

    Each text is right with its own confidence, drawn a thousand times: with few texts the shares
    in the bins stray, and the measure counts that as error.
    """
    sure = np.asarray(confidences, np.float64)
    if not len(sure):
        return 0.0
    luck = np.random.default_rng(_SEED).random((_DRAWS, len(sure))) < sure
    surplus = (luck - sure) @ np.eye(count)[_bin_numbers(sure, count)]
    return float(np.abs(surplus).sum(axis=1).mean()) / len(sure)


def _bin_numbers(sure: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    return np.clip(np.ceil(sure * count).astype(np.int64) - 1, 0, count - 1)
