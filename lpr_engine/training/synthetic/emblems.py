"""Strips of words, dealers and screws: what stands around the text."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.training.synthetic.formats import Colour, PlateFormat
from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.ornaments import bolt, fill_american, screws
from lpr_engine.training.synthetic.seals import fill_gap
from lpr_engine.training.synthetic.sheet import Sheet
from lpr_engine.training.synthetic.typefaces import font_files, words
from lpr_engine.training.synthetic.words import plate_words

_BLUE = (20, 50, 150)


def dealer_line(sheet: Sheet, height: int, *, plain: bool = False) -> None:
    """The bottom of a plate holder with a dealer's name."""
    rows, width = sheet.size
    generator = sheet.generator
    dark = generator.random() < 0.8
    if not plain:
        sheet.image[rows - height :] = (25, 25, 28) if dark else (215, 215, 215)
    if not plain and generator.random() < 0.25:
        return
    text = str(generator.choice(plate_words().dealers))
    colour: Colour = (225, 225, 225) if dark and not plain else (50, 50, 60)
    margin = int(width * generator.uniform(0.1, 0.4))
    sheet.write(text, (margin, rows - height + 1, width - margin, rows - 1), colour)


def holder_rim(sheet: Sheet, thick: int) -> None:
    """The rim of a plate holder around the plate."""
    generator = sheet.generator
    shade = float(generator.choice([25, 30, 40, 190])) + generator.uniform(-8, 12)
    colour = np.clip(shade + generator.normal(0, 3, 3), 0, 255).astype(np.uint8)
    for edge in (
        sheet.image[:thick],
        sheet.image[-thick:],
        sheet.image[:, :thick],
        sheet.image[:, -thick:],
    ):
        edge[:] = colour


def words_line(sheet: Sheet, box: Box, options: tuple[str, ...], share: float = 0.32) -> None:
    """One of some words in the middle of a box; `share` is the most of its width they take."""
    left, top, right, bottom = box
    generator = sheet.generator
    half = round((right - left) * generator.uniform(share * 0.55, share))
    middle = (left + right) // 2
    text = options[int(generator.integers(len(options)))]
    sheet.write(text, (middle - half, top, middle + half, bottom), sheet.ink)


def town_strip(sheet: Sheet, height: int) -> None:
    """A Brazilian plate's line with state and town."""
    generator = sheet.generator
    if generator.random() < 0.9:
        top = round(height * generator.uniform(0.2, 0.35))
        foot = round(height * generator.uniform(0.75, 1.0))
        words_line(sheet, (0, top, sheet.size[1], foot), plate_words().brazil_towns, share=0.27)


def country_strip(sheet: Sheet, height: int, names: tuple[str, ...]) -> None:
    """The blue strip of the Mercosur plate, with a flag in its corner."""
    generator = sheet.generator
    ground = np.clip(np.array(_BLUE) + generator.normal(0, 15, 3), 0, 255)
    sheet.image[:height] = ground.astype(np.uint8)
    width = sheet.size[1]
    half = round(width * generator.uniform(0.1, 0.22))
    sheet.write(
        names[int(generator.integers(len(names)))],
        (width // 2 - half, height // 5, width // 2 + half, height * 4 // 5),
        (240, 240, 245),
    )
    if generator.random() < 0.8:
        edge = width - round(height * 1.4)
        flag = sheet.image[height // 5 : height * 4 // 5, edge : width - height // 3]
        flag[:] = generator.choice([[30, 150, 70], [120, 180, 230], [240, 240, 240], [200, 40, 40]])


def fill_place(sheet: Sheet, sign: str, box: Box, plate_format: PlateFormat) -> None:
    """Fill a free place of the text's line: seals, an emblem, a province sign, stacked letters."""
    if plate_format.layout == "america":
        fill_american(sheet, sign, box)
    elif sign == "*":
        provinces = plate_format.above or tuple(plate_words().provinces)
        _province(sheet, box, str(sheet.generator.choice(provinces)))
    else:
        fill_gap(sheet, box, plate_format.place)


def _province(sheet: Sheet, box: Box, sign: str) -> None:
    """A province's sign, drawn out to the height of the letters."""
    left, top, right, bottom = box
    files = font_files().get("han", ())
    if not files:
        return
    drawn = words(files[int(sheet.generator.integers(len(files)))], sign, 48)
    cover = cv2.resize(drawn, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    room = sheet.image[top:bottom, left:right]
    part = cover[: room.shape[0], : room.shape[1], None].astype(np.float32) / 255
    room[:] = (room + (np.array(sheet.ink, np.float32) - room) * part).astype(np.uint8)


def finish(sheet: Sheet, layout: str) -> None:
    """Screws, or the slots of bolts."""
    generator = sheet.generator
    if layout == "america":
        screws(sheet)
        return
    if generator.random() > 0.45:
        return
    levels, inset = _SCREWS.get(layout, ((0.5,), 0.03))
    for level in levels:
        for across in (inset, 1 - inset):
            if generator.random() < 0.7:
                bolt(sheet, across, level)


_SCREWS: dict[str, tuple[tuple[float, ...], float]] = {
    "brazil": ((0.1, 0.93), 0.24),
    "china": ((0.07, 0.94), 0.27),
    "mercosur": ((0.1,), 0.25),
    "worded": ((0.1, 0.92), 0.22),
}
"""Heights and distance from the side of the screws, where they are not at the ends."""
