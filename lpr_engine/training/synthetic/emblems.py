"""Bands, strips, seals, pictures, screws and dealers: what stands around the text."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.training.synthetic.formats import Colour
from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.ornaments import bolt, fill_american, screws
from lpr_engine.training.synthetic.sheet import Sheet
from lpr_engine.training.synthetic.words import plate_words

_BLUE = (20, 50, 150)


def euro_band(sheet: Sheet, left: int, right: int, code: str, part: float) -> None:
    """The blue strip with twelve stars and the country's letters."""
    generator = sheet.generator
    height = round(sheet.size[0] * part)
    colour = np.clip(np.array(_BLUE) + generator.normal(0, 18, 3), 0, 255).astype(np.uint8)
    sheet.image[:height, left:right] = colour
    band = right - left
    centre = (left + band // 2, round(height * 0.32))
    radius = round(band * generator.uniform(0.26, 0.36))
    light = (235, 200, 40) if generator.random() < 0.7 else (235, 235, 235)
    for angle in np.arange(12) * np.pi / 6:
        at = (
            centre[0] + round(radius * np.cos(angle)),
            centre[1] + round(radius * np.sin(angle)),
        )
        cv2.circle(sheet.image, at, max(1, band // 16), light, -1, cv2.LINE_AA)
    sheet.write(
        code, (left + 3, round(height * 0.66), right - 3, round(height * 0.9)), (240, 240, 245)
    )


def dealer_line(sheet: Sheet, height: int, *, plain: bool = False) -> None:
    """The bottom of a plate holder with a dealer's name."""
    rows, width = sheet.size
    generator = sheet.generator
    dark = generator.random() < 0.8
    if not plain:
        sheet.image[rows - height :] = (25, 25, 28) if dark else (215, 215, 215)
    text = str(generator.choice(plate_words().dealers))
    colour: Colour = (225, 225, 225) if dark and not plain else (50, 50, 60)
    margin = int(width * generator.uniform(0.1, 0.4))
    sheet.write(text, (margin, rows - height + 1, width - margin, rows - 1), colour)


def town_strip(sheet: Sheet, height: int) -> None:
    """A Brazilian plate's line with state and town."""
    generator = sheet.generator
    if generator.random() < 0.9:
        half = round(sheet.size[1] * generator.uniform(0.15, 0.32))
        middle = sheet.size[1] // 2
        top = round(height * generator.uniform(0.15, 0.3))
        sheet.write(
            str(generator.choice(plate_words().brazil_towns)),
            (middle - half, top, middle + half, height),
            sheet.ink,
        )


def country_strip(sheet: Sheet, height: int) -> None:
    """The blue strip of the Mercosur plate."""
    generator = sheet.generator
    sheet.image[:height] = np.clip(np.array(_BLUE) + generator.normal(0, 15, 3), 0, 255).astype(
        np.uint8
    )
    half = round(sheet.size[1] * generator.uniform(0.1, 0.2))
    middle = sheet.size[1] // 2
    sheet.write(
        str(generator.choice(["BRASIL", "BRASIL", "REPUBLICA ARGENTINA", "URUGUAY"])),
        (middle - half, height // 5, middle + half, height * 4 // 5),
        (240, 240, 245),
    )


def fill_place(sheet: Sheet, sign: str, box: Box, layout: str) -> None:
    """Fill a free place of the text's line: seals, an emblem, a province sign, stacked letters."""
    if layout == "america":
        fill_american(sheet, sign, box)
    elif sign == "*":
        sheet.write(
            str(sheet.generator.choice(list(plate_words().provinces))), box, sheet.ink, "han"
        )
    elif sheet.generator.random() < 0.85:
        _seals(sheet, box)


def _seals(sheet: Sheet, box: Box) -> None:
    left, top, right, bottom = box
    generator = sheet.generator
    count = int(generator.choice([1, 1, 2]))
    radius = round(min((right - left) * 0.46, (bottom - top) * (0.23 if count == 2 else 0.34)))
    for index in range(count):
        level = top + round(
            (bottom - top)
            * ((index * 2 + 1) / (count * 2) if count == 2 else generator.uniform(0.3, 0.7))
        )
        ring = tuple(
            int(v)
            for v in generator.choice(
                [
                    [200, 200, 205],
                    [230, 120, 40],
                    [40, 140, 70],
                    [50, 90, 180],
                    [200, 60, 60],
                    [220, 200, 60],
                ]
            )
        )
        centre = ((left + right) // 2, level)
        cv2.circle(sheet.image, centre, max(2, radius), ring, -1, cv2.LINE_AA)
        inner = tuple(int(v) for v in generator.uniform(30, 240, 3))
        cv2.circle(sheet.image, centre, max(1, radius // 2), inner, -1, cv2.LINE_AA)


def finish(sheet: Sheet, layout: str) -> None:
    """Screws, or the slots of bolts."""
    generator = sheet.generator
    if layout == "america":
        screws(sheet)
        return
    if generator.random() > 0.55:
        return
    level = 0.13 if layout == "brazil" else 0.5
    inset = 0.22 if layout == "brazil" else 0.03
    for across in (inset, 1 - inset):
        if generator.random() < 0.7:
            bolt(sheet, across, level)
