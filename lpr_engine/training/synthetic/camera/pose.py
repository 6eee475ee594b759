"""Where a plate stands before the camera: slanted, leaning, bent, in a loose upright box."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.camera.severity import Severity

Picture = NDArray[np.uint8]
_STEEP_DEGREES = (7.0, 21.0)
_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
_SQUARE_AND_MIDDLES = np.concatenate([_SQUARE, np.array([[0.5, 0], [0.5, 1]], np.float32)])
_MIDDLES_ONLY = np.array([[0, 0]] * 4 + [[0, 1]] * 2, np.float32)
# Along the upper edge and back along the lower one; a bent plate's edges need places between.
_EDGE = np.array([[x / 4, 0] for x in range(5)] + [[1 - x / 4, 1] for x in range(5)], np.float32)


@dataclass(frozen=True, slots=True)
class Pose:
    """A plate in its crop.

    `matrix` float64 (3, 3) takes plate places (0..1 across, 0..1 down) to the crop's pixels.
    `bow` is how far the middle of a bent plate hangs below its ends, as a part of its height.
    `slope` is the angle of the plate's long edges in the crop, in radians.
    """

    matrix: NDArray[np.float64]
    bow: float
    slope: float
    plate_px: float
    letter_px: float
    box_aspect: float

    def at(self, places: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where plate places (n, 2) are seen, in pixels of the crop."""
        bent = places.astype(np.float32, copy=True)
        bent[:, 1] += self.bow * 4 * bent[:, 0] * (1 - bent[:, 0])
        return np.asarray(cv2.perspectiveTransform(bent[None], self.matrix)[0], np.float32)

    def outline(self, grown: tuple[float, float, float, float] = (0, 0, 0, 0)) -> NDArray[np.int32]:
        """The plate's edge in pixels (n, 2), grown left, up, right and down by parts of it."""
        left, up, right, down = grown
        extent = np.array([1 + left + right, 1 + up + down], np.float32)
        places = _EDGE * extent - np.array([left, up], np.float32)
        return np.asarray(np.rint(self.at(places)), np.int32)


def placed(
    aspect: float, size: tuple[int, int], hard: Severity, generator: np.random.Generator
) -> Pose:
    """A plate of this width by height before a street camera, in a crop of `size`."""
    quad, slope = _quad(aspect, hard, generator)
    bow = 0.0
    if generator.random() < hard.bent:
        bow = float(np.clip(generator.normal(0, 0.06), -0.12, 0.12))
    free = cv2.getPerspectiveTransform(_SQUARE, quad)
    seen = quad
    if bow:
        hanging = _SQUARE_AND_MIDDLES + _MIDDLES_ONLY * np.float32(bow)
        seen = cv2.perspectiveTransform(hanging[None], free)[0]
    left, top, right, bottom = _box(seen, hard, generator)
    wide, high = size[1] / (right - left), size[0] / (bottom - top)
    into = np.array([[wide, 0, -left * wide], [0, high, -top * high], [0, 0, 1]])
    corners: list[list[float]] = quad.tolist()
    rows = (corners[3][1] - corners[0][1] + corners[2][1] - corners[1][1]) / 2
    return Pose(
        into @ free,
        bow,
        math.atan(math.tan(slope) * high / wide),
        rows * high,
        # Letters fill a long plate, and half of a square one.
        rows * high * min(1.0, max(0.55, aspect / 4)),
        (right - left) / (bottom - top),
    )


def _quad(
    aspect: float, hard: Severity, generator: np.random.Generator
) -> tuple[NDArray[np.float32], float]:
    """The plate's corners as the camera sees them (plate height is 1), and its slope."""
    steep = generator.random() < hard.steep
    if steep:
        sign = 1 if generator.random() < 0.5 else -1
        degrees = float(generator.uniform(*_STEEP_DEGREES)) * sign
    else:
        degrees = _limited(float(generator.normal(0, hard.turn_degrees)), 20)
    slope = math.radians(degrees)
    # Seen from beside and above, long edges slope while short ones stay upright (follow 0);
    # a camera or a vehicle that is itself turned turns both (follow 1).
    upright = generator.random() < 0.6
    follow = float(generator.normal(0, 0.2) if upright else generator.uniform(0, 1.2))
    lean = -math.tan(slope * follow) + _limited(float(generator.normal(0, hard.shear)), 0.35)
    swing = min(1.0, hard.turn_degrees / 5.0)
    narrow = 1 + swing * float(
        generator.uniform(-0.4, 0.05) if steep else generator.uniform(-0.25, 0.1)
    )
    x, along_y = aspect / 2 * narrow * math.cos(slope), aspect / 2 * narrow * math.sin(slope)
    near = _limited(float(generator.normal(0, 1.5 * hard.corner)), 0.15)
    start, end = (1 - near) / 2, (1 + near) / 2
    quad = np.array(
        [
            [-x - start * lean, -along_y - start],
            [x - end * lean, along_y - end],
            [x + end * lean, along_y + end],
            [-x + start * lean, -along_y + start],
        ]
    )
    quad += generator.normal(0, hard.corner, (4, 2)) * [1.0, 0.8]
    return quad.astype(np.float32), slope


def _limited(value: float, most: float) -> float:
    return min(most, max(-most, value))


def _box(
    seen: NDArray[np.float32], hard: Severity, generator: np.random.Generator
) -> tuple[float, float, float, float]:
    """The loose upright box that a detector draws: left, top, right, bottom."""
    (left, top), (right, bottom) = seen.min(0).tolist(), seen.max(0).tolist()
    margins = generator.uniform(*hard.margin, 4) * (0.4 if generator.random() < 0.5 else 1.0)
    high = bottom - top
    # Side margins go by the height, so that a wide plate is not drowned in its surroundings.
    wide = min(right - left, high * 1.8)
    west, north, east, south = margins.tolist()
    return left - west * wide, top - north * high, right + east * wide, bottom + south * high


def composed(image: Picture, pose: Pose, scene: Picture | None, size: tuple[int, int]) -> Picture:
    """The plate drawn over `scene` (changed), or with its own edge repeated without one."""
    if image.shape[0] > 1.7 * pose.plate_px:
        # Cameras average over a pixel; picking every second row would make letters crumble.
        image = np.asarray(
            cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
        )
    border = cv2.BORDER_REPLICATE if scene is None else cv2.BORDER_TRANSPARENT
    out = np.empty((*size, 3), np.uint8) if scene is None else scene
    if pose.bow:
        across, down = _lookup(image.shape, pose, size)
        cv2.remap(image, across, down, cv2.INTER_LINEAR, dst=out, borderMode=border)
        return out
    matrix = pose.matrix @ np.diag([1 / image.shape[1], 1 / image.shape[0], 1.0])
    cv2.warpPerspective(image, matrix, (size[1], size[0]), dst=out, borderMode=border)
    return out


def _lookup(
    shape: tuple[int, ...], pose: Pose, size: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each pixel of the crop the plate's pixel that is seen there."""
    back = np.linalg.inv(pose.matrix).astype(np.float32)
    x = np.arange(size[1], dtype=np.float32)[None]
    y = np.arange(size[0], dtype=np.float32)[:, None]
    depth = 1 / (back[2, 0] * x + back[2, 1] * y + back[2, 2])
    across = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) * depth
    down = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) * depth
    down -= np.float32(4 * pose.bow) * across * (1 - across)
    return across * shape[1], down * shape[0]
