"""Glyphs and words of font files as coverage masks; needs Pillow."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

_DRAWN_PX = 96


@lru_cache(maxsize=8192)
def font_glyph(path: str, character: str) -> NDArray[np.uint8] | None:
    """The trimmed glyph at a fixed size; None where the font has no such glyph."""
    font = _font(path, _DRAWN_PX)
    image = Image.new("L", (_DRAWN_PX * 3, _DRAWN_PX * 3), 0)
    ImageDraw.Draw(image).text((_DRAWN_PX, _DRAWN_PX // 2), character, fill=255, font=font)
    box = image.getbbox()
    if box is None:
        return None
    glyph = np.asarray(image.crop(box))
    return _without_descender(glyph, path, character)


def _without_descender(glyph: NDArray[np.uint8], path: str, character: str) -> NDArray[np.uint8]:
    """A Q or J with a tail brought to the height of an H, so that its body stays wide."""
    if character not in "QJ":
        return glyph
    reference = font_glyph(path, "H")
    if reference is None or glyph.shape[0] <= reference.shape[0] * 1.05:
        return glyph
    return np.asarray(cv2.resize(glyph, (glyph.shape[1], reference.shape[0])), np.uint8)


@lru_cache(maxsize=512)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def font_words(path: str, text: str, height: int) -> NDArray[np.uint8]:
    """Small lettering as coverage 0..255, trimmed to its ink."""
    image = Image.new("L", (height * (len(text) + 4), height * 3), 0)
    ImageDraw.Draw(image).text((height, height // 2), text, fill=255, font=_font(path, height))
    box = image.getbbox()
    return np.asarray(image.crop(box)) if box else np.zeros((height, height), np.uint8)
