"""Synthetic plates: formats of countries drawn as pixels, with every character's place known."""

from lpr_engine.training.synthetic.formats import ALPHABET, PlateFormat, plate_formats, plate_text
from lpr_engine.training.synthetic.plate import Plate, render_plate, render_text

__all__ = [
    "ALPHABET",
    "Plate",
    "PlateFormat",
    "plate_formats",
    "plate_text",
    "render_plate",
    "render_text",
]
