"""The standing part of a drive-by: sky, houses, hedges, pavement and road, all drawn."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
_FACADES = ((206, 196, 178), (176, 120, 96), (222, 214, 200), (150, 160, 170), (196, 170, 130))
_ROOFS = ((120, 62, 48), (84, 84, 92), (140, 80, 60))


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera over the road: it looks level along it."""

    width: int = 1280
    height: int = 720
    horizon: int = 290
    focal_px: float = 1400.0
    height_m: float = 1.7
    across_m: float = 0.0

    def project(self, across_m: float, up_m: float, depth_m: float) -> tuple[float, float]:
        """Where a point of the world is in the picture."""
        scale = self.focal_px / depth_m
        across = self.width / 2 + (across_m - self.across_m) * scale
        return across, self.horizon + (self.height_m - up_m) * scale


def draw_street(camera: Camera, generator: np.random.Generator) -> Picture:
    """The empty street, uint8 RGB."""
    picture = _sky(camera, generator)
    _hill(picture, camera, generator)
    _ground(picture, camera, generator)
    for side in (-1, 1):
        _houses(picture, camera, side, generator)
        _hedge(picture, camera, side, generator)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.7), np.uint8)


def _sky(camera: Camera, generator: np.random.Generator) -> Picture:
    down = np.linspace(0, 1, camera.height, dtype=np.float32)[:, None, None]
    sky = (
        np.array([150, 186, 226], np.float32) * (1 - down)
        + np.array([236, 238, 240], np.float32) * down
    )
    clouds = _cloudy((camera.height, camera.width), 9, generator)[..., None]
    return np.clip(sky * np.ones((1, camera.width, 1)) + clouds * 46, 0, 255).astype(np.uint8)


