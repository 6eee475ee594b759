"""Layouts: each decorates a blank sheet and answers the boxes that the text's lines go into."""

from __future__ import annotations

from collections.abc import Callable

from lpr_engine.training.synthetic.america import america
from lpr_engine.training.synthetic.bands import band, portugal_strip, region_strip
from lpr_engine.training.synthetic.emblems import (
    country_strip,
    dealer_line,
    holder_rim,
    town_strip,
    words_line,
)
from lpr_engine.training.synthetic.formats import PlateFormat
from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.sheet import Sheet

Area = Box
Layout = Callable[[Sheet, PlateFormat, str], list[Area]]


def europe(sheet: Sheet, plate_format: PlateFormat, spelling: str) -> list[Area]:
    """A strip at the left (sometimes at the right too), a holder's rim, a dealer's line below."""
    generator = sheet.generator
    height, width = sheet.size
    rows = spelling.count("/") + 1
    sheet.border(float(generator.uniform(0, 1)))
    rim, bottom = _holder(sheet)
    side = rim + round(height * generator.uniform(0.05, 0.14))
    room = [side, rim, width - side, height - bottom]
    first_left = side
    if plate_format.band and generator.random() < 0.87:
        first_left = _bands(sheet, plate_format, rows, room, rim)
    areas = _rows(sheet, plate_format, rows, (room[0], room[1], room[2], room[3]))
    top_row = areas[0]
    areas[0] = (max(top_row[0], first_left), *top_row[1:])
    return areas


def _bands(sheet: Sheet, plate_format: PlateFormat, rows: int, room: list[int], rim: int) -> int:
    """Draw the strips and take their room; the left edge that the first row has then."""
    generator = sheet.generator
    height, width = sheet.size
    code = plate_format.band.strip("+")
    strip = round(height * generator.uniform(0.3, 0.44) / (1 if rows == 1 else 1.7))
    low = room[3] if rows == 1 else room[1] + (room[3] - room[1]) // 2
    if plate_format.band.startswith("+"):
        band(sheet, (width - rim - strip, rim, width - rim, room[3]), code, plate_format.band_look)
        room[2] = width - rim - strip - round(height * 0.06)
        return room[0]
    band(sheet, (rim, rim, rim + strip, low), code, plate_format.band_look)
    edge = rim + strip + round(height * generator.uniform(0.03, 0.12))
    if rows > 1:
        return edge
    room[0] = edge
    if plate_format.band.endswith("+") and generator.random() < 0.8:
        right = (width - rim - strip, rim, width - rim, room[3])
        (portugal_strip if plate_format.region == "PT" else region_strip)(sheet, right)
        room[2] = width - rim - strip - round(height * 0.05)
    return edge


def _holder(sheet: Sheet) -> tuple[int, int]:
    """Sometimes a plate holder; thickness of its rim and of its lower edge."""
    generator = sheet.generator
    height, _ = sheet.size
    rim = 0
    if generator.random() < 0.3:
        rim = round(height * generator.uniform(0.02, 0.06))
        holder_rim(sheet, rim)
    if generator.random() > (0.6 if rim else 0.18):
        return rim, rim
    bottom = round(height * generator.uniform(0.09, 0.17))
    dealer_line(sheet, bottom)
    return rim, bottom


def britain(sheet: Sheet, plate_format: PlateFormat, spelling: str) -> list[Area]:
    """White or yellow, mostly plain; sometimes a band, a border, or a dealer's line."""
    generator = sheet.generator
    height, width = sheet.size
    rows = spelling.count("/") + 1
    if generator.random() < 0.35:
        sheet.border(1.0)
    rim = 0
    if generator.random() < 0.2:
        rim = round(height * generator.uniform(0.02, 0.05))
        holder_rim(sheet, rim)
    left = right = round(height * generator.uniform(0.08, 0.35 if rows == 1 else 0.2))
    if generator.random() < 0.3 and rows == 1:
        strip = round(height * generator.uniform(0.32, 0.46))
        look = str(generator.choice(["euro", "plain", "flag", "green"]))
        band(sheet, (rim, rim, rim + strip, height - rim), plate_format.band, look)
        left = rim + strip + round(height * 0.08)
    bottom = rim
    if generator.random() < 0.4:
        bottom = round(height * generator.uniform(0.06, 0.12))
        dealer_line(sheet, bottom, plain=True)
    return _rows(sheet, plate_format, rows, (left, rim, width - right, height - bottom))


