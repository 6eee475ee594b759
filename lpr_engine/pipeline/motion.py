"""The gate that saves the detector's work while a scene stands still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.frame import Frame
from lpr_engine.model.pixels import Pixels

_CELLS_ACROSS = 160
_LEVELS = 10
_MOVED_CELLS = 6


@dataclass(frozen=True, slots=True)
class MotionOptions:
    """How long to keep looking after motion, and how often to look at a still scene."""

    linger_s: float = 2.0
    look_anyway_s: float = 2.0


class MotionGate:
    """Decides for one camera which frames are worth a look.

    The frame is thinned to about 160 cells across and compared with the one before. Looking goes
    on for a while after the last motion, and happens now and then without any, so that a plate
    that crept in below the threshold and a parked car are still seen.
    """

    def __init__(self, options: MotionOptions = MotionOptions()) -> None:
        self._options = options
        self._previous: NDArray[np.int16] | None = None
        self._moved_at_s = float("-inf")
        self._looked_at_s = float("-inf")

    def opens(self, frame: Frame) -> bool:
        """Whether to look at this frame."""
        now_s = frame.monotonic_s
        if self._moved(frame.pixels):
            self._moved_at_s = now_s
        lingers = now_s - self._moved_at_s <= self._options.linger_s
        is_due = now_s - self._looked_at_s >= self._options.look_anyway_s
        # A clock that went back (a clip that starts again) must not close the gate for long.
        went_back = now_s < self._looked_at_s
        if not (lingers or is_due or went_back):
            return False
        self._looked_at_s = now_s
        return True

    def _moved(self, pixels: Pixels) -> bool:
        cells = _thinned(pixels)
        previous, self._previous = self._previous, cells
        if previous is None or previous.shape != cells.shape:
            return True
        difference = np.abs(cells - previous)
        # Clouds and exposure change every cell alike; what moves stands out from the median.
        standing_out = difference - np.median(difference)
        return int((standing_out > _LEVELS).sum()) >= _MOVED_CELLS


def _thinned(pixels: Pixels) -> NDArray[np.int16]:
    """Every n-th pixel's green channel averaged with its right neighbour against noise."""
    step = max(1, pixels.shape[1] // _CELLS_ACROSS)
    green = pixels[:, :, 1]
    cells = green[::step, ::step].astype(np.int16)
    neighbours = green[::step, step // 2 :: step].astype(np.int16)[:, : cells.shape[1]]
    cells[:, : neighbours.shape[1]] += neighbours
    cells[:, : neighbours.shape[1]] //= 2
    return cells
