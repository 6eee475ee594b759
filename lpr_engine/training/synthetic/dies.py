"""The letter dies of American plates: one family of shapes for each maker, drawn as strokes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.die_shapes import FEET, FORMS, Form, Stroke

_OVERSIZE = 2
# How wide a character is beside an H of the same die.
_RELATIVE_WIDTH = {"I": 0.62, "1": 0.5, "J": 0.92, "L": 0.92, "M": 1.14, "W": 1.2, "T": 1.02}
_PLAIN_I = 1
_FOOTED_ONE = 1


@dataclass(frozen=True, slots=True)
class Die:
    """One maker's alphabet; lengths are parts of the cap height."""

    width: float = 0.5
    thickness: float = 0.125
    radius: float = 0.3
    round_ends: bool = True
    feet: bool = False
    forms: str = ""
    """Characters that have another form than the common one, each followed by its number."""
    letter_o: float = 1.0
    """Corner radius of the letter O beside that of the zero; below 1 it is boxier."""
    zero_width: float = 1.0
    """Width of the zero beside that of the letter O."""

    def form(self, character: str) -> Form:
        """The strokes of a character."""
        at = self.forms[::2].find(character)
        return FORMS[character][int(self.forms[2 * at + 1]) if at >= 0 else 0]


DIES: dict[str, Die] = {
    # California, Illinois and many others: thin, round, wide.
    "us_plain": Die(0.52, 0.115, 0.3, letter_o=0.7),
    "us_plain_narrow": Die(0.46, 0.115, 0.3, forms="M1Q1", letter_o=0.8),
    # Washington, Nevada, Louisiana, Georgia: bolder, very round.
    "us_round": Die(0.52, 0.14, 0.42, forms="A061", letter_o=0.8),
    "us_bold": Die(0.48, 0.155, 0.32, forms="M0W1", letter_o=0.7),
    "us_tall": Die(0.42, 0.125, 0.26, forms="6291W2", letter_o=0.8),
    # Texas, Connecticut, Minnesota: narrow and heavy with flat ends.
    "us_flat": Die(0.45, 0.148, 0.26, round_ends=False, forms="6291", letter_o=0.7),
    # Delaware, Montana, Vermont and older dies: boxy.
    "us_boxy": Die(0.46, 0.13, 0.16, forms="62924231G1", letter_o=1.0),
    # Virginia and South Carolina: small feet on letters.
    "us_feet": Die(0.46, 0.125, 0.26, feet=True, forms="I011J1G1", letter_o=0.9),
    # Colorado, Wyoming, Utah: a square, wide hand.
    "us_square": Die(0.54, 0.15, 0.2, forms="A0M2W1R1", letter_o=0.6),
    # Florida, Missouri: narrow zero, wide O.
    "us_narrow_zero": Die(0.5, 0.14, 0.3, forms="41", letter_o=0.9, zero_width=0.86),
    # Zeroes with a stroke through them.
    "us_slashed": Die(0.48, 0.135, 0.28, forms="01", letter_o=0.7),
    # Flat plates of the 2010s, printed with a plain sans serif.
    "us_printed": Die(0.5, 0.14, 0.36, round_ends=False, forms="I16291", letter_o=1.2),
    "us_light": Die(0.5, 0.1, 0.36, forms="I16191", letter_o=0.9),
}


def cut_die(kind: str, generator: np.random.Generator) -> Die:
    """The family's die as one plant cuts it: a little wider, heavier or rounder."""
    die = DIES[kind]
    forms = die.forms
    for character in "AGKMQRSWY23456791":
        if character not in forms[::2] and generator.random() < 0.15:
            forms += character + str(int(generator.integers(len(FORMS[character]))))
    return replace(
        die,
        width=round(die.width * float(generator.choice([0.92, 0.97, 1.0, 1.04, 1.1])), 3),
        thickness=round(die.thickness * float(generator.choice([0.72, 0.82, 0.9, 0.98, 1.1])), 3),
        radius=round(die.radius * float(generator.choice([0.75, 1.0, 1.25])), 3),
        forms=forms,
    )


