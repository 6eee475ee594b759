"""What cameras and detectors do to a plate: a slanted, loosely boxed, blurred, dark, noisy crop."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Severity:
    """How hard the degradation is; 1 is the full range of a street camera."""

    turn_degrees: float = 5.0
    shear: float = 0.12
    corner: float = 0.035
    margin: tuple[float, float] = (-0.05, 0.2)
    """Loose margin of each side as a part of the box, as a detector leaves it."""
    smallest_px: float = 13.0
    photometric: float = 1.0


@dataclass(frozen=True, slots=True)
class Crop:
    """A degraded crop: `image` uint8 RGB (H, W, 3), `centres` as parts of its width and height."""

    image: Picture
    centres: NDArray[np.float32]


def degrade(
    image: Picture,
    aspect: float,
    centres: NDArray[np.float32],
    context: Picture | None,
    size: tuple[int, int],
    generator: np.random.Generator,
    severity: Severity | None = None,
) -> Crop:
    """A crop of `size` (height, width) as a detector would cut it from a street camera's frame.

    `image` is the plate stretched to any size, `aspect` its true width by height.
    `context` is what stands around the plate; the plate's own edge is repeated without one.
    """
    hard = severity or Severity()
    quad, box = _placed(aspect, hard, generator)
    matrix = _to_output(image.shape, quad, box, size)
    out = _composite(image, matrix, context, size)
    moved = cv2.perspectiveTransform(
        (centres * [image.shape[1], image.shape[0]]).reshape(1, -1, 2).astype(np.float32), matrix
    )
    box_aspect = (box[2] - box[0]) / (box[3] - box[1])
    out = light(out, generator, hard.photometric)
    out = shrink(out, box_aspect, hard.smallest_px, generator)
    return Crop(out, (moved[0] / [size[1], size[0]]).astype(np.float32))


def _placed(
    aspect: float, hard: Severity, generator: np.random.Generator
) -> tuple[NDArray[np.float32], tuple[float, float, float, float]]:
    """The plate's corners seen by the camera (plate height is 1) and the loose box around them."""
    corners = np.array([[0, 0], [aspect, 0], [aspect, 1], [0, 1]], np.float32) - np.array(
        [aspect / 2, 0.5], np.float32
    )
    angle = np.deg2rad(np.clip(generator.normal(0, hard.turn_degrees), -20, 20))
    lean = float(np.clip(generator.normal(0, hard.shear), -0.4, 0.4))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    squash = np.array([[generator.uniform(0.75, 1.08), lean], [0, 1]], np.float32)
    quad = corners @ squash.T @ turn.T
    quad = (quad + generator.normal(0, hard.corner, (4, 2)) * [1.0, 0.8]).astype(np.float32)
    low, high = quad.min(0), quad.max(0)
    extent = high - low
    margins = generator.uniform(*hard.margin, 4) * generator.choice([0.4, 1.0])
    # Side margins go by the height, so that a wide plate is not drowned in its surroundings.
    reach = np.array([min(extent[0], extent[1] * 1.8), extent[1]])
    start, end = low - margins[:2] * reach, high + margins[2:] * reach
    return quad, (float(start[0]), float(start[1]), float(end[0]), float(end[1]))


def _to_output(
    shape: tuple[int, ...],
    quad: NDArray[np.float32],
    box: tuple[float, float, float, float],
    size: tuple[int, int],
) -> NDArray[np.float64]:
    source = np.array([[0, 0], [shape[1], 0], [shape[1], shape[0]], [0, shape[0]]], np.float32)
    scale = np.array([size[1] / (box[2] - box[0]), size[0] / (box[3] - box[1])], np.float32)
    target = (quad - np.array(box[:2], np.float32)) * scale
    return np.asarray(cv2.getPerspectiveTransform(source, target.astype(np.float32)), np.float64)


def _composite(
    image: Picture, matrix: NDArray[np.float64], context: Picture | None, size: tuple[int, int]
) -> Picture:
    target = (size[1], size[0])
    if context is None:
        return np.asarray(
            cv2.warpPerspective(image, matrix, target, borderMode=cv2.BORDER_REPLICATE), np.uint8
        )
    out = cv2.resize(context, target)
    # Drawing over the context keeps the plate's edge hard, as in a real picture before its blur.
    cv2.warpPerspective(image, matrix, target, dst=out, borderMode=cv2.BORDER_TRANSPARENT)
    return np.asarray(out, np.uint8)


def light(image: Picture, generator: np.random.Generator, strength: float = 1.0) -> Picture:
    """Uneven light, shadow, glare, dirt, colour cast, contrast, night."""
    chance = generator.random(8)
    out = image.astype(np.float32)
    if chance[0] < 0.35 * strength:
        grey = out.mean(2, keepdims=True)
        out = (
            np.repeat(grey, 3, 2)
            if chance[0] < 0.2
            else grey + (out - grey) * float(generator.uniform(0, 1.6))
        )
    if chance[1] < 0.3 * strength:
        out *= _ramp(out.shape, generator)
    if chance[2] < 0.2 * strength:
        out = _shadow(out, generator)
    if chance[3] < 0.1 * strength:
        out = _glare(out, generator)
    if chance[4] < 0.12 * strength:
        out = _dirt(out, generator)
    middle = float(out.mean())
    contrast = float(np.exp(generator.uniform(-0.9, 0.35))) if chance[5] < 0.7 else 1.0
    level = float(generator.uniform(-50, 50)) if chance[6] < 0.7 else 0.0
    out = (out - middle) * contrast + middle + level * (1.1 - 0.5 * contrast)
    if chance[7] < 0.3 * strength:
        out *= generator.uniform(0.6, 1.25, 3).astype(np.float32)
    return np.clip(out, 0, 255).astype(np.uint8)


