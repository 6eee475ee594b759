"""Pieces of street pictures that stand around plates while a reader learns."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

_PICTURES = 400


def surroundings(
    folders: Iterable[Path], count: int, size: tuple[int, int], seed: int
) -> NDArray[np.uint8]:
    """Random pieces of street pictures that stand around plates, uint8 RGB (count, *size, 3)."""
    files = [
        p
        for folder in folders
        for p in sorted(folder.rglob("*"))
        if p.suffix.lower() in {".jpg", ".png"}
    ]
    generator = np.random.default_rng(seed)
    pieces: list[NDArray[np.uint8]] = []
    each = max(1, -(-count // max(1, min(len(files), _PICTURES))))
    for index in generator.permutation(len(files))[:_PICTURES]:
        picture = cv2.imread(str(files[int(index)]), cv2.IMREAD_COLOR_RGB)
        if picture is not None:
            pieces += [_piece(np.asarray(picture, np.uint8), size, generator) for _ in range(each)]
        if len(pieces) >= count:
            break
    return np.stack(pieces[:count]) if pieces else np.zeros((0, *size, 3), np.uint8)


def _piece(
    picture: NDArray[np.uint8], size: tuple[int, int], generator: np.random.Generator
) -> NDArray[np.uint8]:
    rows, columns = picture.shape[:2]
    high = int(min(rows, generator.uniform(24, 160)))
    wide = int(min(columns, high * generator.uniform(1.5, 4.5)))
    top = int(generator.integers(0, rows - high + 1))
    left = int(generator.integers(0, columns - wide + 1))
    piece = picture[top : top + high, left : left + wide]
    return np.asarray(cv2.resize(piece, (size[1], size[0]), interpolation=cv2.INTER_AREA), np.uint8)