@lru_cache(maxsize=4096)
def die_glyph(character: str, die: Die, height: int) -> NDArray[np.uint8]:
    """Coverage 0..255 of one character, shape (height, natural width)."""
    form = die.form(character)
    tall = height * _OVERSIZE
    thickness = max(2.0, die.thickness * tall)
    wide = math.ceil(_width_of(character, die, form) * tall + thickness * 0.2)
    canvas = np.zeros((tall, max(wide, math.ceil(thickness) + 1)), np.uint8)
    inner = (canvas.shape[1] - thickness, tall - thickness)
    radius = die.radius * tall * (die.letter_o if character in "OQ" else 1.0)
    for stroke in form:
        _paint(canvas, _rounded(stroke, inner, radius) + thickness / 2, thickness, die)
    if die.feet:
        _paint_feet(canvas, character, inner, thickness)
    return np.asarray(
        cv2.resize(
            canvas,
            (max(2, round(canvas.shape[1] / _OVERSIZE)), height),
            interpolation=cv2.INTER_AREA,
        ),
        np.uint8,
    )


def _width_of(character: str, die: Die, form: Form) -> float:
    if len(form) == 1 and len({point[0] for point in form[0]}) == 1:
        return die.thickness
    if character == "0":
        return die.width * die.zero_width
    if character == "1" and len(form) > 1:
        return die.width * 0.7
    return die.width * _RELATIVE_WIDTH.get(character, 1.0)


def _rounded(stroke: Stroke, inner: tuple[float, float], radius: float) -> NDArray[np.float64]:
    """Points of the stroke in pixels, with curves in place of its round corners."""
    corners = np.array([point[:2] for point in stroke], np.float64) * inner
    free = [len(point) == 3 for point in stroke]
    free[0] = free[-1] = True
    parts = [corners[:1]]
    for index in range(1, len(corners) - 1):
        if len(stroke[index]) == 3:
            parts.append(corners[index : index + 1])
            continue
        # Two curves share the leg between them; an end or a sharp corner leaves all of it to one.
        shares = (1.0 if free[index - 1] else 0.5, 1.0 if free[index + 1] else 0.5)
        parts.append(_curve(corners[index - 1 : index + 2], radius, shares))
    return np.concatenate([*parts, corners[-1:]])


_STEPS = np.linspace(0, 1, 8)[:, None]
# Weights of a rational quadratic: a quarter of an ellipse where the legs are at right angles.
_MIDDLE = 2 * math.sqrt(0.5) * _STEPS * (1 - _STEPS)
_SUM = (1 - _STEPS) ** 2 + _MIDDLE + _STEPS**2


def _curve(
    corners: NDArray[np.float64], radius: float, shares: tuple[float, float]
) -> NDArray[np.float64]:
    """The curve at the middle one of three corners, within its shares of the two legs."""
    corner = corners[1]
    ends = [
        corner + leg * min(share, radius / max(math.hypot(leg[0], leg[1]), 1e-6))
        for leg, share in zip((corners[0] - corner, corners[2] - corner), shares, strict=True)
    ]
    curve = ((1 - _STEPS) ** 2 * ends[0] + _MIDDLE * corner + _STEPS**2 * ends[1]) / _SUM
    return np.asarray(curve, np.float64)


def _paint(
    canvas: NDArray[np.uint8], points: NDArray[np.float64], thickness: float, die: Die
) -> None:
    if not die.round_ends and not np.allclose(points[0], points[-1]):
        points = points.copy()
        tall, wide = canvas.shape
        for end, inside in ((0, 1), (-1, -2)):
            x, y = points[end]
            if min(x, y, wide - x, tall - y) < thickness * 0.6:
                points[end] += _beyond(points[end], points[inside], thickness)
    fixed = np.round(points * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(canvas, [fixed], False, 255, max(1, round(thickness)), cv2.LINE_AA, shift=4)


def _beyond(
    end: NDArray[np.float64], inside: NDArray[np.float64], thickness: float
) -> NDArray[np.float64]:
    """Lengthen a stroke that ends at the box's edge: the canvas then cuts it off square."""
    direction = end - inside
    length = math.hypot(direction[0], direction[1])
    if length < 1e-6 or max(abs(direction)) / length < 0.8:
        return np.zeros(2)
    return np.asarray(direction / length * thickness * 0.5, np.float64)


def _paint_feet(
    canvas: NDArray[np.uint8], character: str, inner: tuple[float, float], thickness: float
) -> None:
    reach = thickness * 0.75
    for across, down in FEET.get(character, ()):
        x = across * inner[0] + thickness / 2
        y = down * inner[1] + thickness * (0.28 if down == 0 else 0.72)
        line = np.round(np.array([[x - reach, y], [x + reach, y]]) * 16).astype(np.int32)
        cv2.polylines(
            canvas,
            [line.reshape(-1, 1, 2)],
            False,
            255,
            max(1, round(thickness * 0.5)),
            cv2.LINE_AA,
            shift=4,
        )
