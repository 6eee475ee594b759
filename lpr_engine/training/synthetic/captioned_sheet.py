"""Drawn plates side by side, each with its text and region below."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.drawn_set import DrawnCrop
from lpr_engine.training.synthetic.strokes import StrokeStyle, stroke_glyph

_COLUMNS = 6
_PICTURE = (64, 240)
_TILE = (104, 256)
_EDGES = ((12, 0), (8, 8), (0, 0))
_PAPER = 246
_INK = (34, 48, 60)
_MUTED = (123, 135, 148)
_LEAST_EDGE_PX = 36
"""Captions of narrow plates reach beyond them, so that text and region stay apart."""
_SIGN_PX = 13
_SIGN_GAP_PX = 4
_STYLE = StrokeStyle(thickness=0.13, width=0.6)


def captioned_sheet(crops: Iterable[DrawnCrop]) -> NDArray[np.uint8]:
    """Plates in rows of six, in the shape they have, uint8 RGB."""
    tiles = [_tile(crop) for crop in crops]
    blank = np.full((*_TILE, 3), _PAPER, np.uint8)
    tiles += [blank] * (-len(tiles) % _COLUMNS)
    rows = [np.hstack(tiles[at : at + _COLUMNS]) for at in range(0, len(tiles), _COLUMNS)]
    return np.asarray(np.pad(np.vstack(rows), _EDGES, constant_values=_PAPER), np.uint8)


def _tile(crop: DrawnCrop) -> NDArray[np.uint8]:
    tile = np.full((*_TILE, 3), _PAPER, np.uint8)
    height, width = crop.image.shape[:2]
    scale = min(_PICTURE[0] / height, _PICTURE[1] / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    top, left = _PICTURE[0] - size[1], (_TILE[1] - size[0]) // 2
    tile[top : top + size[1], left : left + size[0]] = cv2.resize(
        crop.image, size, interpolation=way
    )
    edge = min(left, _LEAST_EDGE_PX)
    _write(tile, crop.text, edge, _INK)
    _write(tile, crop.region, _TILE[1] - edge - _width(crop.region), _MUTED)
    return tile


def _width(text: str) -> int:
    widths = [int(_glyph(sign).shape[1]) + _SIGN_GAP_PX for sign in text]
    return sum(widths) - _SIGN_GAP_PX


def _write(tile: NDArray[np.uint8], text: str, left: int, colour: tuple[int, int, int]) -> None:
    """Letters and digits drawn in strokes, which needs no installed font."""
    top = _PICTURE[0] + 9
    for sign in text:
        ink = _glyph(sign)
        place = tile[top : top + _SIGN_PX, left : left + ink.shape[1]]
        cover = ink[: place.shape[0], : place.shape[1], None].astype(np.float32) / 255
        place[:] = (place + (np.array(colour, np.float32) - place) * cover).astype(np.uint8)
        left += ink.shape[1] + _SIGN_GAP_PX


@lru_cache(maxsize=64)
def _glyph(sign: str) -> NDArray[np.uint8]:
    if not (sign.isascii() and sign.isalnum()):
        dash = np.zeros((_SIGN_PX, 6), np.uint8)
        dash[_SIGN_PX // 2] = 255
        return dash
    large = stroke_glyph(sign, _STYLE, 8 * _SIGN_PX)
    size = (max(2, round(large.shape[1] / 8)), _SIGN_PX)
    return np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), np.uint8)
