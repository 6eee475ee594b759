"""What stands on American plates beside the text: pictures, emblems, stacked letters, screws."""

from __future__ import annotations

import cv2

from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.sheet import Sheet


def picture(sheet: Sheet, box: Box) -> None:
    """A small emblem: blobs in a few colours."""
    generator = sheet.generator
    left, top, right, bottom = box
    for _ in range(int(generator.integers(2, 6))):
        colour = tuple(int(v) for v in generator.uniform(20, 240, 3))
        centre = (int(generator.uniform(left, right)), int(generator.uniform(top, bottom)))
        axes = (
            max(1, int((right - left) * generator.uniform(0.1, 0.45))),
            max(1, int((bottom - top) * generator.uniform(0.08, 0.35))),
        )
        cv2.ellipse(
            sheet.image,
            centre,
            axes,
            float(generator.uniform(0, 180)),
            0,
            360,
            colour,
            -1,
            cv2.LINE_AA,
        )


def fill_american(sheet: Sheet, sign: str, box: Box) -> None:
    """Fill a free place of the text's line: a picture, or small letters one above the other."""
    left, top, right, bottom = box
    generator = sheet.generator
    if sign == ":":
        middle = (top + bottom) // 2
        for at in ((left, top, right, middle - 2), (left, middle + 2, right, bottom)):
            sheet.write(str(generator.choice(list("TRKDPCMEXSH"))), at, sheet.ink)
    elif generator.random() < 0.7:
        inset = (bottom - top) // 5
        picture(sheet, (left, top + inset, right, bottom - inset))


def screws(sheet: Sheet) -> None:
    """Screws, or the slots of bolts, above and below the text."""
    generator = sheet.generator
    if generator.random() > 0.55:
        return
    for down in (0.1, 0.9):
        for across in (0.22, 0.78):
            if generator.random() < 0.7:
                bolt(sheet, across, down)


def bolt(sheet: Sheet, across: float, down: float) -> None:
    """One grey screw at a part of the width and height."""
    height, width = sheet.size
    shade = int(sheet.generator.uniform(20, 220))
    radius = max(2, round(height * sheet.generator.uniform(0.02, 0.05)))
    at = (round(width * across), round(height * down))
    cv2.circle(sheet.image, at, radius, (shade, shade, shade), -1, cv2.LINE_AA)
