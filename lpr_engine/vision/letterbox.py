"""Pictures of any shape fitted into a detector's input, and boxes mapped back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.shrinking import shrunk

STRIDE_PX = 32
PAD_VALUE = 114


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How one picture lies in the input: scaled to `content`, centred in `input`; all (w, h) px."""

    picture: tuple[int, int]
    content: tuple[int, int]
    input: tuple[int, int]

    @classmethod
    def into(cls, picture: tuple[int, int], input_wh: tuple[int, int]) -> Letterbox:
        """Fit a picture (w, h) into an input of fixed size."""
        scale = min(input_wh[0] / picture[0], input_wh[1] / picture[1])
        return cls(picture, _scaled(picture, scale), input_wh)

    @classmethod
    def along(cls, picture: tuple[int, int], long_side_px: int) -> Letterbox:
        """Scale a picture's long side to that length; pad both sides to the network's stride."""
        scale = long_side_px / max(picture)
        content = _scaled(picture, scale)
        return cls(picture, content, (_padded(content[0]), _padded(content[1])))

    @property
    def offset(self) -> tuple[int, int]:
        """Where the content's upper left corner lies in the input."""
        return (self.input[0] - self.content[0]) // 2, (self.input[1] - self.content[1]) // 2

    def apply(self, pixels: Pixels) -> Pixels:
        """The input as uint8 BGR, shape (input height, input width, 3)."""
        width, height = self.content
        left, top = self.offset
        canvas = np.full((self.input[1], self.input[0], 3), PAD_VALUE, np.uint8)
        canvas[top : top + height, left : left + width] = shrunk(pixels, width, height)
        return canvas

    def restore(self, boxes_xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes of the input, shape (n, 4), as boxes of the picture, clipped to it."""
        limits = np.tile(np.array(self.picture, np.float32), 2)
        scale = np.tile(np.array(self.picture, np.float64) / np.array(self.content), 2)
        boxes = (boxes_xyxy - np.tile(np.array(self.offset), 2)) * scale
        return np.asarray(np.clip(boxes, 0, limits), np.float32)


def network_input(canvases: Sequence[Pixels], dtype: type[np.floating]) -> NDArray[np.floating]:
    """Equal canvases as one batch: RGB, 0..1, shape (n, 3, height, width)."""
    batch = cv2.dnn.blobFromImages(list(canvases), scalefactor=1 / 255, swapRB=True)
    return np.asarray(batch, dtype)


def _scaled(picture: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))


def _padded(length_px: int) -> int:
    return math.ceil(length_px / STRIDE_PX) * STRIDE_PX