def _ramp(shape: tuple[int, ...], generator: np.random.Generator) -> NDArray[np.float32]:
    ends = generator.uniform(0.35, 1.25, 4)
    across = np.linspace(ends[0], ends[1], shape[1], dtype=np.float32)[None, :, None]
    down = np.linspace(ends[2], ends[3], shape[0], dtype=np.float32)[:, None, None]
    return np.asarray(np.sqrt(across * down), np.float32)


def _shadow(out: NDArray[np.float32], generator: np.random.Generator) -> NDArray[np.float32]:
    height, width = out.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    points = np.stack(
        [generator.uniform(-0.2, 1.2, 4) * width, generator.uniform(-0.4, 1.4, 4) * height], 1
    )
    cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.int32)), 255)
    soft = (
        cv2.GaussianBlur(mask, (0, 0), float(generator.uniform(0.6, 4))).astype(np.float32)[
            ..., None
        ]
        / 255
    )
    return np.asarray(out * (1 - soft * float(generator.uniform(0.2, 0.65))), np.float32)


def _glare(out: NDArray[np.float32], generator: np.random.Generator) -> NDArray[np.float32]:
    height, width = out.shape[:2]
    x = (np.arange(width, dtype=np.float32) - generator.uniform(0, width)) / (
        width * generator.uniform(0.08, 0.3)
    )
    y = (np.arange(height, dtype=np.float32) - generator.uniform(0, height)) / (
        height * generator.uniform(0.15, 0.5)
    )
    blob = np.exp(-(x[None] ** 2) - y[:, None] ** 2)[..., None]
    return np.asarray(out + blob * float(generator.uniform(60, 170)), np.float32)


def _dirt(out: NDArray[np.float32], generator: np.random.Generator) -> NDArray[np.float32]:
    height, width = out.shape[:2]
    coarse = generator.random((max(2, height // 6), max(2, width // 6))).astype(np.float32)
    mud = (
        np.clip(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) - 0.62, 0, 1)[
            ..., None
        ]
        * 2
    )
    colour = generator.uniform(40, 130, 3).astype(np.float32)
    return np.asarray(out + (colour - out) * np.minimum(mud, 0.6), np.float32)


def shrink(
    image: Picture, box_aspect: float, smallest_px: float, generator: np.random.Generator
) -> Picture:
    """Focus or motion blur, few pixels, noise and JPEG, then back to the size it came in."""
    height, width = image.shape[:2]
    seen_px = _seen_height(height, smallest_px, generator)
    # Few pixels are blur enough: both together leave nothing that anybody could read.
    out = _blurred(image, generator, seen_px / height)
    if seen_px < height:
        wide = int(np.clip(seen_px * box_aspect, 20, width))
        out = np.asarray(cv2.resize(out, (wide, seen_px), interpolation=cv2.INTER_AREA), np.uint8)
    if generator.random() < 0.5:
        sigma = min(float(generator.exponential(4)), 14 * seen_px / height)
        colours = 3 if generator.random() < 0.5 else 1
        grain = generator.standard_normal((*out.shape[:2], colours), np.float32)
        out = np.clip(out + grain * sigma, 0, 255).astype(np.uint8)
    if generator.random() < 0.4:
        quality = int(generator.uniform(25, 90))
        _, packed = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, quality])
        out = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    if out.shape[:2] != (height, width):
        way = cv2.INTER_CUBIC if generator.random() < 0.2 else cv2.INTER_LINEAR
        out = np.asarray(cv2.resize(out, (width, height), interpolation=way), np.uint8)
    return out


def _seen_height(height: int, smallest_px: float, generator: np.random.Generator) -> int:
    """How many rows the camera saw of the crop; half of all plates are near enough to show all."""
    if generator.random() < 0.5:
        return height
    return round(float(np.exp(generator.uniform(np.log(smallest_px), np.log(height)))))


def _blurred(image: Picture, generator: np.random.Generator, sharpness: float) -> Picture:
    choice = generator.random()
    if choice < 0.3:
        sigma = float(generator.uniform(0.3, 0.4 + 1.1 * sharpness))
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)
    if choice < 0.3 + 0.12 * sharpness:
        length = int(generator.integers(2, 7))
        kernel = np.zeros((length, length), np.float32)
        angle = generator.uniform(0, np.pi)
        half = (length - 1) / 2
        ends = [
            (round(half + s * half * np.cos(angle)), round(half + s * half * np.sin(angle)))
            for s in (-1, 1)
        ]
        cv2.line(kernel, ends[0], ends[1], 1.0)
        return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)
    return image
