"""The layout of North American plates: a scene, words above and below, stickers, maybe a frame."""

from __future__ import annotations

from lpr_engine.training.synthetic.formats import PlateFormat
from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.ornaments import emblem
from lpr_engine.training.synthetic.scenery import (
    choose_look,
    frame,
    head_and_foot,
    scene,
    stickers,
)
from lpr_engine.training.synthetic.sheet import Sheet


def america(sheet: Sheet, plate_format: PlateFormat, spelling: str) -> list[Box]:
    """A look of the state; an emblem stands beside the text where the spelling has its place."""
    generator = sheet.generator
    height, width = sheet.size
    look = choose_look(plate_format.region, generator)
    sheet.ornament = look.middle
    scene(sheet, look)
    sheet.border(float(generator.uniform(0, 0.4)))
    top = round(height * generator.uniform(0.27, 0.37))
    bottom = min(top + round(height * generator.uniform(0.37, 0.51)), round(height * 0.84))
    head_and_foot(sheet, look, top, bottom)
    frame(sheet, top, bottom)
    stickers(sheet, top, bottom)
    left = round(width * generator.uniform(0.02, 0.07))
    right = width - round(width * generator.uniform(0.02, 0.07))
    # The line keeps a narrow place for an emblem; the rest of its width is taken from the line.
    more = round((bottom - top) * generator.uniform(0.25, 0.5))
    if spelling.startswith("|"):
        emblem(sheet, (left, top, left + more + (bottom - top) // 3, bottom))
        left += more
    elif spelling.endswith("|"):
        emblem(sheet, (right - more - (bottom - top) // 3, top, right, bottom))
        right -= more
    return [(left, top, right, bottom)]
