"""Light on a plate: sun, shade, lamps, haze, the relief of stamped letters, a cast of colour."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.camera.contrast import Probes, contrast_of

Tones = NDArray[np.float32]
"""A picture with room for more than white: float32 RGB (H, W, 3), 0..255 and beyond."""

_SUNNY_SIDES = ((-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1))


def lit(tones: Tones, at: Probes, generator: np.random.Generator, strength: float) -> Tones:
    """The light of a day in the street; each effect comes seldom, its chance goes by `strength`.

    `at` are the pixels of the plate by which its contrast is judged.
    """
    chance = generator.random(8) / max(strength, 1e-6)
    if chance[0] < 0.12:
        tones = relief(tones, float(generator.uniform(0.3, 1.1)), generator)
    if chance[1] < 0.3:
        tones = shaded(tones, ramp(tones.shape, generator))
    if chance[2] < 0.2:
        tones = shadow(tones, contrast_of(tones, at).letters, generator)
    if chance[3] < 0.07:
        tones = lamps(tones, generator)
    if chance[4] < 0.08:
        tones = glare(tones, generator)
    if chance[5] < 0.1:
        tones = halo(tones, float(generator.uniform(0.2, 0.7)))
    if chance[6] < 0.3:
        tones = faded(tones, float(generator.uniform(0, 1.5)))
    if chance[7] < 0.75:
        tones = np.asarray(cv2.multiply(tones, channels(*cast(generator))), np.float32)
    return tones


def relief(tones: Tones, depth: float, generator: np.random.Generator) -> Tones:
    """Stamped letters catch the light on one side and throw a shadow on the other."""
    x, y = _SUNNY_SIDES[int(generator.integers(len(_SUNNY_SIDES)))]
    kernel = np.zeros((3, 3), np.float32)
    kernel[1, 1] += 1
    kernel[1 + y, 1 + x] -= depth
    kernel[1 - y, 1 - x] += depth
    return np.asarray(cv2.filter2D(tones, -1, kernel), np.float32)


def ramp(shape: tuple[int, ...], generator: np.random.Generator) -> Tones:
    """Light that falls off along the plate, float32 (H, W)."""
    ends = generator.uniform(0.35, 1.25, 4)
    across = np.sqrt(np.linspace(ends[0], ends[1], shape[1], dtype=np.float32))
    down = np.sqrt(np.linspace(ends[2], ends[3], shape[0], dtype=np.float32))
    return np.outer(down, across)


def shaded(tones: Tones, share: Tones) -> Tones:
    """Tones with only a share (H, W) of their light, place by place."""
    return np.asarray(cv2.multiply(tones, cv2.cvtColor(share, cv2.COLOR_GRAY2RGB)), np.float32)


def covered(tones: Tones, mask: Tones, colour: tuple[float, float, float]) -> Tones:
    """Tones under something of one colour that hides them as far as `mask` (H, W) says, 0..1."""
    hidden = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
    left = cv2.multiply(tones, cv2.subtract(channels(1, 1, 1), hidden))
    return np.asarray(cv2.add(left, cv2.multiply(hidden, channels(*colour))), np.float32)


def channels(red: float, green: float, blue: float) -> NDArray[np.float64]:
    """One number for each channel, in the form that OpenCV's arithmetic takes for a colour."""
    return np.array([red, green, blue, 0.0])


def shadow(tones: Tones, contrast: float, generator: np.random.Generator) -> Tones:
    """The edge of a shadow of the car, a tree or a pole; hard in the sun, else soft.

    Where letters of little contrast (0..255) are, a deep shadow's edge would outshine them.
    """
    height, width = tones.shape[:2]
    mask = np.full((height, width), 255, np.uint8)
    points = generator.uniform([-0.2, -0.5], [1.2, 1.5], (4, 2)) * [width, height]
    dark = 255 * max(float(generator.uniform(0.35, 0.8)), 1 - contrast / 200)
    cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.int32)), dark, cv2.LINE_AA)
    if generator.random() < 0.6:
        size = int(generator.integers(1, 6)) * 2 + 1
        cv2.blur(mask, (size, size), mask)
    return shaded(tones, mask * np.float32(1 / 255))


def glare(tones: Tones, generator: np.random.Generator) -> Tones:
    """The sun or a headlight mirrored by the plate: a bright patch that fades out."""
    place = generator.uniform(-0.1, 1.1, 2)
    reach = generator.uniform([0.08, 0.15], [0.3, 0.5])
    return _glowing(tones, place, reach, float(generator.uniform(60, 160)), generator)


def lamps(tones: Tones, generator: np.random.Generator) -> Tones:
    """The one or two lamps over a plate at night."""
    count = int(generator.integers(1, 3))
    middle, apart = generator.uniform(0.35, 0.65), generator.uniform(0.12, 0.3)
    for place in (middle - apart, middle + apart) if count > 1 else (middle,):
        at = np.array([place, generator.uniform(-0.15, 0.12)])
        reach = generator.uniform([0.04, 0.1], [0.14, 0.4])
        tones = _glowing(tones, at, reach, float(generator.uniform(70, 220)), generator)
    return tones


def _glowing(
    tones: Tones,
    place: NDArray[np.float64],
    reach: NDArray[np.float64],
    level: float,
    generator: np.random.Generator,
) -> Tones:
    height, width = tones.shape[:2]
    x = (np.linspace(0, 1, width, dtype=np.float32) - np.float32(place[0])) / np.float32(reach[0])
    y = (np.linspace(0, 1, height, dtype=np.float32) - np.float32(place[1])) / np.float32(reach[1])
    colour = (level * generator.uniform(0.8, 1.0, 3)).tolist()
    glow = cv2.cvtColor(np.outer(np.exp(-y * y), np.exp(-x * x)), cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.add(tones, cv2.multiply(glow, channels(*colour))), np.float32)


def halo(tones: Tones, strength: float) -> Tones:
    """Light that bleeds out of bright places, as in a dirty lens or before a headlight."""
    height, width = tones.shape[:2]
    small = cv2.resize(
        tones, (max(2, width // 8), max(2, height // 8)), interpolation=cv2.INTER_AREA
    )
    soft = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.addWeighted(tones, 1.0, soft, strength, 0), np.float32)


def faded(tones: Tones, colour: float) -> Tones:
    """Less colour (below 1) or more (above 1)."""
    grey = cv2.cvtColor(tones, cv2.COLOR_RGB2GRAY)
    return np.asarray(
        cv2.addWeighted(tones, colour, cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), 1 - colour, 0),
        np.float32,
    )


def cast(generator: np.random.Generator) -> tuple[float, float, float]:
    """Gains of red, green and blue: warm or cold, seldom tinted, red to violet at night."""
    draw = generator.random()
    warm, tint = generator.normal(0, 0.06), generator.normal(0, 0.025)
    if draw < 0.2:
        warm, tint = generator.normal(0, 0.2), generator.normal(0, 0.08)
    elif draw < 0.26:
        warm, tint = generator.uniform(-0.1, 0.35), -generator.uniform(0.1, 0.35)
    return math.exp(warm), math.exp(tint), math.exp(-warm)


def infrared(tones: Tones, generator: np.random.Generator) -> Tones:
    """Grey, as a camera with infrared lamps sees at night."""
    share = generator.uniform([0.2, 0.35, 0.1], [0.45, 0.6, 0.25])
    share /= share.sum()
    grey = cv2.transform(tones, share.astype(np.float32)[None])
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.float32)
