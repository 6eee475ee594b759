"""Foreign pixel layouts to the engine's one: contiguous uint8 BGR."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.errors import PictureError
from lpr_engine.model.pixels import Pixels

_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def to_bgr(picture: NDArray[Any]) -> Pixels:
    """A decoded picture as contiguous uint8 BGR.

    Accepts uint8 or uint16, grey (H, W) or (H, W, 1), BGR (H, W, 3), BGRA (H, W, 4); 16 bits keep
    their upper half, transparency is dropped.

    Raises:
        PictureError: any other layout, or no pixels at all.
    """
    if picture.size == 0 or picture.ndim not in {2, 3}:
        raise PictureError(f"a picture cannot have shape {picture.shape}")
    eight_bit = _to_eight_bit(picture)
    channels = 1 if picture.ndim == 2 else picture.shape[2]
    if channels == 1:
        return np.asarray(cv2.cvtColor(eight_bit, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    if channels not in {3, 4}:
        raise PictureError(f"a picture cannot have {channels} channels")
    return np.ascontiguousarray(eight_bit[:, :, :3])


def rotated(picture: Pixels, degrees: int) -> Pixels:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees % 360 == 0:
        return picture
    return np.asarray(cv2.rotate(picture, _TURNS[degrees % 360]), dtype=np.uint8)


def _to_eight_bit(picture: NDArray[Any]) -> Pixels:
    if picture.dtype == np.uint8:
        return picture
    if picture.dtype == np.uint16:
        return (picture >> 8).astype(np.uint8)
    raise PictureError(f"a picture cannot have samples of type {picture.dtype}")
