"""A car as flat faces in space: the drawn front on a body that has sides, a roof and a length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.evaluation.drives.scene.levels import Layer, Levels
from lpr_engine.training.evaluation.drives.scene.view import Points
from lpr_engine.training.synthetic.car import CAR_SIZE_M, CarLook, Picture, Sprite, draw_car

LENGTH_M = 4.2
_HALF_M = 0.88
_SHOULDER_M = 0.97
_GLASS_M = (0.94, 1.5)
_ROOF_HALF_M = 0.56
_BONNET_M = {False: 1.05, True: 0.3}
"""From the end that is seen to the foot of the glass; a boot is shorter than a bonnet."""
_SLOPE_M = 0.75
_PX_PER_M = 120
_TYRE, _DISC, _GLASS = (28, 28, 30), (150, 152, 156), (46, 54, 62)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One flat part; corners (4, 3) in metres from the middle of the seen end's foot, clockwise.

    The third coordinate grows along the car, away from that end. `shade` is its light.
    """

    corners: Points
    levels: Levels
    shade: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The faces of one car: its two sides, and what is seen from before, in painting order."""

    left: tuple[Face, ...]
    right: tuple[Face, ...]
    front: tuple[Face, ...]
    stature: float
    """How high it is, a saloon being 1."""


def build_body(look: CarLook, stature: float) -> Body:
    """A car of that look, without its plate's letters."""
    sprite = draw_car(look)
    bonnet = _BONNET_M[look.from_behind]
    top = bonnet + _SLOPE_M
    end = LENGTH_M - 0.5
    glass, roof = _GLASS_M
    paint = np.array(look.paint, np.float32)
    faces = (
        _level(paint, (_ROOF_HALF_M, roof - 0.03, top), (_ROOF_HALF_M, roof - 0.05, end), 1.12),
        Face(_wall(0.96, (glass, bonnet), (roof, top)), _part(sprite, glass, roof)),
        _level(paint, (0.8, _SHOULDER_M - 0.02, 0.0), (0.72, glass + 0.04, bonnet), 1.2),
        Face(_wall(1.0, (0.0, 0.0), (_SHOULDER_M, 0.0)), _part(sprite, 0.0, _SHOULDER_M)),
    )
    side = _side(look, bonnet)
    return Body(
        left=_raised(_sides(side, -1), stature),
        right=_raised(_sides(side, 1), stature),
        front=_raised(faces, stature),
        stature=stature,
    )


def _raised(faces: Sequence[Face], stature: float) -> tuple[Face, ...]:
    higher = np.array([1.0, stature, 1.0])
    return tuple(Face(face.corners * higher, face.levels, face.shade) for face in faces)


def _sides(side: Layer, hand: int) -> tuple[Face, ...]:
    """Doors that stand and windows that lean in, of the left (-1) or right (1) side."""
    sill = round((_GLASS_M[1] - _SHOULDER_M) * _PX_PER_M)
    shade = 0.8 if hand < 0 else 0.72
    doors = _standing(hand * _HALF_M, hand * _HALF_M, (0.0, _SHOULDER_M))
    windows = _standing(hand * _HALF_M, hand * _ROOF_HALF_M, (_SHOULDER_M, _GLASS_M[1]))
    return (
        Face(windows, Levels(side[:sill]), shade),
        Face(doors, Levels(side[sill:]), shade),
    )


def _wall(half_m: float, foot: tuple[float, float], head: tuple[float, float]) -> Points:
    """A face across the car between two (up, along)."""
    return np.array(
        [
            [-half_m, head[0], head[1]],
            [half_m, head[0], head[1]],
            [half_m, foot[0], foot[1]],
            [-half_m, foot[0], foot[1]],
        ]
    )


def _standing(foot_m: float, head_m: float, up_m: tuple[float, float]) -> Points:
    """A part of a side between two heights, from the seen end to the other one."""
    low, high = up_m
    return np.array(
        [[head_m, high, 0], [head_m, high, LENGTH_M], [foot_m, low, LENGTH_M], [foot_m, low, 0]]
    )


def _level(
    paint: NDArray[np.float32],
    near: tuple[float, float, float],
    far: tuple[float, float, float],
    shade: float,
) -> Face:
    """A plain face that lies: (half width, up, along) of its two ends."""
    corners = np.array(
        [
            [-far[0], far[1], far[2]],
            [far[0], far[1], far[2]],
            [near[0], near[1], near[2]],
            [-near[0], near[1], near[2]],
        ]
    )
    layer = np.ones((8, 8, 4), np.float32)
    layer[..., :3] = paint
    return Face(corners, Levels(layer), shade)


def _part(sprite: Sprite, low_m: float, high_m: float) -> Levels:
    """The rows of the front view between two heights, covered."""
    rows_per_m = sprite.cover.shape[0] / CAR_SIZE_M[1]
    rows = slice(
        round((CAR_SIZE_M[1] - high_m) * rows_per_m), round((CAR_SIZE_M[1] - low_m) * rows_per_m)
    )
    cover = sprite.cover[rows, :, None]
    return Levels(np.concatenate([sprite.colour[rows] * cover, cover], axis=2))


def _side(look: CarLook, bonnet_m: float) -> Layer:
    """The side with glass, doors and wheels; the seen end is at the left."""
    height, width = round(_GLASS_M[1] * _PX_PER_M), round(LENGTH_M * _PX_PER_M)
    colour = np.zeros((height, width, 3), np.uint8)
    cover = np.zeros((height, width), np.uint8)
    top = bonnet_m + _SLOPE_M
    cabin = [(bonnet_m, 0.96), (top, 1.49), (LENGTH_M - 0.7, 1.49), (LENGTH_M - 0.15, 0.96)]
    hull = [(0, 0.22), (0, 0.9), (0.1, 0.97), *cabin, (LENGTH_M, 0.9), (LENGTH_M, 0.22)]
    dark = (int(look.paint[0] * 0.8), int(look.paint[1] * 0.8), int(look.paint[2] * 0.8))
    for picture, shade in ((colour, look.paint), (cover, (255, 255, 255))):
        cv2.fillPoly(picture, [_pixels(hull, height)], shade, cv2.LINE_AA)
    panes = [(bonnet_m + 0.2, 1.0), (top + 0.05, 1.43), (LENGTH_M - 0.8, 1.43)]
    cv2.fillPoly(colour, [_pixels([*panes, (LENGTH_M - 0.45, 1.0)], height)], _GLASS, cv2.LINE_AA)
    for along in (top + 0.15, top + 1.1):
        line = _pixels([(along, 0.28), (along, 1.45)], height)
        cv2.line(colour, line[0].tolist(), line[1].tolist(), dark, 2, cv2.LINE_AA)
    for along in (0.75, LENGTH_M - 0.75):
        _wheel(colour, cover, along, height)
    share = cover.astype(np.float32)[..., None] / 255
    side: Layer = np.concatenate([colour * share, share], axis=2)
    return side


def _wheel(colour: Picture, cover: Picture, along_m: float, height: int) -> None:
    centre = _pixels([(along_m, 0.31)], height)[0].tolist()
    for radius, shade in ((0.31, _TYRE), (0.2, _DISC), (0.05, _TYRE)):
        size = round(radius * _PX_PER_M)
        cv2.circle(colour, centre, size, shade, -1, cv2.LINE_AA)
        cv2.circle(cover, centre, size, 255, -1, cv2.LINE_AA)


def _pixels(points: list[tuple[float, float]], height: int) -> NDArray[np.int32]:
    return np.array([(x * _PX_PER_M, height - y * _PX_PER_M) for x, y in points], np.int32)
