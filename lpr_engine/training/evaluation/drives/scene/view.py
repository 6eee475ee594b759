"""A camera at the roadside or on a mast: where it stands, where it looks, how closely."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Places of the world in metres: across to the right, up from the road, depth along it."""

NEAREST_M = 0.4
"""What is nearer to the lens than this is not drawn."""


@dataclass(frozen=True, slots=True)
class View:
    """A pinhole camera; `yaw` turns it to the right, `pitch` down, `roll` clockwise, in radians."""

    across_m: float
    height_m: float
    focal_px: float
    yaw: float
    pitch: float
    roll: float = 0.0
    width: int = 1280
    height: int = 720

    @property
    def rotation(self) -> NDArray[np.float64]:
        """Takes directions (right, down, ahead) of a level camera to those of this one."""
        sin_yaw, cos_yaw = math.sin(self.yaw), math.cos(self.yaw)
        sin_pitch, cos_pitch = math.sin(self.pitch), math.cos(self.pitch)
        sin_roll, cos_roll = math.sin(self.roll), math.cos(self.roll)
        turned = np.array([[cos_yaw, 0, -sin_yaw], [0, 1, 0], [sin_yaw, 0, cos_yaw]])
        tilted = np.array([[1, 0, 0], [0, cos_pitch, -sin_pitch], [0, sin_pitch, cos_pitch]])
        rolled = np.array([[cos_roll, -sin_roll, 0], [sin_roll, cos_roll, 0], [0, 0, 1]])
        whole: NDArray[np.float64] = rolled @ tilted @ turned
        return whole

    @property
    def lens(self) -> NDArray[np.float64]:
        """Takes directions to pixels."""
        return np.array(
            [[self.focal_px, 0, self.width / 2], [0, self.focal_px, self.height / 2], [0, 0, 1]]
        )

    def ahead(self, points: Points) -> Points:
        """The same places as (right, down, ahead) of this camera."""
        level = points - np.array([self.across_m, self.height_m, 0.0])
        level[..., 1] *= -1
        seen: Points = level @ self.rotation.T
        return seen

    def project(self, points: Points) -> NDArray[np.float32]:
        """Where places (n, 3) before the camera are in the picture, (n, 2) in pixels."""
        places = self.ahead(points) @ self.lens.T
        return np.asarray(places[:, :2] / places[:, 2:], np.float32)


def looking_at(
    across_m: float, height_m: float, focal_px: float, target: Points, roll: float = 0.0
) -> View:
    """The camera at that place that has the target (3,) in the middle of its picture."""
    right, up, ahead = target - np.array([across_m, height_m, 0.0])
    yaw = math.atan2(right, ahead)
    pitch = math.atan2(-up, math.hypot(right, ahead))
    return View(across_m, height_m, focal_px, yaw, pitch, roll)
