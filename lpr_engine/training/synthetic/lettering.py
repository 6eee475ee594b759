"""A spelling set as a line of ink: glyphs, gaps, separators, and every character's centre."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.formats import ALPHABET
from lpr_engine.training.synthetic.typefaces import Typeface, choose_typeface

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How the glyphs of one line stand."""

    stretch: float
    tracking: float
    gap: float
    fixed_pitch: bool
    align: float
    dash_width: float
    dash_level: float
    letter_size: float = 1.0
    """Height of letters as a part of the line's; smaller ones stand on its foot."""
    weight: int = 0
    """Pixels that strokes are bolder (> 0) or lighter (< 0) by."""


@dataclass(slots=True)
class Line:
    """Ink of one line in a plate, and where things are: centres and places in plate pixels."""

    ink: NDArray[np.uint8]
    centres: list[tuple[float, float]] = field(default_factory=list)
    places: list[tuple[str, Box]] = field(default_factory=list)
    """Free places (`|`, `^`, `*`, `:`) that the layout fills with pictures."""


_WEIGHTS = (-2, -1, 0, 0, 0, 0, 1, 1, 2)
_MEASURED_WEIGHTS = (-1, 0, 0, 0, 0, 0, 1, 2)
_SMALL = 0.72
"""Height of the characters behind a `!`."""
_PLACE_WIDTH = {"|": 0.42, "^": 0.5, "*": 0.58, ":": 0.34}


def line_style(
    generator: np.random.Generator, face: Typeface, *, loose: bool = False, letter_size: float = 1.0
) -> LineStyle:
    """Random spacing; `loose` for plates whose letters fill the width."""
    uniform = generator.uniform
    # A plate's own lettering has its proportions; any other comes near in one of many widths.
    measured = bool(face.style.widths) or face.die is not None
    return LineStyle(
        stretch=float(uniform(0.93, 1.08) if measured else uniform(0.75, 1.2)),
        tracking=float(uniform(0.08, 0.24 if loose else 0.19)),
        gap=float(uniform(0.18, 0.5)),
        fixed_pitch=face.pitched or (not measured and bool(generator.random() < 0.35)),
        align=float(generator.choice([0.5, 0.5, 0.5, 0.5, 0.5, 0.0, 1.0])),
        dash_width=float(uniform(0.14, 0.34)),
        dash_level=float(uniform(0.44, 0.58)),
        letter_size=letter_size,
        weight=int(generator.choice(_MEASURED_WEIGHTS if measured else _WEIGHTS)),
    )


def set_line(
    spelling: str,
    box: Box,
    face: Typeface,
    style: LineStyle,
    generator: np.random.Generator,
    shape: tuple[int, int],
) -> Line:
    """Set `spelling` into `box` of a plate of `shape` (height, width), narrowed if it has to be."""
    height = box[3] - box[1]
    tail = spelling.find("!")
    pieces = [
        _piece(sign, height, face, style, small=0 <= tail < index)
        for index, sign in enumerate(spelling)
    ]
    if style.fixed_pitch:
        pieces = _same_pitch(pieces, spelling)
    spacing = style.tracking * height
    natural = sum(p.shape[1] for p in pieces) + spacing * (len(pieces) - 1)
    room = box[2] - box[0]
    squeeze = min(1.0, room / natural)
    spread = min(
        spacing * 1.2,
        max(0.0, room - natural) / max(1, len(pieces)) * float(generator.uniform(0, 1)),
    )
    step = (spacing * squeeze) + spread
    used = natural * squeeze + spread * (len(pieces) - 1)
    cursor = box[0] + (room - used) * style.align
    line = Line(np.zeros(shape, np.uint8))
    for sign, piece in zip(spelling, pieces, strict=True):
        width = max(2, round(piece.shape[1] * squeeze))
        _place(line, sign, piece, (cursor, box[1], width, height))
        cursor += piece.shape[1] * squeeze + step
    line.ink = weighted(line.ink, style.weight)
    return line


