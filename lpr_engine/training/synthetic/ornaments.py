"""What stands on American plates in the text's line: pictures, emblems, small letters, screws."""

from __future__ import annotations

import cv2

from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.looks import Thing
from lpr_engine.training.synthetic.scenery import draw_thing
from lpr_engine.training.synthetic.sheet import Sheet

_EMBLEMS = ("seal", "seal", "initials", "blobs", "wheel", "flag", "figure", "shield", "star")
_STACKS = (
    "TRK", "DLR", "DV", "NG", "CH", "MC", "SN", "LH", "US", "BR", "RT", "CT", "MSC", "VF", "WC",
    "LS", "LE", "HC", "WT", "DC", "TK", "FD", "PD", "EX", "TX",
)  # fmt: skip


def emblem(sheet: Sheet, box: Box) -> None:
    """The emblem of an organisation in any colour."""
    generator = sheet.generator
    red, green, blue = (int(v) for v in generator.integers(20, 200, 3))
    name = str(generator.choice(_EMBLEMS))
    ink = sheet.ink if name == "wheel" else (red, green, blue)
    draw_thing(sheet.image, Thing(name, (0.03, 0.05, 0.97, 0.95), ink), box, generator)


def fill_american(sheet: Sheet, sign: str, box: Box) -> None:
    """Fill a free place of the text's line: a picture, or small letters one above the other."""
    if sign == ":":
        _stack(sheet, box)
    elif sign == "^" and sheet.ornament is not None and sheet.generator.random() < 0.85:
        draw_thing(sheet.image, sheet.ornament, box, sheet.generator)


def _stack(sheet: Sheet, box: Box) -> None:
    """Two or three small signs, which are no part of the text."""
    left, top, right, bottom = box
    generator = sheet.generator
    signs = str(generator.choice(_STACKS))
    if generator.random() < 0.3:
        signs = str(generator.integers(10, 100))
    each = (bottom - top) / len(signs)
    for index, sign in enumerate(signs):
        start = top + round(index * each)
        sheet.write(sign, (left, start + 1, right, start + round(each) - 1), sheet.ink, "narrow")


def screws(sheet: Sheet) -> None:
    """Screws, or the slots of bolts, above and below the text."""
    generator = sheet.generator
    if generator.random() > 0.6:
        return
    shade = int(generator.uniform(20, 220))
    inset = float(generator.uniform(0.16, 0.26))
    for down in (0.09, 0.91):
        for across in (inset, 1 - inset):
            if generator.random() < 0.7:
                bolt(sheet, across, down, shade)


def bolt(sheet: Sheet, across: float, down: float, shade: int | None = None) -> None:
    """One grey screw at a part of the width and height."""
    generator = sheet.generator
    height, width = sheet.size
    grey = int(generator.uniform(20, 220)) if shade is None else shade
    radius = max(2, round(height * generator.uniform(0.02, 0.05)))
    at = (round(width * across), round(height * down))
    if generator.random() < 0.3:
        cv2.ellipse(sheet.image, at, (radius * 2, radius), 0, 0, 360, (grey,) * 3, -1, cv2.LINE_AA)
        return
    cv2.circle(sheet.image, at, radius, (grey, grey, grey), -1, cv2.LINE_AA)
