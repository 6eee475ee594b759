"""What comes between a plate and its camera, differently in each picture: rain, twigs, wind."""

from __future__ import annotations

from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.evaluation.drives.scene.layering import Tones
from lpr_engine.training.evaluation.drives.scene.light import Light
from lpr_engine.training.synthetic.camera.lens import shake

Mask = NDArray[np.float32]

_DROPS = (80, 400)
_FLAKES = (200, 900)
_TWIGS = (4, 12)
_KNOTS = 9
_MOST_SHAKE_PX = 3.5
_LEAST_SHAKE_PX = 0.6
_PATTERN_PX_PER_M = 80
_PATTERN_M = (2.2, 1.7)
"""Width and height of the part that falls on one car's front."""
_PATTERN_LENGTH_PX = 4096


class Disturbance(Enum):
    """At most one of them in a drive."""

    NONE = "clear"
    RAIN = "rain"
    SNOW = "snow"
    SHADE = "dappled shade"
    TWIGS = "twigs"
    WIND = "shaking camera"


class Air:
    """Lays rain, snow, twigs or a shake over one picture after another."""

    def __init__(
        self,
        kind: Disturbance,
        strength: float,
        light: Light,
        size: tuple[int, int],
        generator: np.random.Generator,
    ) -> None:
        """Take how strong it is, 0..1, and the pictures' (width, height)."""
        self._kind, self._strength = kind, strength
        self._generator, self._size = generator, size
        self._lean = float(generator.normal(0, 0.25))
        lit = 170.0 if light.infrared else 70.0 if light.night else 215.0
        self._drops = lit
        self._wood = lit if light.infrared else 12.0 if light.night else 40.0
        self._twigs = _grown(size, strength, generator) if kind is Disturbance.TWIGS else None

    def before(self, tones: Tones) -> Tones:
        """The picture behind what is in the air."""
        if self._kind is Disturbance.RAIN:
            return _veiled(tones, 0.55 * self._fallen_rain(), self._drops)
        if self._kind is Disturbance.SNOW:
            return _veiled(tones, 0.85 * self._fallen_snow(), self._drops)
        if self._twigs is not None:
            return _veiled(tones, self._swayed(self._twigs), self._wood)
        if self._kind is Disturbance.WIND:
            return self._shaken(tones)
        return tones

    def _fallen_rain(self) -> Mask:
        width, height = self._size
        mask = np.zeros((height, width), np.uint8)
        for x, y, long in self._places(_DROPS):
            length = 12 + 30 * long
            end = (int(x + self._lean * length), int(y + length))
            cv2.line(mask, (int(x), int(y)), end, 255, 1 + (long > 0.6), cv2.LINE_AA)
        return _softened(mask, 3)

    def _fallen_snow(self) -> Mask:
        width, height = self._size
        mask = np.zeros((height, width), np.uint8)
        for x, y, near in self._places(_FLAKES):
            cv2.circle(mask, (int(x), int(y)), int(1 + 3 * near**2), 255, -1, cv2.LINE_AA)
        return _softened(mask, 3)

    def _places(self, count: tuple[int, int]) -> list[list[float]]:
        """Random places in pixels, each with a number 0..1."""
        number = round(count[0] + self._strength * (count[1] - count[0]))
        places: list[list[float]] = (
            self._generator.random((number, 3)) * [*self._size, 1.0]
        ).tolist()
        return places

    def _swayed(self, twigs: Mask) -> Mask:
        x, y = self._generator.normal(0, 1.2, 2)
        moved = np.array([[1, 0, x], [0, 1, y]])
        return np.asarray(cv2.warpAffine(twigs, moved, self._size), np.float32)

    def _shaken(self, tones: Tones) -> Tones:
        radius = abs(float(self._generator.normal(0, self._strength * _MOST_SHAKE_PX)))
        if radius < _LEAST_SHAKE_PX:
            return tones
        return np.asarray(cv2.filter2D(tones, -1, shake(radius, self._generator)), np.float32)


def _veiled(tones: Tones, mask: Mask, level: float) -> Tones:
    cover = mask[..., None]
    return np.asarray(tones + (level - tones) * cover, np.float32)


def _softened(mask: NDArray[np.uint8], side: int) -> Mask:
    return np.asarray(cv2.blur(mask, (side, side)) / 255, np.float32)


def _grown(size: tuple[int, int], strength: float, generator: np.random.Generator) -> Mask:
    """Twigs before the lens, out of focus, from edge to edge."""
    width, height = size
    mask = np.zeros((height, width), np.uint8)
    for _ in range(round(_TWIGS[0] + strength * (_TWIGS[1] - _TWIGS[0]))):
        upright = generator.random() < 0.6
        along = np.linspace(-0.05, 1.05, _KNOTS * 6)
        bends = np.cumsum(generator.normal(0, 0.03, _KNOTS))
        bends = np.interp(along, np.linspace(-0.05, 1.05, _KNOTS), bends)
        across = generator.uniform(0.1, 0.9) + cv2.blur(bends[:, None], (1, 9))[:, 0]
        points = np.stack([across, along] if upright else [along, across], axis=1) * size
        thick = int(generator.integers(3, 9))
        cv2.polylines(mask, [points.astype(np.int32)], False, 255, thick, cv2.LINE_AA)
    soft = cv2.GaussianBlur(mask, (0, 0), float(generator.uniform(1.0, 2.5)))
    return np.asarray(soft * (generator.uniform(0.7, 1.0) / 255), np.float32)


class DappledShade:
    """Sun through leaves: spots of light that stay where they are while a car drives through."""

    def __init__(self, strength: float, generator: np.random.Generator) -> None:
        """Grow the leaves; `strength` 0..1 is how dark their shade is."""
        size = (round(_PATTERN_M[0] * _PATTERN_PX_PER_M), _PATTERN_LENGTH_PX)
        grain = generator.standard_normal((size[1], size[0]), np.float32)
        spots = cv2.GaussianBlur(grain, (0, 0), float(generator.uniform(4, 10)))
        lit = 1 / (1 + np.exp(-5 * spots / float(spots.std())))
        dark = 1 - (0.35 + 0.45 * strength)
        self._gains = np.asarray(dark + (1 - dark) * lit, np.float32)

    def fallen(self, front: NDArray[np.float32], along_m: float, size: tuple[int, int]) -> Mask:
        """Gains (H, W) over a car whose front's corners are at these pixels."""
        high = round(_PATTERN_M[1] * _PATTERN_PX_PER_M)
        start = int(along_m * _PATTERN_PX_PER_M) % (_PATTERN_LENGTH_PX - high)
        window = self._gains[start : start + high]
        width = window.shape[1]
        source = np.array([[0, 0], [width, 0], [width, high], [0, high]], np.float32)
        matrix = cv2.getPerspectiveTransform(source, front)
        fallen = cv2.warpPerspective(window, matrix, size, borderMode=cv2.BORDER_REFLECT)
        return np.asarray(fallen, np.float32)
