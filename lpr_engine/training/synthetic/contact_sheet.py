"""Many rendered plates side by side, to be looked at beside real ones."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.degradation import degrade
from lpr_engine.training.synthetic.plate import Plate, render_plate

_COLUMNS = 8
_TILE = (64, 200)


def contact_sheet(count: int, seed: int, *, degraded: bool = False) -> NDArray[np.uint8]:
    """Plates in rows of eight, uint8 RGB; plate number i depends on seed and i alone."""
    tiles = [_tile(np.random.default_rng((seed, number)), degraded) for number in range(count)]
    blank = np.zeros((*_TILE, 3), np.uint8)
    tiles += [blank] * (-count % _COLUMNS)
    rows = [np.hstack(tiles[i : i + _COLUMNS]) for i in range(0, len(tiles), _COLUMNS)]
    return np.asarray(np.vstack(rows), np.uint8)


def _tile(generator: np.random.Generator, degraded: bool) -> NDArray[np.uint8]:
    plate = render_plate(generator)
    image = _seen(plate, generator) if degraded else plate.image
    size = (_TILE[1], _TILE[0])
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _seen(plate: Plate, generator: np.random.Generator) -> NDArray[np.uint8]:
    crop = degrade(plate.image, plate.aspect, plate.centres, None, _TILE, generator)
    return crop.image
