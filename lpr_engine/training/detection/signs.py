"""Lettered things that are no plates: signs, clocks, phone numbers, stickers, grilles."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.labels import Boxes
from lpr_engine.training.detection.mounting import bounding_box, mount, plate_quad
from lpr_engine.training.detection.plates import overlaps, random_place

_FACES = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
)
# fmt: off
_WORDS = (
    "STOP", "EXIT", "TAXI", "SALE", "OPEN", "PARKING", "POLICE", "DIESEL", "TURBO", "HYBRID",
    "RENT", "DELIVERY", "WASH", "HOTEL", "CAFE", "SERVICE", "NO ENTRY", "SCHOOL", "SLOW",
    "BAKERY", "PIZZA", "24H", "GARAGE", "PRIVATE", "TYRES", "EXPRESS", "CARGO",
)
# fmt: on
_HEIGHT_PX = 96


def add_sign(rng: np.random.Generator, scene: Pixels, boxes_xyxy: Boxes) -> None:
    """Draw one of them into the scene, where no plate is, from small to half the width."""
    height, width = scene.shape[:2]
    sign = draw_sign(rng)
    aspect = sign.shape[1] / sign.shape[0]
    wide = width * float(np.exp(rng.uniform(np.log(0.04), np.log(0.5))))
    quad = plate_quad(rng, wide, aspect)
    quad += random_place(rng, quad, width, height)
    box = bounding_box(quad, width, height)
    if len(box) and not overlaps(box[0], boxes_xyxy):
        mount(rng, scene, sign, quad)


def draw_sign(rng: np.random.Generator) -> Pixels:
    """Draw a flat sign, uint8 BGR, 96 px high."""
    kinds: tuple[Callable[[np.random.Generator], Pixels], ...] = (
        _words,
        _phone_number,
        _clock,
        _sticker,
        _grille,
    )
    return kinds[int(rng.integers(len(kinds)))](rng)


def _words(rng: np.random.Generator) -> Pixels:
    count = int(rng.integers(1, 4))
    return _lettered(rng, " ".join(rng.choice(_WORDS, count)), _two_colours(rng))


def _phone_number(rng: np.random.Generator) -> Pixels:
    digits = "".join(str(one) for one in rng.integers(0, 10, int(rng.integers(9, 13))))
    number = f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return _lettered(rng, ("Tel. " if rng.random() < 0.5 else "") + number, _two_colours(rng))


def _clock(rng: np.random.Generator) -> Pixels:
    """Time or date as cameras write it over their pictures, or on a dark display."""
    hour, minute, second = rng.integers(0, 24), rng.integers(0, 60), rng.integers(0, 60)
    text = f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if rng.random() < 0.5 else "")
    if rng.random() < 0.4:
        text = (
            f"20{rng.integers(10, 40):02d}-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d} "
            + text
        )
    bright = rng.integers(150, 256, 3)
    return _lettered(rng, text, (rng.integers(0, 40, 3), bright))


def _sticker(rng: np.random.Generator) -> Pixels:
    """A patch of several short lines, as on lorries and windows."""
    ground, ink = _two_colours(rng)
    patch = np.full((_HEIGHT_PX, int(rng.uniform(0.8, 3) * _HEIGHT_PX), 3), ground, np.uint8)
    lines = int(rng.integers(2, 5))
    letters = list(string.ascii_letters + string.digits)
    for line in range(lines):
        text = "".join(rng.choice(letters, int(rng.integers(5, 16))))
        origin = (int(rng.integers(2, 12)), int((line + 0.8) * _HEIGHT_PX / lines))
        face = _FACES[int(rng.integers(len(_FACES)))]
        cv2.putText(patch, text, origin, face, 2.2 / lines, ink.tolist(), 1, cv2.LINE_AA)
    return patch


def _grille(rng: np.random.Generator) -> Pixels:
    """Bars or a mesh, dark between bright."""
    ground, ink = rng.integers(0, 70, 3), rng.integers(80, 256, 3)
    width = int(rng.uniform(1.5, 6) * _HEIGHT_PX)
    patch = np.full((_HEIGHT_PX, width, 3), ground, np.uint8)
    step, thick = int(rng.integers(8, 28)), int(rng.integers(2, 7))
    upright = rng.random() < 0.5
    for at in range(step // 2, width if upright else _HEIGHT_PX, step):
        ends = ((at, 0), (at, _HEIGHT_PX)) if upright else ((0, at), (width, at))
        cv2.line(patch, *ends, ink.tolist(), thick, cv2.LINE_AA)
    return patch


def _two_colours(
    rng: np.random.Generator,
) -> tuple[NDArray[np.integer[Any]], NDArray[np.integer[Any]]]:
    """Ground and ink that differ well."""
    ground = rng.integers(0, 256, 3)
    bright = ground.mean() > 110
    return ground, rng.integers(0, 60, 3) if bright else rng.integers(180, 256, 3)


def _lettered(
    rng: np.random.Generator,
    text: str,
    colours: tuple[NDArray[np.integer[Any]], NDArray[np.integer[Any]]],
) -> Pixels:
    ground, ink = colours
    face, thick = _FACES[int(rng.integers(len(_FACES)))], int(rng.integers(2, 6))
    (width, height), _ = cv2.getTextSize(text, face, 1.6, thick)
    margin = int(rng.integers(4, 40))
    patch = np.full((_HEIGHT_PX, width + 2 * margin, 3), ground, np.uint8)
    origin = (margin, (_HEIGHT_PX + height) // 2)
    cv2.putText(patch, text, origin, face, 1.6, ink.tolist(), thick, cv2.LINE_AA)
    return patch
