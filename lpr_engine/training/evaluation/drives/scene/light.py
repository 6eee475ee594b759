"""The light of a street by day, under street lamps, and under a camera's infrared lamp."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.evaluation.drives.scene.layering import Tones
from lpr_engine.training.evaluation.drives.scene.view import View

_COARSE = 4
_FARTHEST_M = 60.0
_LAMPS_APART_M = 18.0
_LAMPS_ACROSS_M = 4.2
_POOL_M = 3.2
_BLOOM_COARSE = 8
_WHITE = 250.0


@dataclass(frozen=True, slots=True)
class Light:
    """How bright things are; 1 shows them as they are painted.

    `plate` is the gain of a plate that hangs `reach_m` away, where it hangs on how far a lamp
    reaches. `colour` are the gains of red, green and blue.
    """

    night: bool
    infrared: bool
    ambient: float
    body: float
    plate: float
    reach_m: float
    headlamps: float
    colour: tuple[float, float, float]

    def on_plate(self, distance_m: float) -> float:
        """The gain of a plate; paint that sends light back outshines all else under a lamp."""
        if not self.infrared:
            return self.plate
        return float(np.clip(self.plate * (self.reach_m / distance_m) ** 0.8, 0.2, 2.2))

    def on_body(self, distance_m: float) -> float:
        """The gain of bodywork."""
        if not self.infrared:
            return self.body
        return float(np.clip(self.body * (self.reach_m / distance_m) ** 1.3, 0.02, 0.6))


@dataclass(frozen=True, slots=True)
class Pool:
    """Light on the road: its middle, and how far it reaches across and along, in metres."""

    across_m: float
    along_m: float
    wide_m: float
    long_m: float
    gain: float


class Illumination:
    """What falls on each part of the backdrop, whatever drives there."""

    def __init__(self, view: View, light: Light, generator: np.random.Generator) -> None:
        self._light = light
        self._size = (view.width, view.height)
        self._ground, self._distance = _seen_ground(view)
        self._standing = self._without_cars(float(generator.uniform(0, _LAMPS_APART_M)))

    def gains(self, pools: Iterable[Pool]) -> NDArray[np.float32]:
        """Gains (H, W, 1) of the backdrop with the pools of headlamps on it."""
        coarse = self._standing.copy()
        for pool in pools:
            coarse += self._pool(pool)
        return np.asarray(
            cv2.resize(coarse, self._size, interpolation=cv2.INTER_LINEAR), np.float32
        )[..., None]

    def _without_cars(self, first_m: float) -> NDArray[np.float32]:
        light = self._light
        if light.infrared:
            near = np.clip((light.reach_m / self._distance) ** 1.5, 0.1, 2.5)
            return np.asarray(light.ambient * near, np.float32)
        even = np.full(self._distance.shape, light.ambient, np.float32)
        for number in range(5 if light.night else 0):
            along, side = first_m + number * _LAMPS_APART_M, 1 - 2 * (number % 2)
            even += self._pool(
                Pool(side * _LAMPS_ACROSS_M, along, _POOL_M, _POOL_M, 1.6 * light.ambient)
            )
        return even

    def _pool(self, pool: Pool) -> NDArray[np.float32]:
        across = (self._ground[..., 0] - pool.across_m) / pool.wide_m
        along = (self._ground[..., 1] - pool.along_m) / pool.long_m
        return np.asarray(pool.gain * np.exp(-(across**2 + along**2) / 2), np.float32)


def _seen_ground(view: View) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each coarse pixel where its ray meets the road (across, along), and how far that is.

    Rays that meet no road end at houses, far away.
    """
    x = (np.arange(0, view.width, _COARSE) + _COARSE / 2).astype(float)
    y = (np.arange(0, view.height, _COARSE) + _COARSE / 2).astype(float)
    grid = np.stack([*np.meshgrid(x, y), np.ones((len(y), len(x)))], axis=-1)
    rays = grid @ np.linalg.inv(view.lens).T @ view.rotation
    falls = rays[..., 1] > 1e-3
    reach = np.where(falls, view.height_m / np.maximum(rays[..., 1], 1e-3), _FARTHEST_M)
    across = np.where(falls, view.across_m + reach * rays[..., 0], 1e3)
    along = np.where(falls, reach * rays[..., 2], 1e3)
    distance = np.clip(reach * np.linalg.norm(rays, axis=-1), 1.0, _FARTHEST_M)
    return np.stack([across, along], axis=-1).astype(np.float32), distance.astype(np.float32)


def bloomed(tones: Tones, strength: float) -> Tones:
    """Light beyond white that spreads around lamps and plates in the lens."""
    height, width = tones.shape[:2]
    beyond = np.maximum(tones - _WHITE, 0.0)
    small = cv2.resize(
        beyond,
        (width // _BLOOM_COARSE, height // _BLOOM_COARSE),
        interpolation=cv2.INTER_AREA,
    )
    if not float(small.max()) > 0:
        return tones
    near, far = cv2.GaussianBlur(small, (0, 0), 1.6), cv2.GaussianBlur(small, (0, 0), 7.0)
    halo = cv2.resize(cv2.addWeighted(near, 0.7, far, 0.3, 0), (width, height))
    return np.asarray(cv2.addWeighted(tones, 1.0, halo, strength, 0), np.float32)
