"""Many rendered plates side by side, to be looked at beside real ones."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.degradation import Severity, degrade
from lpr_engine.training.synthetic.plate import render_plate

Picture = NDArray[np.uint8]
_COLUMNS = 8
_TILE = (64, 200)
_SEEN = (48, 160)
"""The size in which crops are degraded and read, whatever they came in."""


def contact_sheet(
    count: int,
    seed: int,
    *,
    degraded: bool = False,
    level: float = 1.0,
    streets: Sequence[Picture] = (),
) -> Picture:
    """Plates in rows of eight, uint8 RGB; plate number i depends on seed and i alone.

    Degraded ones are seen through a camera of severity `level` (0..1) before one of `streets`,
    uint8 RGB pictures of any size.
    """
    hard = Severity.of(level) if degraded else None
    return _in_rows(_plates(count, seed, hard, streets))


def comparison_sheet(
    count: int,
    seed: int,
    real: Sequence[Picture],
    *,
    level: float = 1.0,
    streets: Sequence[Picture] = (),
) -> Picture:
    """Rows of four degraded plates and four of the `real` crops, uint8 RGB.

    Real crops are drawn by the seed, `count` of each kind where there are as many.
    """
    drawn = _plates(count, seed, Severity.of(level), streets)
    order = np.random.default_rng(seed).permutation(len(real))[:count]
    seen = [_resized(_resized(real[int(place)], _SEEN), _TILE) for place in order]
    half = _COLUMNS // 2
    blank = np.zeros((*_TILE, 3), np.uint8)
    tiles: list[Picture] = []
    for start in range(0, count, half):
        for kind in (drawn, seen):
            row = kind[start : start + half]
            tiles += row + [blank] * (half - len(row))
    return _in_rows(tiles)


def _in_rows(tiles: list[Picture]) -> Picture:
    tiles = tiles + [np.zeros((*_TILE, 3), np.uint8)] * (-len(tiles) % _COLUMNS)
    rows = [np.hstack(tiles[i : i + _COLUMNS]) for i in range(0, len(tiles), _COLUMNS)]
    return np.asarray(np.vstack(rows), np.uint8)


def _plates(
    count: int, seed: int, hard: Severity | None, streets: Sequence[Picture]
) -> list[Picture]:
    return [_tile(np.random.default_rng((seed, n)), hard, streets) for n in range(count)]


def _tile(
    generator: np.random.Generator, hard: Severity | None, streets: Sequence[Picture]
) -> Picture:
    plate = render_plate(generator)
    if hard is None:
        return _resized(plate.image, _TILE)
    street = _piece(streets[int(generator.integers(len(streets)))], generator) if streets else None
    # Plates wait in this size for training, so they are looked at in it as well.
    image = _resized(plate.image, (64, 256))
    crop = degrade(image, plate.aspect, plate.centres, street, _SEEN, generator, hard)
    return _resized(crop.image, _TILE)


def _piece(street: Picture, generator: np.random.Generator) -> Picture:
    """A part of a street, about as large as what stands around a plate."""
    rows, columns = street.shape[:2]
    high, wide = max(1, rows // 5), max(1, columns // 5)
    top, left = (
        int(generator.integers(rows - high + 1)),
        int(generator.integers(columns - wide + 1)),
    )
    return _resized(street[top : top + high, left : left + wide], _SEEN)


def _resized(image: Picture, size: tuple[int, int]) -> Picture:
    way = cv2.INTER_AREA if image.shape[1] > size[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (size[1], size[0]), interpolation=way), np.uint8)
