"""Faces laid into a picture in perspective, smoothed as a sensor's pixels do."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.evaluation.drives.scene.levels import Layer, Levels
from lpr_engine.training.synthetic.camera.lens import streak

Quad = NDArray[np.float32]
"""Four corners in pixels, clockwise from the top left, shape (4, 2)."""

Tones = NDArray[np.float32]
"""A picture before the sensor: float32 RGB (H, W, 3), 0..255 and beyond."""

_FINER = 3
_SMALL_PX = 60_000
LEAST_BLUR_PX, MOST_BLUR_PX = 0.7, 60.0
"""Less is not seen; more leaves nothing to read, and only takes time."""


@dataclass(slots=True, eq=False)
class Sheet:
    """A part of the picture on which one car is painted before it covers what is behind it."""

    left: int
    top: int
    layer: Layer

    @classmethod
    def around(cls, quads: list[Quad], margin_px: int, size: tuple[int, int]) -> Sheet | None:
        """An empty one around all quads within a picture of (width, height); None outside it."""
        corners = np.concatenate(quads)
        low = np.floor(corners.min(axis=0)) - margin_px
        high = np.ceil(corners.max(axis=0)) + margin_px
        bounds = (-margin_px, np.array(size) + margin_px)
        left, top = (int(v) for v in np.clip(low, *bounds))
        right, bottom = (int(v) for v in np.clip(high, *bounds))
        if right - left < 2 or bottom - top < 2:
            return None
        return cls(left, top, np.zeros((bottom - top, right - left, 4), np.float32))

    def lay(self, levels: Levels, quad: Quad, light: NDArray[np.float32]) -> None:
        """Paint a flat part over what is there; `light` are gains of red, green and blue."""
        window = self._window(quad)
        if window is None:
            return
        x0, y0, x1, y1 = window
        painted = _warped(levels, quad - np.array([x0, y0], np.float32), (x1 - x0, y1 - y0))
        painted[..., :3] *= light
        rows = slice(y0 - self.top, y1 - self.top)
        columns = slice(x0 - self.left, x1 - self.left)
        part = self.layer[rows, columns]
        part *= 1 - painted[..., 3:]
        part += painted

    def dim(self, gains: NDArray[np.float32]) -> None:
        """Let only a part of the light, (H, W), fall on it."""
        self.layer[..., :3] *= gains[..., None]

    @property
    def corner(self) -> NDArray[np.float32]:
        """Where its top left is in the picture."""
        return np.array([self.left, self.top], np.float32)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in pixels."""
        return self.layer.shape[1], self.layer.shape[0]

    def smear(self, way: NDArray[np.float32]) -> None:
        """Smear everything along the way (x, y) that it goes while the shutter is open."""
        length = min(float(np.hypot(*way)), MOST_BLUR_PX)
        if length < LEAST_BLUR_PX:
            return
        kernel = streak(length, float(np.arctan2(way[1], way[0])))
        self.layer = np.asarray(cv2.filter2D(self.layer, -1, kernel), np.float32)

    def cover(self, picture: Tones) -> None:
        """Put it over the picture, float32 RGB (H, W, 3)."""
        height, width = picture.shape[:2]
        x0, y0 = max(0, self.left), max(0, self.top)
        x1 = min(width, self.left + self.layer.shape[1])
        y1 = min(height, self.top + self.layer.shape[0])
        if x1 <= x0 or y1 <= y0:
            return
        mine = self.layer[y0 - self.top : y1 - self.top, x0 - self.left : x1 - self.left]
        part = picture[y0:y1, x0:x1]
        part *= 1 - mine[..., 3:]
        part += mine[..., :3]

    def _window(self, quad: Quad) -> tuple[int, int, int, int] | None:
        """The whole pixels around the quad inside this sheet."""
        low, high = np.floor(quad.min(axis=0)) - 1, np.ceil(quad.max(axis=0)) + 1
        x0, y0 = max(self.left, int(low[0])), max(self.top, int(low[1]))
        x1 = min(self.left + self.layer.shape[1], int(high[0]))
        y1 = min(self.top + self.layer.shape[0], int(high[1]))
        return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def _warped(levels: Levels, quad: Quad, size: tuple[int, int]) -> Layer:
    """The layer in its place; small parts are drawn larger first, so that letters stay whole."""
    finer = _FINER if size[0] * size[1] < _SMALL_PX else 1
    wide = max(np.hypot(*(quad[1] - quad[0])), np.hypot(*(quad[2] - quad[3]))) * finer
    high = max(np.hypot(*(quad[3] - quad[0])), np.hypot(*(quad[2] - quad[1]))) * finer
    layer = levels.at_least(float(wide), float(high))
    height, width = layer.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source - 0.5, np.float32(finer) * quad - 0.5)
    large = (size[0] * finer, size[1] * finer)
    warped = cv2.warpPerspective(layer, matrix, large, flags=cv2.INTER_LINEAR)
    if finer == 1:
        return np.asarray(warped, np.float32)
    return np.asarray(cv2.resize(warped, size, interpolation=cv2.INTER_AREA), np.float32)