def brazil(sheet: Sheet, plate_format: PlateFormat, spelling: str) -> list[Area]:
    """The town's strip above, big letters below."""
    generator = sheet.generator
    height, width = sheet.size
    sheet.border(float(generator.uniform(0, 1)))
    rows = spelling.count("/") + 1
    strip = round(height * generator.uniform(0.18, 0.28) / (1.3 if rows > 1 else 1))
    town_strip(sheet, strip)
    side = round(height * generator.uniform(0.06, 0.2))
    bottom = height - round(height * generator.uniform(0.02, 0.1))
    return _rows(sheet, plate_format, rows, (side, strip, width - side, bottom))


def mercosur(sheet: Sheet, plate_format: PlateFormat, spelling: str) -> list[Area]:
    """A blue strip with the country's name above the letters."""
    generator = sheet.generator
    height, width = sheet.size
    sheet.border(0.7)
    rows = spelling.count("/") + 1
    strip = round(height * generator.uniform(0.18, 0.27) / (1.2 if rows > 1 else 1))
    country_strip(sheet, strip, plate_format.above)
    side = round(height * generator.uniform(0.06, 0.2))
    return _rows(sheet, plate_format, rows, (side, strip, width - side, height))


def china(sheet: Sheet, plate_format: PlateFormat, spelling: str) -> list[Area]:
    """A thin light border around one line, or around a small line above a large one."""
    generator = sheet.generator
    height, width = sheet.size
    sheet.border(1.0)
    side = round(height * generator.uniform(0.05, 0.15))
    if "/" not in spelling:
        return _rows(sheet, plate_format, 1, (side, 0, width - side, height))
    waist = round(height * generator.uniform(0.34, 0.4))
    top = round(height * generator.uniform(0.06, 0.1))
    inset = round(width * generator.uniform(0.16, 0.24))
    low = height - round(height * generator.uniform(0.07, 0.11))
    return [(inset, top, width - inset, waist), (side, waist + 5, width - side, low)]


def worded(sheet: Sheet, plate_format: PlateFormat, spelling: str) -> list[Area]:
    """Words above or below the text, maybe a strip; any plate with a name of a place on it."""
    generator = sheet.generator
    height, width = sheet.size
    rows = spelling.count("/") + 1
    sheet.border(float(generator.uniform(0, 1)))
    rim, foot = _holder(sheet) if generator.random() < 0.4 else (0, 0)
    side = rim + round(height * generator.uniform(0.05, 0.16))
    room = [side, rim, width - side, height - foot]
    first_left = side
    if plate_format.band and generator.random() < 0.9:
        first_left = _bands(sheet, plate_format, rows, room, rim)
    strip = round(height * generator.uniform(0.14, 0.2) / (1.25 if rows > 1 else 1))
    if plate_format.above and generator.random() < 0.92:
        words_line(sheet, (room[0], rim + 4, room[2], rim + strip), plate_format.above)
        room[1] = rim + strip
    if plate_format.below and generator.random() < 0.92:
        words_line(sheet, (room[0], room[3] - strip, room[2], room[3] - 4), plate_format.below)
        room[3] -= strip
    areas = _rows(sheet, plate_format, rows, (room[0], room[1], room[2], room[3]))
    areas[0] = (max(areas[0][0], first_left), *areas[0][1:])
    return areas


def _rows(sheet: Sheet, plate_format: PlateFormat, rows: int, room: Box) -> list[Area]:
    """Boxes of equal rows in the middle of a room, as high as the format's letters are."""
    generator = sheet.generator
    left, top, right, bottom = room
    share = float(generator.uniform(*plate_format.cap))
    slot = (bottom - top) / rows
    wished = sheet.size[0] * share if rows == 1 else slot * max(share, 0.72)
    high = max(8, round(min(wished, slot * (0.88 if rows == 1 else 0.9))))
    shift = float(generator.uniform(-0.25, 0.25)) * (slot - high) if rows == 1 else 0.0
    starts = [round(top + slot * index + (slot - high) / 2 + shift) for index in range(rows)]
    return [(left, start, max(left + 10, right), start + high) for start in starts]


LAYOUTS: dict[str, Layout] = {
    "europe": europe,
    "britain": britain,
    "america": america,
    "brazil": brazil,
    "mercosur": mercosur,
    "china": china,
    "worded": worded,
}

__all__ = ["LAYOUTS", "Area", "Layout"]
