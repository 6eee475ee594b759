"""The gate that saves the detector's work while a scene stands still."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.frame import Frame
from lpr_engine.model.pixels import Pixels

_CELLS_ACROSS = 160
_ROWS_PER_CELL = 4
_LEVELS = 10
_MOVED_CELLS = 6


@dataclass(frozen=True, slots=True)
class MotionOptions:
    """How long to keep looking after motion, and how often to look at a still scene."""

    linger_s: float = 2.0
    look_anyway_s: float = 2.0


class MotionGate:
    """Decides for one camera which frames are worth a look.

    The frame is averaged down to about 160 cells across, which takes grain and compression noise
    away, and compared with the last one that was looked at, so that slow creeping adds up. Looking
    goes on for a while after the last motion, and happens now and then without any, so that a
    parked car is still seen.
    """

    def __init__(self, options: MotionOptions = MotionOptions()) -> None:
        self._options = options
        self._reference: NDArray[np.int16] | None = None
        self._moved_at_s = float("-inf")
        self._looked_at_s = float("-inf")

    def opens(self, frame: Frame) -> bool:
        """Whether to look at this frame."""
        now_s = frame.monotonic_s
        cells = _cells(frame.pixels)
        if self._moved(cells):
            self._moved_at_s = now_s
        lingers = now_s - self._moved_at_s <= self._options.linger_s
        is_due = now_s - self._looked_at_s >= self._options.look_anyway_s
        # A clock that went back (a clip that starts again) must not close the gate for long.
        went_back = now_s < self._looked_at_s
        if not (lingers or is_due or went_back):
            return False
        self._looked_at_s, self._reference = now_s, cells
        return True

    def _moved(self, cells: NDArray[np.int16]) -> bool:
        reference = self._reference
        if reference is None or reference.shape != cells.shape:
            return True
        change = cells - reference
        # Clouds and exposure change every cell alike; what moves stands out from the median.
        standing_out = np.abs(change - np.median(change))
        return int((standing_out > _LEVELS).sum()) >= _MOVED_CELLS


def _cells(pixels: Pixels) -> NDArray[np.int16]:
    """The green channel's mean in squares; of large pictures some rows stand for all."""
    side = max(1, pixels.shape[1] // _CELLS_ACROSS)
    size = max(1, pixels.shape[1] // side), max(1, pixels.shape[0] // side)
    rows = pixels[:: max(1, side // _ROWS_PER_CELL)]
    return cv2.resize(rows, size, interpolation=cv2.INTER_AREA)[:, :, 1].astype(np.int16)
