"""Crops made worse on purpose, each in one way, so that it shows which part helps against what."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.synthetic.camera.light import glare

Spoiler = Callable[[Pixels, np.random.Generator], Pixels]

FAR_PX = 14
_NIGHT_GAIN, _NIGHT_NOISE = 0.12, 3.0
_HAZE_CONTRAST, _HAZE_LEVEL, _HAZE_NOISE = 0.15, 170.0, 2.0
_SLANT_DEGREES = (6.0, 14.0)


def untouched(pixels: Pixels, _generator: np.random.Generator) -> Pixels:
    """The crop as it is."""
    return pixels


def far(pixels: Pixels, _generator: np.random.Generator) -> Pixels:
    """As from afar: few pixels high."""
    factor = FAR_PX / pixels.shape[0]
    if factor >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * factor)), FAR_PX)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def night(pixels: Pixels, generator: np.random.Generator) -> Pixels:
    """Hardly any light, and the sensor's noise."""
    return _noisy(pixels * _NIGHT_GAIN, _NIGHT_NOISE, generator)


def haze(pixels: Pixels, generator: np.random.Generator) -> Pixels:
    """Hardly any contrast, as in fog or against the sun."""
    flat = _HAZE_LEVEL + (pixels.astype(np.float32) - pixels.mean()) * _HAZE_CONTRAST
    return _noisy(flat, _HAZE_NOISE, generator)


def glaring(pixels: Pixels, generator: np.random.Generator) -> Pixels:
    """A lamp or the sun mirrored by the plate."""
    tones = glare(pixels.astype(np.float32), generator)
    return np.asarray(np.clip(tones, 0, 255), np.uint8)


def slanting(pixels: Pixels, generator: np.random.Generator) -> Pixels:
    """Turned, in the upright box that a detector would put around it."""
    degrees = float(generator.choice([-1, 1]) * generator.uniform(*_SLANT_DEGREES))
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    sine, cosine = abs(math.sin(math.radians(degrees))), math.cos(math.radians(degrees))
    wide, high = math.ceil(width * cosine + height * sine), math.ceil(width * sine + height)
    turn[:, 2] += (wide - width) / 2, (high - height) / 2
    return np.asarray(
        cv2.warpAffine(pixels, turn, (wide, high), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


SPOILERS: dict[str, Spoiler] = {
    "as it is": untouched,
    f"{FAR_PX} px": far,
    "night": night,
    "haze": haze,
    "glare": glaring,
    "slant": slanting,
}


def _noisy(
    tones: np.ndarray[tuple[int, ...], np.dtype[np.floating]],
    noise: float,
    generator: np.random.Generator,
) -> Pixels:
    grain = generator.normal(0, noise, tones.shape)
    return np.asarray(np.clip(np.rint(tones + grain), 0, 255), np.uint8)
