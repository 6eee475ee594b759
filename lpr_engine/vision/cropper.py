"""Plates cut out of their frames, loosely, and enhanced where that helps."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.enhancement import enhance
from lpr_engine.vision.pixel_layout import as_pixels
from lpr_engine.vision.quality import is_clipped, quality_of


@dataclass(frozen=True, slots=True)
class LooseCropper:
    """A `PlateCropper`; margins are shares of the box's width and height, on each side."""

    margin_x: float = 0.04
    margin_y: float = 0.05
    enhances: bool = True

    def crop(self, picture: Pixels, detection: Detection) -> Crop:
        """Cut one plate out of its picture; the crop is at least one pixel, whatever the box."""
        height, width = picture.shape[:2]
        box = detection.box
        columns, rows = self._window(box, width, height)
        pixels: Pixels = as_pixels(picture[rows, columns]).copy()
        quality = quality_of(pixels, box.height, clipped=is_clipped(box, width, height))
        if self.enhances:
            pixels = enhance(pixels)
        return Crop(pixels, quality)

    def _window(self, box: Box, width: int, height: int) -> tuple[slice, slice]:
        add_x, add_y = box.width * self.margin_x, box.height * self.margin_y
        return (
            _span(box.x0 - add_x, box.x1 + add_x, width),
            _span(box.y0 - add_y, box.y1 + add_y, height),
        )


def _span(start: float, end: float, length: int) -> slice:
    """Whole pixels from start to end inside 0..length; never empty."""
    first = min(max(0, math.floor(start)), length - 1)
    last = max(first + 1, min(length, math.ceil(end)))
    return slice(first, last)
