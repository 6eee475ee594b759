"""The layout of North American plates: a scene, words above and below, stickers, maybe a frame."""

from __future__ import annotations

from lpr_engine.training.synthetic.formats import PlateFormat
from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.ornaments import picture
from lpr_engine.training.synthetic.scenery import frame, scene, state_words, stickers
from lpr_engine.training.synthetic.sheet import Sheet


def america(sheet: Sheet, _plate_format: PlateFormat, _spelling: str) -> list[Box]:
    """A scene behind, the state above, a slogan below, stickers in corners, maybe a frame."""
    generator = sheet.generator
    height, width = sheet.size
    scene(sheet)
    sheet.border(float(generator.uniform(0, 0.6)))
    state_words(sheet)
    stickers(sheet)
    top = round(height * generator.uniform(0.24, 0.31))
    bottom = round(height * generator.uniform(0.74, 0.82))
    side = round(width * generator.uniform(0.03, 0.08))
    frame(sheet, top, bottom)
    if generator.random() < 0.15:
        picture(sheet, (side, top, side + (bottom - top) * 2 // 3, bottom))
        return [(side + (bottom - top) * 3 // 4, top, width - side, bottom)]
    return [(side, top, width - side, bottom)]