def _cloudy(
    shape: tuple[int, int], cells: int, generator: np.random.Generator
) -> NDArray[np.float32]:
    """Smooth noise of several sizes, about -1..1."""
    total = np.zeros(shape, np.float32)
    for octave in range(5):
        grid = generator.standard_normal(
            (cells * 2**octave // 2 + 2, cells * 2**octave + 2)
        ).astype(np.float32)
        total += cv2.resize(grid, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC) / 2**octave
    return np.asarray(total / 2, np.float32)


def _hill(picture: Picture, camera: Camera, generator: np.random.Generator) -> None:
    columns = np.arange(camera.width)
    line = (
        camera.horizon
        - 26
        + 12 * np.interp(columns, np.linspace(0, camera.width, 9), generator.standard_normal(9))
    )
    foot = camera.horizon + 8
    outline = [*np.stack([columns, line], 1).tolist(), [camera.width, foot], [0, foot]]
    cv2.fillPoly(picture, [np.array(outline, np.int32)], (126, 146, 132), cv2.LINE_AA)


def _ground(picture: Picture, camera: Camera, generator: np.random.Generator) -> None:
    rows = slice(camera.horizon, camera.height)
    shape = (camera.height - camera.horizon, camera.width)
    grain = _cloudy(shape, 40, generator)[..., None]
    speckle = cv2.GaussianBlur(generator.standard_normal(shape).astype(np.float32), (0, 0), 0.8)[
        ..., None
    ]
    near = np.linspace(0.15, 1, shape[0], dtype=np.float32)[:, None, None]
    road = np.array([92, 92, 95], np.float32) + grain * 7 + speckle * 9 * near
    picture[rows] = np.clip(road, 0, 255).astype(np.uint8)
    for side in (-1, 1):
        _strip(picture, camera, (side * 3.6, side * 3.75, 0.12), (172, 170, 166))
        _strip(picture, camera, (side * 3.75, side * 6.0, 0.12), (150, 147, 142))
        _strip(picture, camera, (side * 6.0, side * 30.0, 0.12), (104, 128, 78))
    for start in np.arange(3.2, 70, 6.0):
        _quad(picture, camera, (-0.07, 0.07), (start, start + 3.0), (208, 206, 200))


def _strip(
    picture: Picture,
    camera: Camera,
    edges: tuple[float, float, float],
    colour: tuple[int, int, int],
) -> None:
    inner, outer, up = edges
    corners = [
        camera.project(x, up, z)
        for x, z in ((inner, 2.6), (inner, 90.0), (outer, 90.0), (outer, 2.6))
    ]
    cv2.fillPoly(picture, [np.round(np.array(corners)).astype(np.int32)], colour, cv2.LINE_AA)


def _quad(
    picture: Picture,
    camera: Camera,
    across: tuple[float, float],
    depth: tuple[float, float],
    colour: tuple[int, int, int],
) -> None:
    left, right = across
    near, far = depth
    corners = [
        camera.project(x, 0, z) for x, z in ((left, near), (left, far), (right, far), (right, near))
    ]
    cv2.fillPoly(picture, [np.round(np.array(corners)).astype(np.int32)], colour, cv2.LINE_AA)


def _houses(picture: Picture, camera: Camera, side: int, generator: np.random.Generator) -> None:
    """A row of facades drawn flat, then laid along the street in perspective."""
    facade = _facade_row(generator)
    near, far, across = 7.0, 80.0, side * 8.5
    corners = [
        camera.project(across, up, z)
        for up, z in ((8.0, near), (8.0, far), (0.0, far), (0.0, near))
    ]
    height, width = facade.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    cover = cv2.warpPerspective(
        facade[..., 3], matrix, (camera.width, camera.height), flags=cv2.INTER_AREA
    )
    colour = cv2.warpPerspective(
        facade[..., :3], matrix, (camera.width, camera.height), flags=cv2.INTER_LINEAR
    )
    share = cover.astype(np.float32)[..., None] / 255 * (1.0 if side < 0 else 0.98)
    shade = 0.82 if side > 0 else 1.0
    picture[:] = (picture * (1 - share) + colour * shade * share).astype(np.uint8)


def _facade_row(generator: np.random.Generator) -> Picture:
    """Facades 8 m high and 73 m long at 24 px a metre, with alpha; nearer houses at the left."""
    height, width = 192, 73 * 24
    row = np.zeros((height, width, 4), np.uint8)
    left = 0
    while left < width:
        wide = int(generator.uniform(7, 12) * 24)
        top = int(generator.uniform(20, 80))
        wall = _FACADES[int(generator.integers(len(_FACADES)))]
        cv2.rectangle(row, (left, top), (left + wide, height), (*wall, 255), -1)
        roof = _ROOFS[int(generator.integers(len(_ROOFS)))]
        cv2.rectangle(row, (left, max(0, top - 18)), (left + wide, top), (*roof, 255), -1)
        _windows(row, (left, top, left + wide, height), generator)
        left += wide + int(generator.choice([0, 0, 40]))
    return row


def _windows(row: Picture, box: tuple[int, int, int, int], generator: np.random.Generator) -> None:
    left, top, right, bottom = box
    for level in range(top + 14, bottom - 40, 58):
        for at in range(left + 16, right - 30, 44):
            glass = int(generator.uniform(60, 120))
            cv2.rectangle(row, (at - 3, level - 3), (at + 25, level + 37), (232, 230, 226, 255), -1)
            cv2.rectangle(
                row, (at, level), (at + 22, level + 34), (glass, glass + 8, glass + 16, 255), -1
            )
            cv2.line(row, (at + 11, level), (at + 11, level + 34), (232, 230, 226, 255), 2)


def _hedge(picture: Picture, camera: Camera, side: int, generator: np.random.Generator) -> None:
    for depth in np.arange(34.0, 7.5, -0.5):
        x, y = camera.project(side * 6.6, 0.55, depth)
        size = max(2, round(0.62 * camera.focal_px / depth))
        green = int(generator.uniform(72, 104))
        centre = (round(x + generator.normal(0, size * 0.1)), round(y))
        cv2.ellipse(
            picture,
            centre,
            (size // 2, size),
            0,
            0,
            360,
            (green - 26, green, green - 40),
            -1,
            cv2.LINE_AA,
        )
        for _ in range(14):
            leaf = (
                round(centre[0] + generator.normal(0, size * 0.25)),
                round(centre[1] + generator.normal(0, size * 0.4)),
            )
            light = int(generator.uniform(70, 130))
            cv2.circle(
                picture, leaf, max(1, size // 22), (light - 28, light, light - 44), -1, cv2.LINE_AA
            )
