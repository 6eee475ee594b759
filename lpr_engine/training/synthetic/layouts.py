"""Layouts: each decorates a blank sheet and answers the boxes that the text's lines go into."""

from __future__ import annotations

from collections.abc import Callable

from lpr_engine.training.synthetic.america import america
from lpr_engine.training.synthetic.emblems import (
    country_strip,
    dealer_line,
    euro_band,
    town_strip,
)
from lpr_engine.training.synthetic.formats import PlateFormat
from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.sheet import Sheet

Area = Box
Layout = Callable[[Sheet, PlateFormat, str], list[Area]]


def europe(sheet: Sheet, plate_format: PlateFormat, spelling: str) -> list[Area]:
    """A blue band at the left (in Italy and France at the right too), a dealer's line below."""
    generator = sheet.generator
    height, width = sheet.size
    sheet.border(float(generator.uniform(0, 1)))
    rows = spelling.count("/") + 1
    left = right = round(height * generator.uniform(0.06, 0.16))
    bottom = 0
    if plate_format.band and generator.random() < 0.85:
        band = round(height * generator.uniform(0.3, 0.48) / rows)
        euro_band(sheet, 0, band, plate_format.band.strip("+"), 1.0 / rows)
        left = band + round(height * generator.uniform(0.04, 0.14)) if rows == 1 else left
        if plate_format.band.endswith("+") and rows == 1 and generator.random() < 0.8:
            euro_band(sheet, width - band, width, str(generator.integers(10, 99)), 1.0)
            right = band + round(height * 0.05)
    if generator.random() < 0.25:
        bottom = round(height * generator.uniform(0.08, 0.16))
        dealer_line(sheet, bottom)
    return _rows(sheet, rows, (left, round(height * generator.uniform(0.1, 0.17)), right, bottom))


def britain(sheet: Sheet, plate_format: PlateFormat, spelling: str) -> list[Area]:
    """White or yellow, mostly plain; sometimes a band, a border, or a dealer's line."""
    generator = sheet.generator
    height, _ = sheet.size
    rows = spelling.count("/") + 1
    if generator.random() < 0.35:
        sheet.border(1.0)
    left = right = round(height * generator.uniform(0.1, 0.35))
    if generator.random() < 0.3 and rows == 1:
        band = round(height * generator.uniform(0.32, 0.5))
        euro_band(sheet, 0, band, plate_format.band, 1.0)
        left = band + round(height * 0.1)
    bottom = 0
    if generator.random() < 0.4:
        bottom = round(height * generator.uniform(0.06, 0.12))
        dealer_line(sheet, bottom, plain=True)
    return _rows(sheet, rows, (left, round(height * generator.uniform(0.12, 0.22)), right, bottom))


def brazil(sheet: Sheet, _plate_format: PlateFormat, spelling: str) -> list[Area]:
    """The town's strip above, big letters below."""
    generator = sheet.generator
    height, _ = sheet.size
    sheet.border(float(generator.uniform(0, 1)))
    rows = spelling.count("/") + 1
    strip = round(height * generator.uniform(0.18, 0.28) / (1.3 if rows > 1 else 1))
    town_strip(sheet, strip)
    side = round(height * generator.uniform(0.08, 0.22))
    return _rows(
        sheet,
        rows,
        (side, strip + round(height * 0.07), side, round(height * generator.uniform(0.01, 0.06))),
    )


def mercosur(sheet: Sheet, _plate_format: PlateFormat, _spelling: str) -> list[Area]:
    """A blue strip with the country's name above the letters."""
    generator = sheet.generator
    height, _ = sheet.size
    sheet.border(0.7)
    strip = round(height * generator.uniform(0.2, 0.28))
    country_strip(sheet, strip)
    side = round(height * generator.uniform(0.08, 0.25))
    return _rows(sheet, 1, (side, strip + round(height * 0.07), side, 0))


def china(sheet: Sheet, _plate_format: PlateFormat, _spelling: str) -> list[Area]:
    """One line on blue, yellow or black, a thin light border."""
    generator = sheet.generator
    height, _ = sheet.size
    sheet.border(1.0)
    side = round(height * generator.uniform(0.06, 0.15))
    return _rows(sheet, 1, (side, round(height * generator.uniform(0.12, 0.2)), side, 0))


def _rows(sheet: Sheet, rows: int, margins: tuple[int, int, int, int]) -> list[Area]:
    """Boxes of equal rows inside left, top, right and bottom margins."""
    height, width = sheet.size
    left, top, right, extra = margins
    bottom = (
        height
        - extra
        - max(round(height * 0.09), top // 2 if extra else min(top, round(height * 0.17)))
    )
    space = round(height * float(sheet.generator.uniform(0.05, 0.1)))
    each = (bottom - top - space * (rows - 1)) // rows
    starts = [top + index * (each + space) for index in range(rows)]
    return [(left, start, max(left + 10, width - right), start + each) for start in starts]


LAYOUTS: dict[str, Layout] = {
    "europe": europe,
    "britain": britain,
    "america": america,
    "brazil": brazil,
    "mercosur": mercosur,
    "china": china,
}

__all__ = ["LAYOUTS", "Area", "Layout"]
