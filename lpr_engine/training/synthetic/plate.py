"""One rendered plate, from a format to pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.emblems import fill_place, finish
from lpr_engine.training.synthetic.formats import PlateFormat, choose_format, plate_text
from lpr_engine.training.synthetic.layouts import LAYOUTS, Area
from lpr_engine.training.synthetic.lettering import Line, face_for, line_style, set_line
from lpr_engine.training.synthetic.sheet import Sheet
from lpr_engine.training.synthetic.typefaces import Typeface

PLATE_HEIGHT_PX = 96


@dataclass(frozen=True, slots=True)
class Plate:
    """A clean plate: `image` uint8 RGB (H, W, 3); `centres` (n, 2) as parts of width and height."""

    image: NDArray[np.uint8]
    text: str
    centres: NDArray[np.float32]
    region: str
    spelling: str

    @property
    def aspect(self) -> float:
        """Width by height."""
        return float(self.image.shape[1] / self.image.shape[0])


def render_plate(
    generator: np.random.Generator, formats: tuple[PlateFormat, ...] | None = None
) -> Plate:
    """A plate of a random format with a random text; the generator's state decides everything."""
    return render_text(choose_format(generator, formats), None, generator)


def render_text(
    plate_format: PlateFormat, spelling: str | None, generator: np.random.Generator
) -> Plate:
    """A plate of this format with this spelling (`B|AB 1234`), or a random one."""
    spelled = spelling if spelling is not None else plate_format.spell(generator)
    aspect = plate_format.aspect * float(generator.uniform(0.93, 1.07))
    size = (PLATE_HEIGHT_PX, round(PLATE_HEIGHT_PX * aspect))
    colours = plate_format.colours[int(generator.integers(len(plate_format.colours)))]
    sheet = Sheet.blank(size, colours, generator)
    areas = LAYOUTS[plate_format.layout](sheet, plate_format, spelled)
    face = face_for(plate_format.faces, generator)
    lines = _lines(sheet, plate_format, spelled, areas, face)
    # Pictures are printed before the characters are pressed, which may reach over them.
    for line in lines:
        for sign, box in line.places:
            fill_place(sheet, sign, box, plate_format)
    _ink(sheet, lines)
    finish(sheet, plate_format.layout)
    centres = np.array([c for line in lines for c in line.centres], np.float32).reshape(-1, 2)
    centres /= np.array([size[1], size[0]], np.float32)
    return Plate(sheet.image, plate_text(spelled), centres, plate_format.region, spelled)


def _lines(
    sheet: Sheet, plate_format: PlateFormat, spelling: str, areas: list[Area], face: Typeface
) -> list[Line]:
    generator = sheet.generator
    style = line_style(
        generator,
        face,
        loose=plate_format.layout in {"america", "brazil"},
        letter_size=plate_format.letter_size,
    )
    shape = sheet.image.shape[:2]
    parts = spelling.split("/")
    return [
        set_line(part, area, face, style, generator, (shape[0], shape[1]))
        for part, area in zip(parts, areas, strict=True)
    ]


def _ink(sheet: Sheet, lines: list[Line]) -> None:
    generator = sheet.generator
    ink = lines[0].ink
    for line in lines[1:]:
        ink = np.maximum(ink, line.ink)
    if generator.random() < 0.3:
        ink = np.asarray(cv2.GaussianBlur(ink, (3, 3), 0), np.uint8)
    sheet.press(ink)
