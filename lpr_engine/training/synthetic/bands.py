"""Coloured strips of plates: Europe's blue with stars, flags, and the strips of other parts."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.training.synthetic.formats import Colour
from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.sheet import Sheet

_LIGHT: Colour = (238, 238, 242)
_GROUNDS: dict[str, Colour] = {
    "euro": (20, 50, 150),
    "plain": (22, 52, 150),
    "flag": (22, 52, 150),
    "halves": (30, 80, 180),
    "red": (185, 25, 35),
    "green": (20, 110, 60),
    "black": (25, 25, 28),
    "yellow": (240, 200, 40),
    "white": (235, 235, 235),
}
LOOKS = tuple(_GROUNDS)
_FLAGS: tuple[Colour, ...] = (
    (200, 30, 45), (245, 245, 245), (25, 70, 160), (20, 130, 70), (240, 200, 40), (30, 30, 30),
)  # fmt: skip


def band(sheet: Sheet, box: Box, code: str, look: str) -> None:
    """A strip in `box` with the country's letters below its stars or flag."""
    left, top, right, bottom = box
    generator = sheet.generator
    ground = np.array(_GROUNDS[look]) + generator.normal(0, 16, 3) + generator.uniform(-15, 25)
    sheet.image[top:bottom, left:right] = np.clip(ground, 0, 255).astype(np.uint8)
    height = bottom - top
    if look == "euro":
        _stars(sheet, (left, top, right, bottom))
    elif look == "halves":
        sheet.image[(top + bottom) // 2 : bottom, left:right] = (235, 205, 50)
    elif look == "flag":
        _flag(sheet, (left + 3, top + height // 8, right - 3, top + height * 2 // 5))
    ink: Colour = _LIGHT if float(ground.mean()) < 150 else (25, 25, 30)
    down = 0.64 if look in {"euro", "flag"} else float(generator.uniform(0.5, 0.68))
    letters = (left + 3, top + round(height * down), right - 3, top + round(height * (down + 0.24)))
    sheet.write(code, letters, ink)


def _stars(sheet: Sheet, box: Box) -> None:
    left, top, right, bottom = box
    generator = sheet.generator
    width = right - left
    centre = ((left + right) // 2, top + round((bottom - top) * 0.32))
    radius = round(width * generator.uniform(0.26, 0.36))
    light = (235, 200, 40) if generator.random() < 0.7 else (235, 235, 235)
    for angle in np.arange(12) * np.pi / 6:
        at = (
            centre[0] + round(radius * np.cos(angle)),
            centre[1] + round(radius * np.sin(angle)),
        )
        cv2.circle(sheet.image, at, max(1, width // 16), light, -1, cv2.LINE_AA)


def _flag(sheet: Sheet, box: Box) -> None:
    left, top, right, bottom = box
    generator = sheet.generator
    upright = bool(generator.random() < 0.4)
    for index in range(3):
        colour = _FLAGS[int(generator.integers(len(_FLAGS)))]
        if upright:
            ends = (left + (right - left) * index // 3, left + (right - left) * (index + 1) // 3)
            sheet.image[top:bottom, ends[0] : ends[1]] = colour
        else:
            ends = (top + (bottom - top) * index // 3, top + (bottom - top) * (index + 1) // 3)
            sheet.image[ends[0] : ends[1], left:right] = colour


def region_strip(sheet: Sheet, box: Box) -> None:
    """The second strip of Italian and French plates: a department, a province, a year's badge."""
    generator = sheet.generator
    left, top, right, bottom = box
    text = str(generator.integers(1, 96)).zfill(2)
    if generator.random() < 0.4:
        text = "".join(generator.choice(list("ABCEGMNOPRSTV"), 2))
    band(sheet, box, text, "plain")
    if generator.random() < 0.6:
        centre = ((left + right) // 2, top + round((bottom - top) * 0.28))
        badge = _FLAGS[int(generator.integers(len(_FLAGS)))]
        cv2.circle(sheet.image, centre, max(3, (right - left) // 3), badge, -1, cv2.LINE_AA)


def portugal_strip(sheet: Sheet, box: Box) -> None:
    """The yellow strip with the month and year of first registration."""
    generator = sheet.generator
    left, top, right, bottom = box
    sheet.image[top:bottom, left:right] = (238, 205, 40)
    middle = (top + bottom) // 2
    for number, (start, end) in zip(
        (generator.integers(90, 110) % 100, generator.integers(1, 13)),
        ((top + 4, middle - 3), (middle + 3, bottom - 4)),
        strict=True,
    ):
        sheet.write(f"{int(number):02d}", (left + 3, start, right - 3, end), (25, 25, 30))
