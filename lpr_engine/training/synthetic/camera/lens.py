"""Blur: a lens out of focus, a driving plate, a shaking camera."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.camera.pose import Picture

Kernel = NDArray[np.float32]


def focused(
    image: Picture,
    letter_px: float,
    slope: float,
    generator: np.random.Generator,
    strength: float,
) -> Picture:
    """At most one blur, never wider than letters of `letter_px` rows can bear.

    `slope` is the angle of the plate's long edges in radians: where most plates drive to.
    """
    draw = generator.random() / max(strength, 1e-6)
    if draw < 0.3:
        sigma = float(generator.uniform(0.25, max(0.3, 0.042 * letter_px)))
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)
    if draw < 0.36:
        return _spread(image, disk(float(generator.uniform(0.5, max(0.6, 0.075 * letter_px)))))
    if draw < 0.46:
        length = float(generator.uniform(1.5, max(1.6, 0.15 * letter_px)))
        return _spread(image, streak(length, _heading(slope, generator)))
    if draw < 0.49:
        return _spread(image, shake(max(1.0, 0.06 * letter_px), generator))
    return image


def _spread(image: Picture, kernel: Kernel) -> Picture:
    return np.asarray(cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)


def _heading(slope: float, generator: np.random.Generator) -> float:
    draw = generator.random()
    if draw < 0.5:
        return slope + float(generator.normal(0, 0.08))
    if draw < 0.8:  # towards a camera above the lane a plate moves down the picture
        return np.pi / 2 + float(generator.normal(0, 0.25))
    return float(generator.uniform(0, np.pi))


def disk(radius: float) -> Kernel:
    """The circle into which a lens out of focus turns a point."""
    reach = int(np.ceil(radius))
    places = np.arange(-reach, reach + 1, dtype=np.float32)
    far = np.hypot(places[:, None], places[None])
    kernel = np.clip(radius + 0.5 - far, 0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)


def streak(length: float, angle: float) -> Kernel:
    """The line of `length` pixels along which a moving plate is smeared."""
    half = length / 2
    return _path(np.array([[-half, 0], [half, 0]]) @ _turned(angle))


def shake(radius: float, generator: np.random.Generator) -> Kernel:
    """The crooked way that a shaking camera makes during one exposure."""
    way = np.cumsum(generator.normal(0, 1, (4, 2)), 0)
    way -= (way.min(0) + way.max(0)) / 2
    return _path(way * (radius / max(1e-3, float(np.abs(way).max()))))


def _turned(angle: float) -> NDArray[np.float64]:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _path(way: NDArray[np.float64]) -> Kernel:
    """A kernel of the polyline through `way` (n, 2), in pixels around the middle."""
    reach = int(np.ceil(np.abs(way).max()))
    steps = np.concatenate([np.linspace(a, b, 8) for a, b in pairwise(way)])
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1))
    low = np.floor(steps).astype(int)
    part = steps - low
    for x, y, weight in (
        (0, 0, (1 - part[:, 0]) * (1 - part[:, 1])),
        (1, 0, part[:, 0] * (1 - part[:, 1])),
        (0, 1, (1 - part[:, 0]) * part[:, 1]),
        (1, 1, part[:, 0] * part[:, 1]),
    ):
        columns = np.minimum(low[:, 0] + x + reach, 2 * reach)
        rows = np.minimum(low[:, 1] + y + reach, 2 * reach)
        np.add.at(kernel, (rows, columns), weight)
    return np.asarray(kernel / kernel.sum(), np.float32)
