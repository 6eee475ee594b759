"""American plates: grounds with pictures, states and slogans, stickers, frames."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.formats import Colour
from lpr_engine.training.synthetic.sheet import Sheet
from lpr_engine.training.synthetic.words import plate_words

_INKS: tuple[Colour, ...] = (
    (20, 30, 95), (20, 30, 95), (15, 15, 20), (15, 15, 20), (20, 90, 60), (170, 25, 35),
    (25, 60, 160), (90, 40, 60), (235, 230, 220), (240, 190, 60),
)  # fmt: skip
_GROUNDS: tuple[Colour, ...] = (
    (245, 245, 245), (245, 245, 245), (245, 245, 245), (235, 238, 242), (200, 220, 240),
    (240, 230, 190), (250, 225, 90), (240, 160, 50), (35, 60, 120), (30, 90, 70),
    (190, 200, 215), (250, 235, 220), (150, 190, 230),
)  # fmt: skip


def _cased(text: str, generator: np.random.Generator) -> str:
    return text.upper() if generator.random() < 0.55 else text


def scene(sheet: Sheet) -> None:
    """The ground of an American plate: even, shaded, hills, bands, or a washed-out picture."""
    generator = sheet.generator
    height, width = sheet.size
    ground = np.array(_GROUNDS[int(generator.integers(len(_GROUNDS)))], np.float32)
    second = np.array(_GROUNDS[int(generator.integers(len(_GROUNDS)))], np.float32)
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None] ** float(
        generator.uniform(0.6, 3)
    )
    if generator.random() < 0.45:
        ramp = ramp * 0
    if generator.random() < 0.3:
        ramp = np.abs(ramp * 2 - 1)
    canvas = np.broadcast_to(ground * (1 - ramp) + second * ramp, (height, width, 3)).copy()
    for _ in range(int(generator.integers(0, 4)) if generator.random() < 0.6 else 0):
        _hill(sheet, canvas)
    sheet.image = np.clip(canvas, 0, 255).astype(np.uint8)
    bright = float(canvas[height // 4 : -height // 4].mean())
    sheet.ink = _contrasting(sheet, bright)


def _contrasting(sheet: Sheet, bright: float) -> Colour:
    for _ in range(20):
        ink = _INKS[int(sheet.generator.integers(len(_INKS)))]
        if abs(float(np.mean(ink)) - bright) > 75:
            return ink
    return (15, 15, 20) if bright > 128 else (240, 240, 240)


def _hill(sheet: Sheet, canvas: NDArray[np.float32]) -> None:
    generator = sheet.generator
    height, width = sheet.size
    knots = generator.uniform(0.2, 0.9, 7) * height
    line = np.interp(np.arange(width), np.linspace(0, width, 7), knots)
    below = np.arange(height)[:, None] > line[None, :]
    if generator.random() < 0.3:
        below = ~below
    strength = float(generator.uniform(0.08, 0.35))
    canvas[below] = canvas[below] * (1 - strength) + generator.uniform(0, 255, 3) * strength


def state_words(sheet: Sheet) -> None:
    """The state's name above, a slogan below; each may be missing."""
    generator = sheet.generator
    height, width = sheet.size
    colour = (
        sheet.ink if generator.random() < 0.6 else _contrasting(sheet, float(sheet.image.mean()))
    )
    if generator.random() < 0.92:
        half = round(width * generator.uniform(0.12, 0.3))
        top = round(height * generator.uniform(0.02, 0.07))
        name = _cased(str(generator.choice(plate_words().states)), generator)
        sheet.write(
            name,
            (
                width // 2 - half,
                top,
                width // 2 + half,
                round(height * generator.uniform(0.19, 0.25)),
            ),
            colour,
            "script",
        )
    if generator.random() < 0.8:
        half = round(width * generator.uniform(0.15, 0.32))
        top = round(height * generator.uniform(0.82, 0.87))
        sheet.write(
            _cased(str(generator.choice(plate_words().slogans)), generator),
            (width // 2 - half, top, width // 2 + half, round(height * 0.965)),
            colour,
            "script",
        )


def stickers(sheet: Sheet) -> None:
    """Month and year stickers in the corners."""
    generator = sheet.generator
    height, width = sheet.size
    for right in (False, True):
        for low in (False, True):
            if generator.random() > 0.3:
                continue
            across, down = (
                round(width * generator.uniform(0.07, 0.14)),
                round(height * generator.uniform(0.12, 0.2)),
            )
            left = width - across - 4 if right else 4
            top = height - down - 3 if low else 3
            ground = tuple(int(v) for v in generator.uniform(40, 255, 3))
            cv2.rectangle(sheet.image, (left, top), (left + across, top + down), ground, -1)
            text = str(
                generator.choice(
                    [
                        "JAN",
                        "MAR",
                        "APR",
                        "MAY",
                        "AUG",
                        "SEP",
                        "OCT",
                        "NOV",
                        "08",
                        "05",
                        "11",
                        "2012",
                        "99",
                    ]
                )
            )
            sheet.write(text, (left + 2, top + 2, left + across - 2, top + down - 2), (20, 20, 20))


def frame(sheet: Sheet, top: int, bottom: int) -> None:
    """A dealer's frame that covers the rims, sometimes all of the words."""
    generator = sheet.generator
    if generator.random() > 0.3:
        return
    height, width = sheet.size
    colour = tuple(
        int(v) for v in np.clip(generator.uniform(0, 70) + generator.normal(0, 5, 3), 0, 255)
    )
    if generator.random() < 0.3:
        colour = tuple(int(v) for v in generator.uniform(140, 230) + generator.normal(0, 5, 3))
    upper = round(generator.uniform(0.05, 1.0) * (top - 5))
    lower = round(bottom + 5 + generator.uniform(0, 0.9) * (height - bottom - 5))
    side = round(width * generator.uniform(0.008, 0.03))
    sheet.image[:upper] = colour
    sheet.image[lower:] = colour
    sheet.image[:, :side] = colour
    sheet.image[:, width - side :] = colour
    ink: Colour = (230, 230, 230) if sum(colour) < 380 else (20, 20, 20)
    if height - lower > 8:
        sheet.write(
            str(generator.choice(plate_words().dealers)),
            (width // 4, lower + 2, width * 3 // 4, height - 2),
            ink,
        )
