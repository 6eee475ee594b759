"""What stands between the groups of a plate's text: seals, shields, stickers, discs."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from lpr_engine.training.synthetic.formats import Colour
from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.sheet import Sheet

_BADGES: tuple[Colour, ...] = (
    (230, 120, 40), (40, 140, 70), (50, 90, 180), (225, 150, 160), (220, 200, 60), (130, 80, 50),
    (200, 60, 60),
)  # fmt: skip
_ARMS: tuple[Colour, ...] = (
    (200, 30, 40), (245, 245, 245), (30, 70, 170), (240, 200, 50), (20, 120, 70), (30, 30, 35),
)  # fmt: skip
_SILVER: Colour = (205, 206, 210)


def _pick(colours: tuple[Colour, ...], generator: np.random.Generator) -> Colour:
    return colours[int(generator.integers(len(colours)))]


def _seals(sheet: Sheet, box: Box) -> None:
    """Germany's: the inspection's badge above the state's seal, or one of them alone."""
    left, top, right, bottom = box
    generator = sheet.generator
    middle, height = (left + right) // 2, bottom - top
    radius = max(3, round(min((right - left) * 0.47, height * generator.uniform(0.18, 0.24))))
    if generator.random() < 0.8:
        _round_badge(sheet, (middle, top + round(height * 0.24)), radius, _pick(_BADGES, generator))
        _round_badge(sheet, (middle, top + round(height * 0.76)), radius, _SILVER)
        return
    level = top + round(height * generator.uniform(0.45, 0.78))
    _round_badge(sheet, (middle, level), max(radius, height // 5), _SILVER)


def _round_badge(sheet: Sheet, centre: tuple[int, int], radius: int, ground: Colour) -> None:
    generator = sheet.generator
    cv2.circle(sheet.image, centre, radius, ground, -1, cv2.LINE_AA)
    cv2.circle(sheet.image, centre, radius, (90, 90, 95), 1, cv2.LINE_AA)
    if ground == _SILVER and generator.random() < 0.7:
        half = max(2, radius // 2)
        shield = (centre[0] - half, centre[1] - half, centre[0] + half, centre[1] + half)
        _coat(sheet, shield)
        return
    cv2.circle(sheet.image, centre, max(1, radius // 3), _SILVER, -1, cv2.LINE_AA)


def _shield(sheet: Sheet, box: Box) -> None:
    """A coat of arms: as high as two thirds of the letters."""
    left, top, right, bottom = box
    generator = sheet.generator
    width = right - left
    height = round((bottom - top) * generator.uniform(0.4, 0.72))
    half = min(width // 2 - 1, max(3, round(height * 0.43)))
    middle, start = (left + right) // 2, (top + bottom - height) // 2
    _coat(sheet, (middle - half, start, middle + half, start + height))


def _coat(sheet: Sheet, box: Box) -> None:
    left, top, right, bottom = box
    generator = sheet.generator
    middle, waist = (left + right) // 2, top + (bottom - top) * 3 // 5
    outline = np.array(
        [(left, top), (right, top), (right, waist), (middle, bottom), (left, waist)], np.int32
    )
    field = _pick(_ARMS, generator)
    cv2.fillPoly(sheet.image, [outline], field, cv2.LINE_AA)
    if generator.random() < 0.35 and right - left > 8:
        _checks(sheet, (left, top, right, waist))
    charge = _pick(_ARMS, generator)
    centre = (middle, (top + bottom) // 2)
    axes = (max(1, (right - left) // 4), max(1, (bottom - top) // 4))
    cv2.ellipse(sheet.image, centre, axes, 0, 0, 360, charge, -1, cv2.LINE_AA)
    cv2.polylines(sheet.image, [outline], True, (60, 60, 65), 1, cv2.LINE_AA)


def _checks(sheet: Sheet, box: Box) -> None:
    left, top, right, bottom = box
    side = max(2, (right - left) // 5)
    rows, columns = np.mgrid[top:bottom, left:right] // side
    sheet.image[top:bottom, left:right][(rows + columns) % 2 == 0] = (235, 235, 235)


def _sticker(sheet: Sheet, box: Box) -> None:
    """Sweden's tax sticker: a small upright rectangle with a digit."""
    left, top, right, bottom = box
    generator = sheet.generator
    colour = _pick(_BADGES, generator)
    inset = round((bottom - top) * generator.uniform(0.0, 0.18))
    side = round((right - left) * 0.2)
    at = (left + side, top + inset, right - side, bottom - inset)
    cv2.rectangle(sheet.image, at[:2], at[2:], colour, -1)
    high = (at[3] - at[1]) // 4
    cv2.rectangle(sheet.image, (at[0], at[1] + high), (at[2], at[3] - high), (240, 240, 240), -1)
    digit = str(generator.integers(1, 13))
    sheet.write(digit, (at[0], at[1] + high + 2, at[2], at[3] - high - 2), (30, 30, 35))


def _discs(sheet: Sheet, box: Box) -> None:
    """Two small round stickers, as on Czech, Hungarian and Lithuanian plates."""
    left, top, right, bottom = box
    generator = sheet.generator
    radius = max(2, round((bottom - top) * generator.uniform(0.12, 0.17)))
    middle = (left + right) // 2
    bare = bool(generator.random() < 0.3)
    for part in (0.27, 0.68) if generator.random() < 0.75 else (0.48,):
        centre = (middle, top + round((bottom - top) * part))
        if bare:
            cv2.circle(sheet.image, centre, radius, (170, 170, 172), 1, cv2.LINE_AA)
            continue
        cv2.circle(sheet.image, centre, radius, _pick(_BADGES, generator), -1, cv2.LINE_AA)
        cv2.circle(sheet.image, centre, max(1, radius // 3), (235, 235, 235), -1, cv2.LINE_AA)


def _dot(sheet: Sheet, box: Box) -> None:
    """A small faint mark: Italy's emblem, Poland's hologram."""
    left, top, right, bottom = box
    generator = sheet.generator
    shade = int(generator.uniform(120, 200))
    radius = max(2, round((bottom - top) * generator.uniform(0.05, 0.09)))
    level = top + round((bottom - top) * generator.uniform(0.3, 0.6))
    centre = ((left + right) // 2, level)
    cv2.circle(sheet.image, centre, radius, (shade, shade, shade), -1, cv2.LINE_AA)


def _blank(_sheet: Sheet, _box: Box) -> None:
    """Nothing: a wide gap."""


PLACES: dict[str, Callable[[Sheet, Box], None]] = {
    "seals": _seals,
    "shield": _shield,
    "sticker": _sticker,
    "discs": _discs,
    "dot": _dot,
    "blank": _blank,
}
"""What may fill a `|`, by the name that packs give it."""

_PRESENT = 0.92


def fill_gap(sheet: Sheet, box: Box, place: str) -> None:
    """Fill the place between two groups, unless what stood there has come off."""
    if sheet.generator.random() < _PRESENT:
        PLACES[place](sheet, box)
