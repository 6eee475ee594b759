"""Any array that may pass for a picture, in the one layout that vision works on."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels

_NOTHING = (1, 1, 3)


def as_pixels(picture: NDArray[Any]) -> Pixels:
    """The picture as uint8 BGR; what is so already comes back as it is.

    Grey pictures, with or without a channel axis, get three equal channels; alpha is dropped.
    16 bits are scaled down, floats up to 1 are scaled up, other numbers are cut off at 0 and 255,
    and what is no number is 0. A picture without pixels becomes one black pixel: it shows nothing.
    """
    if picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3 and picture.size:
        return picture
    if picture.ndim not in (2, 3) or not picture.size:
        return np.zeros(_NOTHING, np.uint8)
    bytes_ = np.ascontiguousarray(_as_bytes(picture))
    channels = 1 if bytes_.ndim == 2 else bytes_.shape[2]
    if channels < 3:
        grey = bytes_.reshape(*bytes_.shape[:2], channels)[..., 0]
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(grey), cv2.COLOR_GRAY2BGR), np.uint8)
    return np.ascontiguousarray(bytes_[..., :3])


def thickened(pixels: Pixels, height: int, width: int) -> Pixels:
    """The crop, stretched across if it is so thin that nothing of it would be left in that size.

    Only for shrinking that keeps the aspect; a side must be half a pixel then to be one.
    """
    rows, columns = pixels.shape[:2]
    least = math.ceil(max(rows / height, columns / width))
    if min(rows, columns) >= least:
        return pixels
    size = (max(columns, least), max(rows, least))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _as_bytes(picture: NDArray[Any]) -> NDArray[np.uint8]:
    kind = picture.dtype
    if kind == np.uint8:
        return np.asarray(picture, np.uint8)
    if kind == np.uint16:
        return np.asarray(picture >> 8, np.uint8)
    if kind == np.bool_:
        return np.asarray(picture * np.uint8(255), np.uint8)
    if not np.issubdtype(kind, np.integer) and not np.issubdtype(kind, np.floating):
        return np.zeros(picture.shape, np.uint8)
    numbers = np.nan_to_num(picture.astype(np.float64), nan=0.0, posinf=255.0, neginf=0.0)
    if np.issubdtype(kind, np.floating) and numbers.max() <= 1:
        numbers = numbers * 255
    return np.clip(np.rint(numbers), 0, 255).astype(np.uint8)
