"""Uncertain crops read again, closer, wider and straightened; answers averaged by confidence.

Straightening comes only here: it rescues steep plates, but of those that are read surely as they
are it spoils more than it mends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.observation import Crop, Reading
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.ports import PlateReader
from lpr_engine.vision.pixel_layout import as_pixels
from lpr_engine.vision.straightening import straighten

SURE = 0.8
CUT_X, CUT_Y = 0.06, 0.08
PAD_X, PAD_Y = 0.07, 0.09
_LEAST_WEIGHT = 1e-4


class View(Enum):
    """How a doubtful crop is shown again."""

    CLOSER = "closer"
    WIDER = "wider"
    STRAIGHT = "straightened"


class SecondLookReader:
    """A `PlateReader` that lets another read each crop, and in other views those it doubts."""

    def __init__(
        self, reader: PlateReader, sure: float = SURE, views: Collection[View] = tuple(View)
    ) -> None:
        """Readings of a confidence below `sure` get the second look, in these views."""
        self._reader = reader
        self._sure = sure
        self._wanted = frozenset(views)

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """One reading for each crop, in order."""
        readings = list(self._reader.read(crops))
        unsure = [at for at, reading in enumerate(readings) if reading.confidence < self._sure]
        if not unsure:
            return readings
        views = [(at, view) for at in unsure for view in self._views(crops[at])]
        again = self._reader.read([view for _, view in views])
        for at in unsure:
            others = [reading for (of, _), reading in zip(views, again, strict=True) if of == at]
            readings[at] = averaged([readings[at], *others])
        return readings

    def _views(self, crop: Crop) -> list[Crop]:
        """The crop in each view that it has; straightened only where it plainly slants."""
        whole = replace(crop, pixels=as_pixels(crop.pixels))
        shown = [_SHOWN[view](whole) for view in View if view in self._wanted]
        return [replace(crop, pixels=pixels) for pixels in shown if pixels is not None]


def averaged(readings: Sequence[Reading]) -> Reading:
    """One reading with the mean of several distributions over the same alphabet.

    The surer a reading is of its whole text, the more it counts.
    """
    stacked = np.stack([reading.probabilities for reading in readings])
    weights = [reading.confidence + _LEAST_WEIGHT for reading in readings]
    rows = np.asarray(np.average(stacked, axis=0, weights=weights), np.float32)
    first = readings[0]
    return replace(first, text=spelled(rows, first.alphabet, first.pad), probabilities=rows)


def spelled(probabilities: NDArray[np.float32], alphabet: str, pad: str) -> str:
    """The most likely character of each slot, without pads."""
    best = (alphabet[column] for column in probabilities.argmax(axis=1))
    return "".join(sign for sign in best if sign != pad)


def cut(crop: Crop) -> Pixels:
    """The crop with a little less on each side."""
    height, width = crop.pixels.shape[:2]
    x, y = round(width * CUT_X), round(height * CUT_Y)
    return np.ascontiguousarray(crop.pixels[y : height - y, x : width - x])


def padded(crop: Crop) -> Pixels:
    """The crop with a little more on each side: its outermost pixels, repeated."""
    height, width = crop.pixels.shape[:2]
    x, y = round(width * PAD_X), round(height * PAD_Y)
    return np.asarray(cv2.copyMakeBorder(crop.pixels, y, y, x, x, cv2.BORDER_REPLICATE), np.uint8)


def straightened(crop: Crop) -> Pixels | None:
    """The crop made level and upright; None where it does not plainly slant."""
    straight = straighten(crop.pixels)
    return straight if straight is not crop.pixels else None


_SHOWN: dict[View, Callable[[Crop], Pixels | None]] = {
    View.CLOSER: cut,
    View.WIDER: padded,
    View.STRAIGHT: straightened,
}