def _piece(
    sign: str, height: int, face: Typeface, style: LineStyle, *, small: bool
) -> NDArray[np.uint8]:
    if sign in ALPHABET:
        return _glyph(sign, height, face, style, small=small)
    if sign in _PLACE_WIDTH:
        return np.zeros((height, max(2, round(height * _PLACE_WIDTH[sign]))), np.uint8)
    if sign == " ":
        return np.zeros((height, max(2, round(height * style.gap))), np.uint8)
    return _separator(sign, height, style)


def _glyph(
    sign: str, height: int, face: Typeface, style: LineStyle, *, small: bool
) -> NDArray[np.uint8]:
    """A character in the line's full height: at its foot, or at its head behind a `!`."""
    size = _SMALL if small else (style.letter_size if sign.isalpha() else 1.0)
    own = max(6, round(height * size))
    glyph = face.glyph(sign, own)
    width = max(2, round(glyph.shape[1] * style.stretch))
    drawn = np.asarray(cv2.resize(glyph, (width, own), interpolation=cv2.INTER_AREA), np.uint8)
    rest = height - own
    return np.pad(drawn, ((0, rest) if small else (rest, 0), (0, 0)))


def _separator(sign: str, height: int, style: LineStyle) -> NDArray[np.uint8]:
    level = round(height * style.dash_level)
    thick = max(2, round(height * 0.12))
    if sign == "!":
        return np.pad(np.full((height, 2), 255, np.uint8), ((0, 0), (2, 2)))
    if sign == "-":
        piece = np.zeros((height, max(3, round(height * style.dash_width))), np.uint8)
        piece[level - thick // 2 : level + thick // 2 + 1] = 255
        return piece
    piece = np.zeros((height, thick + 2), np.uint8)
    cv2.circle(piece, ((thick + 2) // 2, level), max(1, thick // 2), 255, -1, cv2.LINE_AA)
    return piece


def _same_pitch(pieces: list[NDArray[np.uint8]], spelling: str) -> list[NDArray[np.uint8]]:
    widths = [p.shape[1] for p, s in zip(pieces, spelling, strict=True) if s in ALPHABET]
    pitch = max(widths, default=2)
    return [
        _padded(p, pitch) if s in ALPHABET else p for p, s in zip(pieces, spelling, strict=True)
    ]


def _padded(piece: NDArray[np.uint8], pitch: int) -> NDArray[np.uint8]:
    left = (pitch - piece.shape[1]) // 2
    return np.pad(piece, ((0, 0), (left, pitch - piece.shape[1] - left)))


def _place(
    line: Line, sign: str, piece: NDArray[np.uint8], at: tuple[float, int, int, int]
) -> None:
    left, top, width, height = round(at[0]), at[1], at[2], at[3]
    right = min(left + width, line.ink.shape[1])
    left = max(left, 0)
    if right - left < 2:
        return
    if sign in _PLACE_WIDTH:
        line.places.append((sign, (left, top, right, top + height)))
        return
    drawn = cv2.resize(piece, (right - left, height), interpolation=cv2.INTER_AREA)
    region = line.ink[top : top + height, left:right]
    np.maximum(region, drawn[: region.shape[0]], out=region)
    if sign in ALPHABET:
        line.centres.append(((left + right) / 2, top + height / 2))


def weighted(ink: NDArray[np.uint8], weight: int) -> NDArray[np.uint8]:
    """Ink made bolder (weight > 0) or lighter (< 0), in pixels of stroke."""
    if weight == 0:
        return ink
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(weight) + 1, abs(weight) + 1))
    return np.asarray(cv2.dilate(ink, kernel) if weight > 0 else cv2.erode(ink, kernel), np.uint8)


def face_for(kinds: tuple[str, ...], generator: np.random.Generator) -> Typeface:
    """A typeface of one of these kinds."""
    return choose_typeface(str(generator.choice(list(kinds))), generator)
